// One side of the loss sculptor with numbers: points, a line, pulls, and a bar of loss per point.
import { arrow, label, mark, num } from "./draw.js";

const AXIS = 26; // room below the points for the numbers of x
const BARS = 74;
const LEFT = 40; // room for the numbers of y
const BESIDE = 10; // an arrow stands beside its point, so that neither hides the other

export const height = (w) => Math.max(190, Math.min(300, 0.62 * w)) + AXIS + BARS;

// Places: data to pixels and back, for a picture of this size.
export function places(v, w, h) {
  const [[x0, x1], [y0, y1]] = v.window;
  const [wide, high] = [w - LEFT - 6, h - AXIS - BARS];
  const px = (x) => LEFT + ((x - x0) / (x1 - x0)) * wide;
  const py = (y) => high - ((y - y0) / (y1 - y0)) * high;
  return { px, py, wide, high, x0, x1, y0, y1, value: (at) => y0 + ((high - at) / high) * (y1 - y0),
    inside: (at) => Math.min(high - 12, Math.max(12, at)) };
}

const steps = (low, high, most) => {
  const size = [1, 2, 5, 10].map((m) => m * 10 ** Math.floor(Math.log10((high - low) / most)))
    .find((s) => (high - low) / s <= most);
  const from = Math.ceil(low / size);
  return Array.from({ length: Math.floor(high / size) - from + 1 },
    (_, k) => Math.round((from + k) * size * 1e9) / 1e9);
};

export function drawNumbers(pen, w, h, { v, side, theme, tones, rows, names }) {
  const at = places(v, w, h);
  const { ink, paper, line, muted } = theme;
  pen.strokeStyle = line;
  pen.lineWidth = 1;
  pen.strokeRect(LEFT, 0.5, at.wide, at.high);
  for (const x of steps(at.x0, at.x1, 9))
    if (at.px(x) < w - 14) label(pen, num(x), at.px(x), at.high + 14, { colour: ink });
  for (const y of steps(at.y0, at.y1, 6))
    if (at.py(y) > 9 && at.py(y) < at.high - 9)
      label(pen, num(y), LEFT - 6, at.py(y), { colour: ink, align: "right" });
  pen.save();
  pen.beginPath();
  pen.rect(LEFT, 0, at.wide, at.high);
  pen.clip();
  stroke(pen, tones.line, 3, [], [[at.x0, v.lines[side][0]], [at.x1, v.lines[side][1]]], at);
  for (const r of rows) stroke(pen, muted, 1.5, [3, 3], [[r.x, r.y], [r.x, r.guess]], at);
  for (const r of rows) {
    const long = (r.pull / v.sides[side].pull_limit) * 0.2 * at.high;
    if (Number.isNaN(long) || Math.abs(long) < 0.7) continue;
    const [x, y] = [at.px(r.x) + BESIDE, at.py(r.guess)];
    arrow(pen, x, y, x, y - long, { colour: tones.pull, width: 3.5, head: 11 });
  }
  for (const r of rows) {
    mark(pen, "circle", at.px(r.x), at.py(r.y), 6, ink, paper);
    if (r.held) mark(pen, "circle", at.px(r.x), at.py(r.y), 12, null, ink);
  }
  for (const [x, y] of [[at.x0, v.lines[side][0]], [at.x1, v.lines[side][1]]])
    mark(pen, "square", grip(at, x), at.inside(at.py(y)), 8, tones.line, paper);
  label(pen, names[1], LEFT + 8, 13, { colour: ink, halo: paper, align: "left" });
  label(pen, names[0], LEFT + 0.52 * at.wide, at.high - 12, { colour: ink, halo: paper });
  pen.restore();
  drawBars(pen, w, h, at, { limit: v.sides[side].loss_limit, theme, tones, rows });
}

export const grip = (at, x) => at.px(x) + (x === at.x0 ? 12 : -12);

function stroke(pen, colour, width, dash, points, at) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.beginPath();
  points.forEach(([x, y]) => pen.lineTo(at.px(x), at.py(y)));
  pen.stroke();
  pen.setLineDash([]);
}

function drawBars(pen, w, h, at, { limit, theme, tones, rows }) {
  const [foot, top] = [h - 6, h - BARS + 14];
  label(pen, num(limit), LEFT - 6, top, { colour: theme.ink, align: "right" });
  label(pen, "0", LEFT - 6, foot - 4, { colour: theme.ink, align: "right" });
  label(pen, "loss of each point", LEFT + 8, top - 1,
    { colour: theme.ink, halo: theme.paper, align: "left" });
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(LEFT, foot + 0.5);
  pen.lineTo(w - 6, foot + 0.5);
  pen.stroke();
  const wide = Math.max(5, Math.min(16, (0.6 * at.wide) / rows.length));
  for (const r of rows) {
    const tall = (Math.max(0, r.each) / limit) * (foot - top);
    if (Number.isNaN(tall)) continue;
    pen.fillStyle = tones.pull;
    pen.fillRect(at.px(r.x) - wide / 2, foot - tall, wide, tall);
    if (r.held) {
      pen.strokeStyle = theme.ink;
      pen.lineWidth = 2;
      pen.strokeRect(at.px(r.x) - wide / 2 - 2, foot - tall - 2, wide + 4, tall + 4);
    }
  }
}
