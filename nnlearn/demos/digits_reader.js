// Digits reader: fifty digits with the network's answers, the two curves, some hidden neurons,
// a pad to draw on and the mistakes that stay. Python trains and reads; this file draws.
import { button, demo, el, label, num, ramp } from "./shell.js";
import { digitPad } from "./digit_pad.js";

const percent = (share) => Math.round(100 * share);
const make = (tag, className, ...children) => el(tag, { className }, ...children);
const hues = (dark) => dark ? { right: "#6db9ee", wrong: "#ff9a4d" }
  : { right: "#0072B2", wrong: "#C24E00" };
const channels = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map(Number);

// Pictures of 64 numbers, one below the other on a hidden canvas; `colour` gives [r, g, b].
function strip(numbers, colour) {
  const count = numbers.length / 64;
  const sheet = Object.assign(document.createElement("canvas"), { width: 8, height: 8 * count });
  const pen = sheet.getContext("2d");
  const image = pen.createImageData(8, 8 * count);
  numbers.forEach((number, k) => image.data.set([...colour(number), 255], 4 * k));
  pen.putImageData(image, 0, 0);
  return sheet;
}

// Ink of 0 to 16 in the theme's colours.
function inked(levels, theme) {
  const [paper, ink] = [channels(theme.paper), channels(theme.ink)];
  return strip(levels, (level) => paper.map((low, c) => low + ((ink[c] - low) * level) / 16));
}

function stamp(pen, sheet, k, x, y, side) {
  pen.imageSmoothingEnabled = false;
  pen.drawImage(sheet, 0, 8 * k, 8, 8, x, y, side, side);
}

const small = (sheet, k) => {
  const canvas = el("canvas", { width: 8, height: 8, "aria-hidden": "true" });
  stamp(canvas.getContext("2d"), sheet, k, 0, 0, 8);
  return canvas;
};

// Buttons of which one is in the Tab order; arrows walk, Home and End jump.
function walk(node, columns) {
  node.addEventListener("keydown", (event) => {
    const all = [...node.querySelectorAll("button")];
    const from = all.indexOf(event.target);
    const to = { ArrowRight: from + 1, ArrowLeft: from - 1, ArrowDown: from + columns(),
      ArrowUp: from - columns(), Home: 0, End: all.length - 1 }[event.key];
    if (from < 0 || !all[to]) return;
    event.preventDefault();
    all.forEach((b, k) => { b.tabIndex = k === to ? 0 : -1; });
    all[to].focus();
  });
}

// ---- the fifty digits ------------------------------------------------------------------------

function digitGrid(ui) {
  const columns = () => picture.w < 420 ? 5 : 10;
  const place = (w, h, k) => { // left, top, side of picture k, and the cell's size
    const [cell, tall] = [w / columns(), (h * columns()) / 50];
    const side = Math.min(cell * 0.84, tall - 23);
    return [(k % columns()) * cell + (cell - side) / 2, Math.floor(k / columns()) * tall + 2, side,
      cell, tall];
  };
  const picture = ui.canvas({ label: "50 test digits with the network's answers",
    aspect: (w) => { // room for a line of 14 px below each digit, however narrow
      const across = w < 420 ? 5 : 10;
      return (0.86 * 50) / across / across + (24 * 50) / across / Math.max(1, w);
    } });
  picture.canvas.setAttribute("aria-hidden", "true"); // the buttons say it all
  const group = el("div", { role: "group", "aria-label":
    "50 digits of people the network never met; choose one to look closer" });
  picture.node.append(group);
  walk(group, columns);
  const buttons = Array.from({ length: 50 }, (_, k) => el("button",
    { type: "button", className: "ndr-digit", tabIndex: k ? -1 : 0,
      onclick: () => ui.send("pick", { index: ui.frame.values.shown[k] }) }));
  group.append(...buttons);
  return (frame, sheet) => {
    const { truth, answers, shown, specimen } = frame.values;
    const hue = hues(ui.theme.dark);
    truth.forEach((digit, k) => {
      const text = `a ${digit}, read as ${answers[k]}, ${digit === answers[k] ? "right" : "wrong"}`;
      if (buttons[k].ariaLabel !== text) buttons[k].ariaLabel = text;
    });
    picture.paint((pen, w, h) => truth.forEach((digit, k) => {
      const [x, y, side, cell, tall] = place(w, h, k);
      Object.assign(buttons[k].style, { left: `${x - 3}px`, top: `${y - 2}px`,
        width: `${side + 6}px`, height: `${tall - 2}px` });
      const right = digit === answers[k];
      stamp(pen, sheet, k, x, y, side);
      pen.lineWidth = 2.5;
      pen.strokeStyle = right ? ui.theme.ink : hue.wrong;
      if (!right) pen.strokeRect(x - 2, y - 1, side + 4, side + 3);
      if (specimen.index === shown[k]) {
        pen.setLineDash([4, 3]);
        pen.strokeRect(x - 2, y - 1, side + 4, side + 3);
        pen.setLineDash([]);
      }
      label(pen, `${answers[k]} ${right ? "✓" : "✗"}`, x + side / 2, y + side + 12,
        { colour: right ? hue.right : hue.wrong, bold: !right, size: cell > 48 ? 16 : 14 });
    }));
  };
}

