// How the siblings stand on the stage: all of them, or the current one beside the original.
import { define } from "../actions.js";
import { changed, onChange } from "../hand.js";

const siblings = document.getElementById("siblings");
let isPair = false;

define({
  view() {
    isPair = !isPair;
    changed();
  },
});

onChange(() => siblings.classList.toggle("siblings--pair", isPair));
