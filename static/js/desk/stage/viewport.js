// How closely and where one looks: the mathematics of a viewport that all frames share. Knows nothing of the page.
// Positions on a picture are shares of its sides; positions in a lens are CSS pixels from its middle.

/**
 * @typedef {object} Viewport
 * @property {number | null} magnification device pixels for a pixel of the picture; null: the whole picture fits
 * @property {number} x share of the picture that is in the middle of the lens
 * @property {number} y
 */
/** @typedef {{ width: number, height: number }} Size */
/** @typedef {{ x: number, y: number }} Point */
/**
 * @typedef {object} Sight
 * @property {Size} lens what a frame has for the picture, in CSS pixels
 * @property {Size} picture its own pixels
 * @property {number} density device pixels for a CSS pixel
 */

/** @type {Readonly<Viewport>} */
export const FIT = Object.freeze({ magnification: null, x: 0.5, y: 0.5 });
export const MIDDLE = Object.freeze({ x: 0, y: 0 });
const MOST = 8;
const MOST_OF_SMALL = 4; // times the fitted size: a small picture is already large at 100 %
const ALMOST = 1.001;

/** The magnification at which the whole picture just fits. @param {Sight} sight */
export function fitting({ lens, picture, density }) {
  return Math.max(Math.min(lens.width / picture.width, lens.height / picture.height) * density, Number.EPSILON);
}

/** @param {Viewport} viewport @param {Sight} sight */
export function magnificationOf(viewport, sight) {
  return viewport.magnification ?? fitting(sight);
}

/** How many times the fitted size. @param {Viewport} viewport @param {Sight} sight */
export function scaleOf(viewport, sight) {
  return viewport.magnification === null ? 1 : viewport.magnification / fitting(sight);
}

/**
 * The viewport within its limits: not smaller than fitted (or than 100 %), no surround where there could be picture.
 * @param {Viewport} viewport @param {Sight} sight @returns {Viewport}
 */
export function held(viewport, sight) {
  if (viewport.magnification === null) return { ...FIT };
  const fit = fitting(sight);
  const magnification = between(viewport.magnification, Math.min(1, fit), Math.max(MOST, MOST_OF_SMALL * fit));
  const shown = shownSize(magnification, sight);
  return {
    magnification,
    x: heldCentre(viewport.x, shown.width, sight.lens.width),
    y: heldCentre(viewport.y, shown.height, sight.lens.height),
  };
}

/**
 * Closer by `factor`, with what is at `at` staying there.
 * @param {Viewport} viewport @param {Sight} sight @param {number} factor @param {Point} [at] @returns {Viewport}
 */
export function zoomed(viewport, sight, factor, at = MIDDLE) {
  const fit = fitting(sight);
  const magnification = magnificationOf(viewport, sight) * factor;
  const isWhole = factor < 1 && fit <= 1 && magnification <= fit * ALMOST;
  return isWhole ? { ...FIT } : lookingAt(viewport, sight, held({ ...viewport, magnification }, sight), at);
}

/** Between the whole picture and 100 %. @param {Viewport} viewport @param {Sight} sight @param {Point} [at] */
export function toggled(viewport, sight, at = MIDDLE) {
  if (viewport.magnification !== null) return { ...FIT };
  return lookingAt(viewport, sight, { ...viewport, magnification: 1 }, at);
}

/**
 * The picture moved by so many CSS pixels.
 * @param {Viewport} viewport @param {Sight} sight @param {number} dx @param {number} dy @returns {Viewport}
 */
export function moved(viewport, sight, dx, dy) {
  const { width, height } = shownSize(magnificationOf(viewport, sight), sight);
  return held({ ...viewport, x: viewport.x - dx / width, y: viewport.y - dy / height }, sight);
}

/** The viewport that has `share` inside, with some room around it. @param {Viewport} viewport @param {Sight} sight @param {Point} share */
export function revealing(viewport, sight, share) {
  const { width, height } = shownSize(magnificationOf(viewport, sight), sight);
  /** @type {(centre: number, wanted: number, size: number, room: number) => number} */
  const follow = (centre, wanted, size, room) => {
    const reach = (0.4 * room) / size;
    return between(centre, wanted - reach, wanted + reach);
  };
  return held({
    ...viewport,
    x: follow(viewport.x, share.x, width, sight.lens.width),
    y: follow(viewport.y, share.y, height, sight.lens.height),
  }, sight);
}

/** Which share of the picture lies at a position of the lens. @param {Viewport} viewport @param {Sight} sight @param {Point} at */
export function shareAt(viewport, sight, at) {
  const { width, height } = shownSize(magnificationOf(viewport, sight), sight);
  return { x: viewport.x + at.x / width, y: viewport.y + at.y / height };
}

/** Whether the preview has fewer pixels than the screen would show. @param {Viewport} viewport @param {Sight} sight @param {number} previewWidth */
export function wantsMore(viewport, sight, previewWidth) {
  const wanted = sight.picture.width * Math.min(magnificationOf(viewport, sight), 1);
  return previewWidth < sight.picture.width && wanted > previewWidth * 1.05;
}

/** @param {Viewport} before @param {Sight} sight @param {Viewport} after @param {Point} at */
function lookingAt(before, sight, after, at) {
  const share = shareAt(before, sight, at);
  const { width, height } = shownSize(magnificationOf(after, sight), sight);
  return held({ ...after, x: share.x - at.x / width, y: share.y - at.y / height }, sight);
}

/** @param {number} magnification @param {Sight} sight @returns {Size} CSS pixels */
function shownSize(magnification, { picture, density }) {
  return { width: (picture.width * magnification) / density, height: (picture.height * magnification) / density };
}

/** @param {number} centre @param {number} size @param {number} room */
function heldCentre(centre, size, room) {
  if (size <= room) return 0.5;
  const half = room / (2 * size);
  return between(centre, half, 1 - half);
}

/** @param {number} value @param {number} least @param {number} most */
function between(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
