// Pictures are fetched and decoded before they are needed, and kept only while their item is near.
const PATIENCE_MS = 10_000;
/** @type {Map<string, Promise<HTMLImageElement>>} */
const ready = new Map();

/** @typedef {import("./api.js").Item} Item */

/**
 * Done when every picture can be drawn at once, or after ten seconds: a picture that hangs must not hold the item back.
 * @param {Item} item @returns {Promise<void>}
 */
export async function prepare(item) {
  let timer = 0;
  const late = new Promise((resolve) => { timer = window.setTimeout(resolve, PATIENCE_MS); });
  await Promise.race([Promise.all(urls(item).map(load)), late]);
  clearTimeout(timer);
}

/** @param {Item} item */
export function forget(item) {
  for (const url of urls(item)) ready.delete(url);
}

/** @param {Item} item @returns {string[]} */
function urls(item) {
  return [item.source, ...item.candidates.map(({ picture }) => picture)].filter(Boolean).map(({ url }) => url);
}

/** @param {string} url */
function load(url) {
  let loading = ready.get(url);
  if (!loading) {
    const image = new Image();
    image.src = url;
    // The frame of a picture that cannot be decoded says so (stage/); the item can still be skipped.
    loading = image.decode().catch(() => {}).then(() => image);
    ready.set(url, loading);
  }
  return loading;
}
