// The strip of all images of the item, below the one that is looked at. The original is its first.
import { onChange, onTake } from "../hand.js";
import { byId, find } from "../../page.js";
import { gettext } from "../../words.js";
import { drawVerdict, nameOf } from "./frames.js";
import { isSingle } from "./view.js";

/** @typedef {import("../bundle.js").Bundle} Bundle */

const strip = byId("stage-strip", HTMLElement);
const model = byId("strip-model", HTMLTemplateElement);
let isBuilt = false;

onTake(() => { isBuilt = false; });

onChange((bundle) => {
  if (!isSingle()) return;
  if (!isBuilt) build(bundle);
  bundle.marks.forEach((mark, index) => draw(bundle, mark, index));
});

/** @param {Bundle} bundle */
function build({ item }) {
  isBuilt = true;
  const pictures = [item.source, ...item.candidates.map(({ picture }) => picture)];
  while (strip.children.length > pictures.length) strip.lastElementChild?.remove();
  while (strip.children.length < pictures.length) strip.append(thumb(strip.children.length - 1));
  pictures.forEach((picture, at) => {
    const image = find(strip.children[at], "img", HTMLImageElement);
    image.hidden = !picture;
    if (picture) image.src = picture.url;
  });
}

// Index -1 is the original: to see it is to compare, so its thumb says what it is and holds nothing to press.
/** @param {number} index */
function thumb(index) {
  const node = /** @type {HTMLElement} */ (model.content.firstElementChild?.cloneNode(true));
  const button = find(node, "button", HTMLButtonElement);
  if (index >= 0) {
    Object.assign(button.dataset, { action: "pick", index });
    return node;
  }
  const still = document.createElement("span");
  still.className = "thumb thumb--still";
  still.append(...button.children);
  button.replaceWith(still);
  const name = node.querySelector("[data-name]");
  if (name) name.textContent = gettext("Original");
  return node;
}

/** @param {Bundle} bundle @param {import("../bundle.js").Mark} mark @param {number} index */
function draw(bundle, { verdict }, index) {
  const node = /** @type {HTMLElement} */ (strip.children[index + 1]);
  const isCurrent = index === bundle.index;
  const button = node.querySelector("button");
  if (isCurrent) button?.setAttribute("aria-current", "true");
  else button?.removeAttribute("aria-current");
  const picture = bundle.item.candidates[index].picture;
  const name = node.querySelector("[data-name]");
  if (name) name.textContent = nameOf(bundle, index, picture);
  drawVerdict(node, verdict);
  const best = find(node, "[data-best]", HTMLElement);
  best.hidden = bundle.best !== index;
  if (isCurrent) reveal(node);
}

// Only the strip scrolls, never the page.
/** @param {HTMLElement} node */
function reveal({ offsetLeft, offsetWidth }) {
  const { scrollLeft, clientWidth } = strip;
  if (offsetLeft < scrollLeft) strip.scrollLeft = offsetLeft;
  else if (offsetLeft + offsetWidth > scrollLeft + clientWidth) strip.scrollLeft = offsetLeft + offsetWidth - clientWidth;
}
