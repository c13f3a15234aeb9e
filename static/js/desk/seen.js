// Which version of the guidelines this reviewer has read, kept in this browser.
const PREFIX = "guidelines-seen:";

/**
 * The number of the version last read; 0 for none. A browser that keeps nothing has read none.
 * @param {Storage} storage @param {string} variant @returns {number}
 */
export function seen(storage, variant) {
  try {
    const number = Number(storage.getItem(PREFIX + variant));
    return Number.isInteger(number) && number > 0 ? number : 0;
  } catch {
    return 0;
  }
}

/** @param {Storage} storage @param {string} variant @param {number} number */
export function remember(storage, variant, number) {
  if (number <= seen(storage, variant)) return;
  try {
    storage.setItem(PREFIX + variant, String(number));
  } catch {
    // Full or forbidden: the badge comes again, which hurts nobody.
  }
}

/**
 * Whether a version is in force that was not read yet.
 * @param {Storage} storage @param {string} variant @param {number | null} number @returns {boolean}
 */
export function isNews(storage, variant, number) {
  return number !== null && number > seen(storage, variant);
}
