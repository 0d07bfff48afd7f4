// Shape tracer: two arrays as cells, their axes lined up from the right, the result, and a quiz.
// Python finds every verdict and every link between cells; this file draws them and lights them.
import { button, demo, el } from "./shell.js";
import { linkedArrays } from "./shape_cells.js";

const TRIES = [["(3, 4)", "+", "(4,)"], ["(3, 1)", "+", "(1, 4)"], ["(3,)", "+", "(4,)"],
  ["(2, 3, 4)", "*", "(3, 1)"], ["(2, 3)", "@", "(3, 4)"], ["(3, 2)", "pairs", "(4, 2)"]];
const HINT = "Point at a cell, or walk with the arrow keys: what made it lights up.";
const GHOSTS = " Dashed cells are the same numbers used again; NumPy copies nothing.";
const make = (tag, className, ...children) => el(tag, { className }, ...children);
const tuple = (list) => `(${list.join(", ")}${list.length === 1 ? "," : ""})`;

// ---- what is chosen --------------------------------------------------------------------------

function shapeBox(ui, name) {
  const its = ui.spec.controls[name];
  const send = () => ui.send("set", { [name]: box.value });
  const box = el("input", { className: `nst-${name}`, autocomplete: "off", spellcheck: false,
    onchange: send });
  const node = el("label", {}, its.label, box);
  return { node, set: (text) => { if (!ui.busy()) box.value = text; } };
}

function listBox(ui, name, words) {
  const box = el("select", { onchange: () => ui.send("set", { [name]: box.value }) });
  const node = el("label", {}, ui.spec.controls[name].label, box);
  const set = (value, codes) => {
    const options = words(codes);
    if (box.children.length !== options.length)
      box.replaceChildren(...options.map(([key, text]) => el("option", { value: key }, text)));
    if (!ui.busy()) box.value = value;
  };
  return { node, set };
}

function picker(ui) {
  const a = shapeBox(ui, "a");
  const b = shapeBox(ui, "b");
  const op = listBox(ui, "op", (codes) => Object.entries(codes));
  const axis = listBox(ui, "axis", () => ui.spec.controls.axis.options.map((o) => [o, o]));
  const tries = make("div", "nst-tries", "Try:", ...TRIES.map(([x, sign, y]) =>
    button(sign === "pairs" ? `${x}[:, None] − ${y}[None]` : `${x} ${sign} ${y}`,
      () => ui.send("set", { a: x, op: sign, b: y }))));
  const node = make("div", "nst-pick", a.node, op.node, b.node, axis.node, tries);
  const draw = ({ settings, values }) => {
    a.set(settings.a);
    b.set(settings.b);
    op.set(settings.op, values.codes);
    axis.set(settings.axis);
    b.node.hidden = !values.two;
    axis.node.hidden = !values.needs_axis;
  };
  return { node, draw };
}

function quiz(ui) {
  const ask = button("Quiz me", () => ui.send("quiz"));
  const box = el("input", { "aria-label": "The shape of the result, or the word error",
    placeholder: "(3, 4) or error", autocomplete: "off", spellcheck: false });
  const form = el("form", { onsubmit: (event) => {
    event.preventDefault();
    if (box.value.trim()) ui.send("guess", { text: box.value });
  } }, box, el("button", { type: "submit", className: "nnl-button nnl-main" }, "Check"));
  const told = el("div", { className: "nnl-told", hidden: true, tabIndex: -1 });
  const streak = make("span", "nst-streak");
  const words = make("span", "");
  const node = make("section", "nst-quiz", words, form, ask, streak, told);
  node.setAttribute("aria-label", "Quiz");
  let was = "";
  const draw = ({ values: { quiz: q, code, arrays } }) => {
    const now = JSON.stringify(q);
    if (now === was) return;
    const fresh = was !== "";
    was = now;
    node.dataset.open = q.open;
    form.hidden = !q.open;
    ask.textContent = q.open ? "Skip" : q.asked ? "Next question" : "Quiz me";
    words.hidden = !q.open;
    words.textContent = q.open
      ? `A is ${arrays[0].text}, B is ${arrays[1].text}. The shape of ${code}?` : "";
    streak.textContent = q.asked
      ? `${"★".repeat(Math.min(q.streak, 10))} ${q.streak} in a row, best ${q.best}` : "";
    told.hidden = !q.said;
    told.dataset.right = q.right;
    told.textContent = q.said && `${q.right ? "✓" : "✗"} ${q.said}`;
    if (q.open && fresh) { box.value = ""; box.focus(); }
    if (q.said && fresh) { ui.say(told.textContent); ask.focus(); }
  };
  return { node, draw };
}

