// One frame: a picture in a lens, the original that can be laid over it, and notes above both. All three lie on plates
// of the picture's shape, which move as one.
import * as pictures from "../pictures.js";
import { find } from "../../page.js";

/** @typedef {import("../api.js").Picture} Picture */

export class Frame {
  /** @param {HTMLElement} node */
  constructor(node) {
    this.node = node;
    this.lens = find(node, ".lens", HTMLElement);
    this.base = /** @type {HTMLElement} */ (this.lens.firstElementChild);
    this.over = /** @type {HTMLElement | null} */ (node.querySelector(".lens--over > .plate"));
    this.notes = find(node, ".lens--notes > .plate", HTMLElement);
    this.places = /** @type {SVGElement} */ (node.querySelector(".places"));
    this.missing = find(node, "[data-missing]", HTMLElement);
    /** @type {Picture | null} */
    this.picture = null;
    /** @type {Picture | null} */
    this.covered = null;
  }

  /** @param {Picture | null} picture */
  show(picture) {
    this.picture = picture;
    this.cover(null);
    for (const layer of this.notes.querySelectorAll(".note-layer")) layer.replaceChildren();
    for (const note of this.node.querySelectorAll(".heat, .finding-number")) note.remove();
    this.missing.hidden = Boolean(picture);
    if (!picture) return this.base.replaceChildren();
    shape(this.base, picture);
    shape(this.notes, picture);
    this.put(this.base, imageOf(picture.url, this.base), picture);
  }

  /** Lays the original over the picture, unseen as long as nothing compares. @param {Picture | null} original */
  cover(original) {
    if (!this.over || this.covered === original) return;
    this.covered = original;
    if (!original) return this.over.replaceChildren();
    shape(this.over, original);
    this.put(this.over, newImage(original.url), { ...original, alt: "" });
  }

  /** @param {HTMLElement} plate @param {HTMLImageElement} image @param {Picture} picture */
  put(plate, image, picture) {
    image.alt = picture.alt;
    image.decoding = "sync"; // it is decoded already: painted with the rest of the frame
    image.draggable = false;
    if (image.complete && !image.naturalWidth) this.missing.hidden = false;
    image.onerror = () => { this.missing.hidden = false; };
    if (plate.firstElementChild === image) return;
    plate.firstElementChild?.remove();
    plate.prepend(image);
  }

  /** Shows so much, so large. @param {string} transform */
  move(transform) {
    this.base.style.transform = transform;
    this.notes.style.transform = transform;
    if (this.over) this.over.style.transform = transform;
  }

  get isVisible() {
    return this.node.offsetParent !== null;
  }

  /** Where a place of the screen lies on the picture, in shares. @param {{ x: number, y: number }} at */
  shareAt({ x, y }) {
    const box = this.notes.getBoundingClientRect();
    return { x: (x - box.left) / box.width, y: (y - box.top) / box.height };
  }

  /** The same from the middle of the lens, in pixels. @param {{ x: number, y: number }} at */
  fromMiddle({ x, y }) {
    const box = this.lens.getBoundingClientRect();
    return { x: x - box.left - box.width / 2, y: y - box.top - box.height / 2 };
  }
}

/** @param {HTMLElement} plate @param {Picture} picture */
function shape(plate, { width, height }) {
  plate.style.setProperty("--shape", String(width / height));
}

// The element that was decoded beforehand is the quickest to paint; it can be in one place only.
/** @param {string} url @param {HTMLElement} plate */
function imageOf(url, plate) {
  const prepared = pictures.ready(url);
  const isFree = prepared && (!prepared.isConnected || prepared.parentElement === plate);
  return isFree ? prepared : newImage(url);
}

/** @param {string} url */
function newImage(url) {
  const image = new Image();
  image.src = url;
  return image;
}
