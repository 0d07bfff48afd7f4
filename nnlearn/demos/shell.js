// The browser half of the shell that every demo lives in; shell.py tells the whole story.
// Python computes and owns the state. This side draws, asks, and never lets a key leak.
import { timeBar, toolBar } from "./bars.js";
import { palette } from "./draw.js";
import { predictPanel } from "./guess.js";
import { checkbox, el, select, slider } from "./inputs.js";
import { Picture } from "./picture.js";
import { decode, Wire } from "./wire.js";

export { arrow, counted, heatmap, label, mark, num, palette, ramp } from "./draw.js";
export { button, checkbox, el, select, slider } from "./inputs.js";
export { Picture } from "./picture.js";
export { decode } from "./wire.js";

const SPEAK_MS = 1000; // one spoken sentence a second at most

// What is said aloud: polite, at most once a second, silent while a run goes on.
function speaker() {
  const node = el("p", { className: "nnl-aloud", role: "status", "aria-live": "polite" });
  let last = 0;
  let timer = 0;
  const say = (text) => {
    clearTimeout(timer);
    const wait = Math.max(0, last + SPEAK_MS - performance.now());
    timer = setTimeout(() => {
      last = performance.now();
      if (node.textContent !== text) node.textContent = text;
    }, wait);
  };
  return { node, say };
}

function readTheme(root) {
  const style = getComputedStyle(root);
  const ink = style.color;
  const paper = style.backgroundColor;
  const [r, g, b] = paper.match(/[\d.]+/g).map(Number);
  const dark = 0.299 * r + 0.587 * g + 0.114 * b < 128;
  return { ink, paper, dark, line: dark ? "#8a8a8a" : "#767676", muted: dark ? "#c4c4c4" : "#555",
    diverging: dark ? palette.divergingDark : palette.diverging };
}

export function demo(build) {
  return { render: ({ model, el: host }) => show(build, model, host) };
}

