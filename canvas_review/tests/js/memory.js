// A browser's session storage, for modules that keep something there: `full` refuses to keep, `refused` all access.
/** @param {{ full?: boolean, refused?: boolean }} how */
export function useStorage({ full = false, refused = false } = {}) {
  const kept = new Map();
  const open = () => {
    if (refused) throw new Error("access is denied");
  };
  globalThis.sessionStorage = {
    getItem: (key) => (open(), kept.get(key) ?? null),
    setItem(key, value) {
      open();
      if (full) throw new Error("the quota is exceeded");
      kept.set(key, value);
    },
    removeItem: (key) => (open(), void kept.delete(key)),
  };
  return kept;
}
