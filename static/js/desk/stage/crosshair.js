// Places by keyboard alone: arrows move a crosshair, Enter sets a point, and Enter again after moving makes it a box.
import { onChange } from "../hand.js";
import { announce } from "../status.js";
import { byId } from "../../page.js";
import { fill, gettext } from "../../words.js";
import { percent } from "./percent.js";
import { drop, onPlacing, placing, redraw, removeAt, removeNear, stretch, tap } from "./placing.js";
import { nudged } from "./shares.js";
import { reveal } from "./zoom.js";

const node = byId("crosshair", HTMLElement);
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 8; // pixels of the screen, so that zooming in makes the hand finer
const FAST = 5;
let at = { x: 0.5, y: 0.5 };
/** @type {{ x: number, y: number } | null} a point that may still become a box */
let open = null;

/** Puts the crosshair under the hand of who uses keys. */
export function focus() {
  node.focus({ preventScroll: true });
}

function follow() {
  const target = placing();
  node.hidden = !target;
  if (!target) return;
  const home = target.frame().notes;
  if (node.parentElement !== home) {
    const hadFocus = document.activeElement === node;
    open = null;
    home.append(node);
    if (hadFocus) focus();
  }
  put();
}

function put() {
  Object.assign(node.style, { left: `${at.x * 100}%`, top: `${at.y * 100}%` });
}

/** @param {[number, number]} direction @param {boolean} isFast */
function moveBy([x, y], isFast) {
  const target = placing();
  if (!target) return;
  const { width, height } = target.frame().notes.getBoundingClientRect();
  const step = STEP * (isFast ? FAST : 1);
  at = nudged(at, (x * step) / width, (y * step) / height);
  put();
  reveal(at);
  if (open) stretch(open, at);
  announce(fill(gettext("%(x)s from the left, %(y)s from the top"), { x: percent(at.x), y: percent(at.y) }));
}

function enter() {
  const target = placing();
  if (!target) return;
  if (!open) {
    open = tap(at) && at;
    return;
  }
  if (open.x !== at.x || open.y !== at.y) {
    removeAt(target.places().length - 1); // the point becomes the box
    drop(open, at);
  }
  open = null;
}

function remove() {
  open = null;
  removeNear(at);
}

function escape() {
  const isStretching = open && (open.x !== at.x || open.y !== at.y);
  open = null;
  if (isStretching) redraw();
  else placing()?.leave();
}

/** @type {Record<string, () => void>} */
const KEYS = {
  Enter: enter,
  Escape: escape,
  Delete: remove,
  Backspace: remove,
};

node.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key in ARROWS) moveBy(ARROWS[event.key], event.shiftKey);
  else if (event.key in KEYS) KEYS[event.key]();
  else return;
  event.preventDefault();
  event.stopPropagation(); // these keys mean something else elsewhere
});

onPlacing(() => {
  at = { x: 0.5, y: 0.5 };
  open = null;
  follow();
});
onChange(follow);

