// Aids of the guardian: the outline of the mask, heat maps and findings. Off at first for every item, fetched when the
// first is asked for, and each use is noted in the bundle, for the decision.
import { define } from "../actions.js";
import * as api from "../api.js";
import { inHand, onChange, onTake } from "../hand.js";
import { byId } from "../../page.js";
import { gettext } from "../../words.js";
import { draw as drawLayers, listFindings } from "./aidlayers.js";
import { say } from "./modeline.js";

/** @typedef {import("../api.js").Aids} Aids */

const NAMES = ["mask", "heat_map", "findings"];
const stage = byId("desk-stage", HTMLElement);
/** @type {Set<string>} */
let on = new Set();
/** @type {Aids | null} */
let aids = null;
let failed = false;
let isFetching = false;

/** @param {string} name */
function toggle(name) {
  const bundle = inHand();
  if (!bundle) return;
  if (!on.delete(name)) {
    on.add(name);
    bundle.aids.add(name);
    fetchOnce(bundle);
  }
  draw();
}

/** @param {import("../bundle.js").Bundle} bundle */
async function fetchOnce(bundle) {
  if (aids || isFetching) return;
  isFetching = true;
  failed = false;
  try {
    const answer = await api.aids(bundle.item.token);
    if (inHand() === bundle) aids = answer;
  } catch {
    if (inHand() === bundle) failed = true; // the desk goes on without
  }
  if (inHand() !== bundle) return;
  isFetching = false;
  draw();
}

function draw() {
  const bundle = inHand();
  if (!bundle) return;
  for (const name of NAMES) {
    stage.querySelector(`.stage-bar [data-action=${name}]`)?.setAttribute("aria-pressed", String(on.has(name)));
    stage.toggleAttribute(`data-aid-${name.replace("_", "-")}`, on.has(name));
  }
  if (aids) drawLayers(bundle, aids, on);
  listFindings(on.has("findings"), aids ? of(bundle, aids)?.findings ?? [] : null, failed);
  say("aids", sentence(bundle));
}

/** @param {import("../bundle.js").Bundle} bundle @param {Aids} answer */
function of({ item, index }, { candidates }) {
  return candidates.find(({ handle }) => handle === item.candidates[index].handle);
}

/** @param {import("../bundle.js").Bundle} bundle */
function sentence(bundle) {
  if (!on.size) return "";
  if (failed) return gettext("The aids did not load");
  if (!aids) return gettext("Fetching the aids");
  if (on.has("mask") && !aids.outline.length) return gettext("This photo has no outline");
  if (on.has("heat_map") && !of(bundle, aids)?.heat_map) return gettext("No heat map of this image");
  return on.has("heat_map") ? gettext("Heat map: the stronger, the further from the original") : "";
}

define(Object.fromEntries(NAMES.map((name) => [name, () => toggle(name)])));

onTake(() => {
  on = new Set();
  aids = null;
  failed = false;
  isFetching = false;
  draw();
});
onChange(() => { if (on.size) draw(); });
