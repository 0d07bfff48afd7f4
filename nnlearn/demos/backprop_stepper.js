// Backprop stepper: a program, its graph, one operation at a time; Python records and computes all.
import { button, demo, el } from "./shell.js";
import { checkPanel } from "./backprop_check.js";
import { cardPanel, codePanel, numbersPanel } from "./backprop_panels.js";
import { graphPicture } from "./backprop_graph.js";

export default demo((ui) => {
  ui.root.classList.add("nbs");
  let frame = null;
  const look = { node: null, line: null }; // what the mouse or the keyboard looks at
  const relight = () => { if (frame) { graph.draw(frame, look); code.light(frame, look); } };
  const point = (what) => {
    const to = { node: null, line: null, ...what };
    if (to.node === look.node && to.line === look.line) return;
    Object.assign(look, to);
    relight();
  };

  const program = ui.control("program");
  const backward = ui.control("backward");
  const numbers = numbersPanel(ui);
  ui.controls.append(program, backward, numbers.node);

  const code = codePanel(point);
  const card = cardPanel(ui);
  const graph = graphPicture(ui, point);
  const check = checkPanel(ui);
  const finish = button("Finish the pass", () => ui.send("finish"));
  const compare = button("Gradient check", () => ui.send("check"));
  const score = el("span", { className: "nbs-score" });
  const acts = el("div", { className: "nnl-buttons nbs-acts" }, finish, compare, score);
  const key = el("p", { className: "nnl-note nbs-key" });
  ui.stage.append(el("div", { className: "nbs-top" }, code.node, card.node), graph.node,
    el("div", { className: "nbs-under" }, acts, key), check.node);

  // what had the keyboard has done its work: the next thing to do gets it
  const handOn = () => {
    const at = document.activeElement;
    if (!ui.root.contains(at) || !(at.disabled || at.closest("[hidden]"))) return;
    const next = frame.finished && !compare.disabled ? compare
      : ui.root.querySelector(".nnl-time button:not(:disabled):not(.nnl-main)");
    next?.focus();
  };

  return (next) => {
    frame = next;
    const { values: v, prediction } = frame;
    ui.root.dataset.dark = ui.theme.dark;
    for (const part of [card.node, acts, check.node]) part.inert = !prediction.open;
    program.querySelector("option[value='yours']").hidden = !v.own_program;
    backward.querySelector("option[value='yours']").hidden = !v.own_backward;
    numbers.draw(v);
    code.draw(frame, look);
    card.draw(frame);
    graph.draw(frame, look);
    check.draw(v);
    finish.disabled = frame.finished;
    compare.disabled = !frame.finished || v.check.length > 0;
    const [right, asked] = v.score;
    score.textContent = asked ? `slopes guessed at the first try: ${right} of ${asked}` : "";
    const last = v.nodes.at(-1).called;
    key.textContent = `Blue: the value of a node. Orange, with a border: the gradient of ${last} ` +
      "with respect to it. × on an edge: the local slope.";
    handOn();
  };
});
