// The panel beside the images: what the item is, the defects by number, and the comment.
import { define } from "./actions.js";
import { changed, inHand, onChange, onTake } from "./hand.js";
import { gettext } from "../words.js";

const CODES_A_PAGE = 9;
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
  byId("desk-product").textContent = item.product;
  byId("desk-prompt").textContent = item.prompt;
});

onChange((bundle) => {
  drawCodes(bundle);
  if (document.activeElement !== comment) comment.value = bundle.current.comment;
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
});

function drawCodes(bundle) {
  const shown = shownCodes(bundle);
  const known = [...list.children].map(({ dataset }) => dataset.key).join();
  if (known !== shown.map(({ key }) => key).join()) {
    list.replaceChildren(...shown.map(codeNode));
    byId("desk-codes-more").hidden = bundle.item.codes.length <= CODES_A_PAGE;
  }
  for (const node of list.children) {
    node.firstElementChild.setAttribute("aria-pressed", String(bundle.current.codes.has(node.dataset.key)));
  }
}

function codeNode({ key, label, help }, index) {
  const node = byId("code-model").content.firstElementChild.cloneNode(true);
  const button = node.firstElementChild;
  node.dataset.key = key;
  Object.assign(button.dataset, { action: "code", index });
  button.title = help;
  button.querySelector("kbd").textContent = String(index + 1);
  button.querySelector("span").textContent = label;
  return node;
}