// ---- score, curves, hidden neurons --------------------------------------------------------------

function score() {
  const big = el("b", {});
  const rest = make("p", "ndr-small");
  const node = el("div", {}, make("p", "ndr-score", big, "of 100 read right"), rest);
  return { node, draw({ values: v }) {
    big.textContent = percent(v.accuracy);
    rest.textContent = `all ${v.of} test digits · a plain linear model: ${percent(v.linear)} · ` +
      `computing so far: ${v.seconds.toFixed(2)} s`;
  } };
}

function curves(ui) {
  const picture = ui.picture({ label: "Right answers over the epochs", aspect: 0.6 });
  const draw = (frame) => {
    const { values: v, arrays: { record } } = frame;
    const hue = hues(ui.theme.dark);
    picture.describe(`After ${num(v.epoch)} of ${v.epochs} epochs: network ` +
      `${percent(v.accuracy)}, linear model ${percent(v.linear)} of 100 right.`);
    picture.paint((pen, w, h) => {
      const [left, right, top, bottom] = [36, w - 10, 12, h - 40];
      const x = (epoch) => left + ((right - left) * epoch) / v.epochs;
      const y = (share) => bottom - (bottom - top) * share;
      const { ink, muted, paper } = ui.theme;
      pen.lineWidth = 1;
      for (const share of [0, 0.25, 0.5, 0.75, 1]) {
        pen.strokeStyle = ui.theme.dark ? "#3c3c3c" : "#dddddd";
        pen.beginPath();
        pen.moveTo(left, y(share));
        pen.lineTo(right, y(share));
        pen.stroke();
        label(pen, String(100 * share), left - 6, y(share), { colour: muted, align: "right" });
      }
      for (const epoch of [0, v.epochs / 2, v.epochs])
        label(pen, num(epoch), x(epoch), bottom + 13, { colour: muted });
      label(pen, "epochs of practice", right, bottom + 31,
        { colour: muted, align: "right" });
      if (v.guess !== null) {
        pen.setLineDash([3, 4]);
        pen.strokeStyle = muted;
        pen.lineWidth = 2;
        pen.beginPath();
        pen.moveTo(left, y(v.guess / 100));
        pen.lineTo(right, y(v.guess / 100));
        pen.stroke();
        label(pen, "your guess", left + (right - left) * 0.4,
          y(v.guess / 100) + (v.guess > 80 ? 34 : 12), { colour: ink, halo: paper });
      }
      const line = (at, colour, dash, width) => {
        pen.setLineDash(dash);
        pen.strokeStyle = colour;
        pen.lineWidth = width;
        pen.lineJoin = "round";
        pen.beginPath();
        for (let i = 0; i < record.length; i += 3) pen.lineTo(x(record[i]), y(record[i + at]));
        pen.stroke();
        pen.setLineDash([]);
      };
      line(2, hue.wrong, [7, 4], 2);
      line(1, hue.right, [], 3);
      pen.fillStyle = hue.right;
      pen.beginPath();
      pen.arc(x(v.epoch), y(v.accuracy), 5, 0, 7);
      pen.fill();
      const late = v.epoch > v.epochs / 2;
      const side = { align: late ? "right" : "left", halo: paper, bold: true };
      const at = x(v.epoch) + (late ? -8 : 12);
      label(pen, `network ${percent(v.accuracy)}`, at, Math.max(10, y(v.accuracy) - 13),
        { colour: hue.right, ...side });
      label(pen, `linear ${percent(v.linear)}`, at, Math.min(bottom - 12, y(v.linear) + 15),
        { colour: hue.wrong, ...side });
    });
  };
  return { node: picture.node, draw };
}

