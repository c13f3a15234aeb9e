// Where the screen shows more pixels than a preview has, the picture of full size takes its place: same plate, no jump.
import { onTake } from "../hand.js";
import { all } from "./frames.js";
import { onCompare } from "./compare.js";
import { wantsMore } from "./viewport.js";
import { onLook, sight, viewport } from "./zoom.js";
import { byId } from "../../page.js";

const hint = byId("stage-sharper", HTMLElement);
/** @type {Map<HTMLElement, string>} which address was asked for, by plate */
let asked = new Map();
let pending = 0;

function sharpen() {
  for (const frame of all()) {
    if (!frame.isVisible) continue;
    /** @param {HTMLElement | null} plate */
    const isNeeded = (plate) => {
      const image = /** @type {HTMLImageElement | null} */ (plate?.firstElementChild);
      return Boolean(image?.naturalWidth && wantsMore(viewport(), sight(frame), image.naturalWidth));
    };
    if (frame.picture && isNeeded(frame.base)) load(frame, frame.base, frame.picture);
    if (frame.covered && frame.over && isNeeded(frame.over)) load(frame, frame.over, { ...frame.covered, alt: "" });
  }
}

/** @param {import("./frame.js").Frame} frame @param {HTMLElement} plate @param {import("../api.js").Picture} picture */
async function load(frame, plate, picture) {
  const url = picture.full_url;
  if (!url || url === picture.url || asked.get(plate) === url) return;
  const before = asked;
  asked.set(plate, url);
  show(1);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    if (before.get(plate) === url && asked === before) frame.put(plate, image, picture);
  } catch {
    // The preview stays; it is asked for again with the next item.
  }
  show(-1);
}

/** @param {1 | -1} more */
function show(more) {
  pending += more;
  hint.hidden = pending === 0;
}

onTake(() => { asked = new Map(); });
onLook(sharpen);
onCompare(() => requestAnimationFrame(sharpen));
