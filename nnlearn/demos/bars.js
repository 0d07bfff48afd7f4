// The bars below every demo: time, and the tools (table, line to share, program, picture to keep).
import { num } from "./draw.js";
import { button, el } from "./inputs.js";

export function timeBar(ui) {
  const run = button("Run", () => ui.send(ui.frame.playing ? "stop" : "run"),
    { className: "nnl-button nnl-main" });
  const step = button("Step", () => ui.send("step"));
  const back = button("Back", () => ui.send("back"));
  const rewind = button("Rewind", () => ui.send("rewind"), { title: "to the start, same seed" });
  const scrub = el("input", { type: "range", min: 0, max: 0, step: 1, value: 0,
    "aria-label": "step shown", className: "nnl-scrub",
    oninput: () => ui.send("goto", { t: scrub.valueAsNumber }, "goto") });
  const count = el("span", { className: "nnl-count" });
  const node = el("div", { className: "nnl-time", role: "group", "aria-label": "Time" },
    run, step, back, rewind, scrub, count);
  const draw = (frame) => {
    run.textContent = frame.playing ? "Pause" : "Run";
    run.disabled = frame.finished && !frame.playing;
    step.disabled = frame.finished;
    scrub.max = frame.last;
    if (!(document.activeElement === scrub && ui.busy())) scrub.value = frame.t;
    scrub.setAttribute("aria-valuetext", `step ${frame.t} of ${frame.last}`);
    count.textContent = `step ${frame.t}`;
  };
  return { node, draw };
}

function savePicture(ui) {
  const all = [...ui.root.querySelectorAll(".nnl-body canvas")].filter((c) => c.width);
  const sheet = document.createElement("canvas");
  sheet.width = Math.max(...all.map((c) => c.width));
  sheet.height = all.reduce((sum, c) => sum + c.height, 0);
  const pen = sheet.getContext("2d");
  pen.fillStyle = ui.theme.paper;
  pen.fillRect(0, 0, sheet.width, sheet.height);
  let y = 0;
  for (const c of all) { pen.drawImage(c, 0, y); y += c.height; }
  sheet.toBlob((blob) => {
    const link = el("a", { href: URL.createObjectURL(blob),
      download: `${ui.spec.title.toLowerCase().replaceAll(" ", "-")}.png` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}

export function toolBar(ui) {
  const toggle = (text, action, opened) => {
    const node = button(text, () => ui.send(action, { shown: node.ariaExpanded !== "true" }),
      { className: "nnl-button nnl-quiet" });
    node.ariaExpanded = "false";
    return Object.assign(node, { opened });
  };
  const table = toggle("Show as table", "table");
  const share = toggle("Share", "share");
  const code = toggle("Show code", "code");
  code.hidden = !ui.spec.code;
  const save = button("Save picture", () => savePicture(ui),
    { className: "nnl-button nnl-quiet" });
  const rows = el("div", { className: "nnl-table", hidden: true, tabIndex: 0, role: "region",
    "aria-label": "The picture as a table" });
  const line = el("textarea", { readOnly: true, rows: 3, "aria-label":
    "One line of Python that rebuilds this demo", className: "nnl-line", hidden: true });
  const program = el("pre", { className: "nnl-code", hidden: true, tabIndex: 0, role: "region",
    "aria-label": "The program that does the same without the demo" });
  const node = el("div", {}, el("div", { className: "nnl-tools" }, table, share, code, save), line,
    program, rows);
  const draw = (frame) => {
    table.ariaExpanded = String(Boolean(frame.table));
    share.ariaExpanded = String(Boolean(frame.share));
    code.ariaExpanded = String(Boolean(frame.code));
    code.textContent = frame.code ? "Hide code" : "Show code";
    program.hidden = !frame.code;
    if (frame.code && program.textContent !== frame.code) program.textContent = frame.code;
    table.textContent = frame.table ? "Hide table" : "Show as table";
    rows.hidden = !frame.table;
    line.hidden = !frame.share;
    if (frame.share && line.value !== frame.share) line.value = frame.share;
    save.hidden = !ui.root.querySelector(".nnl-body canvas");
    if (frame.table) rows.replaceChildren(tableOf(frame.table));
  };
  return { node, draw };
}

function tableOf(rows) {
  const names = Object.keys(rows[0] ?? { "nothing yet": "" });
  return el("table", {},
    el("thead", {}, el("tr", {}, ...names.map((n) => el("th", { scope: "col" }, n)))),
    el("tbody", {}, ...rows.map((row) => el("tr", {},
      ...names.map((n) => el("td", {}, num(row[n])))))));
}
