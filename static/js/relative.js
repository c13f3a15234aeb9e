// How long ago, or how soon, in the largest unit that is whole.

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const STEPS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/**
 * "3 minutes ago", "in 2 days", "now".
 * @param {number} seconds from now; negative for what is past
 * @param {Intl.RelativeTimeFormat} words @returns {string}
 */
export function relative(seconds, words) {
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  return words.format(0, "second");
}
