// The losses over the epochs; the penalty drawn apart; what was changed, guessed and best.
import { ticks } from "./descent_ground.js";
import { curve, label, mark, num, rule } from "./draw.js";

export const LINES = [ // rows of the curves that Python sends
  { name: "train", row: 0, light: "#00795A", dark: "#3fcf9f", dash: [] },
  { name: "validation", row: 1, light: "#6b6b6b", dark: "#c4c4c4", dash: [2, 4] },
  { name: "test", row: 2, light: "#A3467F", dark: "#e79bcb", dash: [] },
  { name: "penalty, apart", row: 3, light: "#1f1f1f", dark: "#f5f5f5", dash: [9, 4, 2, 4] },
];
export const lineColour = (line, theme) => line[theme.dark ? "dark" : "light"];

const nice = (t) => [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((m) => m * 10 ** Math.floor(Math.log10(t)))
  .find((v) => v >= t);

// Which lines there are: a penalty only where something was paid.
export const linesOf = (arrays) => LINES.filter((line) => line.row !== 3 ||
  row(arrays, 3).some((v) => v > 0));

const row = ({ steps, curves }, k) => curves.subarray(k * steps.length, (k + 1) * steps.length);

export function drawCurves(pen, w, h, { theme, v, arrays, t, last }) {
  const { steps, ghost, ghost_steps: ghostSteps } = arrays;
  const box = { left: 46, right: w - 14, top: 30, bottom: h - 42 };
  const ends = Math.max(last, ghostSteps ? ghostSteps.at(-1) : 0);
  const far = Math.min(Math.max(v.epochs, last), nice(Math.max(40, 1.15 * ends)));
  const lines = linesOf(arrays);
  const losses = lines.filter((line) => line.row !== 3).map((line) => row(arrays, line.row));
  const top = highest([...losses, ...(ghost ? [ghost] : [])], row(arrays, 3));
  const x = (s) => box.left + (s / far) * (box.right - box.left);
  const y = (loss) => box.bottom - (loss / top) * (box.bottom - box.top);
  frame(pen, box, theme, { x, y, far, top });
  pen.save();
  pen.beginPath();
  pen.rect(box.left, box.top, box.right - box.left, box.bottom - box.top + 2);
  pen.clip(); // a penalty may begin far above the losses
  if (ghost) line(pen, ghostSteps, ghost, x, y, theme.muted, 1.5, [5, 5]);
  dots(pen, box, steps, row(arrays, 4), x, y, theme);
  for (const one of lines) {
    const values = row(arrays, one.row);
    pen.globalAlpha = 0.35; // what comes later, while one looks back
    if (t < last) line(pen, steps, values, x, y, lineColour(one, theme), 2.5, one.dash);
    pen.globalAlpha = 1;
    line(pen, steps, values, x, y, lineColour(one, theme), 2.5, one.dash, t);
  }
  pen.restore();
  upright(pen, box, x, v, theme, { far, t, last });
  for (const one of lines) {
    const k = steps.findLastIndex((s) => s <= t);
    const colour = lineColour(one, theme);
    if (one.row === 0 || one.row === 2) mark(pen, one.row ? "circle" : "square", x(steps[k]),
      y(row(arrays, one.row)[k]), 5, one.row ? theme.paper : colour, colour);
  }
}

const most = (values, least) => values.reduce((high, v) => (v > high ? v : high), least);

// The top of the picture: of the losses; a large penalty must not press them flat.
function highest(losses, penalty) {
  const high = losses.reduce((top, values) => most(values, top), 0.8);
  return 1.06 * Math.min(2 * high, most(penalty, high));
}

function frame(pen, box, theme, { x, y, far, top }) {
  label(pen, "loss", 2, 12, { colour: theme.ink, align: "left", bold: true });
  pen.lineWidth = 1;
  pen.strokeStyle = theme.dark ? "#3c3c3c" : "#dddddd";
  for (const value of ticks([0, top], 4)) {
    pen.beginPath();
    pen.moveTo(box.left, y(value));
    pen.lineTo(box.right, y(value));
    pen.stroke();
    label(pen, num(value), box.left - 6, y(value), { colour: theme.muted, align: "right" });
  }
  for (const s of ticks([0, far], 5)) label(pen, num(s), x(s), box.bottom + 14,
    { colour: theme.muted });
  label(pen, "epoch", box.right, box.bottom + 32, { colour: theme.ink, align: "right", bold: true });
}

function line(pen, steps, values, x, y, colour, width, dash, until = Infinity) {
  const points = [];
  for (let k = 0; k < steps.length && steps[k] <= until; k++)
    if (Number.isFinite(values[k])) points.push([x(steps[k]), y(values[k])]);
  curve(pen, points, colour, width, dash);
}

// What the steps themselves saw, with dropout on: small squares.
function dots(pen, box, steps, seen, x, y, theme) {
  pen.fillStyle = theme.muted;
  pen.globalAlpha = 0.6;
  steps.forEach((s, k) => {
    if (y(seen[k]) >= box.top) pen.fillRect(x(s - 0.5) - 1.2, y(seen[k]) - 1.2, 2.4, 2.4);
  });
  pen.globalAlpha = 1;
}

// Lines that stand up: the guess, the best epoch, the changes, where one looks.
function upright(pen, box, x, v, theme, { far, t, last }) {
  const stand = (s, dash, colour, width = 1.5) =>
    rule(pen, x(s), box.top, x(s), box.bottom, colour, width, dash);
  const side = (s) => x(s) > (box.left + box.right) / 2 ? "right" : "left";
  const beside = (s) => x(s) + (side(s) === "left" ? 6 : -6);
  if (v.guess !== null && v.guess <= far) {
    stand(v.guess, [7, 5], theme.ink, 2);
    label(pen, "your guess", beside(v.guess), box.top + 10, { colour: theme.ink, align: side(v.guess),
      halo: theme.paper });
  }
  if (t > 0) {
    const colour = theme.dark ? "#8cc4ff" : "#0b5cad";
    stand(v.best, [2, 3], colour, 2);
    [`best ${v.best},`, "by validation"].forEach((text, i) => label(pen, text, beside(v.best),
      box.top + 30 + 17 * i, { align: side(v.best), bold: true, colour, halo: theme.paper }));
  }
  v.events.forEach(({ epoch }, i) => {
    if (epoch > far) return;
    stand(epoch, [1, 4], theme.ink, 2);
    mark(pen, "circle", x(epoch), box.top - 12, 9, theme.ink, theme.ink);
    label(pen, String(i + 1), x(epoch), box.top - 11, { colour: theme.paper, bold: true });
  });
  if (t < last) stand(t, [], theme.ink, 1.5);
}
