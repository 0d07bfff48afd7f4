// The playground: a network that learns, every number of it in sight, one or two runs at a time.
import { button, demo, el, num } from "./shell.js";
import { curveToggles, curvesView } from "./playground_curves.js";
import { unitWords } from "./playground_layout.js";
import { mapView } from "./playground_map.js";
import { networkView } from "./playground_network.js";
import { probeView } from "./playground_probe.js";
import { spaceView } from "./playground_space.js";
import { brushBar } from "./playground_tools.js";

const SUMS_MS = 120; // how often the sums are rewritten while a run goes on
const FIRST = ["data", "activation", "optimizer", "lr"]; // the rest folds away

export default demo((ui) => {
  ui.root.classList.add("npg");
  let [frame, v, waiting, told] = [null, null, null, 0];
  const runs = [];
  const shared = { hot: null, unit: null, open: null, compare: false, chosen: "A", brush: "probe",
    threshold: false, testShown: true, what: "loss", log: false, curves: [] };
  const runOf = (name) => v.runs.find((r) => r.name === name);

  shared.repaint = () => runs.forEach((run) => { run.network.redraw(); run.map.redraw(); });
  shared.unitWords = ({ run, layer, unit }) => unitWords(runOf(run).sizes, layer, unit);
  shared.unitText = (run, layer, unit) => {
    const words = shared.unitWords({ run, layer, unit });
    if (run !== v.chosen) return `${words}, run ${run}`;
    if (layer < 0) return `${words} = ${num(v.probe.x[unit])}`;
    const { z, a } = v.probe.layers[layer][unit];
    return `${words}: z ${num(z)}, gives ${num(a)}`;
  };
  shared.set = (run, { layer, unit, input }, value) => (input < runOf(run).sizes[layer]
    ? ui.send("weight", { run, layer, unit, input, value })
    : ui.send("bias", { run, layer, unit, value }));
  shared.opened = (run, layer, unit, byKey, close = false) => {
    if (run !== v.chosen) ui.send("choose", { run });
    if (!close) probe.turn(layer);
    ui.send("focus", close ? { run, layer: null, unit: null } : { run, layer, unit });
    waiting = byKey ? { layer, unit } : null;
  };

  // ---- a run: what it is, its network, its map; its curves stand below
  const makeRun = (name) => {
    const run = { name };
    run.title = button(`Run ${name}`, () => ui.send("choose", { run: name }), { className: "npg-small" });
    run.words = el("span", { className: "nnl-note" });
    run.head = el("div", { className: "npg-run-head", hidden: true }, run.title, run.words);
    run.trouble = el("div", { className: "npg-trouble", role: "alert", hidden: true });
    run.network = networkView(ui, run, shared);
    run.map = mapView(ui, run, shared);
    run.curves = curvesView(ui, run, shared);
    run.space = spaceView(ui, run);
    run.node = el("section", { className: "npg-run", "aria-label": `Run ${name}` }, run.head, run.network.node, run.map.node);
    run.network.node.prepend(run.trouble);
    return run;
  };

  // ---- the page
  const inputs = Object.fromEntries(Object.keys(ui.spec.controls).map((n) => [n, ui.control(n)]));
  const yours = inputs.optimizer.querySelector("option[value='yours']");
  const summary = el("summary", {}, "More settings");
  const rest = el("div", { className: "npg-recipe" },
    ...Object.keys(inputs).filter((n) => !FIRST.includes(n)).map((n) => inputs[n]));
  ui.controls.append(el("div", { className: "npg-recipe" }, ...FIRST.map((n) => inputs[n])),
    el("details", { className: "npg-more" }, summary, rest));
  const tools = brushBar(ui, shared, () => { if (frame) update(); });
  const board = el("div", { className: "npg-board" }, tools.node);
  const [time, sentence] = [".nnl-time", ".nnl-sentence"].map((c) => ui.root.querySelector(c));
  const [count, scrub] = [".nnl-count", ".nnl-scrub"].map((c) => time.querySelector(c));
  const act = (text, action, title) => button(text, () => ui.send(action), { title });
  const undo = act("Undo", "undo_edit", "take back the last edit of a weight, a bias or the layers");
  const compare = button("Compare", () => ui.send("compare", { on: !v.compare }),
    { title: "two runs side by side, on the same points" });
  const actions = el("div", { className: "nnl-buttons npg-actions npg-gated" },
    act("New start", "new_start", "same data, other first weights"),
    act("New data", "new_data", "other points of the same kind"), undo, compare);
  const probe = probeView(ui, shared);
  const lower = el("div", { className: "npg-lower" }, probe.node);
  const spaces = el("div", { className: "npg-spaces" });
  const space = el("details", { className: "npg-more npg-hidden",
    ontoggle: () => ui.send("view", { warp: space.open }) },
  el("summary", {}, "The hidden space"), spaces);
  const curveView = curveToggles(() => { if (frame) update(); }, shared);
  lower.prepend(curveView);
  lower.insertBefore(space, probe.node);
  ui.stage.append(ui.controls, board, el("div", { className: "npg-time" }, time, actions), sentence,
    lower);

  const addRun = (name) => {
    const run = makeRun(name);
    runs.push(run);
    board.append(run.node);
    lower.insertBefore(run.curves.node, space);
    spaces.append(run.space.node);
  };
  addRun("A"); // the second one comes when it is asked for

  const arraysOf = (r) => {
    const pick = (name) => frame.arrays[`${name}${r}`];
    return { w: pick("w"), maps: pick("maps"), out: pick("out"), curves: pick("curves"),
      warp: pick("warp"), grid: pick("warpgrid") };
  };

  const trouble = (run, its) => {
    run.trouble.hidden = !its.diverged;
    if (!its.diverged) { run.trouble.dataset.words = ""; return; }
    const { words, back_to: back } = its.diverged;
    if (run.trouble.dataset.words === words) return;
    run.trouble.dataset.words = words;
    run.trouble.replaceChildren(el("p", {}, words[0].toUpperCase() + words.slice(1)),
      button(`Back to epoch ${back}`, () => ui.send("goto", { t: back }), { className: "nnl-button nnl-main" }));
  };

  const brief = (its) => `${its.sizes.join("-")} · ${its.activation} · ${its.optimizer} · ` +
    `rate ${num(its.lr)} · start ${its.seed}`;

  // Only the probe has moved: what the networks are and have been is drawn already.
  let drawn = { mark: "", all: [] };
  const unchanged = (shownRuns, data) => {
    const mark = JSON.stringify([frame.t, v.compare, v.chosen, v.focus, space.open, shared.what,
      shared.log, shownRuns.map((r) => [r.sizes, r.activation, r.changes])]);
    const before = drawn;
    drawn = { mark, all: [ui.scene, ui.theme, ...data.flatMap((d) => [Boolean(d.warp), ...d.w])] };
    return mark === before.mark && drawn.all.length === before.all.length &&
      drawn.all.every((part, i) => part === before.all[i]);
  };

  const update = () => {
    shared.compare = v.compare;
    shared.chosen = v.chosen;
    shared.open = v.focus;
    const shownRuns = v.runs.slice(0, v.compare ? 2 : 1);
    if (runs.length < shownRuns.length) addRun("B");
    ui.root.dataset.compare = v.compare;
    const data = shownRuns.map((_, r) => arraysOf(r));
    shared.curves = data.map((d) => d.curves);
    const quiet = unchanged(shownRuns, data);
    runs.forEach((run, r) => {
      const its = shownRuns[r];
      for (const node of [run.node, run.curves.node, run.space.node]) node.hidden = !its;
      if (!its) return;
      run.head.hidden = !v.compare;
      run.node.dataset.chosen = v.compare && its.name === v.chosen;
      run.title.setAttribute("aria-pressed", its.name === v.chosen);
      const words = brief(its);
      if (run.words.textContent !== words) run.words.textContent = words;
      trouble(run, its);
      if (quiet) run.network.names(frame, its);
      else {
        run.network.draw(frame, its, data[r]);
        run.curves.draw(frame, its, data[r]);
        if (space.open) run.space.draw(its, data[r]);
      }
      run.map.draw(frame, its, data[r]);
    });
    const k = Math.max(0, shownRuns.findIndex((r) => r.name === v.chosen));
    if (!frame.playing || performance.now() - told > SUMS_MS) { // nobody reads numbers faster
      probe.draw(frame, shownRuns[k], data[k].w);
      told = performance.now();
    }
    if (waiting && !ui.busy()) { probe.focus(waiting.layer, waiting.unit); waiting = null; }
  };

  return (next) => {
    frame = next;
    v = frame.values;
    const isOpen = frame.prediction.open;
    for (const node of ui.root.querySelectorAll(".npg-gated")) node.inert = !isOpen;
    count.textContent = `epoch ${frame.t}`;
    scrub.setAttribute("aria-label", "epoch shown");
    scrub.setAttribute("aria-valuetext", `epoch ${frame.t} of ${frame.last}`);
    compare.setAttribute("aria-pressed", v.compare);
    if (frame.view.warp && !space.open) space.open = true; // rebuilt from a shared line
    undo.disabled = !v.can_undo;
    inputs.lam.hidden = frame.settings.penalty === "none";
    yours.hidden = !v.yours.length && frame.settings.optimizer !== "yours";
    tools.draw(v);
    update();
  };
});
