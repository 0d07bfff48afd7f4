// What the network does with one place: the whole sum of every neuron, in numbers that add up. The
// opened neuron has number boxes: each weight and its bias can be typed, and lights up in the
// drawing.
import { button, el, num } from "./shell.js";
import { parameterWords } from "./playground_network.js";
import { placeOf, unitName, unitWords } from "./playground_layout.js";

const ACTIVATION = { Tanh: "tanh", ReLU: "ReLU", Sigmoid: "σ", Linear: "as it is" };

const MOST = 10; // sums that stand below each other; of more, a layer at a time

const fixed = (value, digits) => {
  const text = Math.abs(value).toFixed(digits);
  return (value < 0 && Number(text) !== 0 ? "−" : "") + text;
};

// Numbers rounded so that the parts, as they are shown, add up to the total, as it is shown: the
// part that was rounded most gives way by one in its last figure.
export function rounded(parts, total) {
  const largest = Math.max(...parts.map(Math.abs), Math.abs(total), 1e-9);
  const digits = Math.min(3, Math.max(0, 3 - Math.floor(Math.log10(largest))));
  const unit = 10 ** digits;
  const whole = parts.map((p) => Math.round(p * unit));
  let missing = Math.round(total * unit) - whole.reduce((a, b) => a + b, 0);
  const order = parts.map((p, i) => [p * unit - whole[i], i]).sort((a, b) => b[0] - a[0]);
  for (let k = 0; missing > 0 && k < order.length; k++, missing--) whole[order[k][1]] += 1;
  for (let k = order.length - 1; missing < 0 && k >= 0; k--, missing++) whole[order[k][1]] -= 1;
  return { parts: whole.map((w) => fixed(w / unit, digits)), total: fixed(total, digits) };
}

