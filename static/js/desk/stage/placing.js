// Showing places on a picture, a point by a tap and a box by a drag; tapping a place again removes it. What is marked,
// and where it is kept, is up to the target: an image that is judged, or the original with a wrong mask.
import { announce } from "../status.js";
import { byId } from "../../page.js";
import { fill, gettext } from "../../words.js";
import { percent } from "./percent.js";
import { boxBetween, isBox, isInside, middleOf, nearest, pointAt } from "./shares.js";
import { add as addShape } from "./svg.js";

/** @typedef {import("../api.js").Place} Place */
/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {{ x: number, y: number }} Share */
/**
 * @typedef {object} Target
 * @property {(frame: Frame) => boolean} takes whether places may be shown on this frame; if so, it is the one from now on
 * @property {() => Frame} frame the one that the crosshair is on
 * @property {() => Place[]} places
 * @property {(place: Place) => boolean} add false when there are as many as may be
 * @property {(index: number) => void} remove
 * @property {() => void} leave
 */

const REACH = 12; // pixels of the screen
const stage = byId("desk-stage", HTMLElement);
/** @type {(() => void)[]} */
const listeners = [];
/** @type {Target | null} */
let target = null;

/** Called when placing begins or ends. @param {() => void} callback */
export const onPlacing = (callback) => listeners.push(callback);

export function placing() {
  return target;
}

/** @param {Target | null} next null: no more */
export function place(next) {
  target = next;
  stage.toggleAttribute("data-placing", Boolean(next));
  for (const callback of listeners) callback();
}

/** @param {Frame | undefined} frame @param {Share} share */
export function takes(frame, share) {
  return Boolean(frame && target?.takes(frame) && isInside(share));
}

/** A point, or the removal of the place that is there. @param {Share} share @returns {Place | null} the new one */
export function tap(share) {
  if (!target) return null;
  const there = nearest(target.places(), share, reach());
  if (there < 0) return put(pointAt(share));
  removeAt(there);
  return null;
}

/** @param {Share} from @param {Share} to */
export function drop(from, to) {
  return put(boxBetween(from, to));
}

/** Removes the place at `share`, else the last one. @param {Share} share */
export function removeNear(share) {
  if (!target) return;
  const places = target.places();
  const there = nearest(places, share, reach());
  if (places.length) removeAt(there < 0 ? places.length - 1 : there);
}

/** Shows what is being drawn. @param {Share} from @param {Share} to */
export function stretch(from, to) {
  if (target) draw(target.frame(), target.places(), boxBetween(from, to));
}

export function redraw() {
  if (target) draw(target.frame(), target.places());
}

/** @param {Place} place */
function put(place) {
  if (!target) return null;
  const isAdded = target.add(place);
  redraw();
  const { x, y } = middleOf(place);
  const said = isBox(place) ? gettext("Box at %(x)s from the left, %(y)s from the top") : gettext("Point at %(x)s from the left, %(y)s from the top");
  const full = gettext("No more places can be shown on this image");
  announce(isAdded ? fill(said, { x: percent(x), y: percent(y) }) : full);
  return isAdded ? place : null;
}

/** @param {number} index */
export function removeAt(index) {
  target?.remove(index);
  redraw();
  announce(fill(gettext("Place removed, %(n)s left"), { n: target?.places().length ?? 0 }));
}

function reach() {
  const { width, height } = /** @type {Target} */ (target).frame().notes.getBoundingClientRect();
  return { x: REACH / Math.max(width, 1), y: REACH / Math.max(height, 1) };
}

/** @param {Frame} frame @param {Place[]} places @param {Place} [draft] */
export function draw({ places: layer }, places, draft) {
  layer.replaceChildren();
  const drawn = draft ? [...places, draft] : places;
  for (const one of drawn) {
    const isDraft = one === draft ? " mark--draft" : "";
    if (isBox(one)) {
      const { x, y, width = 0, height = 0 } = one;
      for (const name of ["mark-box mark-box--halo", "mark-box"]) addShape(layer, "rect", { class: name + isDraft, x, y, width, height });
    } else {
      for (const name of ["mark mark--halo", "mark"]) addShape(layer, "path", { class: name + isDraft, d: `M${one.x} ${one.y}h0` });
    }
  }
}
