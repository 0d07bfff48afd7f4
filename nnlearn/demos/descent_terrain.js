// The descent terrain: walks on the ground, the loss over the steps, the numbers, the map of rates.
import { button, demo, el, num } from "./shell.js";
import { drawLoss } from "./descent_curves.js";
import { LANES, backdrop, drawWalks, groundHeight, places, tint } from "./descent_ground.js";
import { cellWords, drawMap, heightsOf, mapButtons, mapHeight } from "./descent_map.js";

// Rows of text in a node; only what has changed is written, since this happens for every frame.
function write(node, rows, make, cells) {
  const known = [...node.children].flatMap(cells);
  const texts = rows.flat();
  if (known.length !== texts.length) {
    node.replaceChildren(...rows.flatMap(make));
    write(node, rows, make, cells);
    return;
  }
  texts.forEach((text, i) => { if (known[i].textContent !== text) known[i].textContent = text; });
}

const vector = (numbers) => numbers.map(num).join(", ");

export default demo((ui) => {
  ui.root.classList.add("ndt");
  let [frame, v, scene, told, chosen] = [null, null, null, 0, null];
  const paintGround = backdrop();

  // ---- the map
  const map = ui.picture({ label: "Map of rates", aspect: (w) => mapHeight(w, v?.map) });
  const cellNote = el("p", { className: "nnl-note" });
  const fill = button("Fill the map", () => ui.send(v.filling ? "stop" : "fill"),
    { className: "nnl-button nnl-main" });
  const mapKey = el("p", { className: "nnl-note" });
  const mapPart = el("section", { className: "ndt-map", "aria-label": "Map of rates" },
    map.node, el("div", { className: "nnl-buttons" }, fill), cellNote, mapKey);
  const say = (k) => {
    told = k;
    if (v?.map) cellNote.textContent = `${cellWords(v.map, frame.arrays.cells, k)}.`;
  };
  const placeCells = mapButtons(map, { pick: (cell) => ui.send("cell", { cell }), tell: say });
  map.onresize = () => { if (v?.map) placeCells(v.map, frame.arrays.cells); };

  // ---- the terrain
  const ground = ui.picture({ label: "Terrain", aspect: (w) => groundHeight(w, scene) });
  const at = () => places(scene, ground.w, ground.h);
  const begin = (x, y) => {
    const spot = at();
    const [px, py] = spot.back(Math.min(spot.right, Math.max(spot.left, x)),
      Math.min(spot.bottom, Math.max(spot.top, y)));
    ui.send("start", spot.flat ? { x: px } : { x: px, y: py }, "start");
  };
  const start = ground.handle({ label: "the start", drag: begin,
    key: (dx, dy) => ui.send("move_start", { dx, dy }, "+move_start") });
  ground.node.addEventListener("pointerdown", (event) => {
    if (event.target === ground.canvas && frame.prediction.open) begin(...ground.at(event));
  });
  const place = () => {
    const spot = at();
    const first = frame.arrays.paths.subarray(paths());
    const [x, y] = [spot.x(first[0]), spot.y(spot.flat ? frame.arrays.losses.at(lossAt()) : first[1])];
    const where = scene.values.axes.map((axis, i) => `${axis} = ${num(first[i])}`).join(", ");
    start.move(x, y, Number(first[0].toPrecision(4)), where);
  };
  const lossAt = () => (v.lanes.length - 1) * frame.arrays.steps.length;
  const paths = () => lossAt() * scene.values.axes.length;
  ground.onresize = () => { if (frame) place(); };
  const key = el("p", { className: "nnl-note ndt-key" });
  const extra = el("div", { className: "ndt-set" });
  // what is pressed and what is said stand where one looks
  const [time, sentence] = [".nnl-time", ".nnl-sentence"].map((c) => ui.root.querySelector(c));
  ui.stage.append(ground.node, time, sentence, key, mapPart, extra);

  // ---- numbers and controls
  const loss = ui.picture({ label: "Loss", aspect: (w) => Math.max(0.56, 190 / Math.max(1, w)) });
  const numbers = el("div", { className: "ndt-numbers" });
  const ranks = el("ol", { className: "ndt-ranks" });
  const rankPart = el("div", {}, el("p", { className: "nnl-note ndt-rank-head" },
    "loss above the lowest"), ranks);
  ui.aside.append(loss.node, rankPart, numbers);
  const inputs = Object.fromEntries(Object.keys(ui.spec.controls).map((n) => [n, ui.control(n)]));
  const beside = el("p", { className: "nnl-note" });
  const ticks = el("div", { className: "ndt-ticks", "aria-hidden": "true" });
  inputs.lr.append(ticks);
  const jump = (text, share) => {
    const node = button(text, () => ui.send("set", { lr: Number((share * v.limit).toPrecision(4)) }),
      { className: "nnl-button ndt-jump" });
    return node;
  };
  const jumps = el("div", { className: "nnl-buttons" }, jump("half the limit", 0.5),
    jump("95 %", 0.95), jump("105 %", 1.05));
  ui.controls.append(inputs.view, inputs.surface, inputs.optimizer, inputs.lr, jumps, beside,
    inputs.momentum, inputs.batch_size, inputs.rates);
  extra.append(inputs.run_for, inputs.speed, inputs.axis, inputs.start_1, inputs.start_2);
  const yours = inputs.optimizer.querySelector("option[value='yours']");
  const slider = inputs.lr.querySelector("input[type=range]");

  // ---- every frame
  const showMap = () => {
    mapPart.hidden = !v.map;
    if (!v.map) return;
    const { cells } = frame.arrays;
    const { least } = scene.values;
    fill.textContent = v.filling ? "Pause the map" : v.map.full ? "The map is full" : "Fill the map";
    fill.disabled = v.map.full || !frame.prediction.open;
    const range = heightsOf(cells, least);
    map.describe(frame.sentence);
    map.paint((pen, w, h) => drawMap(pen, w, h, { map: v.map, cells, least, theme: ui.theme,
      colours: ui.palette.sequential }));
    placeCells(v.map, cells);
    if (v.map.chosen !== chosen) told = chosen = v.map.chosen ?? told;
    say(Math.min(told, cells.length - 1));
    const inCell = (k) => num(least + 10 ** k); // the same numbers that stand in the cells
    mapKey.textContent = (range ? `Dark is low: losses from ${inCell(range[0])} to ` +
      `${inCell(range[1])}. ` : "") + `Each cell is a run of ${v.map.run_for}; hatched with ×: diverged. ` +
      "Click one, and that very run happens on the terrain.";
  };

  const showNumbers = () => {
    const rows = [["loss", num(v.loss), v.noisy ? num(v.batch_loss) : ""],
      ["gradient", vector(v.gradient), v.noisy ? vector(v.batch_gradient) : ""],
      [scene.values.axes.join(", "), vector(v.p), ""]];
    const count = frame.t ? (frame.t - 1) % v.per_epoch + 1 : 0;
    if (v.noisy) rows.unshift(["", "all examples", "next batch"]);
    if (scene.values.examples)
      rows.unshift(["epoch", num(frame.t ? v.epoch : 1), `update ${count} of ${v.per_epoch}`]);
    write(numbers, rows, () => ["b", "span", "span"].map((tag) => el(tag)), (node) => node);
  };

  const showRanks = () => {
    const race = v.lanes.length > 1;
    rankPart.hidden = !race;
    if (!race) return;
    const lost = (lane) => lane.ended === "diverged";
    const sorted = [...v.lanes].sort((a, b) => lost(a) - lost(b) || a.loss - b.loss);
    const rows = sorted.map((lane) => [LANES[lane.name].glyph, lane.label,
      `rate ${num(lane.rate)}`, lost(lane) ? `diverged at step ${lane.at}`
        : lane.ended ? "at the bottom" : num(lane.loss - scene.values.least)]);
    write(ranks, rows, () => [el("li", {}, el("span", { "aria-hidden": "true" }), el("b"),
      el("span"), el("span"))], (node) => [...node.children]);
    sorted.forEach((lane, i) => {
      const { style } = ranks.children[i].firstChild;
      const colour = tint(lane.name, ui.theme);
      if (style.getPropertyValue("--lane") !== colour) style.setProperty("--lane", colour);
    });
  };

  let [shownState, spanned] = [null, null];
  const showControls = () => { // only when something but the walk has changed
    const state = JSON.stringify([frame.settings, frame.prediction.open, v.limit, v.yours, v.noisy]);
    if (state === shownState?.state && scene === shownState.scene) return;
    shownState = { state, scene };
    const s = frame.settings;
    extra.inert = !frame.prediction.open;
    const race = s.view === "race";
    inputs.momentum.hidden = !(v.momentum || race || s.view === "map" && !scene.values.examples);
    inputs.batch_size.hidden = !scene.values.examples;
    inputs.rates.hidden = !race;
    inputs.start_2.hidden = scene.values.axes.length < 2;
    if (scene !== spanned) scene.values.window.forEach(([low, high], i) => {
      const bar = inputs[`start_${i + 1}`].querySelector("input[type=range]");
      Object.assign(bar, { min: low, max: high }).value = s[`start_${i + 1}`];
    });
    spanned = scene; // the sliders of the start reach as far as the picture
    yours.hidden = !v.yours;
    yours.textContent = v.yours_label;
    jumps.hidden = !v.limit;
    const limit = v.formula === "2/L" ? "2/L" : "the limit";
    [...jumps.children].forEach((node, i) => { node.textContent = [limit === "2/L" ? "1/L" : "half",
      `95 % of ${limit}`, `105 % of ${limit}`][i]; });
    beside.textContent = v.limit ? `${v.beside}.` : "";
    beside.hidden = !v.limit;
    const share = (rate) => (Math.log10(rate) - Number(slider.min)) / (slider.max - slider.min);
    ticks.hidden = !v.limit;
    ticks.replaceChildren(...(v.limit ? [[v.formula.startsWith("2/L") ? "▲ 2/L" : "▲ limit", v.limit]]
      : []).map(([text, rate]) => el("span",
      { style: `left: calc(8px + ${share(rate)} * (100% - 16px))` }, text)));
  };

  const showKey = () => {
    const parts = ["Drag the start, or move it with the arrow keys."];
    if (v.lanes.length === 1) parts.push(v.noisy
      ? "Thick arrow: the way downhill for all examples; dashed: for the next batch."
      : "Thick arrow: straight downhill, against the gradient.");
    if (v.ghost) parts.push(`Thin dashes: ${v.ghost}.`);
    if (v.noisy) parts.push("Small squares beside the curve: the loss of each step's batch.");
    const text = parts.join(" ");
    if (key.textContent !== text) key.textContent = text;
  };

  return (next) => {
    frame = next;
    v = frame.values;
    scene = ui.scene;
    const { arrays } = frame;
    showMap();
    ground.describe(frame.sentence);
    ground.paint((pen, w, h) => {
      paintGround(pen, w, h, scene, ui.theme, ui.palette.sequential);
      drawWalks(pen, w, h, { scene, theme: ui.theme, v, arrays, arrows: v.lanes.length === 1 });
    });
    place();
    loss.describe(`Loss ${num(v.loss)} after step ${frame.t} of ${v.updates}`);
    loss.paint((pen, w, h) => drawLoss(pen, w, h, { theme: ui.theme, v, arrays, scene, t: frame.t,
      log: frame.settings.axis === "log" }));
    showRanks();
    showNumbers();
    showControls();
    showKey();
  };
});
