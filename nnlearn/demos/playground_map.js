// The plane of the two inputs: the network's probability everywhere, the points, the probe, and a
// brush. What is painted, and where, goes to Python; nothing is computed here but the picture.
import { counted, el, label, mark, num } from "./shell.js";
import { surface } from "./pad.js";
import { contour } from "./contour.js";
import { hatch, shades, Tile } from "./playground_tiles.js";

const PALE = 0.78;
const EDGE = { left: 30, bottom: 24, top: 4, right: 4 };

export function mapView(ui, run, shared) {
  const tile = new Tile();
  let [frame, its, arrays, scene] = [null, null, null, null];
  let [cursor, stroke] = [null, ""];
  let at = [0, 0];
  const picture = ui.picture({ label: "The plane of the inputs", aspect: (w) =>
    (w - EDGE.left - EDGE.right + EDGE.top + EDGE.bottom) / Math.max(1, w) });
  const legend = el("div", { className: "npg-legend", "aria-hidden": "true" });
  const caption = el("p", { className: "nnl-note npg-caption" });
  const kinds = el("p", { className: "nnl-note npg-kinds" });
  const node = el("div", { className: "npg-map" }, picture.node,
    el("div", { className: "npg-legend-row" }, legend, caption), kinds);

  // ---- places
  const size = () => picture.w - EDGE.left - EDGE.right;
  const reach = () => scene.values.extent[1];
  const px = (x, y) => [EDGE.left + ((x / reach() + 1) / 2) * size(),
    EDGE.top + ((1 - y / reach()) / 2) * size()];
  const clip = (v) => Math.min(reach(), Math.max(-reach(), v));
  const fine = (v) => Number(clip(v).toFixed(3));
  const data = (x, y) => [fine((((x - EDGE.left) / size()) * 2 - 1) * reach()),
    fine((1 - ((y - EDGE.top) / size()) * 2) * reach())];

  // ---- the probe
  const sendProbe = (x, y) => ui.send("probe", { x, y }, "probe");
  let aim = [0, 0]; // where the keys have already sent it
  const probe = picture.handle({ label: "the probe: the place whose sums are shown", free: true,
    drag: (x, y) => sendProbe(...data(x, y)),
    key: (dx, dy) => {
      if (!ui.busy()) aim = [...frame.values.probe.x];
      aim = [fine(aim[0] + (dx * reach()) / 15), fine(aim[1] + (dy * reach()) / 15)];
      sendProbe(...aim);
    } });
  picture.canvas.addEventListener("pointerdown", (event) => {
    if (scene) sendProbe(...data(...picture.at(event)));
  });

  // ---- the brush; the surface lies over everything while painting
  const pad = surface(picture, {
    label: "Plane to paint on: arrow keys move the brush, Space paints",
    place: (x, y, last) => {
      const [px0, py0] = data(x, y);
      const near = last && Math.hypot(last[0] - px0, last[1] - py0) < 0.07 * reach();
      return near ? null : [px0, py0];
    },
    key: (event) => {
      const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (event.key === " " || event.key === "Enter") return [...at];
      if (!by) return undefined;
      cursor = true;
      const step = reach() / (event.shiftKey ? 100 : 20);
      at = [fine(at[0] + by[0] * step), fine(at[1] + by[1] * step)];
      picture.redraw();
      ui.say(`brush at ${at.map(num).join(", ")}`);
      return null;
    },
    send: (name, places) => {
      const [x, y] = places.at(-1);
      stroke = name;
      if (shared.brush === "erase") ui.send("erase", { x, y });
      else ui.send("paint", { x, y, label: Number(shared.brush), stroke });
    },
  });
  for (const when of ["focus", "blur"]) pad.addEventListener(when, () => {
    cursor = pad.matches(":focus-visible");
    picture.redraw();
  });

  // ---- what the map shows: the output, or the neuron that is pointed at
  const shown = () => {
    const unit = shared.unit;
    if (!unit || unit.run !== run.name || unit.layer === its.sizes.length - 2) return null;
    const before = its.sizes.slice(0, unit.layer + 1).reduce((a, b) => a + b, 0) + unit.unit;
    const scale = unit.layer < 0 ? reach() : run.network.limit(before - 2);
    return { tile: run.network.tiles[before], scale, words: shared.unitWords(unit) };
  };

  const paintTile = () => {
    const table = shades(ui.theme.diverging);
    const [rows, cols] = arrays.out.shape;
    const { out } = arrays;
    const hard = shared.threshold;
    tile.paint(rows, cols, table, hard ? (k) => (out[k] >= 0.5 ? 196 : 59)
      : (k) => Math.round(255 * out[k]));
  };

  const drawLine = (pen) => {
    const [rows, cols] = arrays.out.shape;
    const [across, down] = [size() / cols, size() / rows]; // a square
    const at = { left: EDGE.left + across / 2, wide: size() - across,
      top: EDGE.top + down / 2, high: size() - down };
    contour(pen, at, arrays.out, rows, cols, 0.5);
    for (const [colour, width] of [[ui.theme.paper, 5], [ui.theme.ink, 2.2]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.stroke();
    }
  };

  // the points stand still while the network learns: drawn once, then laid over every frame
  const sheet = document.createElement("canvas");
  let laid = [];
  const layPoints = (pen) => {
    const key = [scene, ui.theme, picture.canvas.width, picture.w, shared.testShown];
    if (key.some((part, i) => part !== laid[i])) {
      laid = key;
      [sheet.width, sheet.height] = [picture.canvas.width, picture.canvas.height];
      const own = sheet.getContext("2d");
      own.scale(sheet.width / picture.w, sheet.height / picture.h);
      drawPoints(own);
    }
    pen.drawImage(sheet, 0, 0, picture.w, picture.h);
  };

  const drawPoints = (pen) => {
    const { points, labels, is_test: test } = scene.arrays;
    const r = labels.length > 250 ? 4 : 5;
    for (let i = 0; i < labels.length; i++) {
      if (test[i] && !shared.testShown) continue;
      const kind = ui.palette.classes[labels[i]];
      const [x, y] = px(points[2 * i], points[2 * i + 1]);
      if (test[i]) {
        mark(pen, kind.shape, x, y, r + 1.6, null, "#111");
        mark(pen, kind.shape, x, y, r, "#fff", kind.colour);
      } else {
        mark(pen, kind.shape, x, y, r + 1.2, null, "#fff");
        mark(pen, kind.shape, x, y, r, kind.colour, "#111");
      }
    }
  };

  const drawAxes = (pen) => {
    const { ink, muted, line } = ui.theme;
    const n = size();
    pen.strokeStyle = line;
    pen.lineWidth = 1;
    pen.strokeRect(EDGE.left + 0.5, EDGE.top + 0.5, n - 1, n - 1);
    const tick = [8, 4, 2, 1, 0.5, 0.2, 0.1].find((t) => t < 0.85 * reach()) ?? reach();
    for (const v of [-tick, 0, tick]) {
      const [x, y] = px(v, v);
      if (x < EDGE.left + n - 26) label(pen, num(v), x, picture.h - 10, { colour: muted });
      if (y > EDGE.top + 26) label(pen, num(v), EDGE.left - 5, y, { colour: muted, align: "right" });
    }
    label(pen, "x₁", EDGE.left + n - 10, picture.h - 10, { colour: ink, bold: true });
    label(pen, "x₂", EDGE.left - 6, EDGE.top + 10, { colour: ink, bold: true, align: "right" });
  };

  const drawProbe = (pen) => {
    const { ink, paper } = ui.theme;
    const [x, y] = px(...frame.values.probe.x);
    for (const [colour, width] of [[paper, 6], [ink, 2.5]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.beginPath();
      pen.arc(x, y, 9, 0, 7);
      for (const [dx, dy] of [[1, 0], [0, 1], [-1, 0], [0, -1]]) {
        pen.moveTo(x + 9 * dx, y + 9 * dy);
        pen.lineTo(x + 17 * dx, y + 17 * dy);
      }
      pen.stroke();
    }
  };

  const drawCursor = (pen) => {
    const [x, y] = px(...at);
    pen.strokeStyle = "#e6007a";
    pen.lineWidth = 3;
    pen.beginPath();
    pen.moveTo(x - 14, y); pen.lineTo(x + 14, y); pen.moveTo(x, y - 14); pen.lineTo(x, y + 14);
    pen.stroke();
  };

  const draw = (pen) => {
    const n = size();
    const unit = shown();
    if (!arrays.out.length || Number.isNaN(arrays.out[0]))
      hatch(pen, EDGE.left, EDGE.top, n, n, ui.theme);
    else {
      pen.globalAlpha = PALE; // so that the points stand out
      (unit?.tile ?? tile).show(pen, EDGE.left, EDGE.top, n, n, !(shared.threshold && !unit));
      pen.globalAlpha = 1;
    }
    pen.save();
    pen.beginPath();
    pen.rect(EDGE.left, EDGE.top, n, n);
    pen.clip();
    if (!unit) drawLine(pen);
    layPoints(pen);
    if (shared.brush === "probe" && shared.chosen === run.name) drawProbe(pen);
    if (cursor) drawCursor(pen);
    pen.restore();
    drawAxes(pen);
    if (unit) label(pen, unit.words, EDGE.left + n / 2, EDGE.top + 16,
      { colour: ui.theme.ink, plate: ui.theme.paper, bold: true });
  };

  // ---- the scale: from the data, said with its numbers
  const drawLegend = () => {
    const { diverging: d } = ui.theme;
    const stops = shared.threshold && !shown() ? [d[1], `${d[1]} 50%`, `${d[5]} 50%`] : d;
    const scale = `linear-gradient(to right, ${stops.join()})`;
    if (legend.dataset.scale === scale) return;
    legend.dataset.scale = legend.style.backgroundImage = scale;
    legend.style.opacity = PALE;
  };
  const write = () => {
    const unit = shown();
    const text = unit ? `${num(-unit.scale)} to ${num(unit.scale)}: ${unit.words}`
      : shared.threshold ? "▲ class 0, ● class 1: the decision alone"
        : "0 to 1: probability of class 1 (●)";
    if (caption.textContent !== text) caption.textContent = text;
    const { train, test } = scene.values;
    const hollow = !test ? "No points are kept for the test." : shared.testShown
      ? `Hollow, ${test}: new points, kept for the test; no step sees them.`
      : `${counted(test, "new point")} for the test, hidden.`;
    const said = `Filled, ${train}: the points it learns from. ${hollow}`;
    if (kinds.textContent !== said) kinds.textContent = said;
  };

  const place = () => {
    if (!picture.w || !frame) return;
    const { x, label_words: words } = frame.values.probe;
    probe.node.hidden = shared.brush !== "probe" || shared.chosen !== run.name;
    pad.hidden = shared.brush === "probe";
    probe.move(...px(...x), x[0], `x1 = ${num(x[0])}, x2 = ${num(x[1])}: ${words}`);
  };
  picture.onresize = place;
  const redraw = () => { if (its) { paintTile(); picture.redraw(); drawLegend(); write(); place(); } };

  return { node, pad, redraw, draw(next, values, itsArrays) {
    [frame, its, arrays, scene] = [next, values, itsArrays, ui.scene];
    picture.describe(next.sentence);
    paintTile();
    picture.paint(draw);
    drawLegend();
    write();
    place();
  } };
}
