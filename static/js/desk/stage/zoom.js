// One viewport for all frames: how closely and where they are looked at.
import { define } from "../actions.js";
import { inHand, onChange, onTake } from "../hand.js";
import { all, current, original } from "./frames.js";
import { percent } from "./percent.js";
import { remember, remembered } from "./remembered.js";
import { FIT, held, magnificationOf, moved, revealing, scaleOf, toggled, zoomed } from "./viewport.js";
import { byId } from "../../page.js";

/** @typedef {import("./viewport.js").Viewport} Viewport */

const STEP = 1.25;
const PAN_SHARE = 0.15; // of the lens for a key
const siblings = byId("siblings", HTMLElement);
const stage = byId("desk-stage", HTMLElement);
const readout = byId("stage-zoom", HTMLElement);
const size = byId("stage-size", HTMLElement);
const button = stage.querySelector(".stage-bar [data-action=zoom]");
/** @type {(() => void)[]} */
const listeners = [];
let wished = sane(remembered("viewport"));
let isDue = false;

/** Called after every change of the viewport or of the frames' size. @param {() => void} callback */
export const onLook = (callback) => listeners.push(callback);

/** What the eye has before it: of the current frame, or another one. @param {import("./frame.js").Frame} [frame] */
export function sight({ lens, picture } = current()) {
  const { width, height } = picture ?? original.picture ?? { width: 1, height: 1 };
  const room = { width: Math.max(lens.clientWidth, 1), height: Math.max(lens.clientHeight, 1) };
  return { lens: room, picture: { width, height }, density: devicePixelRatio };
}

/** The viewport as it is shown: what is wished, within the limits of the current picture. */
export function viewport() {
  return held(wished, sight());
}

/** @param {Viewport} next */
export function look(next) {
  wished = next;
  remember("viewport", next);
  apply();
}

/** @param {number} factor @param {{ x: number, y: number }} [at] pixels from the middle of the lens */
export const zoom = (factor, at) => look(zoomed(viewport(), sight(), factor, at));

/** @param {{ x: number, y: number }} [at] */
export const toggle = (at) => look(toggled(viewport(), sight(), at));

/** @param {number} dx @param {number} dy */
export const move = (dx, dy) => look(moved(viewport(), sight(), dx, dy));

/** Moves the view so that `share` is in it. @param {{ x: number, y: number }} share */
export function reveal(share) {
  if (wished.magnification !== null) look(revealing(viewport(), sight(), share));
}

function apply() {
  if (!inHand()) return;
  const isFit = wished.magnification === null;
  const { x, y } = isFit ? FIT : viewport();
  const scale = isFit ? 1 : scaleOf(viewport(), sight());
  const transform = isFit ? "" : `scale(${scale}) translate(${(0.5 - x) * 100}%, ${(0.5 - y) * 100}%)`;
  for (const frame of all()) frame.move(transform);
  siblings.style.setProperty("--scale", String(scale));
  stage.toggleAttribute("data-zoomed", scale > 1);
  button?.setAttribute("aria-pressed", String(!isFit && viewport().magnification === 1));
  tellSoon();
}

// What needs measuring waits for the next frame: the pictures come first.
function tellSoon() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    if (!inHand()) return;
    const { picture } = sight();
    const magnification = magnificationOf(viewport(), sight());
    for (const callback of listeners) callback();
    readout.textContent = percent(magnification); // written last: whoever measures has measured
    size.textContent = current().picture ? `${picture.width} × ${picture.height}` : "";
  });
}

/** What was kept by another version of the page, or by hand, must not break this one. @param {any} kept @returns {Viewport} */
function sane(kept) {
  const isViewport = kept && [kept.x, kept.y].every(Number.isFinite) && kept.magnification > 0;
  return isViewport ? { magnification: kept.magnification, x: kept.x, y: kept.y } : { ...FIT };
}

/** @type {(x: number, y: number) => () => void} */
const pan = (x, y) => () => {
  const { lens } = sight();
  move(x * lens.width * PAN_SHARE, y * lens.height * PAN_SHARE);
};

define({
  zoom: () => toggle(),
  zoom_in: () => zoom(STEP),
  zoom_out: () => zoom(1 / STEP),
  pan_left: pan(1, 0),
  pan_right: pan(-1, 0),
  pan_up: pan(0, 1),
  pan_down: pan(0, -1),
});

let shown = "";
onTake(() => { shown = ""; });
onChange((bundle) => {
  const now = `${bundle.index} ${stage.dataset.view}`;
  if (now === shown) return;
  shown = now;
  apply();
});
new ResizeObserver(apply).observe(siblings);
