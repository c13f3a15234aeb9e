// Places on a picture, points and boxes in shares of its sides: made, found, moved. Knows nothing of the page.

/** @typedef {import("../api.js").Place} Place */
/** @typedef {{ x: number, y: number }} Share */

const DIGITS = 10_000;
const SMALLEST = 0.004; // of a side: a box no larger than this was meant as a point

/** @param {number} value */
function rounded(value) {
  return Math.round(Math.min(Math.max(value, 0), 1) * DIGITS) / DIGITS;
}

/** Whether it lies on the picture. @param {Share} share */
export function isInside({ x, y }) {
  return x >= 0 && x <= 1 && y >= 0 && y <= 1;
}

/** @param {Place} place */
export function isBox(place) {
  return place.width !== undefined && place.height !== undefined;
}

/** @param {Share} share @returns {Place} */
export function pointAt({ x, y }) {
  return { x: rounded(x), y: rounded(y) };
}

/** The box between two corners, cut off at the edge of the picture; a point if it is too small. @param {Share} one @param {Share} other @returns {Place} */
export function boxBetween(one, other) {
  const [left, right] = [rounded(Math.min(one.x, other.x)), rounded(Math.max(one.x, other.x))];
  const [top, bottom] = [rounded(Math.min(one.y, other.y)), rounded(Math.max(one.y, other.y))];
  if (right - left < SMALLEST || bottom - top < SMALLEST) return pointAt(other);
  return { x: left, y: top, width: extent(left, right), height: extent(top, bottom) };
}

// Rounded down, so that x + width is never more than 1 by a rounding error: the server refuses that.
/** @param {number} from @param {number} to */
function extent(from, to) {
  let size = Math.round((to - from) * DIGITS) / DIGITS;
  while (from + size > 1) size -= 1 / DIGITS;
  return size;
}

/**
 * The index of the place nearest to `share` that is within `reach` of it (shares of either side), or -1. A box is near
 * where its outline is.
 * @param {Place[]} places @param {Share} share @param {Share} reach
 */
export function nearest(places, share, reach) {
  const distances = places.map((place) => distance(place, share, reach));
  const least = Math.min(...distances);
  return least <= 1 ? distances.indexOf(least) : -1;
}

/** @param {Place} place @param {Share} share @param {Share} reach how far counts as 1 */
function distance(place, share, reach) {
  const { x, y, width = 0, height = 0 } = place;
  const across = Math.max(x - share.x, 0, share.x - (x + width));
  const down = Math.max(y - share.y, 0, share.y - (y + height));
  const outside = Math.hypot(across / reach.x, down / reach.y);
  if (outside > 0 || !isBox(place)) return outside;
  const toSide = Math.min(share.x - x, x + width - share.x) / reach.x;
  return Math.min(toSide, (Math.min(share.y - y, y + height - share.y)) / reach.y);
}

/** The centre of a place. @param {Place} place @returns {Share} */
export function middleOf({ x, y, width = 0, height = 0 }) {
  return { x: x + width / 2, y: y + height / 2 };
}

/** A crosshair moved within the picture. @param {Share} share @param {number} dx @param {number} dy @returns {Share} */
export function nudged({ x, y }, dx, dy) {
  return { x: rounded(x + dx), y: rounded(y + dy) };
}
