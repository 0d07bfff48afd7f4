// The big picture of the function builder: the curve, the network's sum, the error between them.
import { label, mark, num, rule } from "./draw.js";

export const tones = (theme) => theme.dark
  ? { net: "#6db9ee", start: "#ffb15c", error: "#c79bff", band: "#ffffff2e", shade: "#ffffff14" }
  : { net: "#0661b7", start: "#b34700", error: "#7a3db8", band: "#0000001c", shade: "#0000000f" };

// Where numbers lie in a picture of this size, and back.
export function spot(scene, w, h) {
  const [left, right, above, below] = [46, 8, 8, 42];
  const { edge, top } = scene;
  const px = (x) => left + ((x + edge) / (2 * edge)) * (w - left - right);
  const py = (y) => above + ((top - y) / (2 * top)) * (h - above - below);
  return { px, py, left, right: w - right, above, below: h - below,
    x: (at) => -edge + ((at - left) / (w - left - right)) * 2 * edge,
    y: (at) => top - ((at - above) / (h - above - below)) * 2 * top };
}

function line(pen, values, at, { edge }, { colour, width, dash = [] }) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineJoin = "round";
  pen.setLineDash(dash);
  pen.beginPath();
  for (let i = 0; i < values.length; i++)
    pen.lineTo(at.px(-edge + (2 * edge * i) / (values.length - 1)), at.py(values[i]));
  pen.stroke();
  pen.setLineDash([]);
}

function ground(pen, at, scene, theme, tone) {
  const { ticks, heights, range, edge } = scene;
  pen.fillStyle = tone.shade;
  for (const [a, b] of [[-edge, range[0]], [range[1], edge]])
    pen.fillRect(at.px(a), at.above, at.px(b) - at.px(a), at.below - at.above);
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1;
  pen.strokeRect(at.left, at.above, at.right - at.left, at.below - at.above);
  for (const x of range) {
    rule(pen, at.px(x), at.above, at.px(x), at.below, theme.line, 1, [2, 4]);
  }
  const narrow = at.right - at.left < 320;
  for (const [x, text] of ticks) if (!narrow || Math.abs(x) < edge)
    label(pen, text, Math.min(at.right - 16, at.px(x)), at.below + 13, { colour: theme.ink });
  for (const [y, text] of heights) label(pen, text, at.left - 5, at.py(y),
    { colour: theme.ink, align: "right" });
  label(pen, narrow ? "the range: −1 to 1" : "the range: what counts, and what is trained on",
    (at.left + at.right) / 2, at.below + 31, { colour: theme.muted });
}

// The space between two curves, over the range only.
function between(pen, a, b, at, scene, colour) {
  const n = a.length;
  const x = (i) => -scene.edge + (2 * scene.edge * i) / (n - 1);
  const inside = [...Array(n).keys()].filter((i) => Math.abs(x(i)) <= scene.range[1] + 1e-9);
  pen.fillStyle = colour;
  pen.beginPath();
  for (const i of inside) pen.lineTo(at.px(x(i)), at.py(a[i]));
  for (const i of inside.reverse()) pen.lineTo(at.px(x(i)), at.py(b[i]));
  pen.closePath();
  pen.fill();
}

function worst(pen, net, at, scene, colour, theme) {
  const y = scene.at(net.where);
  const [x, a] = [at.px(net.where), at.py(y)];
  const b = Math.min(at.below, Math.max(at.above, at.py(net.says)));
  pen.strokeStyle = colour;
  pen.lineWidth = 4;
  pen.beginPath();
  pen.moveTo(x, a); pen.lineTo(x, b);
  pen.stroke();
  const right = x < at.right - 130;
  label(pen, `worst: ${num(net.worst)}`, x + (right ? 10 : -10),
    Math.min(at.below - 12, Math.max(at.above + 12, (a + b) / 2)),
    { colour, halo: theme.paper, align: right ? "left" : "right", bold: true });
}

export function drawCurve(pen, w, h, { frame, v, scene, arrays, theme, cursor, handles }) {
  const tone = tones(theme);
  const at = spot(scene, w, h);
  ground(pen, at, scene, theme, tone);
  pen.save();
  pen.beginPath();
  pen.rect(at.left, at.above, at.right - at.left, at.below - at.above);
  pen.clip();
  const n = scene.y.length;
  const curve = (i) => arrays.says.subarray(i * n, (i + 1) * n);
  const near = (by) => scene.y.map((y) => y + by);
  between(pen, near(scene.within), near(-scene.within), at, scene, tone.band);
  between(pen, scene.y, curve(v.look), at, scene, `${tone.error}55`);
  line(pen, scene.y, at, scene, { colour: theme.ink, width: 2.5, dash: [7, 4] });
  const rivals = frame.t > 0 || v.look > 0;
  for (let i = v.nets.length - 1; i >= 0; i--)
    if (i !== v.look && (rivals || i === 0)) line(pen, curve(i), at, scene,
      { colour: i ? tone.start : tone.net, width: 1.5, dash: i ? [3, 3] : [] });
  line(pen, curve(v.look), at, scene, { colour: v.look ? tone.start : tone.net, width: 3.5 });
  worst(pen, v.nets[v.look], at, scene, tone.error, theme);
  if (handles) v.points.forEach(([x, y], i) => mark(pen, "circle", at.px(x), at.py(y),
    i === handles.held ? 8 : 6, i === handles.held ? tone.net : theme.paper, tone.net));
  const words = at.right - at.left < 320 ? ["?"] : ["no promise", "here"];
  for (const x of [-1.25, 1.25]) words.forEach((word, i) => label(pen, word, at.px(x),
    at.above + 14 + 17 * i, { colour: theme.muted, halo: theme.paper }));
  if (cursor) {
    const [x, y] = [at.px(cursor[0]), at.py(cursor[1])];
    pen.strokeStyle = "#e6007a";
    pen.lineWidth = 3;
    pen.beginPath();
    pen.moveTo(x - 12, y); pen.lineTo(x + 12, y); pen.moveTo(x, y - 12); pen.lineTo(x, y + 12);
    pen.stroke();
  }
  pen.restore();
}

// Each neuron's own curve, on its own scale; the chosen one thick.
export function drawUnits(pen, w, h, { v, scene, arrays, theme }) {
  const tone = tones(theme);
  const colour = v.look ? tone.start : tone.net;
  const at = spot({ ...scene, top: v.limit * 1.08 }, w, h + 24);
  ground(pen, at, { ...scene, ticks: [], heights: [[-v.limit, num(-v.limit)], [0, "0"],
    [v.limit, num(v.limit)]] }, theme, tone);
  pen.save();
  pen.beginPath();
  pen.rect(at.left, at.above, at.right - at.left, at.below - at.above);
  pen.clip();
  const n = arrays.parts.shape[1];
  for (let k = 0; k < v.width; k++)
    if (k !== v.unit) line(pen, arrays.parts.subarray(k * n, (k + 1) * n), at, scene,
      { colour: `${colour}99`, width: 1.5 });
  line(pen, arrays.parts.subarray(v.unit * n, (v.unit + 1) * n), at, scene, { colour, width: 4 });
  if (Math.abs(v.knee) <= scene.edge)
    mark(pen, "diamond", at.px(v.knee), at.py(0), 6, theme.paper, colour);
  pen.restore();
}
