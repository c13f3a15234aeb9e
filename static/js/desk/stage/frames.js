// The frames of the original and the siblings. They stay from item to item; only their pictures and state change, so
// that nothing ever jumps.
import { byId, find } from "../../page.js";
import { fill, gettext } from "../../words.js";
import { inHand, onChange, onTake } from "../hand.js";
import { Frame } from "./frame.js";

const siblings = byId("siblings", HTMLElement);
const model = byId("sibling-model", HTMLTemplateElement);
/** @type {Record<string, string>} */
const WORDS = { approve: gettext("approved"), reject: gettext("rejected") };

/** @typedef {import("../bundle.js").Bundle} Bundle */
/** @typedef {import("../api.js").Picture} Picture */

/** The frame of the original. */
export const original = new Frame(find(siblings, "[data-original]", HTMLElement));

/** @type {Frame[]} */
const pool = [];
let count = 0;

/** The frames of the siblings, in their order. */
export function candidates() {
  return pool.slice(0, count);
}

export function all() {
  return [original, ...candidates()];
}

/** The frame of the sibling that is judged now. */
export function current() {
  return pool[inHand()?.index ?? 0] ?? original;
}

/** @param {Node | null} node @returns {Frame | undefined} */
export function frameOf(node) {
  return all().find((frame) => frame.node.contains(node));
}

onTake(({ item }) => {
  original.show(item.source);
  count = item.candidates.length;
  item.candidates.forEach(({ picture }, index) => {
    pool[index] ??= newFrame(index);
    pool[index].show(picture);
    if (!pool[index].node.isConnected) siblings.append(pool[index].node);
  });
  for (const { node } of pool.slice(count)) node.remove();
});

onChange((bundle) => candidates().forEach((frame, index) => drawSibling(frame, bundle, index)));

/** @param {number} index */
function newFrame(index) {
  const node = /** @type {HTMLElement} */ (model.content.firstElementChild?.cloneNode(true));
  find(node, "[data-number]", HTMLElement).textContent = String(index + 1);
  find(node, "button", HTMLElement).dataset.index = String(index);
  return new Frame(node);
}

/** @param {Frame} frame @param {Bundle} bundle @param {number} index */
function drawSibling({ node, picture }, bundle, index) {
  const { verdict, codes } = bundle.marks[index];
  const isCurrent = index === bundle.index;
  find(node, "button", HTMLElement).setAttribute("aria-current", String(isCurrent));
  node.classList.toggle("sibling--current", isCurrent);
  drawVerdict(node, verdict);
  find(node, "[data-best]", HTMLElement).hidden = bundle.best !== index;
  const labels = bundle.item.codes.filter(({ key }) => codes.has(key)).map(({ label }) => label);
  find(node, "[data-codes]", HTMLElement).textContent = labels.join(", ");
  find(node, "[data-state]", HTMLElement).textContent = nameOf(bundle, index, picture);
}

/** Which of the signs of a verdict is to be seen. @param {HTMLElement} node @param {import("../bundle.js").Said} verdict */
export function drawVerdict(node, verdict) {
  for (const mark of node.querySelectorAll("[data-verdict]")) {
    if (mark instanceof HTMLElement) mark.hidden = mark.dataset.verdict !== verdict;
  }
}

/** What a screen reader says of a sibling. @param {Bundle} bundle @param {number} index @param {Picture | null} picture */
export function nameOf(bundle, index, picture) {
  const state = WORDS[bundle.marks[index].verdict ?? ""] ?? gettext("not marked");
  return `${picture ? picture.alt : index + 1}, ${state}`;
}

/** How a screen reader hears where one is. @param {Bundle} bundle */
export function position(bundle) {
  return fill(gettext("Image %(n)s of %(total)s, %(state)s"), {
    n: bundle.index + 1, total: bundle.marks.length, state: WORDS[bundle.current.verdict ?? ""] ?? gettext("not marked"),
  });
}
