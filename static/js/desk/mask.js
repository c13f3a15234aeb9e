// The panel "the mask is wrong": a comment, and places shown on the original. Knows nothing of the network.
import { MOST_PLACES } from "./bundle.js";
import { onTake } from "./hand.js";
import { original } from "./stage/frames.js";
import { draw, place, placing } from "./stage/placing.js";

const panel = /** @type {HTMLElement} */ (document.getElementById("desk-mask"));
const comment = /** @type {HTMLInputElement} */ (document.getElementById("desk-mask-comment"));
const hint = /** @type {HTMLElement} */ (document.getElementById("desk-mask-hint"));
const button = document.querySelector(".desk-foot [data-action=mask_wrong]");
/** @type {import("./bundle.js").Place[]} */
let marks = [];

/** @type {import("./stage/placing.js").Target} */
const target = {
  takes: (frame) => frame === original,
  frame: () => original,
  places: () => marks,
  add(one) {
    if (marks.length >= MOST_PLACES) return false;
    change([...marks, one]);
    return true;
  },
  remove: (index) => change(marks.filter((_, at) => at !== index)),
  leave: () => comment.focus({ preventScroll: true }),
};

// A new item: nothing is said of its mask yet.
onTake(() => {
  comment.value = "";
  change([]);
  show(false);
});

export function isOpen() {
  return !panel.hidden;
}

export function toggle() {
  show(Boolean(panel.hidden));
  if (isOpen()) comment.focus();
}

export function close() {
  show(false);
}

export function said() {
  return { comment: comment.value, marks };
}

/** @param {() => void} report */
export function onReport(report) {
  panel.addEventListener("submit", (event) => {
    event.preventDefault();
    report();
  });
}

panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});

/** @param {boolean} open */
function show(open) {
  const focused = document.activeElement;
  if (!open && focused instanceof HTMLElement && panel.contains(focused)) focused.blur();
  panel.hidden = !open;
  button?.setAttribute("aria-expanded", String(open));
  if (open) place(target);
  else if (placing() === target) place(null);
  draw(original, open ? marks : []);
}

/** @param {import("./bundle.js").Place[]} next */
function change(next) {
  marks = next;
  if (isOpen() && document.activeElement?.id !== "crosshair") comment.focus({ preventScroll: true }); // so that Enter reports
  const { some = "", none = "" } = hint.dataset;
  hint.textContent = marks.length ? some.replace("%n", String(marks.length)) : none;
}
