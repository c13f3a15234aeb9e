// Everything but the images folded away, and back.
import { define } from "../actions.js";
import { byId } from "../../page.js";

const desk = byId("desk", HTMLElement);
const buttons = [...desk.querySelectorAll("[data-action=panels]")];

define({
  panels() {
    const isBare = desk.toggleAttribute("data-bare");
    for (const button of buttons) button.setAttribute("aria-pressed", String(isBare));
  },
});
