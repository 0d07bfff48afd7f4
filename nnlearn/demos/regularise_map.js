// The map: what the network answers everywhere, its boundary, the points that it learns and is judged by.
import { contour } from "./contour.js";
import { heatmap, label, mark, num } from "./draw.js";

const EDGE = { left: 40, right: 10, top: 10, bottom: 30 };

export const mapHeight = (w) => (w - EDGE.left - EDGE.right + EDGE.top + EDGE.bottom) / Math.max(1, w);

export function placesOf(scene, w, h) {
  const [[left, right], [low, high]] = scene.values.window;
  const at = { left: EDGE.left, top: EDGE.top, wide: w - EDGE.left - EDGE.right,
    high: h - EDGE.top - EDGE.bottom };
  return { ...at, x: (v) => at.left + ((v - left) / (right - left)) * at.wide,
    y: (v) => at.top + ((high - v) / (high - low)) * at.high };
}

const SHAPES = ["triangle", "circle"];

export function drawMap(pen, w, h, { scene, theme, arrays, point, palette }) {
  const at = placesOf(scene, w, h);
  const { map, test = map, thin } = arrays;
  const [rows, cols] = map.shape;
  pen.globalAlpha = 0.62; // so that the points stand out
  heatmap(pen, map, rows, cols, { low: 0, high: 1, colours: theme.diverging,
    x: at.left, y: at.top, w: at.wide, h: at.high });
  pen.globalAlpha = 1;
  pen.save();
  pen.beginPath();
  pen.rect(at.left, at.top, at.wide, at.high);
  pen.clip();
  lines(pen, at, thin, theme);
  boundary(pen, at, test, theme, []);
  if (thin) boundary(pen, at, map, theme, [7, 5]);
  points(pen, at, scene, theme, palette, point);
  pen.restore();
  axes(pen, at, scene, theme);
}

// Some of the thinned networks' boundaries, thin.
function lines(pen, at, thin, theme) {
  if (!thin) return;
  const [count, rows, cols] = thin.shape;
  pen.lineWidth = 1;
  pen.strokeStyle = theme.ink;
  pen.globalAlpha = 0.45;
  for (let k = 0; k < count; k++) {
    contour(pen, at, thin.subarray(k * rows * cols, (k + 1) * rows * cols), rows, cols, 127.5);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

function boundary(pen, at, chance, theme, dash) {
  const [rows, cols] = chance.shape;
  pen.setLineDash(dash);
  contour(pen, at, chance, rows, cols, 0.5);
  for (const [colour, width] of [[theme.paper, 5], [theme.ink, 2.5]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
  }
  pen.setLineDash([]);
}

function points(pen, at, scene, theme, palette, point) {
  const { X, y, X_test: others, y_test: theirs } = scene.arrays;
  const colour = (k) => palette.classes[k].colour;
  const inside = (set, i) => [at.x(set[2 * i]), at.y(set[2 * i + 1])];
  const tint = (k) => theme.dark ? ["#ffb27a", "#8fd0ff"][k] : colour(k);
  theirs.forEach((k, i) => mark(pen, SHAPES[k], ...inside(others, i), 4, theme.paper, tint(k)));
  y.forEach((k, i) => mark(pen, SHAPES[k], ...inside(X, i), 6.5, colour(k), "#111"));
  pen.strokeStyle = "#fff";
  pen.lineWidth = 2;
  for (const i of scene.values.wrong) {
    const [x, v] = inside(X, i);
    pen.beginPath();
    for (const way of [1, -1]) { pen.moveTo(x - 3, v - 3 * way); pen.lineTo(x + 3, v + 3 * way); }
    pen.stroke();
  }
  if (point === null) return;
  for (const [line, width] of [[theme.paper, 5], ["#e6007a", 2.5]]) {
    pen.strokeStyle = line;
    pen.lineWidth = width;
    pen.beginPath();
    pen.arc(...inside(X, point), 13, 0, 2 * Math.PI);
    pen.stroke();
  }
}

function axes(pen, at, scene, theme) {
  const [across, up] = scene.values.window;
  for (let v = Math.ceil(across[0]); v <= across[1]; v++)
    label(pen, num(v), at.x(v), at.top + at.high + 15, { colour: theme.muted });
  for (let v = Math.ceil(up[0]); v <= up[1]; v++)
    label(pen, num(v), at.left - 8, at.y(v), { colour: theme.muted, align: "right" });
}
