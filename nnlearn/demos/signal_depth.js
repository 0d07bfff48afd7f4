// The signal through depth: its std on a logarithmic axis, its spread and its losses per layer.
import { label, ten } from "./draw.js";
import { el } from "./inputs.js";

const EDGE = 54; // room for the numbers of the axis
const [DEAD, HUGE] = [-6, 6];

export function depthView(ui) {
  const chart = ui.picture({ label: "The signal",
    aspect: (w) => (w < 300 ? 1.9 : w < 420 ? 1.3 : 0.92) });
  const spread = ui.picture({ label: "One layer's outputs",
    aspect: (w) => (w < 320 ? 0.72 : 0.56) });
  const legend = el("p", { className: "nnl-note" });
  const spreadNote = el("p", { className: "nnl-note" });
  let [v, arrays, t] = [null, null, 0];

  const decades = () => { // decades shown: whole threes, at least 10^-3 to 10^3
    const all = [...arrays.std, ...(v.ghost?.std ?? [])].filter((s) => s > 0 && Number.isFinite(s));
    const logs = all.map(Math.log10);
    return [Math.min(-3, 3 * Math.floor(Math.min(...logs) / 3)),
      Math.max(3, 3 * Math.ceil(Math.max(...logs) / 3))];
  };

  const paint = (pen, w, h) => {
    const { ink, line, muted, paper } = ui.theme;
    const blue = ui.theme.dark ? "#6db3f2" : "#0b5cad";
    const strip = v.flat ? 44 : 0;
    const columns = Math.round(0.25 * h);
    const top = h - columns - strip - 58;
    const [low, high] = decades();
    const cell = (w - EDGE - 4) / (v.depth + 1);
    const x = (i) => EDGE + (i + 0.5) * cell;
    const y = (std) => (std <= 0 ? top - 2 : Number.isFinite(std)
      ? 12 + ((high - Math.log10(std)) / (high - low)) * (top - 16) : 6);
    const bar = (i, share, from, tall, colour) => {
      pen.fillStyle = colour;
      const wide = Math.max(2, 0.7 * cell);
      pen.fillRect(x(i) - wide / 2, from + tall * (1 - share), wide, tall * share);
    };
    axis();
    if (v.ghost) curve(v.ghost.std, muted, [6, 5], false);
    curve(arrays.std, blue, [], true);
    histograms(top + 30);
    if (strip) losses(top + 34 + columns);
    for (let i = 0, free = 0; i <= v.depth; i++) {
      if (x(i) < free) continue;
      const text = i ? String(i) : "in";
      free = x(i) + 26;
      label(pen, text, Math.min(w - 9, x(i)), h - 11,
        { colour: i === t ? ink : muted, bold: i === t });
    }

    function axis() {
      const step = [1, 2, 3, 6, 9, 12].find((s) => ((top - 16) * s) / (high - low) >= 20) ?? 12;
      for (let k = low; k <= high; k += step) {
        pen.fillStyle = line;
        pen.globalAlpha = k === 0 ? 0.9 : 0.3;
        pen.fillRect(EDGE, y(10 ** k), w - EDGE, 1);
        pen.globalAlpha = 1;
        label(pen, k === 0 ? "1" : ten(k), EDGE - 8, y(10 ** k), { colour: ink, align: "right" });
      }
      for (const [limit, text] of [[DEAD, "dies"], [HUGE, "explodes"]]) {
        if (limit < low || limit > high) continue;
        pen.fillStyle = "#d55e00";
        for (let at = EDGE; at < w; at += 10) pen.fillRect(at, y(10 ** limit) - 1, 6, 2);
        label(pen, text, EDGE + 2, y(10 ** limit) + (limit < 0 ? -11 : 12),
          { colour: ink, halo: paper, align: "left" });
      }
    }

    function curve(stds, colour, dash, marked) {
      pen.strokeStyle = pen.fillStyle = colour;
      pen.lineWidth = marked ? 3 : 2;
      pen.setLineDash(dash);
      pen.beginPath();
      stds.slice(0, v.depth + 1).forEach((s, i) => pen.lineTo(x(i), y(Number(s))));
      pen.stroke();
      pen.setLineDash([]);
      if (!marked) return;
      for (let i = 0; i < stds.length; i++) {
        pen.beginPath();
        pen.arc(x(i), y(stds[i]), i === t ? 7 : Math.min(4.5, 0.3 * cell), 0, 7);
        pen.fill();
      }
      const right = x(t) > w - 110;
      const fell = t > 0 && stds[t] < 0.9 * stds[t - 1]; // the curve stands on the other side
      const at = y(stds[t]) + (fell ? 20 : -18);
      label(pen, v.said[t], x(t) + (right ? Math.min(8, w - x(t)) : 10),
        Math.min(top + 2, Math.max(12, at)), { colour: ink, halo: paper, bold: true, size: 15,
          align: right ? "right" : "left" });
    }

    function histograms(from) {
      const bins = arrays.histogram.shape[1];
      label(pen, w < 400 ? "outputs, ±4 times their std"
        : "outputs of each layer, −4 to +4 times its own std", 4, from - 12,
      { colour: ink, align: "left" });
      for (let i = 0; i < arrays.std.length; i++) {
        pen.fillStyle = i === t ? blue : muted;
        const left = x(i) - 0.45 * cell;
        for (let k = 0; k < bins; k++) {
          const share = arrays.histogram[i * bins + k];
          const tall = (columns - 6) / bins;
          pen.fillRect(left, from + (columns - 6) * (1 - (k + 1) / bins), 0.9 * cell * share,
            tall + 0.4);
        }
        if (!arrays.std[i]) label(pen, "0", x(i), from + columns / 2, { colour: ink });
      }
      label(pen, "+4", EDGE - 8, from + 6, { colour: muted, align: "right" });
      label(pen, "0", EDGE - 8, from + columns / 2 - 3, { colour: muted, align: "right" });
      label(pen, "−4", EDGE - 8, from + columns - 14, { colour: muted, align: "right" });
    }

    function losses(from) {
      for (let i = 1; i < arrays.std.length; i++) {
        bar(i, 1, from, strip - 12, ui.theme.dark ? "#444" : "#e4e4e4");
        bar(i, arrays.flat[i], from, strip - 12, "#d27a01");
        bar(i, arrays.dead[i], from, strip - 12, ui.theme.dark ? "#ffcf67" : "#874d03");
      }
      label(pen, v.flat === "zero" ? "zero" : "flat", EDGE - 8, from + strip / 2 - 6,
        { colour: ink, align: "right" });
    }
  };

  const paintSpread = (pen, w, h) => {
    const { ink, muted, line } = ui.theme;
    const bins = arrays.histogram.shape[1];
    const [floor, tall] = [h - 30, h - 42];
    const wide = (w - 16) / bins;
    pen.fillStyle = ui.theme.dark ? "#6db3f2" : "#0b5cad";
    for (let k = 0; k < bins; k++) {
      const up = tall * arrays.histogram[t * bins + k];
      pen.fillRect(8 + k * wide, floor - up, wide - 1, up);
    }
    pen.fillStyle = line;
    pen.fillRect(8, floor, w - 16, 1);
    pen.fillRect(w / 2 - 0.5, 8, 1, floor - 8);
    label(pen, `−${v.end}`, 8, h - 14, { colour: ink, align: "left" });
    if (2 * pen.measureText(v.end).width < w - 90) label(pen, "0", w / 2, h - 14, { colour: ink });
    label(pen, v.end, w - 8, h - 14, { colour: ink, align: "right" });
    if (!arrays.std[t]) label(pen, "every output is 0", w / 2, h / 2 - 20, { colour: muted });
  };

  const draw = (frame) => {
    [v, arrays, t] = [frame.values, frame.arrays, frame.t];
    chart.describe(frame.sentence);
    chart.paint(paint);
    const flat = v.flat && t ? ` ${Math.round(100 * arrays.flat[t])}% of the outputs are ` +
      `${v.flat}.` : "";
    spreadNote.textContent = `${t ? `Layer ${t}` : "The digits"}: all outputs for ${v.rows} ` +
      `digits${v.flat === "zero" && t ? ", without the zeros" : ""}.${flat}`;
    spread.describe(`${spreadNote.textContent} std ${v.said[t]}`);
    spread.paint(paintSpread);
    const lost = v.flat ? ` Bottom: share of outputs that are ${v.flat}` +
      `${v.flat === "zero" ? "" : " (past ±0.99)"}; ` +
      `${ui.theme.dark ? "yellow" : "dark"}: neurons that are so for every digit.` : "";
    legend.textContent = "Top: std of each layer's outputs, in powers of ten." + lost +
      (v.ghost ? ` Dashed: before, ${v.ghost.name}.` : "");
  };
  return { stage: [chart.node, legend], aside: [spread.node, spreadNote], draw };
}
