// The regularise lab: the map, the losses, the masks, the weights; what holds the network back.
import { button, counted, demo, el, num } from "./shell.js";
import { LINES, drawCurves, lineColour, linesOf } from "./regularise_curves.js";
import { drawMap, mapHeight } from "./regularise_map.js";
import { drawHistogram, drawUnits, unitsHeight } from "./regularise_units.js";

const MODES = ["test mode", "train mode (a mistake)", "50 thinned networks"];
const SETS = ["train", "validation", "test"];

const put = (node, text) => { if (node.textContent !== text) node.textContent = text; };
const hold = (node, hidden) => { if (node.hidden !== hidden) node.hidden = hidden; };

export default demo((ui) => {
  ui.root.classList.add("nrl");
  let [frame, v] = [null, null];
  const inputs = Object.fromEntries(Object.keys(ui.spec.controls).map((n) => [n, ui.control(n)]));

  // ---- left: the map, time, the masks, the weights
  const map = ui.picture({ label: "Map", aspect: mapHeight });
  const mapKey = el("p", { className: "nnl-note nrl-key" });
  const retry = button("Predict again", () => ui.send("retry"));
  const looks = el("div", { className: "nrl-looks" }, inputs.mode, retry);
  const [time, sentence] = [".nnl-time", ".nnl-sentence"].map((c) => ui.root.querySelector(c));
  const best = button("Back to the best epoch (by validation)", () => ui.send("best"));
  const again = button("From the start with these settings", () => ui.send("again"));
  const losses = ui.picture({ label: "Losses", aspect: (w) => 240 / Math.max(1, w) });
  const legend = el("ul", { className: "nrl-legend" });
  const events = el("ol", { className: "nrl-events" });
  const stopped = el("p", { className: "nnl-note" });
  const ways = el("div", { className: "nnl-buttons nrl-ways" }, best, again);
  const reseed = button("Other points", () => ui.send("reseed"));
  const note = (text) => el("p", { className: "nnl-note nrl-head" }, text);
  const set = el("div", { className: "nrl-set" }, note("These begin the training anew:"), inputs.data, inputs.points, inputs.noise,
    inputs.wrong, inputs.width, reseed, note("These change how long and how fast:"), inputs.epochs,
    inputs.patience, inputs.speed);
  const [count, scrub] = [".nnl-count", ".nnl-scrub"].map((c) => ui.root.querySelector(c));
  scrub.setAttribute("aria-label", "epoch shown");
  const inside = el("div", { className: "nrl-inside" });
  ui.stage.append(map.node, looks, mapKey, time, sentence, stopped, ways, inside);

  // ---- right: the losses, numbers, what holds back
  const cells = SETS.map(() => [el("td"), el("td")]);
  const head = el("tr", {}, el("td"), ...["loss", "accuracy"].map((what) =>
    el("th", { scope: "col" }, what)));
  const rows = SETS.map((name, i) => el("tr", {}, el("th", { scope: "row" }, name), ...cells[i]));
  const chance = [el("td"), el("td")];
  rows.push(el("tr", {}, el("th", { scope: "row" }, "guessing (test)"), ...chance));
  const numbers = el("table", { className: "nrl-numbers" }, el("thead", {}, head),
    el("tbody", {}, ...rows));
  const gap = el("p", { className: "nrl-gap" });
  const left = el("p", { className: "nnl-note" });
  const pays = el("p", { className: "nnl-note nrl-pays" });
  const units = ui.picture({ label: "Hidden neurons",
    aspect: (w) => unitsHeight(w, frame?.settings.width ?? 32) });
  const unitsNote = el("p", { className: "nnl-note" });
  const bars = ui.picture({ label: "Weights", aspect: (w) => 120 / Math.max(1, w) });
  const barsNote = el("p", { className: "nnl-note" });
  ui.aside.append(losses.node, legend, events, numbers, gap, left);
  ui.controls.append(note("These may change while it trains:"), inputs.penalty, inputs.lam, pays, inputs.p, inputs.lr);
  ui.controls.after(set);
  inside.append(el("div", {}, units.node, unitsNote), el("div", {}, bars.node, barsNote));

  // ---- every frame
  const showNumbers = () => {
    SETS.forEach((name, i) => {
      put(cells[i][0], num(v.row[name]));
      put(cells[i][1], v.row[`${name} accuracy`].toFixed(2));
    });
    put(chance[0], num(ui.scene.values.guessing_loss));
    put(chance[1], ui.scene.values.guessing.toFixed(2));
    put(gap, `Accuracy gap, train − test: ${v.gap}`);
    hold(left, !v.tries);
    if (v.tries) put(left, `Dropout left on: ${v.tries.this.toFixed(2)} of the test points right, ` +
      `${v.tries.low.toFixed(2)} to ${v.tries.high.toFixed(2)} in 11 tries.`);
    put(pays, v.penalty);
  };

  const keys = { [MODES[0]]: "", [MODES[1]]: " Each place of the map tosses coins of its own.",
    [MODES[2]]: " Thin: 12 of the thinned networks; dashed: the mean of 50; thick: test mode." };
  const showKeys = () => {
    put(mapKey, "Filled: training points, white × where the label is wrong. Hollow: 100 of " +
      `${ui.scene.values.tested} test points.${keys[frame.settings.mode]}`);
    hold(retry, frame.settings.mode === MODES[0] || frame.settings.p === 0);
    const lines = linesOf(frame.arrays);
    const named = [...lines.map((line) => line.name), "train, as the steps saw it",
      ...(v.ghost ? [`test before: ${v.ghost}`] : [])];
    const looks = JSON.stringify([named, ui.theme.dark]);
    if (legend.dataset.shown !== looks) {
      legend.dataset.shown = looks;
      legend.replaceChildren(...named.map((name, i) => {
        const line = lines[i];
        const style = line ? line.dash.length > 2 ? "dashed" : line.dash.length ? "dotted" : "solid"
          : i === lines.length ? "none" : "dashed";
        const node = el("li", {}, el("span", { "aria-hidden": "true" },
          i === lines.length ? "▪▪▪" : ""), name);
        node.firstChild.style.borderTop = style === "none" ? "0"
          : `${line ? 3 : 2}px ${style} ${line ? lineColour(line, ui.theme) : ui.theme.muted}`;
        return node;
      }));
    }
    const told = JSON.stringify(v.events);
    if (events.dataset.shown !== told) {
      events.dataset.shown = told;
      events.replaceChildren(...v.events.map(({ epoch, text }) =>
        el("li", {}, `from epoch ${epoch}: ${text}`)));
    }
    hold(events, !v.events.length);
  };

  let shownState = null;
  const showControls = () => {
    const { settings: s, prediction, t, last } = frame;
    const state = JSON.stringify([s, prediction.open, t === v.best, v.stopped, last > 0]);
    if (state === shownState) return;
    shownState = state;
    for (const part of [set, ways, looks]) part.inert = !prediction.open;
    hold(inputs.lam, s.penalty === "none");
    best.disabled = t === v.best;
    again.disabled = !last;
    hold(stopped, !v.stopped);
    put(stopped, v.stopped ? `Stopped early: ${counted(s.patience, "epoch")} without a lower validation loss. ` +
      "Go back to the best epoch, or set the patience to 0 to go on." : "");
  };

  return (next) => {
    frame = next;
    v = frame.values;
    const { arrays, t, last } = frame;
    put(count, `epoch ${t}`);
    scrub.setAttribute("aria-valuetext", `epoch ${t} of ${last}`);
    map.describe(frame.sentence);
    map.paint((pen, w, h) => drawMap(pen, w, h, { scene: ui.scene, theme: ui.theme, arrays,
      palette: ui.palette, point: v.dropping ? v.point : null }));
    losses.describe(`Epoch ${t}: ` + LINES.slice(0, 3).map((line) =>
      `${line.name} loss ${num(v.row[line.name])}`).join(", ") + `. Best epoch so far, by validation: ${v.best}.`);
    losses.paint((pen, w, h) => drawCurves(pen, w, h, { theme: ui.theme, v, arrays, t, last }));
    units.describe(v.masks);
    units.paint((pen, w) => drawUnits(pen, w, { masks: arrays.masks, theme: ui.theme }));
    put(unitsNote, `${v.masks} ● took part, ⊗ dropped.`);
    bars.describe(v.histogram.words);
    bars.paint((pen, w, h) => drawHistogram(pen, w, h, v.histogram, ui.theme));
    put(barsNote, v.histogram.words);
    showNumbers();
    showKeys();
    showControls();
  };
});
