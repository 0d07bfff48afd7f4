// Arrays as cells that can be walked with the arrow keys; lit cells show what made what.
import { el, num } from "./shell.js";

const index = (shape, k) => { // [1, 0] of cell k, in reading order
  const at = [];
  for (const size of [...shape].reverse()) { at.unshift(k % size); k = Math.floor(k / size); }
  return at;
};

const cut = (list, size) => Array.from({ length: Math.ceil(list.length / size) },
  (_, i) => list.slice(i * size, (i + 1) * size));

// One array: cells [{ text, name, ghost }] in reading order; onlook(k or null) when one is looked at.
export function cellGrid({ title, shape, note = "", kind, cells, onlook }) {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.at(-2) ?? 1;
  const nodes = cells.map((cell, k) => el("div", {
    className: cell.text.length > 4 ? "nst-cell nst-long" : "nst-cell", role: "gridcell",
    tabIndex: k ? -1 : 0, "aria-label": cell.name, "data-ghost": Boolean(cell.ghost),
    onmouseenter: () => onlook(k), onmouseleave: () => onlook(null),
    onclick: () => nodes[k].focus(),
    onfocus: () => onlook(k), onblur: () => onlook(null) }, cell.text));
  const line = (part) => el("div", { className: "nst-row", role: "row" }, ...part);
  const layers = cut(nodes, rows * columns).map((part) =>
    el("div", { className: "nst-layer", role: "rowgroup" }, ...cut(part, columns).map(line)));
  const grid = el("div", { role: "grid", "aria-label": `${title}, shape (${shape.join(", ")})` },
    ...layers);
  grid.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns,
      PageDown: rows * columns, PageUp: -rows * columns }[event.key];
    const from = nodes.indexOf(event.target);
    const to = event.key === "Home" ? 0 : event.key === "End" ? nodes.length - 1 : from + by;
    if (from < 0 || Number.isNaN(to) || !nodes[to]) return;
    event.preventDefault();
    nodes[from].tabIndex = -1;
    nodes[to].tabIndex = 0;
    nodes[to].focus();
  });
  const node = el("div", { className: `nst-array nst-${kind}` },
    el("h4", {}, `${title} `, el("small", {}, note)), grid);
  node.style.setProperty("--c", `var(--${kind})`);
  return { node, light: (lit) => nodes.forEach((n, k) => { n.dataset.lit = lit.has(k); }) };
}

// The arrays of a frame, linked: look at one cell and everything it belongs to lights up.
export function linkedArrays({ arrays, cells, shape, links, working, elementwise }, say) {
  const results = cells ? [cells].flat(Infinity) : [];
  const stretched = Boolean(elementwise && cells);
  const size = results.length;
  const grids = [];
  const sources = (which, k) => links[which]?.[k] ?? [];
  // what lights up in array `which` for these of the result's cells
  const shown = (which, ks) => new Set(stretched ? ks : ks.flatMap((k) => sources(which, k)));
  const madeFrom = (which, cell) => [...Array(size).keys()].filter((k) =>
    sources(which, k).includes(cell));
  const look = (ks, from, own) => {
    const result = from === arrays.length;
    grids.forEach((grid, i) => grid.light(i === from ? new Set(own)
      : i === arrays.length ? new Set(ks) : result ? shown(i, ks) : new Set()));
    say(ks.length === 1 ? working[ks[0]] : ks.length
      ? `${grids[from].name(own[0])} goes into ${ks.length} cells of the result` : "");
  };
  arrays.forEach((array, which) => {
    const values = [array.cells].flat(Infinity);
    const at = (cell) => `${array.name}[${index(array.shape, cell).join(", ")}]`.replace("[]", "");
    const origin = (k) => stretched ? sources(which, k)[0] : k;
    const seen = new Set();
    const list = Array.from({ length: stretched ? size : values.length }, (_, k) => {
      const cell = origin(k);
      const ghost = seen.has(cell);
      seen.add(cell);
      return { text: num(values[cell]), ghost,
        name: `${at(cell)} is ${num(values[cell])}${ghost ? ", used again" : ""}` };
    });
    const grows = stretched && array.shape.join() !== shape.join();
    const grid = cellGrid({ title: `${array.name} ${array.text}`, kind: "ab"[which],
      note: grows ? `stretched to (${shape.join(", ")})` : "",
      shape: stretched ? shape : array.shape, cells: list,
      onlook: (k) => { // every copy of one number lights up with what it made
        const made = k === null || !cells ? [] : madeFrom(which, origin(k));
        look(made, which, k === null ? [] : stretched ? made : [k]);
      } });
    grids.push({ ...grid, name: (k) => at(origin(k)) });
  });
  if (cells) {
    const grid = cellGrid({ title: `result (${shape.join(", ")}${shape.length === 1 ? "," : ""})`,
      shape, kind: "r", onlook: (k) => look(k === null ? [] : [k], arrays.length, k === null ? [] : [k]),
      cells: results.map((value, k) => ({ text: num(value),
        name: `result[${index(shape, k).join(", ")}]: ${working[k]}` })) });
    grids.push({ ...grid, name: (k) => `result[${index(shape, k).join(", ")}]` });
  }
  return grids.map((grid) => grid.node);
}
