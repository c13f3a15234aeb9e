// A quiet note after so many minutes of work, for who asked for it. It never stands in the way.
import * as clock from "./clock.js";
import { define } from "./actions.js";
import { settings } from "./config.js";
import { announce } from "./status.js";
import { Stretch } from "./stretch.js";
import { byId, find } from "../page.js";
import { fill, gettext } from "../words.js";

const LOOK_MS = 10_000;
const note = byId("desk-rest", HTMLElement);
const stretch = new Stretch();

setInterval(() => {
  const worked = stretch.note(clock.total(), performance.now());
  const isDue = settings.rest_minutes > 0 && worked >= settings.rest_minutes * 60_000;
  if (!isDue) {
    note.hidden = true; // they have rested
    return;
  }
  if (!note.hidden) return;
  const n = Math.round(worked / 60_000);
  const text = fill(gettext("You have been at it for %(n)s minutes. A short rest helps."), { n });
  find(note, "[data-text]", HTMLElement).textContent = text;
  note.hidden = false;
  announce(text);
}, LOOK_MS);

define({
  rested() {
    stretch.begin();
    note.hidden = true;
  },
}, { anytime: true });
