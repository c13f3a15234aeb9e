// Seconds an image over the last ones, in the bar, for who wants to see it.
import * as clock from "./clock.js";
import { onSettings, settings } from "./config.js";
import { onLeave, onTake } from "./hand.js";
import { byId } from "../page.js";
import { fill, gettext } from "../words.js";
import { Lately } from "./lately.js";

const node = byId("desk-pace", HTMLElement);
const last = new Lately(20);
let since = 0;

onTake(() => { since = clock.total(); });
onLeave((bundle) => {
  if (bundle.canBeSent) last.add(clock.total() - since, bundle.marks.length);
  draw();
});
onSettings(draw);

function draw() {
  const ms = last.mean;
  node.hidden = !settings.shows_pace || ms === null;
  if (node.hidden || ms === null) return;
  const seconds = (ms / 1000).toLocaleString(document.documentElement.lang, { maximumFractionDigits: ms < 10_000 ? 1 : 0 });
  node.textContent = fill(gettext("%(n)s s an image, last %(count)s"), { n: seconds, count: last.size });
}
