// <figure class="mask-figure" data-mask="URL"> with an img, a canvas and a button [data-mask-toggle]: the mask over the
// photo, to be taken away and laid over again.
import { loadMask, Overlay } from "./drawing.js";

for (const figure of document.querySelectorAll("[data-mask]")) lay(figure);

async function lay(figure) {
  const photo = figure.querySelector("img");
  const canvas = figure.querySelector("canvas");
  const toggle = figure.querySelector("[data-mask-toggle]");
  try {
    await photo.decode();
    Object.assign(canvas, { width: photo.naturalWidth, height: photo.naturalHeight });
    new Overlay(canvas).draw(await loadMask(figure.dataset.mask, canvas.width, canvas.height));
  } catch {
    return; // a picture that is gone: the photo or its name stays
  }
  canvas.hidden = toggle.hidden = false;
  toggle.addEventListener("click", () => {
    canvas.hidden = !canvas.hidden;
    toggle.setAttribute("aria-pressed", String(!canvas.hidden));
  });
}
