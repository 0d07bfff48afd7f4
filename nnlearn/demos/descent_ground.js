// The ground of the descent terrain, drawn once, and the walks on it, drawn for every frame.
import { contour } from "./contour.js";
import { arrow, heatmap, label, mark, num } from "./draw.js";

export const LANES = {
  SGD: { shape: "circle", glyph: "●", light: "#0072B2", dark: "#6db9ee" },
  Momentum: { shape: "triangle", glyph: "▲", light: "#C24E00", dark: "#ff9a4d" },
  RMSProp: { shape: "square", glyph: "■", light: "#00795A", dark: "#3fcf9f" },
  Adam: { shape: "diamond", glyph: "◆", light: "#A3467F", dark: "#e79bcb" },
  yours: { shape: "star", glyph: "★", light: "#1f1f1f", dark: "#f5f5f5" },
};
export const tint = (name, theme) => LANES[name][theme.dark ? "dark" : "light"];

const EDGE = { left: 52, right: 12, top: 12, bottom: 46 };

// How high the picture is: equal units both ways where that gives a good shape.
export function groundHeight(w, scene) {
  const [across, up] = scene?.values.window ?? [[0, 1]];
  const units = up ? (up[1] - up[0]) / (across[1] - across[0]) : 0.62;
  const inner = (w - EDGE.left - EDGE.right) * Math.min(0.78, Math.max(0.58, units));
  const high = Math.max(inner, 150);
  return (high + EDGE.top + EDGE.bottom) / Math.max(1, w);
}

// From numbers to pixels and back.
export function places(scene, w, h) {
  const { window: [across, up], top, least } = scene.values;
  const rise = up ?? [least - 0.06 * (top - least), top];
  const box = { left: EDGE.left, top: EDGE.top, right: w - EDGE.right, bottom: h - EDGE.bottom };
  const [wide, high] = [box.right - box.left, box.bottom - box.top];
  return { ...box, wide, high, flat: !up, across, rise,
    x: (v) => box.left + ((v - across[0]) / (across[1] - across[0])) * wide,
    y: (v) => box.bottom - ((v - rise[0]) / (rise[1] - rise[0])) * high,
    back: (x, y) => [across[0] + ((x - box.left) / wide) * (across[1] - across[0]),
      rise[0] + ((box.bottom - y) / high) * (rise[1] - rise[0])] };
}

export function ticks([low, high], most) {
  const size = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(size));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= size * 0.999);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++)
    found.push(Number((k * step).toPrecision(6)));
  return found;
}

// ---- drawn once -------------------------------------------------------------------------------

const blend = (hex, paper, share) => {
  const own = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  const base = paper.match(/[\d.]+/g).map(Number);
  return "#" + own.map((c, i) => Math.round(c * share + base[i] * (1 - share))
    .toString(16).padStart(2, "0")).join("");
};

// A cache of one canvas: the ground in the present size and theme.
export function backdrop() {
  const sheet = document.createElement("canvas");
  let shown = [];
  return (pen, w, h, scene, theme, colours) => {
    const dpr = window.devicePixelRatio || 1;
    const key = [scene, theme, w, h, dpr];
    if (key.some((part, i) => part !== shown[i])) {
      shown = key;
      [sheet.width, sheet.height] = [Math.round(w * dpr), Math.round(h * dpr)];
      sheet.dataset.font = pen.canvas.dataset.font;
      const inner = sheet.getContext("2d");
      inner.setTransform(dpr, 0, 0, dpr, 0, 0);
      drawGround(inner, places(scene, w, h), scene, theme, colours);
    }
    pen.drawImage(sheet, 0, 0, w, h);
  };
}

