// What the page was made with: the table of actions with this person's keys, and how they like the desk. Both may change
// while the page is open.
import { byId } from "../page.js";

/** @typedef {{ key: string, held: boolean, repeats: boolean }} KeyedAction */
/**
 * @typedef {object} Settings
 * @property {string} preset
 * @property {Record<string, string>} keys what differs from the preset
 * @property {boolean} keys_on
 * @property {"last_mark" | "enter"} send_on
 * @property {number} rest_minutes
 * @property {boolean} shows_pace
 */

const page = JSON.parse(byId("desk", HTMLElement).dataset.config ?? "");
/** @type {(() => void)[]} */
const listeners = [];

/** @type {Record<string, KeyedAction>} */
export const actions = page.actions;

/** Whose desk this is, by their pseudonym. @type {{ handle: string }} */
export const reviewer = page.reviewer;

/** @type {Settings} */
export const settings = page.settings;

/** The key of every action. @returns {Record<string, string>} */
export function keysNow() {
  return Object.fromEntries(Object.entries(actions).map(([name, { key }]) => [name, key]));
}

/** Takes over what the server answers. @param {Settings & { all_keys: Record<string, string> }} answer */
export function apply({ all_keys: keys, ...changed }) {
  for (const [name, key] of Object.entries(keys)) if (actions[name]) actions[name].key = key;
  Object.assign(settings, changed);
  for (const callback of listeners) callback();
}

/** @param {() => void} callback */
export const onSettings = (callback) => listeners.push(callback);
