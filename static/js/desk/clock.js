// Active time: the page is visible and something was pressed or moved within the last half minute.
const IDLE_MS = 30_000;
let active = 0;
let whole = 0; // since the page was opened
let last = performance.now();
let seen = last;

function tick() {
  const now = performance.now();
  if (!document.hidden && now - seen < IDLE_MS) count(now - last);
  last = now;
}

/** @param {number} spent */
function count(spent) {
  active += spent;
  whole += spent;
}

for (const name of ["keydown", "pointerdown", "pointermove", "wheel"]) {
  document.addEventListener(name, () => { tick(); seen = performance.now(); }, { passive: true });
}
document.addEventListener("visibilitychange", tick);

// Milliseconds since the last call.
export function lap() {
  tick();
  const spent = Math.round(active);
  active = 0;
  return spent;
}

/** All active milliseconds since the page was opened. */
export function total() {
  tick();
  return whole;
}

export function isActive() {
  return !document.hidden && performance.now() - seen < IDLE_MS;
}
