// Product and scene of the current image, right or wrong: it follows from the named defects, and can be said without one.
import { define } from "./actions.js";
import { bundleInHand, changed, onChange } from "./hand.js";
import { announce } from "./status.js";
import { findAll } from "../page.js";
import { fill, gettext } from "../words.js";

/** @typedef {import("./api.js").Axis} Axis */

const NAMES = { product: gettext("Product"), scene: gettext("Scene") };
const buttons = findAll(document, "[data-axis]", HTMLButtonElement);

/** @param {Axis} axis */
function toggle(axis) {
  const bundle = bundleInHand();
  const wasRight = bundle.isRight(axis);
  bundle.toggleAxis(axis);
  changed();
  const isRight = bundle.isRight(axis);
  const follows = gettext("%(axis)s: wrong, because of a defect you named");
  const said = isRight ? gettext("%(axis)s: right") : gettext("%(axis)s: wrong");
  announce(fill(!wasRight && !isRight ? follows : said, { axis: NAMES[axis] }));
}

define({ product_axis: () => toggle("product"), scene_axis: () => toggle("scene") });

onChange((bundle) => {
  for (const button of buttons) {
    const isRight = bundle.isRight(/** @type {Axis} */ (button.dataset.axis));
    button.setAttribute("aria-pressed", String(!isRight));
    for (const node of findAll(button, "[data-right]", HTMLElement)) node.hidden = (node.dataset.right === "yes") !== isRight;
  }
});
