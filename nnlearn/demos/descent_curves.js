// The loss over the steps, on an axis of powers of ten or a plain one.
import { label, mark, num, ten } from "./draw.js";
import { LANES, ticks, tint } from "./descent_ground.js";

const soft = (theme) => theme.dark ? "#3c3c3c" : "#dddddd";
const FLOOR = 1e-10; // what is this close to the lowest is drawn as this close

const nice = (t) => [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((m) => m * 10 ** Math.floor(Math.log10(t)))
  .find((v) => v >= t);

export function drawLoss(pen, w, h, { theme, v, arrays, scene, log, t }) {
  const { steps, losses, batch, ghost_steps: ghostSteps, ghost_losses: ghostLosses } = arrays;
  const { least } = scene.values;
  const height = (loss) => log ? Math.log10(Math.max(FLOOR, loss - least)) : loss;
  const box = { left: 54, right: w - 12, top: 30, bottom: h - 40 };
  const far = Math.min(v.updates, nice(Math.max(20, 1.15 * t)));
  const inside = (s) => s <= far;
  const range = rangeOf([losses, ...(ghostLosses ? [ghostLosses.filter((_, i) =>
    inside(ghostSteps[i]))] : [])], height, log, least);
  const x = (s) => box.left + (s / far) * (box.right - box.left);
  const y = (value) => box.bottom - ((value - range[0]) / (range[1] - range[0])) *
    (box.bottom - box.top);
  label(pen, log && least ? "loss above the lowest" : "loss", 2, 12,
    { colour: theme.ink, align: "left", bold: true });
  frame(pen, box, theme, { x, y, far, range, log });
  pen.save();
  pen.beginPath();
  pen.rect(box.left, box.top - 3, box.right - box.left, box.bottom - box.top + 6);
  pen.clip();
  if (ghostLosses) line(pen, ghostSteps, ghostLosses, 0, ghostSteps.length, x, (l) => y(height(l)),
    theme.muted, 1.5, [5, 5]);
  if (batch?.length) { // what each step saw of the loss, from its batch alone
    pen.fillStyle = theme.muted;
    pen.globalAlpha = 0.55;
    steps.forEach((s, k) => {
      if (Number.isFinite(batch[k]) && s > 0) pen.fillRect(x(s - 1) - 1.5, y(height(batch[k])) - 1.5, 3, 3);
    });
    pen.globalAlpha = 1;
  }
  v.lanes.forEach((lane, i) => line(pen, steps, losses, i * steps.length, steps.length, x,
    (l) => y(height(l)), tint(lane.name, theme), 2.5));
  pen.restore();
  v.lanes.forEach((lane, i) => {
    let k = steps.length - 1;
    while (k > 0 && !Number.isFinite(losses[i * steps.length + k])) k--;
    const at = Math.min(box.bottom, Math.max(box.top, y(height(losses[i * steps.length + k]))));
    if (Number.isFinite(at)) mark(pen, LANES[lane.name].shape, x(steps[k]), at, 6,
      tint(lane.name, theme), theme.paper);
  });
}

function rangeOf(all, height, log, least) {
  let [low, high] = [Infinity, -Infinity];
  for (const losses of all) for (const loss of losses) {
    const value = height(loss);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (log) return [Math.floor(low - 0.05), Math.max(Math.ceil(high + 0.05), Math.floor(low) + 1)];
  low = Math.min(low, least);
  return [low, high > low ? high + 0.05 * (high - low) : low + 1];
}

function frame(pen, box, theme, { x, y, far, range, log }) {
  pen.lineWidth = 1;
  pen.strokeStyle = soft(theme);
  const every = log ? Math.max(1, Math.ceil((range[1] - range[0]) / 5)) : 0;
  const marks = log ? ticks(range, 50).filter((k) => Number.isInteger(k) && k % every === 0)
    : ticks(range, 4);
  for (const value of marks) {
    pen.beginPath();
    pen.moveTo(box.left, y(value));
    pen.lineTo(box.right, y(value));
    pen.stroke();
    label(pen, log ? ten(value) : num(value), box.left - 6, y(value),
      { colour: theme.muted, align: "right" });
  }
  for (const s of ticks([0, far], 4)) label(pen, num(s), x(s), box.bottom + 14,
    { colour: theme.muted });
  label(pen, "step", box.right, box.bottom + 31, { colour: theme.ink, align: "right", bold: true });
}

function line(pen, steps, losses, from, count, x, y, colour, width, dash = []) {
  pen.setLineDash(dash);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineJoin = "round";
  pen.beginPath();
  for (let k = 0; k < count; k++) {
    const at = y(losses[from + k]);
    if (!Number.isFinite(at)) break;
    pen.lineTo(x(steps[k]), Math.max(-1e4, Math.min(1e4, at)));
  }
  pen.stroke();
  pen.setLineDash([]);
}
