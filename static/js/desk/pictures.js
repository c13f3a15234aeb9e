// Pictures are fetched and decoded before they are needed, and kept only while their item is near.
const PATIENCE_MS = 10_000;
const ready = new Map();

// Done when every picture can be drawn at once, or after ten seconds: a picture that hangs must not hold the item back.
export function prepare(item) {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  return Promise.race([Promise.all(urls(item).map(load)), late]);
}

export function forget(item) {
  for (const url of urls(item)) ready.delete(url);
}

function urls(item) {
  return [item.source, ...item.candidates.map(({ picture }) => picture)].filter(Boolean).map(({ url }) => url);
}

function load(url) {
  if (!ready.has(url)) {
    const image = new Image();
    image.src = url;
    // The frame of a picture that cannot be decoded says so (view.js); the item can still be skipped.
    ready.set(url, image.decode().catch(() => {}).then(() => image));
  }
  return ready.get(url);
}
