// The graph on a canvas: values above the nodes, gradients below, slopes on the edges.
import { arrow, label, num } from "./draw.js";

const CORE = [54, 32]; // the box of an operation
const DEEP = 100; // from row to row
const DOWN = 126; // from column to column where the graph grows down
const LIST = 56; // from node to node in a list
const NARROW = 104; // columns nearer than this: the graph grows down instead

const tones = (dark) => dark
  ? { value: "#6db9ee", grad: "#ff9a4d", hot: "#ff7ac2", good: "#4fd1a5", bad: "#ff8a80", fill: "#2b2b2b" }
  : { value: "#00609a", grad: "#a84300", hot: "#d4006e", good: "#00664a", bad: "#b3261e", fill: "#f3f3f3" };

// Where everything lies in pixels: wide pictures grow to the right, narrower ones down, and the
// narrowest are a list in the order of computing, with the edges as arcs beside it.
function places(v, w) {
  const rows = Math.max(0.001, v.rows - 1);
  const columns = Math.max(1, v.columns - 1);
  if ((w - 112) / columns >= NARROW) {
    const at = ([column, row]) => [56 + ((w - 112) * column) / columns, 48 + DEEP * row];
    return spread(v, w, at, { way: "right", height: 102 + DEEP * (v.rows - 1),
      pitch: (w - 112) / columns });
  }
  if ((w - 96) / rows >= 78 || v.rows < 1.5 && w > 300) {
    const side = (x) => Math.min(w - 14, Math.max(14, x));
    const at = ([column, row]) => [side(48 + (w - 96) * (v.rows > 1 ? row / rows : 0.5)),
      46 + DOWN * column];
    return spread(v, w, at, { way: "down", height: 98 + DOWN * (v.columns - 1),
      pitch: (w - 96) / rows });
  }
  const spots = v.nodes.map((_, i) => [58, 28 + LIST * i]);
  const path = (edge) => {
    const [from, to] = [spots[edge.input], spots[edge.node]];
    const out = 8 + 22 * Math.min(1, (edge.node - edge.input) / v.nodes.length);
    return [from, [31 - out, (from[1] + to[1]) / 2], to];
  };
  return { spots, path, way: "list", height: 56 + LIST * (v.nodes.length - 1), pitch: 0, w };
}

function spread(v, w, at, more) {
  const spots = v.nodes.map((node) => at(node.at));
  const path = (edge) => [spots[edge.input], ...edge.bends.map(at), spots[edge.node]];
  return { spots, path, w, ...more };
}

export function graphPicture(ui, point) {
  let v = null;
  let spot = null;
  const picture = ui.picture({ label: "The graph",
    aspect: (w) => v ? places(v, w).height / Math.max(1, w) : 0.4 });
  picture.onresize = () => { if (v) place(); };
  const setMarks = picture.marks("Nodes of the graph");
  const group = picture.node.querySelector(".nnl-marks");

  const place = () => {
    spot = places(v, picture.w);
    setMarks(v.nodes.map((node, i) => ({ x: spot.spots[i][0], y: spot.spots[i][1],
      name: told(node) })));
    [...group.children].forEach((mark, i) => {
      mark.dataset.node = i;
      mark.dataset.link = v.nodes[i].lines ? `line-${v.nodes[i].lines[0]}` : "";
      mark.dataset.lit = v.lit.nodes.includes(i);
    });
  };
  group.addEventListener("focusin", (event) => point({ node: Number(event.target.dataset.node) }));
  group.addEventListener("focusout", () => point({}));
  picture.canvas.addEventListener("mousemove", (event) => {
    const [x, y] = picture.at(event);
    const high = spot.way === "list" ? LIST / 2 : 42;
    const near = spot.spots.findIndex(([a, b]) => Math.abs(a - x) < 44 && Math.abs(b - y) < high);
    point({ node: near < 0 ? null : near });
  });
  picture.canvas.addEventListener("mouseleave", () => point({}));

  const draw = (frame, look) => {
    v = frame.values;
    picture.describe(`The graph of the program. ${frame.sentence}`);
    picture.paint((pen, w) => paint(pen, v, places(v, w), ui.theme, look));
    place();
  };
  return { node: picture.node, draw };
}

const told = (node) => {
  const what = node.made ? `${node.called}, made by ${node.op}` : node.called;
  const value = node.value === null ? "not computed" : num(node.value);
  const grad = node.grad === null ? "not computed" : num(node.grad);
  const sum = node.grad !== null && node.arrived < node.uses
    ? `, ${node.arrived} of ${node.uses} arrived` : "";
  const check = { true: ", agrees with the nudge", false: ", disagrees with the nudge" }[node.agrees];
  return `${what}: value ${value}, gradient ${grad}${sum}${check ?? ""}`;
};

