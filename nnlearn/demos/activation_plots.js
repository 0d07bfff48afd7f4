// The canvases of the activation bench: curves with a probe, signals through depth, map and loss.
import { curve, heatmap, label, mark, num, ramp, rule, ten } from "./draw.js";

export const hues = (dark) => dark ? { value: "#6db9ee", slope: "#ff9a4d", tangent: "#ff7ac0" }
  : { value: "#0072B2", slope: "#B84A00", tangent: "#c2006a" };
const soft = (theme) => theme.dark ? "#3c3c3c" : "#dddddd";

// A rectangle with numbers on its sides; x and y turn numbers into pixels.
function panel(box, [x0, x1], [y0, y1]) {
  const x = (v) => box.x + ((v - x0) / (x1 - x0)) * box.w;
  const y = (v) => box.y + box.h - ((v - y0) / (y1 - y0)) * box.h;
  return { ...box, x, y, left: box.x, top: box.y, bottom: box.y + box.h, right: box.x + box.w };
}

function within(pen, p, draw) {
  pen.save();
  pen.beginPath();
  pen.rect(p.left, p.top - 2, p.right - p.left, p.bottom - p.top + 4);
  pen.clip();
  draw();
  pen.restore();
}

function grid(pen, theme, p, xs, ys, { below = true, ticks = num } = {}) {
  for (const v of xs) {
    rule(pen, p.x(v), p.top, p.x(v), p.bottom, v === 0 ? theme.line : soft(theme));
    if (below) label(pen, num(v), p.x(v), p.bottom + 13, { colour: theme.muted });
  }
  for (const v of ys) {
    rule(pen, p.left, p.y(v), p.right, p.y(v), v === 0 ? theme.line : soft(theme));
    label(pen, ticks(v), p.left - 6, p.y(v), { colour: theme.muted, align: "right" });
  }
}

// ---- the function and its slope ---------------------------------------------------------------

export const EDGE = 40;
const slopes = (w) => Math.max(84, 0.2 * w); // height of the lower panel

export function functionHeight(w) { return ((w - EDGE - 8) / 2 + slopes(w) + 76) / Math.max(1, w); }

// Two panels on one z axis; the upper has equal units both ways, so that steepness is true.
export function functionPanels(w, range) {
  const wide = w - EDGE - 8;
  return [panel({ x: EDGE, y: 10, w: wide, h: wide / 2 }, [-6, 6], [-2, 4]),
    panel({ x: EDGE, y: wide / 2 + 34, w: wide, h: slopes(w) }, [-6, 6], range)];
}

export function slopeRange(curves) {
  const found = [...curves.slice(curves.length / 2)].filter(Number.isFinite);
  const [low, high] = [Math.min(...found, 0), Math.max(...found, 1)];
  return [Math.max(-5, low - 0.15), Math.min(5, high + 0.15)];
}

export function drawFunction(pen, w, theme, { z, curves, thin, values, probe }) {
  const n = z.length;
  const hue = hues(theme.dark);
  const range = slopeRange(curves);
  const [top, low] = functionPanels(w, range);
  const zs = w < 420 ? [-6, -3, 0, 3, 6] : [-6, -4, -2, 0, 2, 4, 6];
  const whole = range[1] - range[0] > 2.4 ? [-4, -2, 0, 2, 4] : [0, 0.5, 1];
  grid(pen, theme, top, zs, [-2, 0, 2, 4], { below: false });
  grid(pen, theme, low, zs, whole.filter((v) => v >= range[0] && v <= range[1]));
  const along = (p, numbers, from) => [...z].map((v, i) => [p.x(v), p.y(numbers[from + i])]);
  const { value, slope } = values;
  const there = Number.isFinite(value) && Number.isFinite(slope);
  within(pen, top, () => {
    curve(pen, along(top, curves, 0), hue.value, 3.5);
    if (thin.length) curve(pen, along(top, thin, 0), theme.ink, 1.5, [5, 5]);
    if (there) {
      const reach = 2.2 / Math.hypot(1, slope);
      rule(pen, top.x(probe - reach), top.y(value - reach * slope),
        top.x(probe + reach), top.y(value + reach * slope), hue.tangent, 2.5, [9, 4]);
    }
  });
  within(pen, low, () => {
    curve(pen, along(low, curves, n), hue.slope, 3.5);
    if (thin.length) curve(pen, along(low, thin, n), theme.ink, 1.5, [5, 5]);
  });
  rule(pen, low.x(probe), top.top, low.x(probe), low.bottom, theme.muted, 1.5, [2, 4]);
  if (there) {
    const clamp = (p, v) => Math.min(p.bottom, Math.max(p.top, p.y(v)));
    mark(pen, "circle", top.x(probe), clamp(top, value), 8, hue.value, theme.paper);
    mark(pen, "circle", low.x(probe), clamp(low, slope), 6, hue.slope, theme.paper);
  }
  const halo = theme.paper;
  label(pen, "value", top.left + 8, top.top + 13, { colour: hue.value, halo, align: "left",
    bold: true, size: 15 });
  label(pen, "slope", low.left + 8, low.top + 13, { colour: hue.slope, halo, align: "left",
    bold: true, size: 15 });
  label(pen, "z", low.right, low.bottom + 29, { colour: theme.ink, bold: true });
}

