// The pictures that come next are painted once at the size at which they will be seen, where nobody sees it: to scale
// them is most of the work of the frame that shows them, and the browser keeps what it has scaled.
import { byId } from "../../page.js";
import { onLook } from "./zoom.js";
import { candidates, original } from "./frames.js";

const room = byId("stage-warm", HTMLElement);

/** @param {HTMLImageElement[]} images of the next item, loaded */
export function warm(images) {
  room.replaceChildren(...images.map((image) => image.cloneNode()));
  measure();
}

// The frames may not stand yet when the next pictures are there, and change their size with the window and the zoom.
function measure() {
  const { base } = candidates()[0] ?? original;
  const { width, height } = base.getBoundingClientRect(); // as zoomed
  room.style.setProperty("--warm-width", `${width}px`);
  room.style.setProperty("--warm-height", `${height}px`);
}

onLook(measure);