function paint(pen, v, spot, theme, look) {
  const tone = tones(theme.dark);
  const lit = (i) => v.lit.nodes.includes(i);
  const onLine = (node) => look.line !== null && node.lines && look.line >= node.lines[0] &&
    look.line <= node.lines[1];
  const plates = [];
  for (const edge of v.edges) {
    const here = v.lit.edge && v.lit.edge[0] === edge.node && v.lit.edge[1] === edge.k;
    const ahead = v.phase === "forward" && lit(edge.node);
    const middle = curve(pen, spot.path(edge), spot.way, { colour: here || ahead ? tone.hot
      : theme.line, width: here || ahead ? 4 : 2, head: here ? "back" : "on" });
    if (edge.slope !== null && (here || spot.way !== "list")) plates.push({ edge, here, middle });
  }
  const list = spot.way === "list"; // there a slope stands between two nodes
  const plate = ({ edge, here, middle: [x0, y0] }) => {
    const two = here && !list ? 10 : 0;
    const x = Math.min(spot.w - 36, Math.max(36, x0));
    const y = list ? LIST * Math.round(y0 / LIST) : y0;
    label(pen, `× ${num(edge.slope)}`, x, y - two, { colour: here ? tone.hot : theme.ink,
      plate: theme.paper, bold: here });
    if (two) label(pen, `→ ${num(edge.product)}`, x, y + 10, { colour: tone.grad,
      plate: theme.paper, bold: true });
  };
  // where it is narrow, a node's numbers lie over the slopes of steps gone by
  plates.filter((each) => !each.here).forEach(plate);
  v.nodes.forEach((node, i) => {
    const [x, y] = spot.spots[i];
    core(pen, node, x, y, { theme, tone, lit: lit(i), looked: look.node === i || onLine(node) });
    above(pen, node, x, y, { theme, tone, beside: list });
    below(pen, node, x, y, { theme, tone, spot });
  });
  plates.filter((each) => each.here).forEach(plate);
}

// A smooth line through points from the input's side to the node's; returns its middle.
function curve(pen, points, way, { colour, width, head }) {
  const path = points.map((p) => [...p]);
  const list = way === "list";
  const along = way === "down" ? 1 : 0;
  // lines leave a node below its gradient or beside its box, and come in above or beside it
  path[0][along] += list ? -CORE[0] / 2 : way === "down" ? 46 : CORE[0] / 2;
  path.at(-1)[along] -= way === "down" ? 40 : CORE[0] / 2;
  if (list) { path[0][1] += 5; path.at(-1)[1] -= 5; } // what goes on leaves below what came in
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(...path[0]);
  if (list) pen.bezierCurveTo(path[1][0], path[0][1], path[1][0], path[2][1], ...path[2]);
  else for (let i = 1; i < path.length; i++)
    pen.bezierCurveTo(...bend(path[i - 1], path[i], along), ...path[i]);
  pen.stroke();
  const tip = head === "back" ? path[0] : path.at(-1);
  const before = head === "back" ? path[1] : path.at(-2);
  const step = Math.sign(tip[along] - before[along]) * 10;
  const tail = along ? [tip[0], tip[1] - step] : [tip[0] - step, tip[1]];
  arrow(pen, ...tail, ...tip, { colour, width, head: width > 2 ? 13 : 9 });
  const half = (path.length - 1) / 2;
  const [a, b] = [path[Math.floor(half)], path[Math.ceil(half)]];
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

function bend([x0, y0], [x1, y1], along) {
  const [mx, my] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return along ? [x0, my, x1, my] : [mx, y0, mx, y1];
}

function core(pen, node, x, y, { theme, tone, lit, looked }) {
  const [w, h] = CORE;
  pen.beginPath();
  pen.roundRect(x - w / 2, y - h / 2, w, h, node.made ? 7 : h / 2);
  pen.fillStyle = lit ? tone.hot : tone.fill;
  pen.fill();
  pen.strokeStyle = lit || looked ? tone.hot : theme.line;
  pen.lineWidth = looked ? 4 : 2;
  pen.stroke();
  const text = node.made ? node.label : node.name || num(node.value);
  label(pen, text, x, y + 1, { colour: lit ? theme.paper : theme.ink, bold: true,
    size: text.length > 6 ? 14 : 16 });
}

function above(pen, node, x, y, { theme, tone, beside }) {
  const name = node.made && node.name ? `${node.name} = ` : "";
  if (!node.made && !node.name) return;
  const known = node.value !== null;
  const [at, up, align] = beside ? [x + 33, y - 13, "left"] : [x, y - 28, "center"];
  label(pen, name + (known ? num(node.value) : "?"), at, up,
    { colour: known ? tone.value : theme.muted, halo: theme.paper, bold: known, align });
}

function below(pen, node, x0, y0, { theme, tone, spot }) {
  const list = spot.way === "list";
  const wide = list || spot.pitch >= 100;
  const roomy = list || spot.pitch >= 135;
  const pending = node.grad === null;
  const part = !pending && node.arrived < node.uses ? ` (${node.arrived} of ${node.uses})` : "";
  const sign = { true: "✓ ", false: "✗ " }[node.agrees] ?? (roomy && !part ? "grad " : "");
  const text = pending ? wide ? "not computed" : "none yet" : `${sign}${num(node.grad)}${part}`;
  const colour = pending ? theme.muted
    : node.agrees === false ? tone.bad : node.agrees ? tone.good : tone.grad;
  pen.font = `14px ${pen.canvas.dataset.font}`;
  const long = pen.measureText(text).width + (pending ? 10 : 16);
  const x = list ? x0 + 31 + long / 2 : Math.min(spot.w - long / 2 - 1, Math.max(long / 2 + 1, x0));
  const y = list ? y0 - 21 : y0;
  pen.beginPath();
  pen.roundRect(x - long / 2, y + 20, long, 23, 11);
  pen.fillStyle = theme.paper;
  pen.fill();
  pen.strokeStyle = colour;
  pen.lineWidth = pending ? 1 : 2;
  pen.setLineDash(pending || part ? [4, 3] : []);
  pen.stroke();
  pen.setLineDash([]);
  label(pen, text, x, y + 32, { colour, bold: !pending });
}
