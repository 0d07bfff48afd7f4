// Beside the graph: the program's lines, its numbers, and the card of the step just made.
import { button, el, num } from "./shell.js";
import { ids } from "./inputs.js";

const inside = (lines, line) => Boolean(lines) && line >= lines[0] && line <= lines[1];

// The program; the line of the step is lit, and so is what is looked at.
export function codePanel(point) {
  const list = el("div", { className: "nbs-code", role: "region", "aria-label": "The program",
    tabIndex: 0 });
  const note = el("p", { className: "nnl-note", hidden: true });
  const node = el("div", { className: "nbs-program" }, list, note);
  let rows = [];
  let was = "";
  const light = ({ values: v }, look) => {
    const looked = look.node === null ? null : v.nodes[look.node]?.lines;
    rows.forEach((row, i) => {
      const line = i + 1;
      row.dataset.lit = inside(v.lit.lines, line);
      row.dataset.looked = look.line === line || inside(looked, line);
    });
  };
  const draw = (frame, look) => {
    const { code, note: word } = frame.values;
    if (code.join("\n") !== was) {
      was = code.join("\n");
      rows = code.map((text, i) => el("div", { className: "nbs-line", "data-link": `line-${i + 1}`,
        onmouseenter: () => point({ line: i + 1 }), onmouseleave: () => point({}) },
      el("span", { className: "nbs-no", "aria-hidden": "true" }, String(i + 1)),
      el("code", {}, text || " ")));
      list.replaceChildren(...rows);
    }
    list.hidden = !code.length;
    note.hidden = !word;
    note.textContent = word;
    light(frame, look);
  };
  return { node, draw, light };
}

// A box for each of the program's inputs.
export function numbersPanel(ui) {
  const node = el("div", { className: "nbs-numbers", role: "group",
    "aria-label": "The program's inputs" });
  let boxes = {};
  const draw = ({ inputs }) => {
    const names = Object.keys(inputs);
    if (names.join() !== Object.keys(boxes).join()) {
      boxes = Object.fromEntries(names.map((name) => [name, el("input", { type: "number",
        step: 0.1, className: "nnl-number", oninput: (event) => {
          const value = event.target.valueAsNumber;
          if (!Number.isNaN(value)) ui.send("number", { name, value }, `number ${name}`);
        } })]));
      node.replaceChildren(...names.map((name) => el("label", {}, `${name} =`, boxes[name])));
    }
    for (const [name, box] of Object.entries(boxes)) {
      const held = document.activeElement === box && ui.busy();
      if (!held && box.valueAsNumber !== inputs[name]) box.value = Number(inputs[name].toPrecision(6));
    }
  };
  return { node, draw };
}

const TITLES = { start: "Before the first step", forward: "Forward", back: "Backward",
  done: "Backward, the last step" };

// What the step did, in numbers; and the slope that comes next, to be guessed.
export function cardPanel(ui) {
  const title = el("h4", {});
  const lines = el("div", { className: "nbs-lines" });
  const id = ids();
  const asked = el("label", { htmlFor: id });
  const box = el("input", { type: "number", step: "any", className: "nnl-number nbs-guess", id });
  const told = el("p", { className: "nnl-told", hidden: true });
  const form = el("form", { className: "nbs-ask", onsubmit: (event) => {
    event.preventDefault();
    if (box.value.trim() === "") ui.send("step");
    else ui.send("guess", { value: box.valueAsNumber });
    box.value = "";
  } }, asked, box, button("Check", () => {}, { type: "submit" }), told);
  const node = el("section", { className: "nbs-card", "aria-label": "The step" }, title, lines, form);
  let said = "";
  const draw = ({ values: v }) => {
    title.textContent = TITLES[v.phase];
    lines.replaceChildren(...v.card.map((text) => el("p", {}, text)));
    form.hidden = !v.ask;
    asked.textContent = v.ask ? `Next, the ${v.ask}. Your guess:` : "";
    told.hidden = !v.said;
    if (!v.said) { said = ""; return; }
    told.dataset.right = v.said.right;
    told.textContent = `${v.said.right ? "✓" : "✗"} ${num(v.said.guess)}: ${v.said.text}`;
    if (said !== told.textContent) ui.say(told.textContent);
    said = told.textContent;
  };
  return { node, draw };
}
