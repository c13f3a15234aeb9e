// How a person looked at images last, kept in this browser: the view and the viewport.
const NAME = "desk-stage";
const LATER_MS = 400;
let timer = 0;
let kept = read();

function read() {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "{}") ?? {};
  } catch {
    return {}; // no storage, or not ours
  }
}

/** @param {string} name @returns {unknown} */
export function remembered(name) {
  return kept[name];
}

/** Written a little later: it may change with every movement of a hand. @param {string} name @param {unknown} value */
export function remember(name, value) {
  kept = { ...kept, [name]: value };
  clearTimeout(timer);
  timer = setTimeout(write, LATER_MS);
}

function write() {
  try {
    localStorage.setItem(NAME, JSON.stringify(kept));
  } catch {
    // A browser without storage forgets.
  }
}
addEventListener("pagehide", write);
