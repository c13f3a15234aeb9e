// Where the keys lead in a grid of images, and what a click with Shift takes. Knows nothing of the page.

/**
 * The place that an arrow, Home or End leads to, or the same one where there is no further.
 * @param {number} place @param {string} key as KeyboardEvent.key @param {number} columns @param {number} count
 * @param {boolean} rightToLeft
 * @returns {number}
 */
export function placeAfter(place, key, columns, count, rightToLeft = false) {
  const on = rightToLeft ? -1 : 1;
  /** @type {Record<string, number>} */
  const places = {
    ArrowRight: place + on,
    ArrowLeft: place - on,
    ArrowDown: place + columns,
    ArrowUp: place - columns,
    Home: 0,
    End: count - 1,
  };
  const wanted = places[key] ?? place;
  return wanted < 0 || wanted >= count ? place : wanted;
}

/**
 * How many of the first places stand in one row, told by where each begins from the top.
 * @param {number[]} tops @returns {number}
 */
export function columnsOf(tops) {
  const next = tops.findIndex((top) => top > tops[0]);
  return next < 0 ? Math.max(1, tops.length) : next;
}

/**
 * All places from one to another, both included, in either direction.
 * @param {number} from @param {number} to @returns {number[]}
 */
export function between(from, to) {
  const [first, last] = from < to ? [from, to] : [to, from];
  return Array.from({ length: last - first + 1 }, (_, step) => first + step);
}
