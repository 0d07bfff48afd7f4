// One side of the loss sculptor with yes and no: the sigmoid above, a row for each score below.
import { arrow, label, mark, num, rule } from "./draw.js";

const CURVE = 112;
const HEAD = 26; // the line of words between the curve and the rows
const ROW = 34;
const AXIS = 26;
const LEFT = 46; // what a row should be, and whether it is wrong

export const height = (count) => CURVE + HEAD + ROW * count + AXIS;

export function places(v, w) {
  const right = Math.min(110, 0.24 * w); // the bars
  const [wide, far] = [w - LEFT - right - 10, v.far + 0.6];
  return { px: (z) => LEFT + ((z + far) / (2 * far)) * wide, wide, bars: LEFT + wide + 12,
    room: right - 4, row: (i) => CURVE + HEAD + ROW * (i + 0.5),
    curve: (p) => 10 + (1 - p) * (CURVE - 24), value: (x) => ((x - LEFT) / wide) * 2 * far - far };
}

export function drawScores(pen, w, h, { v, side, theme, tones, rows, palette }) {
  const at = places(v, w);
  const { ink, paper, line, muted } = theme;
  const bottom = at.row(rows.length - 1) + ROW / 2;
  for (const p of [0, 0.5, 1]) {
    rule(pen, LEFT, at.curve(p), LEFT + at.wide, at.curve(p), line, 1, p === 0.5 ? [3, 4] : []);
    label(pen, num(p), LEFT - 8, at.curve(p), { colour: ink, align: "right" });
  }
  rule(pen, at.px(0), at.curve(1), at.px(0), bottom, muted, 1, [4, 4]);
  pen.strokeStyle = tones.line;
  pen.lineWidth = 3;
  pen.beginPath();
  for (let z = -v.far; z <= v.far; z += 0.1) pen.lineTo(at.px(z), at.curve(1 / (1 + Math.exp(-z))));
  pen.stroke();
  label(pen, "p", 8, at.curve(1), { colour: ink, bold: true });
  label(pen, "sigmoid(z)", LEFT + at.wide - 2, at.curve(0.2),
    { colour: ink, halo: paper, align: "right" });
  for (const r of rows) {
    const kind = palette.classes[r.y];
    mark(pen, kind.shape, at.px(r.guess), at.curve(r.p), 5.5, kind.colour, r.held ? ink : paper);
  }
  label(pen, "y", LEFT - 14, CURVE + HEAD - 10, { colour: ink, align: "right", bold: true });
  label(pen, `loss to ${num(v.sides[side].loss_limit)}`, w - 4, CURVE + HEAD - 10,
    { colour: ink, align: "right" });
  rule(pen, at.bars, CURVE + HEAD, at.bars, bottom, line);
  for (const r of rows) drawRow(pen, at, r, v.sides[side], { theme, tones, palette });
  for (const z of [-8, -4, 0, 4, 8])
    label(pen, num(z), at.px(z), bottom + 14, { colour: ink });
  label(pen, "score z", at.bars, bottom + 14, { colour: ink, align: "left" });
}

function drawRow(pen, at, r, side, { theme, tones, palette }) {
  const y = at.row(r.i);
  const { ink, paper, line } = theme;
  const kind = palette.classes[r.y];
  pen.strokeStyle = line;
  pen.lineWidth = 0.6;
  pen.beginPath();
  pen.moveTo(LEFT, y);
  pen.lineTo(LEFT + at.wide, y);
  pen.stroke();
  label(pen, String(r.y), LEFT - 14, y, { colour: ink, align: "right", bold: true });
  if ((r.guess >= 0) !== (r.y === 1)) label(pen, "✗", 8, y, { colour: ink, bold: true });
  const long = (r.pull / side.pull_limit) * 0.24 * at.wide;
  const x = at.px(r.guess);
  if (Math.abs(long) >= 0.7)
    arrow(pen, x, y, x + long + Math.sign(long) * 9, y, { colour: tones.pull, width: 4, head: 12 });
  mark(pen, kind.shape, x, y, 8.5, kind.colour, paper);
  if (r.held) mark(pen, "circle", x, y, 14, null, ink);
  const wide = (Math.max(0, r.each) / side.loss_limit) * at.room;
  if (Number.isNaN(wide)) return;
  pen.fillStyle = tones.pull;
  pen.fillRect(at.bars, y - 8, wide, 16);
}
