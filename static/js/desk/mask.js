// The panel "the mask is wrong": a comment, and places shown on the original.
import { MOST_PLACES } from "./bundle.js";
import * as clock from "./clock.js";
import { send } from "./course.js";
import { bundleInHand, onTake } from "./hand.js";
import { isOpen, panel } from "./panel.js";
import { original } from "./stage/frames.js";
import { draw, place, placing } from "./stage/placing.js";
import { byId } from "../page.js";
import { fill, gettext } from "../words.js";

const NAME = "mask_wrong";
const comment = byId("desk-mask-comment", HTMLInputElement);
const hint = byId("desk-mask-hint", HTMLElement);
/** @type {import("./api.js").Place[]} */
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
onTake(() => change([]));

panel(NAME, {
  opened() {
    place(target);
    draw(original, marks);
  },
  closed() {
    if (placing() === target) place(null);
    draw(original, []);
  },
  sent: (fields) => send(bundleInHand().report(NAME, { comment: fields.get("comment"), marks }, clock.lap())),
});

/** @param {import("./api.js").Place[]} next */
function change(next) {
  marks = next;
  // The comment has the focus, so that Enter reports; unless places are shown by keyboard.
  if (isOpen(NAME) && document.activeElement?.id !== "crosshair") comment.focus({ preventScroll: true });
  hint.textContent = marks.length
    ? fill(gettext("Places shown: %(n)s. Click one again to remove it."), { n: marks.length })
    : gettext("Click on the original to show where.");
}
