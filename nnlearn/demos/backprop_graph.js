// The graph on a canvas: values above the nodes, gradients below, slopes on the edges.
import { arrow, label, num } from "./draw.js";

const CORE = [44, 32]; // the box of an operation, wider where its text is long
const DEEP = 100; // from row to row
const DOWN = 126; // from column to column where the graph grows down
const LIST = 56; // from node to node in a list
const NARROW = 104; // columns nearer than this: the graph grows down instead

const text = (node) => node.made ? node.label : node.name || num(node.value);
const size = (node) => text(node).length > 6 ? 14 : 16;
const wide = (node) => Math.max(CORE[0], 16 + 0.62 * size(node) * text(node).length);

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
  const middle = 31 + Math.max(...v.nodes.map(wide)) / 2;
  const spots = v.nodes.map((_, i) => [middle, 28 + LIST * i]);
  const path = (edge) => {
    const [from, to] = [spots[edge.input], spots[edge.node]];
    const out = 12 + 18 * Math.min(1, (edge.node - edge.input) / v.nodes.length) - 14 * edge.side;
    return [from, [31 - out, (from[1] + to[1]) / 2], to];
  };
  return { spots, path, way: "list", height: 56 + LIST * (v.nodes.length - 1), pitch: 0, w };
}

function spread(v, w, at, more) {
  const spots = v.nodes.map((node) => at(node.at));
  const path = (edge) => {
    const [from, to] = [spots[edge.input], spots[edge.node]];
    if (!edge.side || edge.bends.length) return [from, ...edge.bends.map(at), to];
    const middle = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    middle[more.way === "down" ? 0 : 1] += (more.way === "down" ? 84 : 46) * edge.side;
    return [from, middle, to]; // of the two in e * e, one above the other
  };
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
    const ends = [v.nodes[edge.input], v.nodes[edge.node]].map((node) => wide(node) / 2);
    const along = curve(pen, spot.path(edge), spot.way, ends, { colour: here || ahead ? tone.hot
      : theme.line, width: here || ahead ? 4 : 2, head: here ? "back" : "on" });
    if (edge.slope !== null && (here || spot.way !== "list")) plates.push({ edge, here, along });
  }
  const nodes = () => v.nodes.flatMap((node, i) => {
    const [x, y] = spot.spots[i];
    core(pen, node, x, y, { theme, tone, lit: lit(i), looked: look.node === i || onLine(node) });
    return [[x, y, wide(node), CORE[1]], above(pen, node, x, y, { theme, tone, spot }),
      below(pen, node, x, y, { theme, tone, spot })];
  });
  const taken = nodes();
  const plate = ({ edge, here, along }) => {
    const lines = [[`× ${num(edge.slope)}`, here ? tone.hot : theme.ink]];
    if (here && spot.way !== "list") lines.push([`→ ${num(edge.product)}`, tone.grad]);
    pen.font = `${here ? "600 " : ""}14px ${pen.canvas.dataset.font}`;
    const long = Math.max(...lines.map(([said]) => pen.measureText(said).width));
    const high = 19 * lines.length;
    const [x, y] = spot.way === "list" // there a slope stands between two nodes
      ? [36, LIST * Math.round(along[3][1] / LIST)] : free(along, long, high, taken, spot);
    taken.push([x, y, long, high]);
    return () => lines.forEach(([said, colour], k) => label(pen, said, x,
      y + 19 * (k - (lines.length - 1) / 2), { colour, plate: theme.paper, bold: here }));
  };
  // the slope of this step chooses its place first and lies on top, those gone by lie below
  const now = plates.filter((each) => each.here).map(plate);
  plates.filter((each) => !each.here).map(plate).forEach((write) => write());
  nodes();
  now.forEach((write) => write());
}

// Where on its edge a text hides least; near the middle if it can choose. Boxes: middle and size.
function free(along, long, high, taken, spot) {
  const over = (a, b, size) => Math.max(0, size - Math.abs(a - b));
  let best = null;
  along.forEach(([x0, y0], i) => [0, -9, 9, -18, 18].forEach((up) => {
    const x = Math.min(spot.w - long / 2, Math.max(long / 2, x0));
    const y = Math.min(spot.height - high / 2, Math.max(high / 2, y0 + up));
    const hidden = taken.reduce((sum, [a, b, w, h]) =>
      sum + over(x, a, (long + w) / 2 + 4) * over(y, b, (high + h) / 2), 0);
    const cost = hidden + Math.abs(up) / 2 + 4 * Math.abs(i - (along.length - 1) / 2);
    if (!best || cost < best.cost) best = { cost, at: [x, y] };
  }));
  return best.at;
}

