// <figure class="mask-figure" data-mask="URL"> with an img, a canvas and a button [data-mask-toggle]: the mask over the
// photo, to be taken away and laid over again.
import { find, findAll } from "../page.js";
import { loadMask, Overlay } from "./drawing.js";

for (const figure of findAll(document, "[data-mask]", HTMLElement)) lay(figure);

/** @param {HTMLElement} figure */
async function lay(figure) {
  const photo = find(figure, "img", HTMLImageElement);
  const canvas = find(figure, "canvas", HTMLCanvasElement);
  const toggle = find(figure, "[data-mask-toggle]", HTMLButtonElement);
  try {
    await photo.decode();
    Object.assign(canvas, { width: photo.naturalWidth, height: photo.naturalHeight });
    new Overlay(canvas).draw(await loadMask(figure.dataset.mask ?? "", canvas.width, canvas.height));
  } catch {
    return; // a picture that is gone: the photo or its name stays
  }
  canvas.hidden = toggle.hidden = false;
  toggle.addEventListener("click", () => {
    canvas.hidden = !canvas.hidden;
    toggle.setAttribute("aria-pressed", String(!canvas.hidden));
  });
}