// ---- through depth ----------------------------------------------------------------------------

const DEPTH_EDGE = 54;
const rows = (w) => [Math.max(130, 0.27 * w), Math.max(120, 0.25 * w), 64];
export function depthHeight(w) { return (rows(w).reduce((a, b) => a + b) + 150) / Math.max(1, w); }

export function drawDepth(pen, w, theme, { values: v, histograms, depth }) {
  const hue = hues(theme.dark);
  const [tall, middle, small] = rows(w);
  const across = [0.5, depth + 0.5];
  const wide = w - DEPTH_EDGE - 8;
  const box = (y, h) => ({ x: DEPTH_EDGE, y, w: wide, h });
  const outs = panel(box(26, tall), across, [v.low, v.high]);
  const prods = panel(box(tall + 66, middle), across, powers(v));
  const shares = panel(box(tall + middle + 106, small), across, [0, 1]);
  const title = (text, p) => label(pen, text, 0, p.top - 14, { colour: theme.ink, align: "left",
    bold: true });
  const cell = wide / depth;

  title(w < 420 ? "Outputs of each layer" : "Outputs of each layer (bar length: root of the share)",
    outs);
  grid(pen, theme, outs, [], between(v.low, v.high, v.tick));
  drawHistograms(pen, outs, histograms, cell, hue.value);

  title(w < 300 ? "Slopes multiplied" : "Slopes multiplied, from layer 1 on", prods);
  drawProducts(pen, theme, prods, v, hue, depth);

  title(w < 420 ? "Saturated, dead"
    : "Saturated outputs (light) and dead neurons (dark)", shares);
  grid(pen, theme, shares, [], [0, 0.5, 1], { ticks: (s) => `${100 * s} %` });
  v.layers.forEach(([dead, saturated], i) => {
    const x = shares.x(i + 1) - 0.4 * cell;
    pen.globalAlpha = 0.4;
    pen.fillStyle = hue.slope;
    pen.fillRect(x, shares.y(saturated), 0.8 * cell, shares.bottom - shares.y(saturated));
    pen.globalAlpha = 1;
    pen.fillRect(x, shares.y(dead), 0.8 * cell, shares.bottom - shares.y(dead));
  });

  const every = [1, 2, 5, 10].find((k) => k * cell > 24) ?? 10;
  for (let i = 1; i <= depth; i++)
    if (i % every === 0 || (i === 1 && every !== 2))
      label(pen, String(i), shares.x(i), shares.bottom + 14, { colour: theme.muted });
  label(pen, "layer", w - 4, shares.bottom + 31, { colour: theme.ink, align: "right", bold: true });
  if (v.lost_layer) for (const p of [outs, prods, shares]) {
    const x = p.x(v.lost_layer - 0.5);
    rule(pen, x, p.top, x, p.bottom, hue.tangent, 2, [6, 4]);
    const right = x > w / 2;
    if (p === outs) label(pen, "too large to hold", x + (right ? -6 : 6), p.top + 0.3 * tall,
      { colour: theme.ink, halo: theme.paper, align: right ? "right" : "left" });
  }
}

function between(low, high, tick) {
  const found = [];
  for (let k = Math.round(low / tick); k * tick <= high + tick / 1e6; k++)
    found.push(Number((k * tick).toPrecision(6)));
  return found;
}

// Each layer's histogram lies on its side: the longer the bar, the more outputs there.
function drawHistograms(pen, p, numbers, cell, colour) {
  const [layers, bins] = numbers.shape;
  pen.fillStyle = colour;
  const step = (p.bottom - p.top) / bins;
  for (let i = 0; i < layers; i++) {
    const own = numbers.subarray(i * bins, (i + 1) * bins);
    const most = Math.max(...own);
    own.forEach((share, k) => {
      if (!share) return;
      const long = Math.max(1.5, Math.sqrt(share / most) * 0.88 * cell);
      pen.fillRect(p.x(i + 1) - long / 2, p.bottom - (k + 1) * step, long, step + 0.4);
    });
  }
}

// The powers of ten at the ends of the axis of products, from the data.
function powers(v) {
  const found = [...(v.products ?? []), ...(v.sigmoid ?? [])].filter((p) => p > 0).map(Math.log10);
  return [Math.min(-1, Math.floor(Math.min(...found, -1))),
    Math.max(0, Math.ceil(Math.max(...found, 0)))];
}