// A smooth line through points from the input's side to the node's; returns places along it.
function curve(pen, points, way, ends, { colour, width, head }) {
  const path = points.map((p) => [...p]);
  const list = way === "list";
  const along = way === "down" ? 1 : 0;
  // lines leave a node below its gradient or beside its box, and come in above or beside it
  path[0][along] += list ? -ends[0] : way === "down" ? 46 : ends[0];
  path.at(-1)[along] -= way === "down" ? 40 : ends[1];
  if (list) { path[0][1] += 5; path.at(-1)[1] -= 5; } // what goes on leaves below what came in
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(...path[0]);
  const parts = list ? [[path[0], path[1][0], path[0][1], path[1][0], path[2][1], path[2]]]
    : path.slice(1).map((to, i) => [path[i], ...bend(path[i], to, along), to]);
  for (const part of parts) pen.bezierCurveTo(...part.slice(1, 5), ...part[5]);
  pen.stroke();
  const tip = head === "back" ? path[0] : path.at(-1);
  const before = head === "back" ? path[1] : path.at(-2);
  const step = Math.sign(tip[along] - before[along]) * 10;
  const tail = along ? [tip[0], tip[1] - step] : [tip[0] - step, tip[1]];
  arrow(pen, ...tail, ...tip, { colour, width, head: width > 2 ? 13 : 9 });
  return parts.flatMap(([[x0, y0], x1, y1, x2, y2, [x3, y3]]) =>
    [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8].map((u) => [[x0, x1, x2, x3], [y0, y1, y2, y3]].map(
      ([p, q, r, t]) => (1 - u) ** 3 * p + 3 * u * (1 - u) ** 2 * q + 3 * u * u * (1 - u) * r +
        u ** 3 * t)));
}

function bend([x0, y0], [x1, y1], along) {
  const [mx, my] = [(x0 + x1) / 2, (y0 + y1) / 2];
  return along ? [x0, my, x1, my] : [mx, y0, mx, y1];
}

function core(pen, node, x, y, { theme, tone, lit, looked }) {
  const [w, h] = [wide(node), CORE[1]];
  pen.beginPath();
  pen.roundRect(x - w / 2, y - h / 2, w, h, node.made ? 7 : h / 2);
  pen.fillStyle = lit ? tone.hot : tone.fill;
  pen.fill();
  pen.strokeStyle = lit || looked ? tone.hot : theme.line;
  pen.lineWidth = looked ? 4 : 2;
  pen.stroke();
  label(pen, text(node), x, y + 1, { colour: lit ? theme.paper : theme.ink, bold: true,
    size: size(node) });
}

// The value above a node, or beside it in a list; returns its box.
function above(pen, node, x, y, { theme, tone, spot }) {
  const known = node.value !== null;
  const said = (node.made && node.name ? `${node.name} = ` : "") + (known ? num(node.value) : "?");
  if (!node.made && !node.name) return [x, y, 0, 0];
  pen.font = `${known ? "600 " : ""}14px ${pen.canvas.dataset.font}`;
  const long = pen.measureText(said).width;
  const [at, up] = spot.way === "list" ? [x + wide(node) / 2 + 6 + long / 2, y - 13]
    : [Math.min(spot.w - long / 2 - 1, Math.max(long / 2 + 1, x)), y - 28];
  label(pen, said, at, up, { colour: known ? tone.value : theme.muted, halo: theme.paper,
    bold: known });
  return [at, up, long, 16];
}

// The gradient under a node, in a border; returns its box.
function below(pen, node, x0, y0, { theme, tone, spot }) {
  const list = spot.way === "list";
  const open = list ? spot.w >= 230 : spot.pitch >= 100;
  const roomy = list || spot.pitch >= 135;
  const pending = node.grad === null;
  const part = !pending && node.arrived < node.uses
    ? ` (${node.arrived}${list && !open ? "/" : " of "}${node.uses})` : "";
  const sign = { true: "✓ ", false: "✗ " }[node.agrees] ?? (roomy && !part ? "grad " : "");
  const said = pending ? open ? "not computed" : "none yet" : `${sign}${num(node.grad)}${part}`;
  const colour = pending ? theme.muted
    : node.agrees === false ? tone.bad : node.agrees ? tone.good : tone.grad;
  pen.font = `14px ${pen.canvas.dataset.font}`;
  const long = pen.measureText(said).width + (pending ? 10 : 16);
  const x = list ? x0 + wide(node) / 2 + 4 + long / 2
    : Math.min(spot.w - long / 2 - 1, Math.max(long / 2 + 1, x0));
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
  label(pen, said, x, y + 32, { colour, bold: !pending });
  return [x, y + 31, long, 23];
}
