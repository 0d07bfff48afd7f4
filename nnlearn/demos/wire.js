// The wire to Python: one action at a time, drags merged, answers told by acknowledgement.

const DTYPES = { float32: Float32Array, float64: Float64Array, uint8: Uint8Array,
  int32: Int32Array };
const PATIENCE_MS = 4000; // no answer for so long: say that Python is busy

// Bytes to { header..., arrays: { name: typed array with .shape } }.
export function decode(view) {
  const size = view.byteLength < 4 ? Infinity : view.getUint32(0, true);
  if (size + 4 > view.byteLength) throw new Error("the frame is cut off");
  const bytes = (from, to) => view.buffer.slice(view.byteOffset + from, view.byteOffset + to);
  const frame = JSON.parse(new TextDecoder().decode(bytes(4, 4 + size)));
  for (const [name, { dtype, shape, at }] of Object.entries(frame.arrays)) {
    const kind = DTYPES[dtype];
    if (!kind) throw new Error(`array ${name} has an unknown type, ${dtype}`);
    const length = shape.reduce((a, b) => a * b, 1) * kind.BYTES_PER_ELEMENT;
    if (4 + size + at + length > view.byteLength) throw new Error(`array ${name} is cut off`);
    frame.arrays[name] = Object.assign(new kind(bytes(4 + size + at, 4 + size + at + length)),
      { shape });
  }
  return frame;
}

export class Wire {
  constructor(model, root, note) {
    Object.assign(this, { model, root, note, waiting: [], flying: null, id: 0, timer: 0 });
    this.view = Math.random().toString(36).slice(2);
  }

  // While an answer is awaited, actions under one `merge` name become one: the last one counts,
  // or, if the name begins with "+", their numbers are added.
  send(action, args = {}, merge = "") {
    const last = this.waiting.at(-1);
    if (merge.startsWith("+") && last?.merge === merge)
      for (const [name, value] of Object.entries(args)) last.args[name] += value;
    else if (merge && last?.merge === merge) last.args = args;
    else this.waiting.push({ action, args, merge });
    this.pump();
  }

  tell(action, args) { // no answer wanted
    this.model.send({ do: action, args, view: this.view });
  }

  pump() {
    if (!this.flying && this.waiting.length) {
      this.flying = { ...this.waiting.shift(), id: ++this.id };
      const { action, args, id } = this.flying;
      clearTimeout(this.timer); // before sending: without a kernel that throws
      this.timer = setTimeout(() => this.note(true), PATIENCE_MS);
      this.model.send({ do: action, args, id, view: this.view });
    }
    this.root.dataset.pending = this.waiting.length + (this.flying ? 1 : 0);
  }

  get busy() { return Boolean(this.flying || this.waiting.length); }

  heard(frame) {
    if (!this.flying || (frame.acks[this.view] ?? 0) < this.flying.id) return;
    this.flying = null;
    clearTimeout(this.timer);
    this.note(false);
    this.pump();
  }
}
