// The network as a drawing: a small map in every neuron, weights on the edges, a mark for each
// bias. Neurons are buttons (arrow keys walk, Enter opens the sum); weights and biases can be
// clicked and typed in place, and all of them stand as number boxes in the sums beside.
import { button, counted, el, label, num } from "./shell.js";
import { along, layout, parts, placeOf, sameParameter, under, unitName, unitWords }
  from "./playground_layout.js";
import { hatch, limitOf, shades, signShades, Tile } from "./playground_tiles.js";

export const parameterWords = (sizes, { layer, unit, input }) => input < sizes[layer]
  ? `weight from ${unitWords(sizes, layer - 1, input)} to ${unitWords(sizes, layer, unit)}`
  : `bias of ${unitWords(sizes, layer, unit)}`;

export function parameterName(sizes, { layer, unit, input }) {
  return input < sizes[layer] ? `w ${unitName(sizes, layer - 1, input)} → ` +
    unitName(sizes, layer, unit) : `b of ${unitName(sizes, layer, unit)}`;
}

// `shared.hot` is the parameter and `shared.unit` the neuron that light up everywhere.
export function networkView(ui, run, shared) {
  const tiles = [];
  let [frame, its, arrays, at, pieces] = [null, null, null, null, null];
  const picture = ui.picture({ label: "The network",
    aspect: (w) => (w < 420 ? 1 : shared.compare ? 0.66 : 0.61) });
  const send = (action, args) => ui.send(action, { run: run.name, ...args });

  // ---- buttons for the shape
  const change = (make) => { const sizes = its.sizes.slice(1, -1); make(sizes);
    send("layers", { sizes }); };
  const layerBox = el("div", { className: "npg-toggles npg-gated" });
  const fewer = button("− layer", () => change((s) => s.pop()), { className: "npg-small" });
  const more = button("+ layer", () => change((s) => s.push(s.at(-1) ?? 2)),
    { className: "npg-small" });
  layerBox.append(fewer, more);
  const unitBoxes = el("div", { className: "npg-gated" });
  const stepper = (k) => {
    const step = (by, sign, word) => button(sign, () => change((s) => { s[k] += by; }),
      { className: "npg-step", "aria-label": `${word} in layer ${k + 1}` });
    return el("div", { className: "npg-steps", role: "group",
      "aria-label": `neurons of layer ${k + 1}` }, step(-1, "−", "one neuron less"),
      step(1, "+", "one neuron more"));
  };

  // ---- neurons: one Tab stop, arrow keys walk in two directions
  const units = el("div", { role: "group",
    "aria-label": "Neurons: arrow keys walk, Enter opens the sum" });
  let held = [0, 0];
  const point = (layer, unit) => { shared.unit = { run: run.name, layer, unit }; shared.repaint(); };
  const leave = () => { shared.unit = null; shared.repaint(); };
  const unitButton = (layer, unit) => {
    const node = el("button", { type: "button", className: "npg-unit", tabIndex: -1,
      onfocus: () => { held = [layer, unit]; rove(); if (node.matches(":focus-visible")) point(layer, unit); },
      onblur: leave, onpointerenter: () => point(layer, unit), onpointerleave: leave,
      onclick: () => {
        if (layer < 0) return;
        shared.opened(run.name, layer, unit, node.matches(":focus-visible"));
      } });
    node.dataset.at = `${layer} ${unit}`;
    return node;
  };
  const rove = () => [...units.children].forEach((node) => {
    node.tabIndex = node.dataset.at === held.join(" ") ? 0 : -1;
  });
  units.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!by) return;
    event.preventDefault();
    const last = its.sizes.length - 2;
    const layer = Math.min(last, Math.max(-1, held[0] + by[0]));
    const count = its.sizes[layer + 1];
    const share = (held[1] + 0.5) / its.sizes[held[0] + 1];
    const unit = by[0] ? Math.floor(share * count) : (held[1] + by[1] + count) % count;
    units.querySelector(`[data-at="${layer} ${unit}"]`).focus();
  });

  // ---- a weight or a bias, typed in place
  const box = el("input", { type: "number", step: 0.1, className: "nnl-number" });
  const name = el("label", { className: "npg-edit-name" }, "");
  const editor = el("form", { className: "npg-edit npg-gated", hidden: true, noValidate: true,
    onsubmit: (event) => { event.preventDefault(); close(true); } }, name, box,
  button("Set", () => close(true), { className: "npg-small" }));
  let edited = null;
  const close = (keep) => {
    if (keep && edited && !Number.isNaN(box.valueAsNumber)) shared.set(run.name, edited, box.valueAsNumber);
    edited = shared.hot = null;
    editor.hidden = true;
    shared.repaint();
  };
  editor.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close(false);
  });
  editor.addEventListener("focusout", (event) => {
    if (!editor.contains(event.relatedTarget) && edited) close(false);
  });
  const edit = (what) => {
    edited = what;
    shared.hot = { run: run.name, ...what };
    name.textContent = `${parameterName(its.sizes, what)} =`;
    box.setAttribute("aria-label", parameterWords(its.sizes, what));
    box.value = Number(valueOf(what).toPrecision(4));
    const [x, y] = what.x0 === undefined ? [what.x, what.y] : along(what, 0.5);
    editor.hidden = false;
    editor.style.left = `${Math.max(2, Math.min(picture.w - editor.offsetWidth - 2, x - 70))}px`;
    editor.style.top = `${Math.max(2, Math.min(picture.h - 54, y + 12))}px`;
    box.focus();
    box.select();
    shared.repaint();
  };
  picture.canvas.addEventListener("pointermove", (event) => {
    if (!pieces || edited) return;
    const found = under(pieces, ...picture.at(event));
    picture.canvas.style.cursor = found ? "pointer" : "";
    if (!sameParameter(found, shared.hot)) {
      shared.hot = found && { run: run.name, ...found };
      shared.repaint();
    }
  });
  picture.canvas.addEventListener("pointerleave", () => {
    if (!edited && shared.hot) { shared.hot = null; shared.repaint(); }
  });
  picture.canvas.addEventListener("pointerdown", (event) => {
    const found = pieces && under(pieces, ...picture.at(event));
    if (!found || !frame.prediction.open) return;
    event.preventDefault();
    edit(found);
  });

  picture.node.append(unitBoxes, units, editor);
  const key = el("p", { className: "nnl-note" }, "Blue, solid: +. Orange, dashed: −. " +
    "Click a neuron, a line or a b.");
  const node = el("div", { className: "npg-net" }, picture.node,
    el("div", { className: "npg-net-foot" }, layerBox, key));

  // ---- drawing
  const valueOf = (what) => arrays.w[placeOf(its.sizes, what.layer, what.unit, what.input)];
  const colourOf = (value) => ui.theme.diverging[value < 0 ? 1 : 5];

  const drawEdge = (pen, edge, strength, glow) => {
    const value = valueOf(edge);
    const mid = (edge.x0 + edge.x1) / 2;
    pen.beginPath();
    pen.moveTo(edge.x0, edge.y0);
    pen.bezierCurveTo(mid, edge.y0, mid, edge.y1, edge.x1, edge.y1);
    const width = Math.min(10, 0.9 + 1.7 * Math.abs(value)) * (its.sizes[edge.layer] > 5 ? 0.6 : 1);
    pen.setLineDash(value < 0 ? [Math.max(5, 1.6 * width), Math.max(4, width)] : []);
    pen.lineWidth = width + (glow ? 2 : 0);
    pen.strokeStyle = glow ? "#e6007a" : colourOf(value);
    pen.globalAlpha = glow ? 1 : strength * Math.min(1, 0.3 + 0.9 * Math.abs(value));
    pen.stroke();
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  };

  const drawBias = (pen, disc, glow) => {
    const value = valueOf(disc);
    const { paper, ink } = ui.theme;
    const small = at.side < 24; // no room for a letter: a filled or an open dot
    pen.beginPath();
    pen.arc(disc.x - (small ? 3 : 0), disc.y - (small ? 3 : 0), small ? 4 : 9, 0, 7);
    pen.fillStyle = small && value > 0 ? colourOf(value) : paper;
    pen.fill();
    pen.setLineDash(value < 0 ? [4, 3] : []);
    pen.strokeStyle = glow ? "#e6007a" : colourOf(value);
    pen.lineWidth = small ? 2 : Math.min(5, 1.5 + 1.2 * Math.abs(value));
    pen.stroke();
    pen.setLineDash([]);
    if (!small) label(pen, "b", disc.x, disc.y, { colour: ink, bold: true });
  };

  const plate = (pen, what) => {
    const text = `${parameterName(its.sizes, what)} = ${num(valueOf(what))}`;
    const [x, y] = what.x0 === undefined ? [what.x, what.y - 24] : along(what, 0.5);
    pen.font = `600 15px ${pen.canvas.dataset.font}`;
    const wide = pen.measureText(text).width + 18;
    const left = Math.max(2, Math.min(picture.w - wide - 2, x - wide / 2));
    pen.beginPath();
    pen.roundRect(left, y - 14, wide, 28, 7);
    pen.fillStyle = ui.theme.paper;
    pen.fill();
    pen.strokeStyle = "#e6007a";
    pen.lineWidth = 2;
    pen.stroke();
    label(pen, text, left + wide / 2, y + 1, { colour: ui.theme.ink, bold: true, size: 15 });
  };

  const drawUnit = (pen, { layer, unit, x, y }, tile) => {
    const { side } = at;
    const { theme } = ui;
    const [left, top] = [x - side / 2, y - side / 2];
    const isOpen = shared.open?.run === run.name && shared.open.layer === layer &&
      shared.open.unit === unit;
    if (tile) tile.show(pen, left, top, side, side);
    else hatch(pen, left, top, side, side, theme);
    pen.strokeStyle = isOpen ? "#e6007a" : theme.ink;
    pen.lineWidth = isOpen ? 3.5 : 1.5;
    pen.strokeRect(left, top, side, side);
  };

  const drawNames = (pen) => {
    const { columns, side } = at;
    const { ink, muted } = ui.theme;
    const wide = at.across > 88;
    columns.forEach((column, c) => {
      const last = c === columns.length - 1;
      const text = c === 0 ? "inputs" : last ? "output" : wide ? `layer ${c}` : String(c);
      const x = c === 0 ? Math.max(column[0].x, 24) : last ? Math.min(column[0].x, picture.w - 24)
        : column[0].x;
      if (wide || (c > 0 && !last)) label(pen, text, x, 10, { colour: muted });
      if (c === 0 || last) for (const { layer, unit, x: ux, y } of column)
        label(pen, unitName(its.sizes, layer, unit), ux, y - side / 2 - 11,
          { colour: ink, halo: ui.theme.paper, bold: true, size: 15 });
    });
  };

  const draw = (pen, w, h) => {
    at = layout(its.sizes, w, h);
    pieces = parts(at);
    const mine = shared.unit?.run === run.name ? shared.unit : null;
    const touches = (p) => !mine || (p.layer === mine.layer && p.unit === mine.unit) ||
      (p.layer === mine.layer + 1 && p.input === mine.unit);
    const hot = shared.hot?.run === run.name ? shared.hot : null;
    for (const edge of pieces.weights) {
      if (sameParameter(edge, hot)) drawEdge(pen, edge, 1, true);
      drawEdge(pen, edge, touches(edge) ? 1 : 0.25);
    }
    let k = 0;
    for (const column of at.columns) for (const unit of column) drawUnit(pen, unit, tiles[k++]);
    for (const disc of pieces.biases) drawBias(pen, disc, sameParameter(disc, hot));
    drawNames(pen);
    if (hot && !edited) {
      const piece = [...pieces.weights, ...pieces.biases].find((p) => sameParameter(p, hot));
      if (piece) plate(pen, piece);
    }
  };

  // ---- every frame
  const paintTiles = () => {
    const table = shades(ui.theme.diverging);
    const hidden = its.sizes.slice(1, -1).reduce((a, b) => a + b, 0);
    const total = hidden + 3;
    while (tiles.length < total) tiles.push(new Tile());
    tiles.length = total;
    for (const axis of [0, 1]) tiles[axis].paint(32, 32, table, (k) =>
      Math.round((255 * (axis ? 31 - Math.floor(k / 32) : k % 32)) / 31));
    for (let u = 0; u < hidden; u++) {
      const shade = signShades(its.map_scale[u]);
      const from = 1024 * u;
      tiles[2 + u].paint(32, 32, table, (k) => shade[arrays.maps[from + k]]);
    }
    const [rows, cols] = arrays.out.shape;
    tiles[total - 1].paint(rows, cols, table, (k) => Math.round(255 * arrays.out[k]));
  };

  let [shaped, placed] = ["", 0]; // while a run goes on, nothing moves and no name is read
  const place = () => {
    const shape = its.sizes.join();
    if (frame.playing && shape === shaped && placed === picture.w) return;
    placed = picture.w;
    if (shape !== shaped) {
      shaped = shape;
      const had = units.contains(document.activeElement);
      held = [Math.min(held[0], its.sizes.length - 2), 0];
      units.replaceChildren(...its.sizes.flatMap((count, c) =>
        Array.from({ length: count }, (_, u) => unitButton(c - 1, u))));
      rove();
      if (had) units.querySelector("[tabindex='0']")?.focus();
      const known = document.activeElement?.closest(".npg-steps");
      const k = known ? [...unitBoxes.children].indexOf(known) : -1;
      const which = known ? [...known.children].indexOf(document.activeElement) : 0;
      unitBoxes.replaceChildren(...its.sizes.slice(1, -1).map((_, i) => stepper(i)));
      unitBoxes.children[k]?.children[which]?.focus();
    }
    if (!picture.w) return;
    at = layout(its.sizes, picture.w, picture.h);
    let k = 0;
    for (const column of at.columns) for (const { layer, unit, x, y } of column) {
      const node = units.children[k++];
      const size = Math.max(24, at.side);
      Object.assign(node.style, { left: `${x - size / 2}px`, top: `${y - size / 2}px`,
        width: `${size}px`, height: `${size}px` });
      node.setAttribute("aria-label", shared.unitText(run.name, layer, unit));
    }
    const narrow = at.across < 66;
    [...unitBoxes.children].forEach((node, i) => {
      node.dataset.narrow = narrow;
      Object.assign(node.style, { left: `${at.columns[i + 1][0].x}px`, top: narrow ? "0" : "20px" });
      node.children[0].disabled = its.sizes[i + 1] <= 1;
      node.children[1].disabled = its.sizes[i + 1] >= 8;
    });
    fewer.disabled = its.sizes.length <= 2;
    more.disabled = its.sizes.length >= 6;
  };
  picture.onresize = () => { if (its) place(); };

  return { node, tiles, redraw: () => { if (its) picture.redraw(); },
    limit: (index) => limitOf(its.map_scale[index]),
    names(next, values) { // what is said of the neurons; the drawing stays
      [frame, its] = [next, values];
      place();
    },
    draw(next, values, itsArrays) {
      [frame, its, arrays] = [next, values, itsArrays];
      paintTiles();
      const [inputs, ...layers] = its.sizes;
      picture.describe(`The network: ${inputs} inputs, then ` +
        layers.map((count) => counted(count, "neuron")).join(", "));
      picture.paint(draw);
      place();
    } };
}
