// What the page says, in the reader's language. The catalogue is a script of the page; without one the words are English.
// The first argument is always a plain string: that is how the words are found for translation.

/**
 * What Django's JavaScript catalogue leaves on the page.
 * @typedef {object} Catalogue
 * @property {(text: string) => string} [gettext]
 * @property {(one: string, many: string, count: number) => string} [ngettext]
 */

/** @type {typeof globalThis & { django?: Catalogue }} */
const page = globalThis;

/** @param {string} text @returns {string} */
export function gettext(text) {
  return page.django?.gettext?.(text) ?? text;
}

/** @param {string} one @param {string} many @param {number} count @returns {string} */
export function ngettext(one, many, count) {
  return page.django?.ngettext?.(one, many, count) ?? (count === 1 ? one : many);
}

/**
 * Puts values in the places `%(name)s` of a sentence.
 * @param {string} text @param {Record<string, string | number>} values @returns {string}
 */
export function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => String(values[name]));
}
