// How the siblings stand on the stage: all of them, one as large as can be, or one beside the original.
import { define } from "../actions.js";
import { changed, inHand, onChange } from "../hand.js";
import { columnsFor } from "./arrangement.js";
import { original } from "./frames.js";
import { remember, remembered } from "./remembered.js";
import { byId } from "../../page.js";

const VIEWS = ["grid", "one", "pair"];
const desk = byId("desk", HTMLElement);
const stage = byId("desk-stage", HTMLElement);
const siblings = byId("siblings", HTMLElement);
const foot = /** @type {HTMLElement | null} */ (desk.querySelector(".desk-foot"));
const buttons = [...stage.querySelectorAll(".stage-bar [data-action=view]")];
let view = VIEWS.includes(String(remembered("view"))) ? String(remembered("view")) : "grid";
draw();

function draw() {
  stage.dataset.view = view;
  buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(VIEWS[index] === view)));
}

/** Whether the images are seen one at a time. */
export function isSingle() {
  return view !== "grid";
}

function arrange() {
  const bundle = inHand();
  if (!bundle) return;
  const count = { grid: bundle.marks.length + 1, one: 1, pair: 2 }[view] ?? 1;
  const { width, height } = original.picture ?? { width: 1, height: 1 };
  const room = { width: siblings.clientWidth, height: Math.min(siblings.clientHeight, roomBelow()) };
  const columns = columnsFor(count, room, width / height);
  siblings.style.setProperty("--columns", String(columns));
}

// On a small screen the page scrolls, so the window says how much there is for the images: without the bar of the page
// above them and the buttons that stay below them.
function roomBelow() {
  const above = desk.getBoundingClientRect().top + scrollY;
  const below = foot ? foot.offsetHeight : 0;
  desk.style.setProperty("--around-stage", `${above + below}px`);
  return Math.max(innerHeight - above - below, 1);
}

define({
  view({ index }) {
    view = VIEWS[index ?? NaN] ?? VIEWS[(VIEWS.indexOf(view) + 1) % VIEWS.length];
    remember("view", view);
    draw();
    arrange();
    changed();
  },
});

// To measure costs a layout, before the next pictures are painted: it is done for another shape or number only.
let arranged = "";
onChange((bundle) => {
  const { width, height } = bundle.item.source ?? { width: 1, height: 1 };
  const now = [view, bundle.marks.length, width / height].join();
  if (now !== arranged) arrange();
  arranged = now;
});
new ResizeObserver(arrange).observe(siblings);
if (foot) new ResizeObserver(arrange).observe(foot);