// ---- the axes, lined up from the right --------------------------------------------------------

function tile(size, { kind, who, out }, side) {
  if (side === "r")
    return kind === "clash" ? ["✗", "clash"] : kind === "joined" && size === null ? ["·", "none"]
      : [String(size), "plain"];
  if (size === null) return ["–", "none"];
  if (kind === "clash") return [String(size), "clash"];
  return kind === "stretch" && who.toLowerCase() === side ? [`${size}→${out}`, "stretch"]
    : [String(size), "plain"];
}

function board({ axes, names, two, hidden }) {
  if (!axes.length) return [];
  const heads = axes.map((_, i) => el("th", { scope: "col" }, `axis ${i - axes.length}`));
  const row = (side, name, key) => el("tr", { className: `nst-${side}` },
    el("th", { scope: "row" }, name), ...axes.map((axis) => {
      const [text, what] = tile(axis[key], axis, side);
      return el("td", {}, el("span", { className: "nst-size", "data-what": what }, text));
    }));
  const rows = [row("a", names[0], "a"), ...(two ? [row("b", names[1], "b")] : []),
    row("r", "result", "out")];
  const verdicts = el("tr", { className: "nst-verdict" }, el("th", {}, ""),
    ...axes.map((axis) => el("td", {}, axis.verdict)));
  return [el("table", { "aria-label": "The axes, lined up from the right" },
    el("thead", {}, el("tr", {}, el("td", {}), ...heads)),
    el("tbody", {}, ...rows, ...(hidden ? [] : [verdicts])))];
}

function fault({ error, advice }) {
  if (!error && !advice.length) return [];
  const words = advice.map((text) => el("li", {}, text));
  return [make("div", "nst-fault", ...(error ? [el("strong", {}, "NumPy says: "),
    el("code", {}, error)] : []), el("ul", {}, ...words))];
}

function missing(values) {
  const node = make("div", "nst-array", el("h4", {}, "result ",
    values.hidden ? "?" : values.shape ? tuple(values.shape) : ""),
  make("div", "nst-none", values.hidden ? "?" : values.shape ? "too big to draw" : "✗"));
  node.style.setProperty("--c", values.hidden || values.shape ? "var(--r)" : "var(--bad)");
  return node;
}

// ---- the whole -------------------------------------------------------------------------------

export default demo((ui) => {
  ui.root.classList.add("nst");
  const chosen = picker(ui);
  const asked = quiz(ui);
  const axes = make("div", "nst-board");
  const arrays = make("div", "nst-arrays");
  const working = make("p", "nst-working", HINT);
  const trouble = el("div", {});
  working.setAttribute("aria-hidden", "true"); // every cell carries its own sum as its name
  ui.controls.append(chosen.node, asked.node);
  ui.stage.append(axes, trouble, arrays, working);
  let was = "";
  return (frame) => {
    const { values } = frame;
    ui.root.dataset.dark = ui.theme.dark;
    chosen.draw(frame);
    asked.draw(frame);
    const now = JSON.stringify({ ...values, quiz: 0 });
    if (now === was) return; // keep the focus inside the cells
    was = now;
    axes.replaceChildren(...board(values));
    trouble.replaceChildren(...fault(values));
    const hint = HINT + (values.elementwise ? GHOSTS : "");
    const nodes = linkedArrays(values, (text) => { working.textContent = text || hint; });
    if (!values.cells) nodes.push(missing(values));
    const sign = (text) => el("span", { className: "nst-sign", "aria-hidden": "true" }, text);
    const between = values.two && values.sign ? [sign(values.sign.replace("-", "−")), sign("=")]
      : nodes.map(() => sign("→"));
    arrays.replaceChildren(...nodes.flatMap((node, i) => i ? [between[i - 1], node] : [node]));
    working.hidden = !values.cells;
    working.textContent = hint;
  };
});
