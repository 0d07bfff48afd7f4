// The same points under two losses, side by side: pulls, losses, and each side's way downhill.
import { button, demo, el, label, num } from "./shell.js";
import { drawNumbers, grip, height as numbersHeight, places as numbersAt } from "./loss_numbers.js";
import { drawScores, height as scoresHeight, places as scoresAt } from "./loss_scores.js";

const ENDS = ["left", "right"];

export default demo((ui) => {
  ui.root.classList.add("nls");
  let frame = null;
  let v = null;
  const tones = () => ui.theme.dark
    ? { pull: "#c79bff", line: "#6db9ee" } : { pull: "#7a3db8", line: "#0661b7" };

  // ---- the two sides
  const sides = ENDS.map((where, side) => {
    const head = el("p", { className: "nls-head" });
    const note = el("p", { className: "nnl-note nls-held" });
    const picture = ui.picture({ label: `The ${where} side`, aspect: (w) => !v ? 1
      : (v.numbers ? numbersHeight(w) : scoresHeight(frame.arrays.y.length)) / Math.max(1, w) });
    picture.onresize = () => { if (frame) place(side); };
    ui.stage.append(el("section", { className: "nls-side", "aria-label": `${where} side` }, head,
      picture.node, note));
    const ends = ENDS.map((name, end) => picture.handle({
      label: `the ${name} end of the line, ${where} side`,
      drag: (x, y) => ui.send("end", { end, value: at(side).value(y) }, `end ${end}`),
      key: (dx, dy) => {
        if (dx) walk(side, ends[end], dx);
        else ui.send("move_end", { side, end, by: dy });
      } }));
    ends.forEach((handle) => handle.node.addEventListener("focus", () => rove(side, handle)));
    return { where, head, note, picture, ends, points: [], last: null };
  });
  const at = (side) => (v.numbers ? numbersAt : scoresAt)(v, sides[side].picture.w,
    sides[side].picture.h);

  // ---- things to grab: one Tab stop a side, arrow keys walk from the left end to the right one
  const things = (side) => {
    const points = sides[side].points.slice(0, frame.arrays.y.length);
    const [left, right] = sides[side].ends;
    return v.numbers ? [left, ...points, right] : points;
  };
  const walk = (side, from, by) => {
    const all = things(side);
    const to = all.indexOf(from) + Math.sign(by);
    all[Math.min(all.length - 1, Math.max(0, to))].node.focus();
  };
  const rove = (side, to) => {
    sides[side].last = to;
    for (const thing of things(side)) thing.node.tabIndex = thing === to ? 0 : -1;
  };
  const pointHandle = (side, i) => {
    const { picture } = sides[side];
    const handle = picture.handle({ label: `point ${i + 1}`,
      drag: (x, y) => v.numbers
        ? ui.send("target", { i, value: at(side).value(y) }, `target ${i}`)
        : ui.send("score", { i, value: at(side).value(x) }, `score ${i}`),
      key: (dx, dy) => {
        const [along, across] = v.numbers ? [dy, dx] : [dx, -dy];
        if (across) walk(side, handle, across);
        else if (v.numbers) ui.send("move_target", { i, by: along });
        else ui.send("move_score", { side, i, by: along });
      } });
    handle.node.addEventListener("focus", () => {
      rove(side, handle);
      if (i !== v.held) ui.send("pick", { i }, "pick");
    });
    return handle;
  };

  const rowsOf = (side) => {
    const { x, y, guess, p, each, pull } = frame.arrays;
    const n = y.length;
    return Array.from({ length: n }, (_, i) => ({ i, x: x[i], y: y[i], held: i === v.held,
      guess: guess[side * n + i], p: p[side * n + i], each: each[side * n + i],
      pull: pull[side * n + i] }));
  };

  const place = (side) => { // the things to grab stand where they are drawn
    const { points, ends, where } = sides[side];
    const spot = at(side);
    const rows = rowsOf(side);
    while (points.length < rows.length) points.push(pointHandle(side, points.length));
    points.forEach(({ node }, i) => { node.hidden = i >= rows.length; });
    for (const r of rows) {
      const { node, move } = points[r.i];
      const what = v.numbers ? "target" : "score";
      node.setAttribute("aria-label", `${what} of point ${r.i + 1}, ${where} side`);
      if (v.numbers) move(spot.px(r.x), spot.py(r.y), r.y, told(r));
      else move(spot.px(r.guess), spot.row(r.i), r.guess, told(r));
    }
    ends.forEach(({ node, move }, end) => {
      node.hidden = !v.numbers;
      if (!v.numbers) return;
      const value = v.lines[side][end];
      move(grip(spot, end ? spot.x1 : spot.x0), spot.inside(spot.py(value)), value, num(value));
    });
    const on = sides[side].last;
    rove(side, on?.node === document.activeElement && things(side).includes(on) ? on
      : points[v.held]);
  };

  const told = (r) => v.numbers
    ? `y ${fine(r.y)}, line ${num(r.guess)}, loss ${num(r.each)}, pull ${num(r.pull)}`
    : `z ${num(Number(r.guess.toFixed(2)))}, p ${num(r.p)}, should be ${r.y}, loss ${num(r.each)}, ` +
      `pull ${num(r.pull)}`;
  const fine = (value) => String(Number(value.toPrecision(6))).replace("-", "−");

  // ---- controls
  const names = Object.keys(ui.spec.controls);
  const inputs = Object.fromEntries(names.map((name) => [name, ui.control(name)]));
  inputs.delta.classList.add("nls-box");
  const task = inputs.task.querySelector("select");
  const act = (text, action, args = {}) => button(text, () => ui.send(action, args));
  const buttons = {
    numbers: el("div", { className: "nnl-buttons" },
      act("Let the last point slip", "slip"), act("As measured", "as_measured")),
    scores: el("div", { className: "nnl-buttons" },
      act("Careful scores", "scores", { bold: false }),
      act("Three times as sure", "scores", { bold: true })),
  };
  const run = el("p", { className: "nnl-note nls-box" });
  ui.controls.append(inputs.left, inputs.right, inputs.left_score, inputs.right_score,
    inputs.delta, buttons.numbers, buttons.scores, inputs.task, run);

  const drawSide = (side) => {
    const { head, note, picture } = sides[side];
    const its = v.sides[side];
    const rows = rowsOf(side);
    const loss = its.finite ? `loss ${num(its.total)}` : "loss: not a number";
    head.replaceChildren(el("b", {}, its.name), el("span", {}, loss),
      ...(v.numbers ? [] : [el("span", {}, `${its.right} of ${rows.length} right`)]));
    note.textContent = `Point ${v.held + 1}: ${told(rows[v.held])}. A full-length arrow: ` +
      `${num(its.pull_limit)}.`;
    picture.describe(`${its.name}, loss ${num(its.total)}. ${note.textContent}`);
    const draw = v.numbers ? drawNumbers : drawScores;
    const labels = v.irises ? ["petal length in cm", "petal width in cm"] : ["x", "y"];
    picture.paint((pen, w, h) => {
      draw(pen, w, h, { v, side, rows, theme: ui.theme, tones: tones(), names: labels,
        palette: ui.palette });
      if (!its.finite) label(pen, "NaN or infinity: no pulls", w / 2, h / 3,
        { colour: ui.theme.ink, plate: ui.theme.paper, bold: true });
    });
    place(side);
  };

  return (next) => {
    frame = next;
    v = frame.values;
    [0, 1].forEach(drawSide);
    for (const name of ["left", "right"]) {
      inputs[name].hidden = !v.numbers;
      inputs[`${name}_score`].hidden = v.numbers;
      for (const node of [inputs[name], inputs[`${name}_score`]])
        node.querySelector("option[value='yours']").hidden = !v.yours;
    }
    const used = names.filter((n) => n !== "task" && v.numbers !== n.endsWith("_score"))
      .map((n) => frame.settings[n]);
    inputs.delta.hidden = !used.some((loss) => loss === "Huber" || loss === "yours");
    buttons.numbers.hidden = !v.numbers;
    buttons.scores.hidden = v.numbers;
    const focus = document.activeElement; // what had the keyboard may be gone with its task
    if (ui.root.contains(focus) && focus.closest("[hidden]")) task.focus();
    run.textContent = v.numbers
      ? "Points count from the left. What you move moves on both sides. Run: each line goes " +
        "downhill on its own loss, in small steps; how it finds them is a black box until lesson 05."
      : (v.irises ? "▲ versicolor, 0. ● virginica, 1. " : "") + "✗: on the wrong side of z = 0. " +
        "What you move moves on both sides. Run: each score goes downhill on its side's loss.";
  };
});
