// Two charts of the worst error, both by powers of ten: against the width, and while training.
import { curve, label, mark, num, rule, ten } from "./draw.js";
import { tones } from "./builder_curve.js";

const lg = Math.log10;
const place = (w, h) => ({ left: 48, right: w - 10, above: 10, below: h - 40 });

function frame(pen, box, [low, high], theme, name) {
  const py = (e) => box.above + ((high - Math.min(high, Math.max(low, lg(Math.max(1e-300, e))))) /
    (high - low)) * (box.below - box.above);
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1;
  pen.strokeRect(box.left, box.above, box.right - box.left, box.below - box.above);
  for (let k = Math.ceil(low); k <= high; k++) {
    pen.globalAlpha = 0.4;
    pen.beginPath();
    pen.moveTo(box.left, py(10 ** k)); pen.lineTo(box.right, py(10 ** k));
    pen.stroke();
    pen.globalAlpha = 1;
    label(pen, k === 0 ? "1" : k === 1 ? "10" : ten(k), box.left - 5, py(10 ** k),
      { colour: theme.ink, align: "right" });
  }
  label(pen, name, (box.left + box.right) / 2, box.below + 30, { colour: theme.ink });
  return py;
}

function goal(pen, box, y, within, theme) {
  rule(pen, box.left, y, box.right, y, theme.ink, 1.5, [6, 4]);
  return () => label(pen, num(within), box.right - 4, y + 11, { colour: theme.ink, align: "right",
    halo: theme.paper });
}

export function drawWidths(pen, w, h, { t, v, scene, theme }) {
  const tone = tones(theme);
  const box = place(w, h);
  const py = frame(pen, box, [-3, 0.5], theme, "neurons (width)");
  const far = lg(scene.widths.at(-1));
  const px = (k) => box.left + 8 + (lg(k) / far) * (box.right - box.left - 16);
  for (const k of w < 280 ? [1, 4, 16, 64] : [1, 2, 4, 8, 16, 32, 64])
    label(pen, String(k), px(k), box.below + 13, { colour: theme.ink });
  goal(pen, box, py(scene.within), scene.within, theme)();
  const even = scene.widths.map((k, i) => [px(k), py(scene.worst[i])]);
  curve(pen, even, theme.line, 2);
  even.forEach(([x, y]) => mark(pen, "square", x, y, 3, theme.paper, theme.line));
  const x = px(v.width);
  if (t || v.look) v.nets.slice(1).forEach((net, i) =>
    mark(pen, "triangle", x + 3 * (i - 2), py(net.worst), v.look === i + 1 ? 8 : 6,
      v.look === i + 1 ? tone.start : theme.paper, tone.start));
  if (t) {
    curve(pen, [[x, py(v.first[0])], [x, py(v.nets[0].worst)]], tone.net, 2, [2, 3]);
    mark(pen, "circle", x, py(v.first[0]), 5, theme.paper, tone.net);
  }
  mark(pen, "circle", x, py(v.nets[0].worst), 8, tone.net, theme.paper);
}

export function drawTraining(pen, w, h, { v, arrays, theme }, within) {
  const tone = tones(theme);
  const box = place(w, h);
  const py = frame(pen, box, [-3, 0.5], theme, "updates");
  const { steps, record } = arrays;
  const last = Math.max(1, steps.at(-1));
  const px = (s) => box.left + (s / last) * (box.right - box.left);
  for (const s of [0, last / 2, last]) label(pen, num(Math.round(10 * s)),
    Math.min(box.right - 14, px(s)), box.below + 13, { colour: theme.ink });
  const said = goal(pen, box, py(within), within, theme);
  const n = record.shape[1];
  for (let i = n - 1; i >= 0; i--)
    curve(pen, [...steps].map((s, k) => [px(s), py(record[k * n + i])]), i ? tone.start : tone.net,
      i === v.look ? 3.5 : 2, i ? [4, 3] : []);
  said();
}
