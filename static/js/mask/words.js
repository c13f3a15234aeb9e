// What the page says, in the reader's language: sentences stand on the editor as data-said-NAME, with %words in them.
import { byId } from "../page.js";

const editor = byId("mask-editor", HTMLElement);
const status = byId("mask-status", HTMLElement);

/** @typedef {Record<string, string | number>} Values */

/** @param {string} text @param {Values} values */
const fill = (text, values) => text.replace(/%([a-z]+)/g, (whole, name) => String(values[name] ?? whole));

/** @param {string} name @param {Values} values @returns {string} */
export function sentence(name, values = {}) {
  const key = `said${name.split("-").map((part) => part[0].toUpperCase() + part.slice(1)).join("")}`;
  return fill(editor.dataset[key] ?? "", values);
}

/** @param {string} name @param {Values} [values] */
export function tell(name, values) {
  status.textContent = sentence(name, values);
}

/** @param {string} text */
export function warn(text) {
  document.dispatchEvent(new CustomEvent("canvas:toast", { detail: { text, level: "error" } }));
}

/** @param {number} share */
export const percent = (share) => (Math.round(share * 1000) / 10).toString();