function neurons(ui) {
  const across = () => picture.w < 600 ? 6 : 12;
  const picture = ui.canvas({ label: "Weights of some hidden neurons",
    aspect: (w) => 12 / across() ** 2 + 22 / Math.max(1, w) });
  const draw = ({ values: { limit }, arrays: { weights } }) => {
    const count = weights.length / 64;
    picture.node.hidden = !count;
    picture.describe(`${count} hidden neurons: their 64 weights as pictures, from ` +
      `${num(-limit)} to ${num(limit)}.`);
    picture.paint((pen, w, h) => {
      const cell = Math.min(w / across(), (h - 20) / Math.ceil(count / across()));
      const colours = ui.theme.diverging;
      if (count) {
        const colour = ramp(colours);
        const sheet = strip(weights, (weight) => colour(0.5 + weight / (2 * limit)));
        for (let k = 0; k < count; k++)
          stamp(pen, sheet, k, (k % across()) * cell, Math.floor(k / across()) * cell, cell - 8);
      }
      const [from, to] = [70, Math.min(w - 60, 270)];
      const fill = pen.createLinearGradient(from, 0, to, 0);
      colours.forEach((colour, i) => fill.addColorStop(i / (colours.length - 1), colour));
      pen.fillStyle = fill;
      pen.fillRect(from, h - 15, to - from, 12);
      const colour = ui.theme.ink;
      label(pen, num(-limit), from - 6, h - 9, { colour, align: "right" });
      label(pen, num(limit), to + 6, h - 9, { colour, align: "left" });
    });
  };
  return { node: picture.node, draw };
}

// ---- your turn -------------------------------------------------------------------------------

function lens() {
  const canvas = el("canvas", { width: 8, height: 8, role: "img" });
  const caption = make("p", "ndr-small");
  const node = make("div", "ndr-lens", canvas, caption);
  const bars = el("div", { className: "ndr-bars", role: "img" });
  const rows = Array.from({ length: 10 }, (_, digit) => {
    const bar = el("i", {});
    const value = el("span", {});
    const row = make("div", "ndr-bar", el("span", {}, String(digit)), el("div", {}, bar), value);
    bars.append(row);
    return { row, bar, value };
  });
  const draw = ({ values: { specimen, probabilities: p }, arrays }, theme) => {
    stamp(canvas.getContext("2d"), inked(arrays.specimen, theme), 0, 0, 0, 8);
    const top = p.indexOf(Math.max(...p));
    const empty = specimen.kind === "empty";
    const right = specimen.truth === top;
    caption.textContent = empty ? "Nothing drawn yet." : specimen.kind === "test"
      ? `Test digit ${specimen.index}: a ${specimen.truth}. ${right ? "✓ It says" : "✗ It says"} ${top}.`
      : `Your drawing, as the network gets it. It says ${top}.`;
    canvas.setAttribute("aria-label", caption.textContent);
    rows.forEach(({ row, bar, value }, digit) => {
      bar.style.width = empty ? 0 : `${100 * p[digit]}%`;
      value.textContent = empty ? "" : `${(100 * p[digit]).toFixed(1)} %`;
      row.dataset.top = !empty && digit === top;
    });
    bars.setAttribute("aria-label", empty ? "No probabilities yet" : "Probabilities: " +
      p.map((share, digit) => `${digit} ${(100 * share).toFixed(1)} per cent`).join(", "));
  };
  return { node, bars, draw };
}

