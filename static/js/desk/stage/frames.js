// The frames of the original and the siblings: built once for an item, afterwards only their state changes, so that
// nothing ever jumps.
import { fill, gettext } from "../../words.js";
import { onChange, onTake } from "../hand.js";

const siblings = document.getElementById("siblings");
const model = document.getElementById("sibling-model");
const WORDS = { approve: gettext("approved"), reject: gettext("rejected") };

onTake((bundle) => {
  const { item } = bundle;
  setPicture(document.getElementById("desk-source"), item.source);
  siblings.querySelectorAll(".sibling:not(.sibling--source)").forEach((node) => node.remove());
  siblings.dataset.count = String(item.candidates.length + 1);
  item.candidates.forEach(({ picture }, index) => siblings.append(frame(picture, index)));
});

onChange((bundle) => {
  const nodes = [...siblings.querySelectorAll(".sibling:not(.sibling--source)")];
  nodes.forEach((node, index) => drawSibling(node, bundle, index));
});

function frame(picture, index) {
  const node = model.content.firstElementChild.cloneNode(true);
  setPicture(node.querySelector("img"), picture);
  node.querySelector("[data-number]").textContent = String(index + 1);
  Object.assign(node.querySelector("button").dataset, { action: "pick", index });
  return node;
}

function setPicture(image, picture) {
  const missing = image.closest("figure").querySelector("[data-missing]");
  missing.hidden = Boolean(picture);
  image.hidden = !picture;
  image.alt = picture ? picture.alt : "";
  if (!picture) return;
  image.onerror = () => { missing.hidden = false; };
  image.width = picture.width;
  image.height = picture.height;
  image.src = picture.url;
}

function drawSibling(node, bundle, index) {
  const { verdict, codes } = bundle.marks[index];
  const isCurrent = index === bundle.index;
  node.querySelector("button").setAttribute("aria-current", String(isCurrent));
  node.classList.toggle("sibling--current", isCurrent);
  for (const mark of node.querySelectorAll("[data-verdict]")) mark.hidden = mark.dataset.verdict !== verdict;
  node.querySelector("[data-best]").hidden = bundle.best !== index;
  const labels = bundle.item.codes.filter(({ key }) => codes.has(key)).map(({ label }) => label);
  node.querySelector("[data-codes]").textContent = labels.join(", ");
  node.querySelector("[data-state]").textContent = WORDS[verdict] || gettext("not marked");
}

/** How a screen reader hears where one is. @param {import("../bundle.js").Bundle} bundle */
export function position(bundle) {
  return fill(gettext("Image %(n)s of %(total)s, %(state)s"), {
    n: bundle.index + 1, total: bundle.marks.length, state: WORDS[bundle.current.verdict] || gettext("not marked"),
  });
}
