// One neuron: the plane with its line, the neuron as a drawing, the sum with its numbers.
import { arrow, demo, el, heatmap, label, mark, num, slider } from "./shell.js";

const NAMES = ["w1", "w2", "b"];

export default demo((ui) => {
  const plane = ui.canvas({ label: "The plane of the two inputs", aspect: 1 });
  const legend = el("p", { className: "nnl-note" });
  ui.stage.append(legend);
  const drawing = ui.picture({ label: "The neuron", aspect: (w) => (w < 320 ? 1.25 : 0.52) });
  const sum = el("p", { className: "nnl-sum" });
  ui.aside.append(drawing.node, sum);

  // ---- controls
  let hot = ""; // the number that has the keyboard: its edge and its term light up
  const inputs = NAMES.map((name) => slider({ label: name, low: -5, high: 5, step: 0.05,
    busy: ui.busy, send: (v) => ui.send("weights", { [name]: v }, name) }));
  inputs.forEach(({ node }, i) => {
    node.addEventListener("focusin", () => { hot = NAMES[i]; repaint(); });
    node.addEventListener("focusout", () => { hot = ""; repaint(); });
  });
  const task = ui.control("task");
  ui.controls.append(task, ...inputs.map((input) => input.node), ui.control("colours"));
  const cuts = ui.picture({ label: "Cuts tried", aspect: 0.27 });
  const cutsNote = el("p", { className: "nnl-note" });
  ui.controls.append(cutsNote, cuts.node);

  // ---- places: data to pixels and back
  let v = null;
  const edge = 30; // room for the axis numbers
  const size = () => plane.w - edge;
  const px = ([x, y]) => [edge + ((x - v.low[0]) / v.span) * size(),
    size() - ((y - v.low[1]) / v.span) * size()];
  const data = (x, y) => ({ x: v.low[0] + ((x - edge) / size()) * v.span,
    y: v.low[1] + ((size() - y) / size()) * v.span });
  const inside = ([x, y]) => [Math.min(plane.w - 14, Math.max(edge + 14, x)),
    Math.min(size() - 14, Math.max(14, y))];
  // keys say by how much, not where: none is lost when they come faster than the answers
  const bump = (action, unit) => (dx, dy) =>
    ui.send(action, { dx: dx * unit * v.span, dy: dy * unit * v.span }, `+${action}`);

  const line = plane.handle({ label: "the line: moving it changes the bias b",
    drag: (x, y) => ui.send("line", data(x, y), "line"),
    key: (dx, dy) => ui.send("move_line", { by: 0.1 * (dx + dy) }, "+move_line") });
  const tip = plane.handle({ label: "the arrow: its tip changes the weights w1 and w2",
    drag: (x, y) => ui.send("tip", data(x, y), "tip"), key: bump("move_tip", 0.02) });
  const probe = plane.handle({ label: "the probe: the point whose sum is shown", free: true,
    drag: (x, y) => ui.send("probe", data(x, y), "probe"),
    key: bump("move_probe", 1 / 30) });
  const walk = plane.marks("the data points");

  // ---- the plane
  const axes = (pen, n) => {
    const tick = [1, 2, 5, 10].map((m) => m * 10 ** Math.floor(Math.log10(v.span / 4)))
      .find((t) => v.span / t < 6.5);
    for (const axis of [0, 1])
      for (let at = Math.ceil(v.low[axis] / tick); at * tick <= v.low[axis] + v.span; at++) {
        const value = at * tick;
        const [x, y] = px(axis ? [v.low[0], value] : [value, v.low[1]]);
        const text = num(Math.round(value * 1000) / 1000);
        if (axis && y > 10 && y < n - 10) label(pen, text, x - 5, y,
          { colour: ui.theme.ink, align: "right" });
        else if (!axis && x > edge + 8 && x < plane.w - 12 - 9 * v.names[0].length)
          label(pen, text, x, n + 14, { colour: ui.theme.ink });
      }
    label(pen, v.names[0], plane.w - 2, n + 14,
      { colour: ui.theme.ink, plate: ui.theme.paper, align: "right", bold: true });
    label(pen, v.names[1], edge + 8, 14,
      { colour: ui.theme.ink, halo: ui.theme.paper, align: "left", bold: true });
  };

  const drawLine = (pen, points, colour, width, dash = []) => {
    pen.setLineDash(dash);
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    points.forEach((p) => pen.lineTo(...px(p)));
    pen.stroke();
    pen.setLineDash([]);
  };

  const drawPlane = (frame) => (pen) => {
    const { map, X, y, out } = frame.arrays;
    const n = size();
    const { ink, paper, diverging } = ui.theme;
    const step = frame.settings.colours === "fires or not";
    const numbers = step ? map.map((z) => (z >= 0 ? 0.62 : -0.62) * v.clip) : map;
    heatmap(pen, numbers, map.shape[0], map.shape[1], { low: -v.clip, high: v.clip,
      colours: diverging, x: edge, y: 0, w: n, h: n, smooth: !step });
    pen.save();
    pen.beginPath();
    pen.rect(edge, 0, n, n);
    pen.clip();
    if (v.ends) {
      drawLine(pen, v.ends, paper, 7);
      drawLine(pen, v.ends, ink, 3);
      if (v.ghost) drawLine(pen, v.ghost, "#e6007a", 3, [10, 9]);
    }
    for (let i = 0; i < y.length; i++) {
      const [cx, cy] = px([X[2 * i], X[2 * i + 1]]);
      const kind = ui.palette.classes[y[i]];
      const r = y.length > 40 ? 6.5 : 11;
      if (i === v.shown) {
        pen.beginPath();
        pen.arc(cx, cy, r + 9, 0, 7);
        pen.strokeStyle = ink;
        pen.lineWidth = 3;
        pen.stroke();
      }
      mark(pen, kind.shape, cx, cy, r + 1.5, null, "#fff");
      mark(pen, kind.shape, cx, cy, r, kind.colour, "#111");
      if (out[i] !== y[i]) cross(pen, cx, cy, r + 5, ink, paper);
    }
    if (v.tip) {
      const [a, b] = [px(v.foot), px(v.tip)];
      arrow(pen, ...a, ...b, { colour: paper, width: 8, head: 20 });
      arrow(pen, ...a, ...b, { colour: ink, width: 4, head: 15 });
      grip(pen, ...inside(a), ink, paper, "↕");
      label(pen, "w", b[0] + 4, b[1] - 20, { colour: ink, halo: paper, bold: true, size: 17 });
    }
    const [qx, qy] = px(v.probe);
    pen.lineWidth = 5;
    for (const colour of [paper, ink]) {
      pen.strokeStyle = colour;
      pen.beginPath();
      for (const [dx, dy] of [[1, 0], [0, 1], [-1, 0], [0, -1]]) {
        pen.moveTo(qx + 4 * dx, qy + 4 * dy);
        pen.lineTo(qx + 13 * dx, qy + 13 * dy);
      }
      pen.stroke();
      pen.lineWidth = 2.5;
    }
    const left = qx > plane.w - 90;
    label(pen, `z = ${num(v.z)}`, qx + (left ? -14 : 16), qy + 19,
      { colour: ink, halo: paper, align: left ? "right" : "left", bold: true, size: 15 });
    pen.restore();
    pen.strokeStyle = ui.theme.line;
    pen.lineWidth = 1;
    pen.strokeRect(edge, 0.5, n - 0.5, n);
    axes(pen, n);
  };

  const cross = (pen, x, y, r, ink, paper) => {
    for (const [colour, width] of [[paper, 6], [ink, 2.5]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.beginPath();
      pen.moveTo(x + r - 4, y - r - 4); pen.lineTo(x + r + 4, y - r + 4);
      pen.moveTo(x + r + 4, y - r - 4); pen.lineTo(x + r - 4, y - r + 4);
      pen.stroke();
    }
  };

  const grip = (pen, x, y, ink, paper) => {
    pen.beginPath();
    pen.arc(x, y, 10, 0, 7);
    pen.fillStyle = paper;
    pen.fill();
    pen.strokeStyle = ink;
    pen.lineWidth = 3;
    pen.stroke();
    pen.beginPath();
    pen.arc(x, y, 3.5, 0, 7);
    pen.fillStyle = ink;
    pen.fill();
  };

  // ---- the neuron as a drawing: every parameter is an edge, the bias too
  const drawNeuron = (pen, w, h) => {
    const { ink, paper, diverging, muted } = ui.theme;
    const tight = w < 320;
    const cell = tight ? [0.8 * w, 0.41 * h] : [0.6 * w, 0.52 * h];
    const out = [tight ? cell[0] : 0.86 * w, tight ? h - 46 : cell[1]];
    const rows = [[v.names[0], v.probe[0], v.w[0]], [v.names[1], v.probe[1], v.w[1]],
      ["1", null, v.b]];
    rows.forEach(([name, value, weight], i) => {
      const [x, y] = [0.1 * w + 8, (tight ? 0.16 + 0.25 * i : 0.22 + 0.3 * i) * h];
      const width = Math.min(12, 1.5 + 2.2 * Math.abs(weight));
      if (hot === NAMES[i]) drawEdge(pen, x, y, cell, "#e6007a", width + 7);
      pen.setLineDash(weight < 0 ? [9, 6] : []);
      drawEdge(pen, x, y, cell, weight < 0 ? diverging[1] : diverging[5], width);
      pen.setLineDash([]);
      node(pen, x, y, tight ? 17 : 21, value === null ? "1" : num(value), ink, paper);
      if (value !== null)
        label(pen, `x${i + 1}`, x, y - (tight ? 26 : 31), { colour: muted });
      const [at, text] = [tight ? 0.42 : 0.46, `${NAMES[i]} = ${num(weight)}`];
      label(pen, text, x + (cell[0] - x) * at + 6, y + (cell[1] - y) * 0.78 * at,
        { colour: ink, plate: paper, bold: hot === NAMES[i] });
    });
    const fires = v.z >= 0;
    if (tight) arrow(pen, cell[0], cell[1] + 30, out[0], out[1] - 26, { colour: ink, width: 2.5 });
    else arrow(pen, cell[0] + 32, cell[1], out[0] - 27, out[1], { colour: ink, width: 2.5 });
    node(pen, ...cell, tight ? 26 : 30, num(v.z), ink, paper);
    label(pen, "z", cell[0], cell[1] - (tight ? 38 : 43), { colour: muted });
    node(pen, ...out, 24, fires ? "1" : "0", fires ? "#fff" : ink,
      fires ? ui.palette.classes[1].colour : paper, ink);
    label(pen, fires ? "fires" : "quiet", out[0], out[1] + 37, { colour: ink });
    if (!tight) label(pen, "step", (cell[0] + out[0]) / 2 + 4, cell[1] - 16, { colour: muted });
  };

  const drawEdge = (pen, x, y, cell, colour, width) => {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    pen.moveTo(x + 20, y);
    pen.lineTo(cell[0] - 26, cell[1] + 0.22 * (y - cell[1]));
    pen.stroke();
  };

  const node = (pen, x, y, r, text, ink, fill, edge = ink) => {
    pen.beginPath();
    pen.arc(x, y, r, 0, 7);
    pen.fillStyle = fill;
    pen.fill();
    pen.strokeStyle = edge;
    pen.lineWidth = 2.5;
    pen.stroke();
    label(pen, text, x, y + 1, { colour: ink, bold: true });
  };

  // ---- the sixteen ways to label four corners; a line can do fourteen of them
  const drawCuts = (pen, w) => {
    const { ink, paper, muted } = ui.theme;
    const cell = w / 8;
    for (let k = 0; k < 16; k++) {
      const bits = k.toString(2).padStart(4, "0");
      const seen = v.cuts.includes(bits);
      const [x, y] = [(k % 8) * cell + cell / 2, Math.floor(k / 8) * cell + cell / 2 + 2];
      const s = Math.min(15, 0.36 * cell);
      pen.strokeStyle = bits === v.want ? "#e6007a" : seen ? ink : muted;
      pen.setLineDash(seen ? [] : [3, 3]);
      pen.lineWidth = bits === v.want ? 3 : 1.5;
      pen.strokeRect(x - s, y - s, 2 * s, 2 * s);
      pen.setLineDash([]);
      if (!seen) { label(pen, "?", x, y, { colour: muted }); continue; }
      [...bits].forEach((bit, i) => {
        const [cx, cy] = [x + (i < 2 ? -0.5 : 0.5) * s, y + (i % 2 ? -0.5 : 0.5) * s];
        mark(pen, bit === "1" ? "circle" : "triangle", cx, cy, 0.26 * s + 1,
          ui.palette.classes[Number(bit)].colour, paper);
      });
    }
  };

  let frame = null;
  const repaint = () => { if (frame) { drawing.redraw(); writeSum(); } };
  const writeSum = () => {
    const [w1, w2, b, x1, x2] = v.terms;
    const part = (text, name) => el("span", { className: hot === name ? "nnl-hot" : "" }, text);
    const next = (text, name) => text.startsWith("−") ? [" − ", part(text.slice(1), name)]
      : [" + ", part(text, name)];
    sum.replaceChildren(el("b", {}, "z"), " = ", part(`${w1} × ${x1}`, "w1"),
      ...next(`${w2} × ${x2}`, "w2"), ...next(b, "b"), " = ", el("b", {}, num(v.z)));
  };

  plane.node.addEventListener("pointerdown", (event) => {
    if (event.target === plane.canvas) ui.send("probe", data(...plane.at(event)), "probe");
  });

  const place = () => { // the things to grab stand where they are drawn
    const [right, n] = v.score;
    const score = `${right} of ${n} points right`;
    for (const thing of [line, tip]) thing.node.hidden = !v.tip;
    if (v.tip) {
      line.move(...inside(px(v.foot)), v.b, `b = ${num(v.b)}, ${score}`);
      tip.move(...inside(px(v.tip)), v.w[0], `w1 = ${num(v.w[0])}, w2 = ${num(v.w[1])}, ${score}`);
    }
    probe.move(...px(v.probe), v.z, `x1 = ${num(v.probe[0])}, x2 = ${num(v.probe[1])}, ` +
      `z = ${num(v.z)}`);
    const { X, y, out } = frame.arrays;
    walk([...y].map((wanted, i) => {
      const [x, py] = px([X[2 * i], X[2 * i + 1]]);
      return { x, y: py, name: `point ${i + 1}: ${v.names[0]} ${num(X[2 * i])}, ${v.names[1]} ` +
        `${num(X[2 * i + 1])}, should be ${wanted}, is ${out[i]}` };
    }));
  };
  plane.onresize = () => { if (frame) place(); };

  return (next) => {
    frame = next;
    v = frame.values;
    plane.describe(frame.sentence);
    plane.paint(drawPlane(frame));
    drawing.describe(`The neuron: w1 ${num(v.w[0])}, w2 ${num(v.w[1])}, bias ${num(v.b)}, ` +
      `z ${num(v.z)}`);
    drawing.paint(drawNeuron);
    writeSum();
    inputs.forEach((input, i) => input.set([...v.w, v.b][i]));
    task.querySelector("option[value='your data']").hidden = !v.own;
    legend.textContent = frame.settings.colours === "fires or not"
      ? "Blue side: fires (1). Orange side: quiet (0). ✗ marks a wrong point."
      : `Blue: z above 0. Orange: z below 0. Colours stop at ±${num(v.clip)}. ✗ marks a wrong point.`;
    cuts.node.hidden = !v.gate;
    cutsNote.textContent = v.gate ? `Best so far: ${v.best} of 4 right. A line can cut four ` +
      `points in 14 ways; you have seen ${v.cuts.length}. Pink: the task.`
      : `${v.score[0]} of ${v.score[1]} points right.`;
    if (v.gate) cuts.describe(cutsNote.textContent);
    cuts.paint(drawCuts);
    place();
  };
});
