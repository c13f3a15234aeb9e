// Places on the images that are judged: they belong to the verdict on the image, approved or not.
import { define, run } from "../actions.js";
import { inHand, onChange, onLeave } from "../hand.js";
import { gettext } from "../../words.js";
import { focus } from "./crosshair.js";
import { candidates, current } from "./frames.js";
import { say } from "./modeline.js";
import { draw, onPlacing, place, placing } from "./placing.js";

const button = document.querySelector(".stage-bar [data-action=mark]");

/** @type {import("./placing.js").Target} */
const target = {
  takes(frame) {
    const index = candidates().indexOf(frame);
    if (index >= 0 && index !== inHand()?.index) run("pick", { index });
    return index >= 0;
  },
  frame: current,
  places: () => inHand()?.current.places ?? [],
  add: (one) => inHand()?.addPlace(one) ?? false,
  remove: (index) => inHand()?.removePlace(index),
  leave: () => place(null),
};

define({
  mark() {
    if (placing() === target) return place(null);
    if (!placing()) place(target); // else a wrong mask is shown: its places come first
    focus();
  },
});

onPlacing(() => {
  const isOn = Boolean(placing());
  button?.setAttribute("aria-pressed", String(isOn));
  say("mark", isOn ? gettext("Click for a point, drag for a box, again to remove. Keys: arrows, Enter, Delete, Esc") : "");
});
onChange((bundle) => candidates().forEach((frame, index) => draw(frame, bundle.marks[index].places)));
onLeave(() => { if (placing() === target) place(null); });
