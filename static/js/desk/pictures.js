// Pictures are fetched and decoded before they are needed, and kept only while their item is near.
const ready = new Map();

export function prepare(item) {
  const urls = [item.source, ...item.candidates.map(({ picture }) => picture)].filter(Boolean).map(({ url }) => url);
  return Promise.all(urls.map(load));
}

export function forget(item) {
  for (const { picture } of item.candidates) if (picture) ready.delete(picture.url);
}

function load(url) {
  if (!ready.has(url)) {
    const image = new Image();
    image.src = url;
    // A picture that cannot be decoded shows its alternative text; the item can still be skipped.
    ready.set(url, image.decode().catch(() => {}).then(() => image));
  }
  return ready.get(url);
}
