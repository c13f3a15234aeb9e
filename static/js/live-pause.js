// <button data-live-pause="ID" aria-pressed>: stops and goes on with asking again for the live part with this id, so
// that a page can be read in peace. Without a script the button stays hidden: nothing moves by itself then.
import { findAll } from "./page.js";

for (const button of findAll(document, "[data-live-pause]", HTMLButtonElement)) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.ariaPressed = button.ariaPressed === "true" ? "false" : "true";
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const asks = event.target instanceof Element && event.target.id === button.dataset.livePause;
    if (asks && button.ariaPressed === "true") event.preventDefault();
  });
}
