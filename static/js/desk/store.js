// What the desk must not forget, in the browser's own database, a database for each reviewer. Where there is none (some
// private windows) it is kept by the page for as long as it is open.

/** @typedef {"unsent" | "drafts"} Shelf */
/**
 * @typedef {object} Store
 * @property {boolean} lasts whether it outlives the page
 * @property {(shelf: Shelf) => Promise<any[]>} all
 * @property {(shelf: Shelf, value: object) => Promise<unknown>} put what has the same key is replaced
 * @property {(shelf: Shelf, key: string) => Promise<unknown>} remove
 */

/** @type {Record<Shelf, string>} */
export const KEYS = { unsent: "key", drafts: "item" };

const PATIENCE_MS = 2_000;

/** Opens the store of one reviewer. @param {string} reviewer their handle @returns {Promise<Store>} */
export async function openStore(reviewer) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE_MS));
  try {
    return lasting(await Promise.race([openDatabase(`canvas-desk-${reviewer}`), late]));
  } catch {
    return passing();
  }
}

/** A store that lives as long as the page. @returns {Store} */
export function passing() {
  /** @type {Record<Shelf, Map<string, object>>} */
  const shelves = { unsent: new Map(), drafts: new Map() };
  return {
    lasts: false,
    all: async (shelf) => [...shelves[shelf].values()],
    put: async (shelf, value) => void shelves[shelf].set(keyOf(shelf, value), structuredClone(value)),
    remove: async (shelf, key) => void shelves[shelf].delete(key),
  };
}

/** @param {Shelf} shelf @param {object} value @returns {string} */
function keyOf(shelf, value) {
  return /** @type {Record<string, string>} */ (value)[KEYS[shelf]];
}

/** @param {string} name @returns {Promise<IDBDatabase>} */
function openDatabase(name) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => {
      for (const [shelf, keyPath] of Object.entries(KEYS)) opening.result.createObjectStore(shelf, { keyPath });
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
    opening.onblocked = () => reject(new Error("blocked"));
  });
}

/** @param {IDBDatabase} database @returns {Store} */
function lasting(database) {
  // Transactions on one shelf run in the order in which they were made: a removal never overtakes what it removes.
  /**
   * @template Answer
   * @param {Shelf} shelf @param {IDBTransactionMode} mode @param {(kept: IDBObjectStore) => IDBRequest<Answer>} act
   * @returns {Promise<Answer>}
   */
  const run = (shelf, mode, act) => new Promise((resolve, reject) => {
    const transaction = database.transaction(shelf, mode);
    const asked = act(transaction.objectStore(shelf));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = () => reject(transaction.error);
  });
  database.onversionchange = () => database.close();
  return {
    lasts: true,
    all: (shelf) => run(shelf, "readonly", (kept) => kept.getAll()),
    put: (shelf, value) => run(shelf, "readwrite", (kept) => kept.put(value)),
    remove: (shelf, key) => run(shelf, "readwrite", (kept) => kept.delete(key)),
  };
}