function gallery(ui) {
  const title = el("h4", {});
  const list = el("div", { className: "ndr-gallery", role: "group", "aria-label":
    "Digits the network gets wrong; choose one to look closer" });
  const node = make("section", "ndr-wrong", title, list);
  walk(list, () => Math.max(1, Math.floor(list.clientWidth / 72)));
  let was = "";
  const draw = ({ values: { wrong, mistakes, of, specimen }, arrays }, theme) => {
    node.hidden = !wrong.length;
    const now = JSON.stringify([wrong, theme.dark]);
    if (now !== was) {
      was = now;
      title.textContent = `The ${mistakes} of ${of} it still gets wrong. Can you read them all?`;
      const sheet = wrong.length ? inked(arrays.wrong, theme) : null;
      list.replaceChildren(...wrong.map(({ index, truth, answer }, k) => el("button",
        { type: "button", tabIndex: k ? -1 : 0, "aria-label": `a ${truth}, read as ${answer}`,
          onclick: () => ui.send("pick", { index }) }, small(sheet, k), `${truth} → ${answer} ✗`)));
    }
    [...list.children].forEach((b, k) =>
      b.setAttribute("aria-pressed", wrong[k].index === specimen.index));
  };
  return { node, draw };
}

function yourTurn(ui) {
  const pad = digitPad({ theme: () => ui.theme,
    onink: (drawing) => ui.send("draw", { drawing }, "draw") });
  const look = lens();
  const wrong = gallery(ui);
  const next = button("Try a test digit", () => ui.send("pick",
    { index: ((ui.frame.values.specimen.index ?? 0) + 37) % ui.frame.values.of }));
  const node = el("section", { className: "ndr-turn", "aria-label": "Your turn" },
    el("h4", {}, "Your turn: draw a digit, large (by keys: arrows, and Space for the pen)"),
    el("div", {}, pad.node, make("div", "nnl-buttons", pad.clear, next)),
    look.node, look.bars,
    make("p", "ndr-small ndr-hint", "Your drawing is cut out, scaled and centred like the scanned " +
      "digits. It still differs from ink on paper, so it goes wrong more often than the test does."),
    wrong.node);
  let paper = "";
  return { node, draw(frame) {
    node.hidden = !frame.t; // an untrained network has nothing to say about drawings
    look.draw(frame, ui.theme);
    wrong.draw(frame, ui.theme);
    if (paper !== ui.theme.paper) { paper = ui.theme.paper; pad.paint(); }
  } };
}

// ---- the whole -------------------------------------------------------------------------------

export default demo((ui) => {
  ui.root.classList.add("ndr");
  const grid = digitGrid(ui);
  const [points, lines] = [score(), curves(ui)];
  ui.stage.append(make("div", "ndr-side", points.node, lines.node));
  const title = make("h4", "ndr-wide", "What some hidden neurons look for");
  ui.stage.append(title);
  const hidden = neurons(ui);
  hidden.node.classList.add("ndr-wide");
  const turn = yourTurn(ui);
  ui.root.append(turn.node);
  let sheet = null;
  let kept = "";
  return (frame) => {
    const { values: v } = frame;
    ui.root.dataset.dark = ui.theme.dark;
    const now = ui.theme.paper + v.shown;
    if (now !== kept) { kept = now; sheet = inked(frame.arrays.pictures, ui.theme); }
    grid(frame, sheet);
    title.hidden = !frame.arrays.weights.length;
    for (const part of [points, lines, hidden, turn]) part.draw(frame);
    const count = ui.root.querySelector(".nnl-count");
    count.textContent = v.epoch < 1 ? `epoch ${num(v.epoch)}` : `epoch ${Math.floor(v.epoch)}`;
    ui.root.querySelector(".nnl-scrub").setAttribute("aria-valuetext",
      `${count.textContent} of ${v.epochs}`);
  };
});
