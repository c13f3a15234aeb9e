// The panel beside the images: what the item is, what was asked about it before, the defects by number, and the comment.
import { define } from "./actions.js";
import { bundleInHand, changed, inHand, onChange, onTake } from "./hand.js";
import { byId, find, findAll } from "../page.js";
import { fill, gettext, ngettext } from "../words.js";

/** @typedef {import("./api.js").Axis} Axis */
/** @typedef {import("./api.js").Code} Code */
/** @typedef {import("./bundle.js").Bundle} Bundle */

const CODES_A_PAGE = 9;
const NEARLY_FULL = 100; // characters left of the comment from which on they are counted
/** @type {Axis[]} */
const AXES = ["product", "scene"];
const part = (/** @type {string} */ id) => byId(id, HTMLElement);
const comment = byId("desk-comment", HTMLTextAreaElement);
const list = part("desk-codes");
let page = 0;

/** The defects that the number keys name now. @param {Bundle} bundle */
export function shownCodes({ item }) {
  return item.codes.slice(page * CODES_A_PAGE, (page + 1) * CODES_A_PAGE);
}

/** Whether a reject waits for its reason. @param {boolean} asking */
export function ask(asking) {
  part("desk").toggleAttribute("data-asking", asking);
  part("desk-codes-hint").textContent = asking
    ? gettext("Why? Press the number of the defect.")
    : gettext("Press a number for each defect, then reject.");
}

onTake(({ item }) => {
  page = 0;
  // Nobody goes on writing about the next item what was meant for the last.
  if (document.activeElement === comment) comment.blur();
  drawAnswers(item.answers ?? []);
  part("desk-product").textContent = item.product;
  part("desk-prompt").textContent = item.prompt;
});

onChange((bundle) => {
  drawCodes(bundle);
  if (document.activeElement !== comment || comment.dataset.of !== String(bundle.index)) {
    comment.value = bundle.current.comment;
    comment.dataset.of = String(bundle.index);
  }
  drawRoom();
});

define({
  more() {
    const pages = Math.ceil(bundleInHand().item.codes.length / CODES_A_PAGE);
    page = (page + 1) % pages;
    changed();
  },
  comment: () => comment.focus(),
});

comment.addEventListener("input", () => {
  const bundle = inHand();
  if (bundle) bundle.current.comment = comment.value;
  drawRoom();
});

function drawRoom() {
  const room = comment.maxLength - comment.value.length;
  const node = part("desk-comment-room");
  const text = room > NEARLY_FULL ? "" : fill(ngettext("%(n)s character left", "%(n)s characters left", room), { n: room });
  if (node.textContent !== text) node.textContent = text;
}

/** What an admin has answered to questions about this item. @param {import("./api.js").Answered[]} answers */
function drawAnswers(answers) {
  const node = part("desk-answers");
  node.hidden = !answers.length;
  node.replaceChildren(...answers.map(({ question, answer }) => {
    const note = copyOf("answer-model");
    find(note, "[data-question]", HTMLElement).textContent = question;
    find(note, "[data-answer]", HTMLElement).textContent = answer;
    return note;
  }));
}

/** @param {Bundle} bundle */
function drawCodes(bundle) {
  const shown = shownCodes(bundle);
  const wanted = shown.map(({ key }) => key).join();
  if (list.dataset.shown !== wanted) {
    list.dataset.shown = wanted;
    list.replaceChildren(...AXES.flatMap((axis) => groupNode(axis, shown)));
    part("desk-codes-more").hidden = bundle.item.codes.length <= CODES_A_PAGE;
  }
  for (const button of findAll(list, "button", HTMLButtonElement)) {
    button.setAttribute("aria-pressed", String(bundle.current.codes.has(button.dataset.key ?? "")));
  }
}

/** The codes of one axis; the number of a code is its place among all that are shown. @param {Axis} axis @param {Code[]} shown */
function groupNode(axis, shown) {
  const mine = shown.map((code, index) => ({ code, index })).filter(({ code }) => code.axis === axis);
  if (!mine.length) return [];
  const node = copyOf(`codes-of-${axis}`);
  find(node, "ul", HTMLElement).append(...mine.map(({ code, index }) => codeNode(code, index)));
  return [node];
}

/** @param {Code} code @param {number} index */
function codeNode({ key, label, help }, index) {
  const node = copyOf("code-model");
  const button = find(node, "button", HTMLButtonElement);
  Object.assign(button.dataset, { action: "code", index, key });
  button.title = help;
  button.setAttribute("aria-keyshortcuts", String(index + 1));
  find(button, "kbd", HTMLElement).textContent = String(index + 1);
  find(button, "span", HTMLElement).textContent = label;
  return node;
}

/** What the template with this id holds, once more. @param {string} id @returns {HTMLElement} */
function copyOf(id) {
  const { content } = byId(id, HTMLTemplateElement);
  return /** @type {HTMLElement} */ (content.firstElementChild?.cloneNode(true));
}
