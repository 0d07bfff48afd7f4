// The hidden space: where the first two neurons of the last hidden layer put the points, and what
// becomes of a square grid. The network bends the plane until a straight cut will do.
import { el, label, mark, num } from "./shell.js";
import { placeOf } from "./playground_layout.js";

const EDGE = 34;

export function spaceView(ui, run) {
  let [its, arrays, scene] = [null, null, null];
  const picture = ui.picture({ label: "Hidden space", aspect: 1 });
  const note = el("p", { className: "nnl-note" });
  const node = el("div", { className: "npg-space" }, picture.node, note);

  const range = () => {
    let [low, high] = [[Infinity, Infinity], [-Infinity, -Infinity]];
    for (const all of [arrays.warp, arrays.grid]) for (let k = 0; k < all.length; k++) {
      low[k % 2] = Math.min(low[k % 2], all[k]);
      high[k % 2] = Math.max(high[k % 2], all[k]);
    }
    const span = Math.max(high[0] - low[0], high[1] - low[1], 1e-3) * 1.08;
    return { low: [0, 1].map((i) => (low[i] + high[i] - span) / 2), span };
  };

  const draw = (pen, w, h) => {
    const { low, span } = range();
    const { ink, paper, muted, line } = ui.theme;
    const n = w - EDGE;
    const x = (v) => EDGE + ((v - low[0]) / span) * n;
    const y = (v) => n - ((v - low[1]) / span) * n;
    pen.save();
    pen.beginPath();
    pen.rect(EDGE, 0, n, n);
    pen.clip();
    pen.lineWidth = 1;
    pen.strokeStyle = muted;
    pen.globalAlpha = 0.6;
    const [rows, cols] = arrays.grid.shape;
    const at = (r, c) => [x(arrays.grid[2 * (r * cols + c)]), y(arrays.grid[2 * (r * cols + c) + 1])];
    pen.beginPath();
    for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) {
      if (c) { pen.moveTo(...at(r, c - 1)); pen.lineTo(...at(r, c)); }
      if (r) { pen.moveTo(...at(r - 1, c)); pen.lineTo(...at(r, c)); }
    }
    pen.stroke();
    pen.globalAlpha = 1;
    const hidden = its.sizes.at(-2);
    if (hidden === 2) cut(pen, x, y, low, span, ink, paper);
    const { labels, is_test: test } = scene.arrays;
    for (let i = 0; i < labels.length; i++) {
      if (test[i]) continue;
      const kind = ui.palette.classes[labels[i]];
      const [px, py] = [x(arrays.warp[2 * i]), y(arrays.warp[2 * i + 1])];
      mark(pen, kind.shape, px, py, 5.2, null, "#fff");
      mark(pen, kind.shape, px, py, 4, kind.colour, "#111");
    }
    pen.restore();
    pen.strokeStyle = line;
    pen.strokeRect(EDGE + 0.5, 0.5, n - 1, n - 1);
    const [first, second] = its.warp_names;
    label(pen, `${first}: ${num(low[0])} to ${num(low[0] + span)}`, EDGE + n / 2, n + 16, { colour: ink });
    pen.save();
    pen.translate(14, n / 2);
    pen.rotate(-Math.PI / 2);
    label(pen, `${second}: ${num(low[1])} to ${num(low[1] + span)}`, 0, 0, { colour: ink });
    pen.restore();
  };

  // with two neurons the decision is a straight line here: v1 h1 + v2 h2 + b = 0
  const cut = (pen, x, y, low, span, ink, paper) => {
    const last = its.sizes.length - 2;
    const [v1, v2, b] = [0, 1, 2].map((i) => arrays.w[placeOf(its.sizes, last, 0, i)]);
    const ends = Math.abs(v2) > Math.abs(v1)
      ? [low[0], low[0] + span].map((h1) => [x(h1), y(-(v1 * h1 + b) / v2)])
      : [low[1], low[1] + span].map((h2) => [x(-(v2 * h2 + b) / v1), y(h2)]);
    for (const [colour, width] of [[paper, 6], [ink, 2.5]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.beginPath();
      ends.forEach((p) => pen.lineTo(...p));
      pen.stroke();
    }
  };

  return { node, draw(values, itsArrays) {
    [its, arrays, scene] = [values, itsArrays, ui.scene];
    const ready = Boolean(arrays.warp);
    picture.node.hidden = !ready;
    const hidden = its.sizes.at(-2);
    const text = !ready ? "The hidden space needs a last hidden layer of at least two neurons."
      : hidden === 2 ? "The grid is the plane, as the two hidden neurons see it. The line is the " +
        "decision: straight here, bent in the plane."
        : `The first two of ${hidden} hidden neurons: a shadow of the space in which the cut is ` +
          "straight.";
    if (note.textContent !== text) note.textContent = text;
    if (!ready) return;
    picture.describe(`Hidden space of run ${its.name}. ${text}`);
    picture.paint(draw);
  } };
}
