// Keys by name, as reviews/desk_actions.py writes them: what the browser calls a key, in lower case, with "shift+" before
// a named key. Knows nothing of the page.
import { gettext } from "../words.js";

/** @typedef {{ key: string, code?: string, shiftKey?: boolean }} Pressed */

/** @type {Record<string, string>} */
const WORDS = { " ": gettext("Space"), enter: gettext("Enter"), escape: gettext("Esc"), shift: "⇧" };
/** @type {Record<string, string>} */
const ARROWS = { arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓" };
const NAMED = new Set([
  " ", "enter", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown", ...Object.keys(ARROWS),
  ...Array.from({ length: 12 }, (_, index) => `f${index + 1}`),
]);
const FIXED = new Set([..."123456789", "escape", "tab"]);
// How WAI-ARIA writes what differs from KeyboardEvent.key.
/** @type {Record<string, string>} */
const SHORTCUTS = { " ": "Space", "+": "Plus" };

/** @param {Pressed} event */
export function nameOf({ key, shiftKey }) {
  const name = key.toLowerCase();
  return shiftKey && name.length > 1 ? `shift+${name}` : name;
}

/**
 * The name by which a pressed key is looked up. A sign that means something is itself; one that means nothing here
 * counts as what its place has on most keyboards: a digit (a French keyboard has them under Shift) or a Latin letter.
 * @param {Pressed} event @param {(name: string) => boolean} isKnown
 */
export function meantBy(event, isKnown) {
  const name = nameOf(event);
  if (name.length > 1 || isKnown(name)) return name;
  const [, digit, letter] = /^(?:Digit(\d)|Key([A-Z]))$/.exec(event.code ?? "") ?? [];
  if (digit && !event.shiftKey) return digit;
  return letter && !/^[a-z]$/.test(name) ? letter.toLowerCase() : name;
}

/** Whether an action may have it. @param {string} name */
export function isUsable(name) {
  const bare = name.replace(/^shift\+/, "");
  if (FIXED.has(bare)) return false;
  return NAMED.has(bare) || (name.length === 1 && !/\s|\p{C}/u.test(name));
}

/** The other action that has the key, or "". @param {Record<string, string>} keys @param {string} key @param {string} mine */
export function holderOf(keys, key, mine) {
  return Object.keys(keys).find((name) => name !== mine && keys[name] === key) ?? "";
}

/** A key as it stands on a button. @param {string} key */
export function written(key) {
  const [, shift, bare] = /** @type {string[]} */ (/^(shift\+)?(.*)$/s.exec(key));
  const word = WORDS[bare] ?? ARROWS[bare] ?? bare.toUpperCase();
  return shift ? `${WORDS.shift} ${word}` : word;
}

/** A key as aria-keyshortcuts wants it. @param {string} key */
export function shortcut(key) {
  const bare = key.replace(/^shift\+/, "");
  const word = SHORTCUTS[bare] ?? bare.replace(/^(arrow|page)?(.)/, (_, first = "", next) => capital(first) + next.toUpperCase());
  return bare === key ? word : `Shift+${word}`;
}

/** @param {string} word */
function capital(word) {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