function drawGround(pen, at, scene, theme, colours) {
  const { axes, lowest } = scene.values;
  const { heights } = scene.arrays;
  if (at.flat) drawCurve(pen, at, heights, theme);
  else drawHeights(pen, at, scene, theme, colours);
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1;
  pen.strokeRect(at.left, at.top, at.wide, at.high);
  const ink = { colour: theme.muted };
  for (const v of ticks(at.across, at.wide < 300 ? 4 : 7))
    label(pen, num(v), at.x(v), at.bottom + 13, ink);
  for (const v of ticks(at.rise, 5)) label(pen, num(v), at.left - 6, at.y(v),
    { ...ink, align: "right" });
  label(pen, axes[0], (at.left + at.right) / 2, at.bottom + 33, { colour: theme.ink, bold: true });
  label(pen, axes[1] ?? "loss", at.left + 6, at.top + 12,
    { colour: theme.ink, halo: theme.paper, align: "left", bold: true });
  if (!at.flat) lowest.forEach(([x, y], i) => {
    cross(pen, at.x(x), at.y(y), theme);
    label(pen, i ? "low" : "lowest", at.x(x), at.y(y) + 17,
      { colour: theme.ink, halo: theme.paper });
  });
}

function cross(pen, x, y, theme) {
  for (const [colour, width] of [[theme.paper, 6], [theme.ink, 2.5]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    for (const way of [1, -1]) { pen.moveTo(x - 6, y - 6 * way); pen.lineTo(x + 6, y + 6 * way); }
    pen.stroke();
  }
}

function drawCurve(pen, at, heights, theme) {
  pen.strokeStyle = theme.line;
  pen.lineWidth = 3;
  pen.beginPath();
  heights.forEach((v, i) => pen.lineTo(at.left + (at.wide * i) / (heights.length - 1), at.y(v)));
  pen.stroke();
}

function drawHeights(pen, at, scene, theme, colours) {
  const { least, top, levels } = scene.values;
  const { heights } = scene.arrays;
  const [rows, cols] = heights.shape;
  const shares = Float32Array.from(heights, (v) => Math.sqrt(Math.max(0, v - least) / (top - least)));
  heatmap(pen, shares, rows, cols, { low: 0, high: 1, x: at.left, y: at.top, w: at.wide,
    h: at.high, smooth: true, colours: colours.map((c) => blend(c, theme.paper, 0.45)) });
  pen.strokeStyle = theme.dark ? "rgba(255,255,255,.32)" : "rgba(0,0,0,.3)";
  pen.lineWidth = 1;
  for (const level of levels) {
    contour(pen, at, heights, rows, cols, level);
    pen.stroke();
  }
}

// ---- drawn for every frame --------------------------------------------------------------------

const spot = (at, paths, losses, from, D, k) => // pixels of step k of a walk
  [at.x(paths[(from + k) * D]), at.y(D > 1 ? paths[(from + k) * D + 1] : losses[from + k])];

export function walkPoints(at, paths, losses, lane, steps, D) {
  const found = [];
  for (let k = 0; k < steps; k++) {
    const point = spot(at, paths, losses, lane * steps, D, k);
    if (!Number.isFinite(point[0]) || !Number.isFinite(point[1])) break;
    found.push(point.map((v) => Math.max(-1e4, Math.min(1e4, v))));
  }
  return found;
}

function trail(pen, points, colour, theme, { thin = false } = {}) {
  pen.lineJoin = "round";
  for (const [stroke, width] of thin ? [[colour, 1.5]] : [[theme.paper, 5], [colour, 2.5]]) {
    pen.strokeStyle = stroke;
    pen.lineWidth = width;
    pen.setLineDash(thin ? [5, 5] : []);
    pen.beginPath();
    for (const point of points) pen.lineTo(...point);
    pen.stroke();
  }
  pen.setLineDash([]);
  if (thin) return;
  for (let k = 1; k < points.length; k++) { // a head on every step that is long enough to see
    const [a, b] = [points[k - 1], points[k]];
    if (Math.hypot(b[0] - a[0], b[1] - a[1]) > 16)
      arrow(pen, ...a, ...b, { colour, width: 2.5, head: 10 });
    else if (points.length < 60) mark(pen, "circle", ...b, 2, colour, colour);
  }
}

export function drawWalks(pen, w, h, { scene, theme, v, arrays, arrows }) {
  const at = places(scene, w, h);
  const D = scene.values.axes.length;
  const { paths, losses, steps, ghost, ghost_losses: ghostLosses } = arrays;
  pen.save();
  pen.beginPath();
  pen.rect(at.left, at.top, at.wide, at.high);
  pen.clip();
  if (ghost) trail(pen, walkPoints(at, ghost, ghostLosses, 0, ghostLosses.length, D), theme.muted,
    theme, { thin: true });
  const walks = v.lanes.map((lane, i) => walkPoints(at, paths, losses, i, steps.length, D));
  walks.forEach((points, i) => trail(pen, points, tint(v.lanes[i].name, theme), theme));
  if (arrows) drawGradients(pen, at, walks.at(-1).at(-1), v, theme);
  pen.restore();
  if (walks[0][0]) mark(pen, "circle", ...walks[0][0], 6, theme.paper, theme.ink);
  walks.forEach((points, i) => drawBall(pen, at, points.at(-1), v.lanes[i], theme));
  const taken = at.flat ? [] // the names of the bottoms stand there already
    : scene.values.lowest.map(([x, y]) => [at.x(x) - 22, 44, at.y(y) + 17]);
  [...walks].reverse().forEach((points, i) => nameBall(pen, at, points.at(-1),
    v.lanes[walks.length - 1 - i], theme, v.lanes.length > 1, taken));
}

// The way downhill for all examples, and for the next batch; the longer one has full length.
function drawGradients(pen, at, from, v, theme) {
  if (!from || v.ended) return;
  const way = (g) => at.flat ? [-Math.sign(g[0]), 0]
    : [(-g[0] / (at.across[1] - at.across[0])) * at.wide,
      (g[1] / (at.rise[1] - at.rise[0])) * at.high];
  const both = v.noisy ? [v.batch_gradient, v.gradient] : [v.gradient];
  const ways = both.map(way);
  const most = Math.max(...ways.map((d) => Math.hypot(...d)));
  if (!(most > 0)) return;
  ways.forEach(([dx, dy], i) => {
    const batch = v.noisy && i === 0;
    const to = [from[0] + (72 * dx) / most, from[1] + (72 * dy) / most];
    pen.setLineDash(batch ? [5, 4] : []);
    arrow(pen, ...from, ...to, { colour: theme.paper, width: 6, head: 14 });
    arrow(pen, ...from, ...to, { colour: theme.ink, width: batch ? 2 : 3, head: 12 });
    pen.setLineDash([]);
  });
}

// Where a ball is drawn: what has left the picture stands at its edge.
const inside = (at, [x, y]) => [Math.min(at.right - 4, Math.max(at.left + 4, x)),
  Math.min(at.bottom - 4, Math.max(at.top + 4, y))];

function drawBall(pen, at, point, lane, theme) {
  if (point) mark(pen, LANES[lane.name].shape, ...inside(at, point), 8, tint(lane.name, theme),
    theme.paper);
}

// The name beside a ball, where it covers no other name; the list of ranks names them all.
function nameBall(pen, at, point, lane, theme, named, taken) {
  if (!point) return;
  const [x, y] = inside(at, point);
  const outside = x !== point[0] || y !== point[1];
  const words = [named ? lane.name : "", outside ? "outside the picture" : ""].join(" ").trim();
  if (!words) return;
  pen.font = `14px ${pen.canvas.dataset.font}`;
  const wide = pen.measureText(words).width;
  const left = Math.min(at.right - wide - 6, Math.max(at.left + 6, x - wide / 2));
  const rows = [y - 18, y + 20, y - 36, y + 38].filter((r) => r > at.top + 8 && r < at.bottom - 8);
  const row = rows.find((r) => taken.every(([l, w, t]) =>
    Math.abs(t - r) > 16 || left > l + w + 4 || l > left + wide + 4));
  if (row === undefined) return;
  taken.push([left, wide, row]);
  label(pen, words, left, row, { colour: theme.ink, halo: theme.paper, align: "left" });
}
