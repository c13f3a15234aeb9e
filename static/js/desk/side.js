// The panel beside the images: what the item is, what was asked about it before, the defects by number, and the comment.
import { define } from "./actions.js";
import { changed, inHand, onChange, onTake } from "./hand.js";
import { fill, gettext, ngettext } from "../words.js";

const CODES_A_PAGE = 9;
const NEARLY_FULL = 100; // characters left of the comment from which on they are counted
const AXES = ["product", "scene"];
const byId = (id) => document.getElementById(id);
const comment = byId("desk-comment");
const list = byId("desk-codes");
let page = 0;

/** The defects that the number keys name now. @param {import("./bundle.js").Bundle} bundle */
export function shownCodes({ item }) {
  return item.codes.slice(page * CODES_A_PAGE, (page + 1) * CODES_A_PAGE);
}

/** Whether a reject waits for its reason. @param {boolean} asking */
export function ask(asking) {
  byId("desk").toggleAttribute("data-asking", asking);
  byId("desk-codes-hint").textContent = asking
    ? gettext("Why? Press the number of the defect.")
    : gettext("Press a number for each defect, then reject.");
}

onTake(({ item }) => {
  page = 0;
  // Nobody goes on writing about the next item what was meant for the last.
  if (document.activeElement === comment) comment.blur();
  drawAnswers(item.answers ?? []);
  byId("desk-product").textContent = item.product;
  byId("desk-prompt").textContent = item.prompt;
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
    const pages = Math.ceil(inHand().item.codes.length / CODES_A_PAGE);
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
  const node = byId("desk-comment-room");
  const text = room > NEARLY_FULL ? "" : fill(ngettext("%(n)s character left", "%(n)s characters left", room), { n: room });
  if (node.textContent !== text) node.textContent = text;
}

// What an admin has answered to questions about this item.
function drawAnswers(answers) {
  const node = byId("desk-answers");
  node.hidden = !answers.length;
  node.replaceChildren(...answers.map(({ question, answer }) => {
    const note = byId("answer-model").content.firstElementChild.cloneNode(true);
    note.querySelector("[data-question]").textContent = question;
    note.querySelector("[data-answer]").textContent = answer;
    return note;
  }));
}

function drawCodes(bundle) {
  const shown = shownCodes(bundle);
  const wanted = shown.map(({ key }) => key).join();
  if (list.dataset.shown !== wanted) {
    list.dataset.shown = wanted;
    list.replaceChildren(...AXES.flatMap((axis) => groupNode(axis, shown)));
    byId("desk-codes-more").hidden = bundle.item.codes.length <= CODES_A_PAGE;
  }
  for (const button of list.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(bundle.current.codes.has(button.dataset.key)));
  }
}

// The codes of one axis; the number of a code is its place among all that are shown.
function groupNode(axis, shown) {
  const mine = shown.map((code, index) => ({ code, index })).filter(({ code }) => code.axis === axis);
  if (!mine.length) return [];
  const node = byId(`codes-of-${axis}`).content.firstElementChild.cloneNode(true);
  node.querySelector("ul").append(...mine.map(({ code, index }) => codeNode(code, index)));
  return [node];
}

function codeNode({ key, label, help }, index) {
  const node = byId("code-model").content.firstElementChild.cloneNode(true);
  const button = node.firstElementChild;
  Object.assign(button.dataset, { action: "code", index, key });
  button.title = help;
  button.setAttribute("aria-keyshortcuts", String(index + 1));
  button.querySelector("kbd").textContent = String(index + 1);
  button.querySelector("span").textContent = label;
  return node;
}
