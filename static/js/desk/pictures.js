// Pictures are fetched and decoded before they are needed, and kept only while their item is near.
const PATIENCE_MS = 10_000;
/** @type {Map<string, Promise<HTMLImageElement>>} */
const loading = new Map();
/** @type {Map<string, HTMLImageElement>} */
const decoded = new Map();

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
  for (const url of urls(item)) {
    loading.delete(url);
    decoded.delete(url);
  }
}

/** The elements of an item's pictures that are prepared. @param {Item} item */
export function preparedOf(item) {
  return urls(item).flatMap((url) => decoded.get(url) ?? []);
}

/** The element of a picture that is prepared: it can be painted at once. @param {string} url */
export function ready(url) {
  return decoded.get(url);
}

/** @param {Item} item @returns {string[]} */
function urls(item) {
  return [item.source, ...item.candidates.map(({ picture }) => picture)].flatMap((picture) => picture?.url ?? []);
}

/** @param {string} url */
function load(url) {
  if (!loading.has(url)) {
    const image = new Image();
    image.src = url;
    // The frame of a picture that cannot be decoded says so (stage/frame.js); the item can still be skipped.
    const done = image.decode().then(() => { if (loading.has(url)) decoded.set(url, image); }, () => {});
    loading.set(url, done.then(() => image));
  }
  return loading.get(url);
}
