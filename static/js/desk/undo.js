// Takes decisions back, one after the other: what was not sent yet is simply taken out, the rest by the server.
import * as ahead from "./ahead.js";
import * as api from "./api.js";
import { during, present } from "./course.js";
import { draftOf, isMarked } from "./drafts.js";
import { inHand, leave } from "./hand.js";
import { forgetDraft, keepDraft, outbox } from "./kept.js";
import * as line from "./line.js";
import * as past from "./past.js";
import * as pictures from "./pictures.js";
import { settled, showState } from "./sending.js";
import * as status from "./status.js";
import { gettext } from "../words.js";

/** Takes the last decision back and shows its item again, with its marks. */
export function takeBack() {
  during(async () => {
    await settled();
    const unsent = outbox.retractable;
    if (unsent) takeOut(unsent);
    else await askServer();
  }, { quiet: Boolean(inHand()) });
}

/** @param {import("./outbox.js").Unsent} entry */
function takeOut({ key, item, marks }) {
  outbox.remove(key);
  past.drop(key);
  setAside();
  keepDraft(marks);
  item.soft = true; // so that it is made ours again, and what was on the screen comes next
  present(item);
  showState();
  status.announce(gettext("Taken back"));
}

// What is on the screen comes next, with its marks.
function setAside() {
  const bundle = inHand();
  if (!bundle) return;
  if (isMarked(bundle)) keepDraft(draftOf(bundle));
  leave();
  ahead.putBack(bundle.item);
}

async function askServer() {
  const answer = await line.enqueue(undoNewest);
  if (!answer) return status.toast(gettext("There is nothing to take back."));
  const { item, quota, reason } = answer;
  status.showQuota(quota);
  if (item) return bringBack(item);
  status.toast(whyNot(reason)); // what is on the screen stays there
}

/** @param {string} reason */
function whyNot(reason) {
  switch (reason) {
    case "withdrawn":
      return gettext("Taken back. Somebody else has reported that item, so it does not come again.");
    case "taken":
      return gettext("Taken back. Somebody else has the item now.");
    default:
      return gettext("Taken back. It is more than what is left of your day, so it waits for its next turn.");
  }
}

// Sending it again takes back nothing more: it names the decision.
async function undoNewest() {
  const key = await past.newest();
  if (!key) return null;
  try {
    const answer = await api.undo(key);
    past.drop(key);
    return answer;
  } catch (error) {
    if (!(error instanceof api.Problem) || error.code !== "not_the_latest") throw error;
    await past.refresh(); // another page has decided since
    return api.undo((await past.newest()) ?? undefined);
  }
}

/** @param {import("./api.js").Item} item */
async function bringBack(item) {
  await pictures.prepare(item);
  ahead.forget(); // the server has freed them to make room
  setAside();
  forgetDraft(item.item); // what was decided counts, not what was marked before
  item.soft = false;
  present(item);
  status.announce(gettext("Taken back"));
}
