// Grids of numbers as pictures, painted through a table of 256 colours. A frame may hold forty of
// them, so nothing here makes objects for each pixel.
import { ramp } from "./draw.js";

const tables = new Map();

// 256 colours, r g b one after the other.
export function shades(colours) {
  const key = colours.join();
  if (!tables.has(key)) {
    const colour = ramp(colours);
    tables.set(key, Uint8ClampedArray.from({ length: 256 }, (_, i) => i)
      .reduce((all, i) => { all.set(colour(i / 255), 3 * i); return all; },
        new Uint8ClampedArray(768)));
  }
  return tables.get(key);
}

// A small picture that is painted again and again: `index(k)` is the shade of number k.
export class Tile {
  constructor() { this.sheet = document.createElement("canvas"); }

  paint(rows, cols, table, index) {
    const { sheet } = this;
    if (sheet.width !== cols || sheet.height !== rows) {
      Object.assign(sheet, { width: cols, height: rows });
      this.pen = sheet.getContext("2d");
      this.image = this.pen.createImageData(cols, rows);
      this.image.data.fill(255);
    }
    const { data } = this.image;
    for (let k = 0; k < rows * cols; k++) {
      const at = 3 * index(k);
      data[4 * k] = table[at];
      data[4 * k + 1] = table[at + 1];
      data[4 * k + 2] = table[at + 2];
    }
    this.pen.putImageData(this.image, 0, 0);
  }

  show(pen, x, y, w, h, smooth = true) {
    pen.imageSmoothingEnabled = smooth;
    pen.drawImage(this.sheet, x, y, w, h);
  }
}

export const limitOf = ([low, high]) => Math.max(Math.abs(low), Math.abs(high)) || 1;

// Bytes of a neuron's map to shades: zero is neutral, both signs reach equally far.
export function signShades([low, high]) {
  const limit = limitOf([low, high]);
  return Uint8Array.from({ length: 256 }, (_, u) =>
    Math.round(127.5 + 127.5 * ((low + (u / 255) * (high - low)) / limit)));
}

// Diagonal stripes: nothing was computed here.
export function hatch(pen, x, y, w, h, theme) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, w, h);
  pen.clip();
  pen.fillStyle = theme.paper;
  pen.fill();
  pen.strokeStyle = theme.line;
  pen.lineWidth = 2;
  pen.beginPath();
  for (let d = -h; d < w; d += 9) { pen.moveTo(x + d, y + h); pen.lineTo(x + d + h, y); }
  pen.stroke();
  pen.restore();
}
