// The reviewer's last decisions, by their keys: what can be taken back, newest last.
import * as api from "./api.js";

const DEEPEST = 10;
/** @type {string[]} */
let keys = [];
let isKnown = false; // whether the server was asked for what came before this page

/** @param {string} key */
export function add(key) {
  keys = [...keys, key].slice(-DEEPEST);
}

/** @param {string} key */
export function drop(key) {
  keys = keys.filter((other) => other !== key);
}

/** The newest one; asks the server if this page knows of none. Null when there is none. */
export async function newest() {
  if (!keys.length && !isKnown) await refresh();
  return keys.at(-1) ?? null;
}

/** Takes over what the server knows: another page may have decided meanwhile. */
export async function refresh() {
  keys = (await api.recent()).map(({ key }) => key).slice(0, DEEPEST).reverse();
  isKnown = true;
}