export function probeView(ui, shared) {
  const head = el("p", { className: "npg-probe-head" });
  const turns = el("div", { className: "npg-toggles", role: "group",
    "aria-label": "Layer whose sums are shown" });
  const list = el("ol", { className: "npg-sums", role: "group",
    "aria-label": "The sums of the neurons at the probe" });
  const node = el("section", { className: "npg-probe", "aria-label": "The sums at the probe" },
    el("h4", {}, "The sums at the probe"), head, turns, list);
  let [frame, its, w, built] = [null, null, null, ""];
  let shown = 0; // the layer whose sums stand here, where not all of them fit

  const isOpen = (layer, unit) => shared.open?.run === its.name && shared.open.layer === layer &&
    shared.open.unit === unit;
  const act = (layer) => (layer === its.sizes.length - 2 ? "σ" : ACTIVATION[its.activation]);

  const line = (layer, unit, { terms, bias, z, a }) => {
    const put = (input) => (input < 0 ? `(${num(input)})` : num(input));
    const text = [...terms.map(([weight, input]) => [weight, ` × ${put(input)}`]), [bias, ""]]
      .map(([value, rest], i) => `${i ? (value < 0 ? " − " : " + ") : value < 0 ? "−" : ""}` +
        num(Math.abs(value)) + rest).join("");
    return [many() ? "z" : text, `= ${num(z)} → ${act(layer)} → ${num(a)}`];
  };

  // ---- an opened neuron: a row for each weight, one for the bias, and the sum below
  const row = (layer, unit, input) => {
    const what = { layer, unit, input };
    const light = (on) => { shared.hot = on ? { run: its.name, ...what } : null; shared.repaint(); };
    const box = el("input", { type: "number", step: 0.1, className: "nnl-number npg-gated",
      "aria-label": parameterWords(its.sizes, what), onfocus: () => light(true),
      onblur: () => light(false),
      onchange: () => { if (!Number.isNaN(box.valueAsNumber)) shared.set(its.name, what, box.valueAsNumber); } });
    const isBias = input === its.sizes[layer];
    const [value, product] = [el("span"), el("span", { className: "npg-right" })];
    const name = isBias ? "b" : `w(${unitName(its.sizes, layer - 1, input)})`;
    return { what, box, value, product, nodes: [el("span", {}, name), box, value, product] };
  };
  const opened = (layer, unit) => {
    const rows = Array.from({ length: its.sizes[layer] + 1 }, (_, i) => row(layer, unit, i));
    const [z, a] = [el("b", { className: "npg-right" }), el("b")];
    const grid = el("div", { className: "npg-terms" }, ...rows.flatMap((r) => r.nodes),
      el("span", { className: "npg-z" }, "z ="), z, a);
    return { grid, rows, z, a };
  };

  // ---- many neurons: one layer at a time, and only the opened sum with all of its terms
  const many = () => its.sizes.slice(1).reduce((a, b) => a + b, 0) > MOST;
  const turn = (layer) => { shown = layer; build(); fillAll(); };
  const drawTurns = () => {
    turns.hidden = !many();
    const had = [...turns.children].indexOf(document.activeElement);
    turns.replaceChildren(...turns.hidden ? [] : its.sizes.slice(1).map((count, layer) =>
      button(layer === its.sizes.length - 2 ? "Output" : `Layer ${layer + 1}: ${count}`,
        () => turn(layer), { className: "npg-small", "aria-pressed": String(layer === shown) })));
    turns.children[had]?.focus({ preventScroll: true });
  };

  const items = [];
  const build = () => {
    items.length = 0;
    const had = list.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label")
      : null;
    drawTurns();
    list.replaceChildren(...its.sizes.slice(1).flatMap((count, layer) =>
      many() && layer !== shown ? [] : Array.from({ length: count }, (_, unit) => {
        const open = isOpen(layer, unit);
        const text = el("span", { className: "npg-line" }, el("span"), " ",
          el("span", { className: "npg-whole" }));
        const its_name = its.sizes.length > 3 && layer < its.sizes.length - 2
          ? `${unitName(its.sizes, layer, unit)} (layer ${layer + 1})` : unitName(its.sizes, layer, unit);
        const toggle = el("button", { type: "button", className: "npg-open", "aria-expanded": String(open),
          "aria-label": `sum of ${unitWords(its.sizes, layer, unit)}`,
          onclick: () => shared.opened(its.name, layer, unit, false, open) },
        el("span", { className: "npg-fold" }, open ? "▾" : "▸"), el("b", {}, its_name));
        const item = { layer, unit, text, toggle, ...(open ? opened(layer, unit) : {}) };
        items.push(item);
        return el("li", {}, toggle, text, ...(open ? [item.grid] : []));
      })));
    if (had) [...list.querySelectorAll("button, input")]
      .find((n) => n.getAttribute("aria-label") === had)?.focus({ preventScroll: true });
  };

  const write = (target, text) => { if (target.textContent !== text) target.textContent = text; };
  const fill = (item, sum) => {
    if (!item.grid) {
      line(item.layer, item.unit, sum).forEach((text, i) => write(item.text.children[i], text));
      return;
    }
    const told = rounded([...sum.terms.map((t) => t[2]), sum.bias], sum.z);
    item.rows.forEach(({ what, box, value, product }, i) => {
      const now = w[placeOf(its.sizes, what.layer, what.unit, what.input)];
      if (document.activeElement !== box || ui.busy()) box.value = Number(now.toPrecision(4));
      const input = sum.terms[i]?.[1];
      write(value, sum.terms[i] ? `× ${input < 0 ? `(${num(input)})` : num(input)}` : "");
      write(product, `${i && !told.parts[i].startsWith("−") ? "+ " : ""}${told.parts[i]}`);
    });
    write(item.z, told.total);
    write(item.a, `${act(item.layer)} → ${num(sum.a)}`);
  };

  const fillAll = () => {
    const { layers } = frame.values.probe;
    items.forEach((item) => fill(item, layers[item.layer][item.unit]));
  };

  return { node,
    turn(layer) { if (its && many() && layer !== shown) turn(layer); },
    focus(layer, unit) { // after the neuron was opened with a key
      items.find((i) => i.layer === layer && i.unit === unit)?.rows?.[0].box.focus();
    },
    draw(next, values, weights) {
      [frame, its, w] = [next, values, weights];
      const shape = JSON.stringify([its.name, its.sizes, shared.open, its.activation]);
      const fresh = shape !== built;
      if (fresh) {
        built = shape;
        const last = its.sizes.length - 2;
        shown = shared.open?.run === its.name ? shared.open.layer : Math.min(shown, last);
        build();
      }
      const { probe } = frame.values;
      const [x1, x2] = probe.x;
      write(head, `x₁ = ${num(x1)}, x₂ = ${num(x2)}: ${probe.label_words}`);
      fillAll();
    } };
}
