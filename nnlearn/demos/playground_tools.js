// What the pointer does on the map: show the sums of a place, paint points, or take them away.
import { button, el } from "./shell.js";

export function brushBar(ui, shared, changed) {
  const group = `brush${ui.id}`;
  const choose = (brush) => {
    shared.brush = brush;
    extra.hidden = brush === "probe";
    changed();
  };
  const option = (value, name, shape) => {
    const input = el("input", { type: "radio", name: group, value, checked: value === "probe",
      onchange: () => choose(value) });
    const sample = el("span", { className: "npg-sample", "aria-hidden": "true",
      style: `color: ${shape?.colour}` }, shape?.shape === "circle" ? "●" : "▲");
    return el("label", { className: "npg-option" }, input, ...(shape ? [sample] : []),
      el("span", {}, name));
  };
  const [zero, one] = ui.palette.classes;
  const brushes = el("fieldset", { className: "npg-brushes" }, el("legend", {}, "On the map"),
    option("probe", "Probe"), option("0", "Paint 0", zero), option("1", "Paint 1", one),
    option("erase", "Erase"));
  const undo = button("Undo points", () => ui.send("undo_paint"), { className: "npg-small" });
  const clear = button("Clear points", () => ui.send("clear_points"), { className: "npg-small" });
  const extra = el("div", { className: "npg-toggles npg-gated", hidden: true }, undo, clear);
  const toggle = (text, key) => {
    const node = button(text, () => {
      shared[key] = !shared[key];
      node.setAttribute("aria-pressed", shared[key]);
      changed();
    }, { className: "npg-small", "aria-pressed": String(shared[key]) });
    return node;
  };
  const views = el("div", { className: "npg-toggles", role: "group", "aria-label": "View of the map" },
    toggle("Decision only", "threshold"), toggle("Test points", "testShown"));
  const node = el("div", { className: "npg-tools" }, brushes, views, extra);
  return { node, draw(v) { undo.disabled = v.can_undo_paint === false; } };
}
