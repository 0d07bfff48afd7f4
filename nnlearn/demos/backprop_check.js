// The gradient check, side by side, and the diagnosis of a patient.
import { button, el, num } from "./shell.js";

const WORDS = { true: ["✓", "agrees"], false: ["✗", "disagrees"], null: ["–", "not measured"] };

const table = (rows) => el("table", {},
  el("caption", {}, "Gradient check: backward beside a nudge"),
  el("thead", {}, el("tr", {}, ...["input", "backward", "nudge ±0.00001", ""].map((text) =>
    el("th", { scope: "col" }, text)))),
  el("tbody", {}, ...rows.map((row) => {
    const [sign, word] = WORDS[row.agrees];
    return el("tr", { "data-agrees": String(row.agrees) }, el("th", { scope: "row" }, row.name),
      el("td", {}, num(row.backward)), el("td", {}, row.measured === null ? "–" : num(row.measured)),
      el("td", {}, `${sign} ${row.note || word}`));
  })));

export function checkPanel(ui) {
  const list = el("div", { className: "nbs-check" });
  const choose = el("select", { className: "nbs-fault", onchange: () => {
    name.disabled = !choose.value;
  } });
  const name = button("That is it", () => ui.send("name", { fault: choose.value }),
    { disabled: true });
  const told = el("p", { className: "nnl-told", hidden: true });
  const found = el("p", { className: "nnl-note" });
  const ask = el("div", { className: "nbs-ails" },
    el("label", {}, "What ails this patient?", choose), name);
  const node = el("section", { className: "nbs-checks", "aria-label": "Gradient check" }, list, ask,
    told, found);
  let was = "";
  let said = "";
  const draw = (v) => {
    node.hidden = !v.check.length && !v.found.length;
    const now = JSON.stringify(v.check);
    if (now !== was) {
      list.replaceChildren(...(v.check.length ? [table(v.check)] : []));
      if (v.check.length && was === "[]") focusOn();
      was = now;
    }
    if (!choose.children.length)
      choose.replaceChildren(el("option", { value: "" }, "choose"), ...v.faults.map((fault) =>
        el("option", { value: fault }, fault)));
    ask.hidden = !v.patient || !v.check.length;
    told.hidden = !v.named || ask.hidden;
    if (!v.named) said = "";
    else {
      told.dataset.right = v.named.right;
      told.textContent = `${v.named.right ? "✓" : "✗"} ${v.named.text}`;
      if (said !== told.textContent) ui.say(told.textContent);
      said = told.textContent;
    }
    found.hidden = !v.found.length;
    found.textContent = `Found: ${v.found.length} of ${v.patients} (${v.found.join(", ")}).`;
  };
  // the button that was pressed is done: the table takes the keyboard
  const focusOn = () => {
    const at = document.activeElement;
    if (at === document.body || (ui.root.contains(at) && at.textContent === "Gradient check")) {
      list.tabIndex = -1;
      list.focus();
    }
  };
  return { node, draw };
}
