// The two losses of a run over its epochs; beside them those of the treated run.
import { curve, label, mark, num, rule, ten } from "./draw.js";

const BLIND = Math.log(10); // the loss of ten equal guesses
const CEILING = 6; // a linear axis goes no higher: what matters happens below
const FLOOR = 1e-4;
export const NARROW = 400; // pixels: a phone

// As in the lessons' figures: what is learnt from is orange and dashed, what is held back blue.
export const tones = (theme) => {
  const [blue, orange] = theme.dark ? ["#6db9ee", "#ff9d5c"] : ["#0072B2", "#D55E00"];
  return { train: orange, val: blue, plain: blue, loud: orange };
};
const DASH = [8, 4];

export const soft = (theme) => theme.dark ? "#3c3c3c" : "#dddddd";

export const big = (value) => {
  if (Math.abs(value) < 1e5) return num(value);
  const power = Math.floor(Math.log10(value));
  return `${num(Number((value / 10 ** power).toPrecision(2)))} · ${ten(power)}`;
};

// Which runs are drawn, each with its name and its two curves.
function runs(v, arrays) {
  const all = [{ name: "as it came", train: arrays.train, val: arrays.val, lost: v.lost,
    would: arrays.would_train && [arrays.would_train, arrays.would_val] }];
  if (arrays.treated_train) all.push({ name: `treated: ${v.treatment.name}`,
    train: arrays.treated_train, val: arrays.treated_val });
  return all;
}

export function drawCurves(pen, w, h, { theme, v, arrays }) {
  const all = runs(v, arrays);
  const log = v.axis === "log";
  const range = rangeOf(all, log);
  const below = w < NARROW; // on a phone the treated run stands below
  const [wide, high] = below ? [w, h / all.length] : [w / all.length, h];
  all.forEach((its, k) => {
    pen.save();
    if (below) pen.translate(0, k * high);
    panel(pen, below ? 0 : k * wide, wide, high, { theme, its, range, log, short: wide < 300 });
    pen.restore();
  });
}

export const curvesHeight = (w, treated) => w < NARROW ? Math.max(0.62, 200 / Math.max(1, w)) *
  (treated ? 2 : 1) : Math.min(0.62, Math.max(0.5, 300 / w));

function rangeOf(all, log) {
  const seen = all.flatMap((its) => [...its.train, ...its.val]).filter(Number.isFinite);
  const [low, high] = [Math.min(...seen), Math.max(...seen)];
  if (!log) return [0, Math.min(CEILING, 1.1 * Math.max(high, BLIND))];
  return [Math.floor(Math.log10(Math.max(FLOOR, low))),
    Math.max(1, Math.ceil(Math.log10(Math.min(1e6, high))))];
}

function panel(pen, left, wide, h, { theme, its, range, log, short }) {
  const box = { left: left + 46, right: left + wide - 14, top: 56, bottom: h - 42 };
  const epochs = its.train.length - 1;
  const height = (loss) => log ? Math.log10(Math.max(FLOOR, loss)) : loss;
  const x = (e) => box.left + (e / epochs) * (box.right - box.left);
  const y = (loss) => box.bottom - ((height(loss) - range[0]) / (range[1] - range[0])) *
    (box.bottom - box.top);
  const { train, val } = tones(theme);
  label(pen, fitting(pen, its.name, wide - 16), left + 8, 12,
    { colour: theme.ink, align: "left", bold: true });
  mark(pen, "triangle", left + 15, 34, 5, train, train);
  label(pen, short ? "train" : "training loss", left + 25, 34, { colour: theme.ink, align: "left" });
  const second = left + (short ? 72 : 130);
  mark(pen, "circle", second + 7, 34, 5, theme.paper, val);
  label(pen, short ? "valid." : "validation loss", second + 17, 34,
    { colour: theme.ink, align: "left" });
  if (its.would && wide > 420) label(pen, "┄ what you named", second + 140, 34,
    { colour: theme.muted, align: "left" });
  axes(pen, box, { theme, range, log, x, y, epochs });
  pen.save();
  pen.beginPath();
  pen.rect(box.left - 8, box.top - 8, box.right - box.left + 16, box.bottom - box.top + 16);
  pen.clip();
  (its.would ?? []).forEach((losses) => line(pen, losses, x, y, theme.muted, 1.8, [4, 5]));
  line(pen, its.train, x, y, train, 2.5, DASH);
  line(pen, its.val, x, y, val, 2.5);
  its.train.forEach((loss, e) => Number.isFinite(loss) &&
    mark(pen, "triangle", x(e), y(loss), 4, train, train));
  its.val.forEach((loss, e) => Number.isFinite(loss) &&
    mark(pen, "circle", x(e), y(loss), 3, theme.paper, val));
  pen.restore();
  notes(pen, box, { theme, its, range, log, y });
}

// What the axis cannot show is said: numbers above it, and no numbers at all.
function notes(pen, box, { theme, its, range, log, y }) {
  const high = Math.max(...[...its.train, ...its.val].filter(Number.isFinite));
  const middle = (box.left + box.right) / 2;
  if (height0(high, log) > range[1] * 1.001)
    label(pen, `▲ up to ${big(high)}${last(its)}`, middle, box.top + 10,
      { colour: theme.ink, plate: theme.paper });
  if (![...its.train].every(Number.isFinite))
    label(pen, its.lost ? `NaN from update ${its.lost} on` : "NaN: no number", middle,
      (box.top + box.bottom) / 2, { colour: theme.ink, plate: theme.paper, bold: true });
  if (y(BLIND) > box.top + 12) label(pen, "blind guessing", box.right, y(BLIND) - 10,
    { colour: theme.muted, align: "right", halo: theme.paper });
}

// Where a curve ends that went above the axis: it may have come back, or not.
const last = (its) => Number.isFinite(its.train.at(-1))
  ? `, at the end ${big(Number(its.train.at(-1).toPrecision(2)))}` : "";

const height0 = (loss, log) => log ? Math.log10(loss) : loss;

function axes(pen, box, { theme, range, log, x, y, epochs }) {
  const every = log ? Math.ceil((range[1] - range[0]) / 6) : range[1] > 3.5 ? 2 : 1;
  for (let k = range[0]; k <= range[1]; k += every) {
    const at = y(log ? 10 ** k : k);
    rule(pen, box.left, at, box.right, at, soft(theme));
    label(pen, log ? ten(k) : num(k), box.left - 7, at, { colour: theme.muted, align: "right" });
  }
  rule(pen, box.left, y(BLIND), box.right, y(BLIND), theme.muted, 1, [2, 4]);
  rule(pen, box.left, box.bottom, box.right, box.bottom, theme.line);
  for (let e = 0; e <= epochs; e += Math.max(5, Math.ceil(epochs / 15) * 5))
    label(pen, String(e), x(e), box.bottom + 14, { colour: theme.muted });
  label(pen, "epoch", box.right, box.bottom + 32, { colour: theme.ink, align: "right" });
}

export function line(pen, values, x, y, colour, width, dash = []) {
  const points = Array.from(values, (v, i) => [x(i), Math.max(-1e4, Math.min(1e4, y(v)))]);
  curve(pen, points, colour, width, dash);
}

// A text cut to fit, never drawn over its neighbour.
function fitting(pen, text, room) {
  pen.font = `600 14px ${pen.canvas.dataset.font}`;
  if (pen.measureText(text).width <= room) return text;
  let cut = text.length;
  while (cut > 3 && pen.measureText(`${text.slice(0, cut)}…`).width > room) cut--;
  return `${text.slice(0, cut)}…`;
}
