// A mask on canvases: a base picture with strokes on it, and how it is shown over a photo. Sizes are those of the
// photo's preview; the server replays the same strokes at the photo's own resolution.
/** @import { Place, Stroke } from "./pen.js" */

const HATCH = 12; // pixels from one line to the next
const OUTLINE = [[-1, 0], [1, 0], [0, -1], [0, 1], [-0.7, -0.7], [0.7, -0.7], [-0.7, 0.7], [0.7, 0.7]];

/** @param {number} width @param {number} height @returns {HTMLCanvasElement} */
export function newCanvas(width, height) {
  return Object.assign(document.createElement("canvas"), { width, height });
}

/** @param {HTMLCanvasElement} canvas @param {CanvasRenderingContext2DSettings} [settings] */
function contextOf(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("this browser has no memory left for a canvas");
  return context;
}

/**
 * A stored mask as a canvas that is opaque where the product is. Throws when the picture does not load.
 * @param {string} url @param {number} width @param {number} height @returns {Promise<HTMLCanvasElement>}
 */
export async function loadMask(url, width, height) {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = newCanvas(width, height);
  const context = contextOf(canvas, { willReadFrequently: true });
  context.drawImage(image, 0, 0, width, height);
  const pixels = context.getImageData(0, 0, width, height);
  const { data } = pixels;
  for (let at = 0; at < data.length; at += 4) data[at + 3] = data[at] > 127 ? 255 : 0;
  context.putImageData(pixels, 0, 0);
  return canvas;
}

export class Raster {
  /** @param {number} width @param {number} height */
  constructor(width, height) {
    this.canvas = newCanvas(width, height);
    this.context = contextOf(this.canvas, { willReadFrequently: true });
  }

  /** @param {HTMLCanvasElement | null} base @param {Stroke[]} strokes */
  replay(base, strokes) {
    this.context.globalCompositeOperation = "source-over";
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (base) this.context.drawImage(base, 0, 0);
    for (const stroke of strokes) this.draw(stroke);
  }

  /**
   * Draws the points of a stroke from `first` on: while somebody draws, only what is new.
   * @param {Stroke} stroke @param {number} first
   */
  draw({ tool, radius, points }, first = 0) {
    const { context, canvas } = this;
    /** @type {(place: Place) => Place} */
    const place = ([x, y]) => [x * canvas.width, y * canvas.height];
    context.globalCompositeOperation = tool === "brush" ? "source-over" : "destination-out";
    context.lineWidth = Math.max(1, 2 * radius * Math.max(canvas.width, canvas.height));
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    context.moveTo(...place(points[Math.max(0, first - 1)]));
    for (const point of points.slice(first)) context.lineTo(...place(point));
    context.stroke();
  }

  /** @param {Place} place @returns {boolean} */
  covers([x, y]) {
    const { width, height } = this.canvas;
    /** @type {(share: number, size: number) => number} */
    const at = (share, size) => Math.min(size - 1, Math.max(0, Math.floor(share * size)));
    return this.context.getImageData(at(x, width), at(y, height), 1, 1).data[3] > 127;
  }

  /** How much of the photo is covered, from 0 to 1. */
  share() {
    const { width, height } = this.canvas;
    const { data } = this.context.getImageData(0, 0, width, height);
    let covered = 0;
    for (let at = 3; at < data.length; at += 4) covered += data[at] > 127 ? 1 : 0;
    return covered / (width * height);
  }
}

// Draws `mask` over a photo: a tint with hatching, and around it a light line within a dark one, so that it shows on
// every ground and to every eye. Without `outline` it is quick enough for every movement of a hand.
export class Overlay {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.context = contextOf(canvas);
    this.scratch = newCanvas(canvas.width, canvas.height);
    const style = getComputedStyle(document.documentElement);
    /** @param {string} name */
    const colour = (name) => style.getPropertyValue(name).trim();
    this.line = colour("--mask-line");
    this.shade = colour("--mask-line-shade");
    this.tint = hatched(colour("--mask-tint"), colour("--mask-hatch"), this.context);
  }

  /** @param {HTMLCanvasElement} mask @param {{ opacity?: number, outline?: boolean, zoom?: number }} look */
  draw(mask, { opacity = 0.45, outline = true, zoom = 1 } = {}) {
    const { context } = this;
    const { width, height } = context.canvas;
    context.clearRect(0, 0, width, height);
    this.#fill(mask, this.tint);
    context.globalAlpha = opacity;
    context.drawImage(this.scratch, 0, 0);
    context.globalAlpha = 1;
    if (!outline) return;
    const thickness = Math.max(width, height) / 640 / Math.sqrt(zoom);
    this.#ring(mask, 2.4 * thickness, this.shade);
    context.drawImage(this.scratch, 0, 0);
    this.#ring(mask, 1.2 * thickness, this.line);
    context.drawImage(this.scratch, 0, 0);
  }

  /** @param {HTMLCanvasElement} mask @param {CanvasPattern} colour */
  #fill(mask, colour) {
    const context = this.#fresh();
    context.drawImage(mask, 0, 0);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = colour;
    context.fillRect(0, 0, mask.width, mask.height);
  }

  /** @param {HTMLCanvasElement} mask @param {number} reach @param {string} colour */
  #ring(mask, reach, colour) {
    const context = this.#fresh();
    for (const [x, y] of OUTLINE) context.drawImage(mask, x * reach, y * reach);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = colour;
    context.fillRect(0, 0, mask.width, mask.height);
    context.globalCompositeOperation = "destination-out";
    context.drawImage(mask, 0, 0);
  }

  #fresh() {
    const context = contextOf(this.scratch);
    context.globalCompositeOperation = "source-over";
    context.clearRect(0, 0, this.scratch.width, this.scratch.height);
    return context;
  }
}

/** @param {string} tint @param {string} hatch @param {CanvasRenderingContext2D} context @returns {CanvasPattern} */
function hatched(tint, hatch, context) {
  const tile = newCanvas(HATCH, HATCH);
  const pen = contextOf(tile);
  pen.fillStyle = tint;
  pen.fillRect(0, 0, HATCH, HATCH);
  pen.strokeStyle = hatch;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (const shift of [-HATCH, 0, HATCH]) {
    pen.moveTo(shift, HATCH);
    pen.lineTo(shift + HATCH, 0);
  }
  pen.stroke();
  return /** @type {CanvasPattern} */ (context.createPattern(tile, "repeat")); // null only for a picture still to come
}
