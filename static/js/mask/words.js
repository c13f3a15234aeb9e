// What the page of a mask says.
import { byId } from "../page.js";
import { fill, gettext, number } from "../words.js";

const status = byId("mask-status", HTMLElement);
const SENTENCES = {
  size: gettext("%(size)s pixels"),
  tool: gettext("%(tool)s, %(size)s pixels wide"),
  rectangle: gettext("Rectangle from %(left)s %, %(top)s % to %(right)s %, %(bottom)s %"),
  corner: gettext("First corner set. Move with the arrows, then press Enter."),
  line: gettext("Line begun. Move with the arrows; Enter ends it."),
  painted: gettext("Painted. The mask covers %(share)s % of the photo."),
  erased: gettext("Erased. The mask covers %(share)s % of the photo."),
  cursor: gettext("%(x)s % from the left, %(y)s % from the top, %(where)s"),
  inside: gettext("product"),
  outside: gettext("scene"),
  undone: gettext("Undone"),
  redone: gettext("Done again"),
  "nothing-undone": gettext("There is nothing to undo."),
  "nothing-redone": gettext("There is nothing to do again."),
  waiting: gettext("The product is being cut out. You can go on drawing."),
  proposed: gettext("Here is a proposal. Correct it with brush and eraser, then save the mask."),
  uploading: gettext("The mask is being checked."),
  uploaded: gettext("The file is a mask of this photo. Look at it over the photo, then save it."),
  restored: gettext("What you had drawn and not saved is back."),
  lost: gettext("What you had started from is not there any more. Your strokes are."),
  hidden: gettext("The mask is hidden."),
  shown: gettext("The mask is shown."),
  unknown: gettext("Draw a rectangle around the product first."),
  full: gettext("These are as many strokes as one mask can have. Save it, then go on."),
  fine: gettext("Nothing looks wrong."),
  zoom: gettext("%(zoom)s % of the fitted size"),
  saving: gettext("The mask is being saved."),
  unreachable: gettext("The server did not answer. What you have drawn is kept; try again in a moment."),
  "signed-out": gettext("You have been signed out. Sign in in another tab, then save again: what you have drawn is kept."),
};

/** @typedef {keyof typeof SENTENCES} Sentence */
/** @typedef {Record<string, string | number>} Values */

/** @param {Sentence} name @param {Values} values @returns {string} */
export function sentence(name, values = {}) {
  return fill(SENTENCES[name], values);
}

/** @param {Sentence} name @param {Values} [values] */
export function tell(name, values) {
  status.textContent = sentence(name, values);
}

/** @param {string} text */
export function warn(text) {
  document.dispatchEvent(new CustomEvent("canvas:toast", { detail: { text, level: "error" } }));
}

/** @param {number} share @returns {string} the share in percent, without its sign */
export const percent = (share) => number(share * 100, { maximumFractionDigits: 1 });
