// One tab at a time holds the desk of a reviewer. Where the browser has no locks every tab does, as the server allows.

const PATIENCE_MS = 2000; // a page that is just being reloaded still holds it for a moment

/**
 * Holds the desk, or answers false because another tab does.
 * @param {string} reviewer their handle @param {() => void} onLost another tab has taken it over
 * @param {{ steal?: boolean }} [how] @returns {Promise<boolean>}
 */
export function hold(reviewer, onLost, { steal = false } = {}) {
  const { locks } = navigator;
  if (!locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    let isHeld = false;
    const options = steal ? { steal } : { signal: AbortSignal.timeout(PATIENCE_MS) };
    const holding = () => {
      isHeld = true;
      resolve(true);
      return new Promise(() => {}); // until the page is gone or another tab steals it
    };
    locks.request(`canvas-desk-${reviewer}`, options, holding).catch(() => (isHeld ? onLost() : resolve(false)));
  });
}