function show(build, model, host) {
  const spec = model.get("spec");
  const stage = el("div", { className: "nnl-stage" });
  const controls = el("div", { className: "nnl-controls", role: "group",
    "aria-label": "Controls" });
  const aside = el("div", { className: "nnl-aside" });
  const badge = el("span", { className: "nnl-badge" });
  const refused = el("div", { className: "nnl-refused", role: "alert", hidden: true });
  const problem = el("p", { className: "nnl-problem", role: "alert", hidden: true });
  const waiting = el("p", { className: "nnl-wait", hidden: true },
    "Python is busy or has stopped. If nothing moves, run this cell again.");
  const sentence = el("p", { className: "nnl-sentence", "aria-hidden": "true" });
  const aloud = speaker();
  const root = el("div", { className: "nnl", role: "region", "aria-label": spec.title });
  const motion = matchMedia("(prefers-reduced-motion: reduce)");
  const wire = new Wire(model, root, (slow) => { waiting.hidden = !slow; });
  const pictures = [];
  const shown = [];
  const ui = {
    id: wire.view, root, stage, aside, controls, spec, palette, frame: null, theme: null,
    scene: null, // what seldom changes: scenery() in Python
    get reduced() { return motion.matches; },
    send: (action, args, merge) => wire.send(action, args, merge),
    busy: () => wire.busy,
    say: aloud.say,
    picture(options) {
      const picture = new Picture(options);
      pictures.push(picture);
      return picture;
    },
    canvas(options) { // a picture placed on the stage
      const picture = ui.picture(options);
      stage.append(picture.node);
      return picture;
    },
    control(name) { // the input for one of the class's controls, kept up to date
      const its = spec.controls[name];
      const make = { range: slider, choices: select, switch: checkbox }[its.kind];
      const input = make({ ...its, strict: true, busy: ui.busy,
        send: (value) => ui.send("set", { [name]: value }, `set ${name}`) });
      shown.push((frame) => input.set(frame.settings[name]));
      return input.node;
    },
  };

  const parts = [toolBar(ui)];
  if (spec.timed) parts.unshift(timeBar(ui));
  const guess = spec.asks ? predictPanel(ui, spec.asks) : null;
  root.append(
    el("header", { className: "nnl-head" }, el("h3", {}, spec.title), badge), refused,
    ...(guess ? [guess.node] : []),
    el("div", { className: "nnl-body" }, stage, el("div", {}, aside, controls)),
    sentence, problem, waiting, ...parts.map((part) => part.node), aloud.node);
  if (guess) parts.push(guess);
  host.append(root);
  const draw = build(ui);

  const gate = (open) => {
    root.dataset.gate = open ? "open" : "closed";
    controls.inert = !open;
    for (const node of root.querySelectorAll(".nnl-time")) node.inert = !open;
    for (const node of stage.querySelectorAll(".nnl-handle"))
      node.inert = !open && node.dataset.free !== "true";
  };

  let over = false;
  const paint = () => {
    if (over) return;
    // a widget may be built before it stands in the page; without a style there is no theme
    if (!root.isConnected) { requestAnimationFrame(paint); return; }
    asked = false;
    ui.theme ??= readTheme(root);
    const frame = ui.frame;
    try {
      gate(frame.prediction.open);
      badge.textContent = frame.badge;
      badge.hidden = !spec.slot;
      badge.dataset.yours = frame.badge.endsWith("your code");
      showRefused(refused, frame.refused);
      problem.hidden = !frame.problem;
      if (problem.textContent !== frame.problem) problem.textContent = frame.problem;
      sentence.textContent = frame.sentence;
      if (!frame.playing) aloud.say(frame.sentence);
      [...parts.map((part) => part.draw), ...shown].forEach((each) => each(frame));
      draw(frame);
    } catch (fault) {
      problem.hidden = false;
      problem.textContent = `This picture could not be drawn: ${fault.message}`;
      console.error(fault);
    }
    root.dataset.drawn = root.dataset.frame = frame.n;
    root.dataset.t = frame.t;
    root.dataset.playing = frame.playing;
    if (frame.playing) wire.tell("seen", { n: frame.n });
  };
  let asked = false;
  const prepare = () => {
    const bytes = model.get("scene");
    if (bytes?.byteLength) ui.scene = decode(bytes);
  };
  const arrived = () => {
    try {
      ui.frame = decode(model.get("frame"));
    } catch (fault) {
      problem.hidden = false;
      problem.textContent = `A message from Python could not be read: ${fault.message}`;
      return;
    }
    root.dataset.frame = ui.frame.n;
    wire.heard(ui.frame);
    if (!asked) { asked = true; requestAnimationFrame(paint); }
  };

  const themes = new MutationObserver(() => {
    ui.theme = null;
    if (ui.frame) paint();
  });
  themes.observe(document.body, { attributes: true,
    attributeFilter: ["class", "data-jp-theme-light", "data-jp-theme-name"] });
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") leave(root);
  });
  const hello = () => wire.tell("hello", { reduced: motion.matches });
  motion.addEventListener("change", hello);
  model.on("change:scene", prepare);
  model.on("change:frame", arrived);
  prepare();
  arrived();
  hello();
  return () => {
    over = true;
    model.off("change:scene", prepare);
    model.off("change:frame", arrived);
    motion.removeEventListener("change", hello);
    themes.disconnect();
    pictures.forEach((picture) => picture.sizes.disconnect());
    wire.tell("bye", {});
  };
}

// Escape gives the keyboard back to the notebook.
function leave(root) {
  document.activeElement?.blur();
  const cell = root.closest(".jp-Cell");
  if (cell) { cell.tabIndex = cell.tabIndex < 0 ? -1 : cell.tabIndex; cell.focus(); }
}

function showRefused(box, verdict) {
  box.hidden = !verdict;
  const text = JSON.stringify(verdict);
  if (!verdict || box.dataset.shown === text) return;
  box.dataset.shown = text;
  box.replaceChildren(el("p", {}, el("strong", {}, verdict.message)));
  if (verdict.reference) box.append(el("div", { className: "nnl-compare" },
    el("span", {}, "expected"), el("code", {}, verdict.reference),
    el("span", {}, "yours"), el("code", {}, verdict.yours)));
  box.append(el("p", {}, "nnlearn's own runs meanwhile."));
}
