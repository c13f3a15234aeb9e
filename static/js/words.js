// What the page says, in the reader's language. The texts are a script of the page (static/words/, made of locale/);
// without one they are English. The first argument is always a plain string: that is how it is found for translation.

/** @typedef {{ canvasWords?: { plural: (count: number) => number, texts: Record<string, string | string[]> } }} Page */
const page = /** @type {Page} */ (/** @type {unknown} */ (globalThis));

/** @returns {string} the language of the page, as Intl takes it */
export function language() {
  return globalThis.document?.documentElement.lang || "en";
}

/** @param {string} text @returns {string} */
export function gettext(text) {
  const found = page.canvasWords?.texts[text];
  return Array.isArray(found) ? found[0] : (found ?? text);
}

/** @param {string} one @param {string} many @param {number} count @returns {string} */
export function ngettext(one, many, count) {
  const words = page.canvasWords;
  const found = words?.texts[one];
  return words && Array.isArray(found) ? found[words.plural(count)] : count === 1 ? one : many;
}

/**
 * Puts values in the places `%(name)s` of a sentence; a number is written as the language writes it, with at most three decimals.
 * @param {string} text @param {Record<string, string | number>} values @returns {string}
 */
export function fill(text, values) {
  /** @param {string | number} value */
  const said = (value) => (typeof value === "number" ? number(value, { useGrouping: false }) : String(value));
  return text.replace(/%\((\w+)\)s/g, (_, name) => said(values[name]));
}

/** @param {number} value @param {Intl.NumberFormatOptions} [options] @returns {string} */
export function number(value, options) {
  return new Intl.NumberFormat(language(), options).format(value);
}