function drawProducts(pen, theme, p, v, hue, depth) {
  const [low, high] = powers(v);
  const step = [1, 2, 3, 5, 10, 20, 50].find((k) => (high - low) / k <= 4.5) ?? 100;
  const marks = [];
  for (let k = Math.floor(high / step) * step; k >= low; k -= step) marks.push(k);
  if (!v.products) {
    label(pen, "Your guess first.", (p.left + p.right) / 2, (p.top + p.bottom) / 2,
      { colour: theme.muted, size: 16 });
    pen.strokeStyle = soft(theme);
    pen.strokeRect(p.left, p.top, p.right - p.left, p.bottom - p.top);
    return;
  }
  grid(pen, theme, p, [], marks, { ticks: ten });
  const line = (products) => products.map((value, i) =>
    [p.x(i + 1), value > 0 ? p.y(Math.log10(value)) : NaN]);
  curve(pen, line(v.sigmoid), theme.ink, 1.5, [5, 5]);
  const mine = line(v.products);
  curve(pen, mine, hue.slope, 3);
  if (depth <= 18) for (const [x, y] of mine) if (Number.isFinite(y))
    mark(pen, "circle", x, y, 4.5, hue.slope, theme.paper);
  if (v.products.some((value) => value === 0))
    label(pen, "0: no slope gets through", (p.left + p.right) / 2, p.top + 14,
      { colour: theme.ink, halo: theme.paper, bold: true });
  const spot = line(v.sigmoid)[Math.floor(0.6 * depth)];
  if (v.label !== "sigmoid" && spot && Number.isFinite(spot[1])) // below the falling line
    label(pen, "sigmoid", spot[0] - 4, Math.min(p.bottom - 10, spot[1] + 12),
      { colour: theme.ink, align: "right" });
}

// ---- inside a network -------------------------------------------------------------------------

export function drawMap(pen, w, theme, palette, { map, X, y, window: [x0, y0, side] }) {
  heatmap(pen, map, map.shape[0], map.shape[1], { low: 0, high: 1, colours: theme.diverging,
    x: 0, y: 0, w, h: w, smooth: true });
  const r = w < 220 ? 2.6 : w < 300 ? 3.5 : 5;
  y.forEach((kind, i) => {
    const at = [((X[2 * i] - x0) / side) * w, w - ((X[2 * i + 1] - y0) / side) * w];
    const { shape, colour } = palette.classes[kind];
    pen.globalAlpha = 0.95;
    mark(pen, shape, ...at, r + 1, null, "#fff");
    mark(pen, shape, ...at, r, colour, "#111");
    pen.globalAlpha = 1;
  });
}

// The colours of the map and what they mean.
export function keyOf(pen, w, theme) {
  const colour = ramp(theme.diverging);
  for (let i = 0; i < w; i++) {
    pen.fillStyle = `rgb(${colour(i / (w - 1)).join(",")})`;
    pen.fillRect(i, 0, 1.5, 14);
  }
  const ink = { colour: theme.ink };
  label(pen, "sure: triangle", 0, 28, { ...ink, align: "left" });
  if (w > 280) label(pen, "50 %", w / 2, 28, ink);
  label(pen, "sure: circle", w, 28, { ...ink, align: "right" });
}

// A tick that fits beside the axis: 20000 is 2 × 10⁴.
function short(value) {
  if (Math.abs(value) < 1e4) return num(value);
  const k = Math.floor(Math.log10(Math.abs(value)));
  return `${num(value / 10 ** k)}·${ten(k)}`;
}

export function drawLoss(pen, w, h, theme, { losses, steps }) {
  const hue = hues(theme.dark);
  const most = Math.max(...[...losses].filter(Number.isFinite), 0.1);
  const tick = [1, 2, 5, 10].map((m) => m * 10 ** Math.floor(Math.log10(most / 3)))
    .find((t) => most / t <= 4);
  const high = Math.ceil(most / tick) * tick;
  const p = panel({ x: 54, y: 26, w: w - 70, h: h - 66 }, [0, steps], [0, high]);
  label(pen, "Loss", 0, 10, { colour: theme.ink, align: "left", bold: true });
  grid(pen, theme, p, [0, steps / 2, steps], between(0, high, tick), { ticks: short });
  within(pen, p, () => curve(pen, [...losses].map((v, i) => [p.x(i), p.y(v)]), hue.value, 3));
  const last = losses[losses.length - 1];
  if (Number.isFinite(last))
    mark(pen, "circle", p.x(losses.length - 1), p.y(last), 5, hue.value, theme.paper);
  label(pen, "step", w - 2, h - 8, { colour: theme.ink, align: "right", bold: true });
}
