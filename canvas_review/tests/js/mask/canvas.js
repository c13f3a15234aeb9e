// A canvas without a browser, as far as a stroke needs one: it writes down what it is asked for, and holds pixels.
export class FakeCanvas {
  constructor(width, height) {
    Object.assign(this, { width, height, asked: [], alpha: new Uint8Array(width * height) });
    this.context = new Proxy({}, { get: (state, name) => state[name] ?? this.#answer(name) });
  }

  getContext() {
    return this.context;
  }

  #answer(name) {
    if (name === "getImageData") return (...box) => ({ data: this.#pixels(...box) });
    return (...values) => void this.asked.push([name, ...values]);
  }

  #pixels(left, top, width, height) {
    const data = new Uint8ClampedArray(4 * width * height);
    for (let at = 0; at < width * height; at += 1) {
      const [x, y] = [left + (at % width), top + Math.floor(at / width)];
      data[4 * at + 3] = this.alpha[y * this.width + x];
    }
    return data;
  }
}

export function useCanvas() {
  globalThis.document = { createElement: () => new FakeCanvas(0, 0) };
}
