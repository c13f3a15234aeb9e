// Sends what is in the outbox, one after the other, and says what became of it.
import * as api from "./api.js";
import { outbox } from "./kept.js";
import * as line from "./line.js";
import * as past from "./past.js";
import { deliver } from "./replay.js";
import * as status from "./status.js";
import { gettext } from "../words.js";

/** @typedef {import("./outbox.js").Unsent} Unsent */

/** @type {Promise<unknown>} */
let trying = Promise.resolve(); // the attempt that is being made, or was made last

/** Done when it is known whether what is on its way has left. */
export function settled() {
  return trying.catch(() => {});
}

/** Sends it when its turn comes. @param {Unsent} entry */
export function dispatch(entry) {
  showState();
  line.enqueue(() => (trying = attempt(entry))).then((outcome) => outcome && settle(entry, outcome), status.refused);
}

/** @param {Unsent} entry */
async function attempt(entry) {
  if (!outbox.has(entry.key)) return null; // taken back
  const wasTried = entry.isTried;
  entry.isTried = true;
  try {
    return await deliver(entry, api, (changed) => outbox.keep(changed));
  } catch (error) {
    if (error instanceof api.Offline && error.neverLeft) entry.isTried = wasTried;
    throw error;
  }
}

/** @param {Unsent} entry @param {import("./replay.js").Outcome} outcome */
function settle(entry, { fate, answer, problem }) {
  if (fate !== "kept") outbox.remove(entry.key);
  if (fate === "taken" || fate === "refused") past.drop(entry.key);
  if (fate === "taken") status.toast(gettext("Somebody else has judged it meanwhile. Yours was not needed any more."));
  if (fate === "refused") status.refused(problem);
  if (answer?.quota) status.showQuota(answer.quota);
  showState();
}

/** Shows what waits and what is in the way. */
export function showState() {
  status.showStatus({ waiting: outbox.waiting, obstacle: line.inTheWay(), lasts: outbox.lasts });
}

line.onObstacle(showState);

// What the browser itself keeps is sent by the next page; the rest would be lost with this one.
window.addEventListener("beforeunload", (event) => {
  if (outbox.waiting && !outbox.lasts) event.preventDefault();
});
