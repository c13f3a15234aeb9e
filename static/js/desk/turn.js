// Whose turn it is: one tab of one reviewer works the desk, with what an earlier page has left unsent.
import * as ahead from "./ahead.js";
import { reviewer } from "./config.js";
import * as course from "./course.js";
import { load } from "./kept.js";
import * as line from "./line.js";
import { dispatch, showState } from "./sending.js";
import { showEmpty } from "./status.js";
import { hold } from "./tabs.js";
import { onRenewed, SignedOut } from "../session.js";

/** Works the desk, unless another tab does. */
export async function begin() {
  if (!(await hold(reviewer.handle, stop))) return course.rest("other_tab");
  showState();
  for (const entry of await load()) dispatch(entry);
  course.next();
}

/** Works it here from now on. What the other tab has not sent is on the store. */
export async function takeOver() {
  showEmpty("loading");
  await hold(reviewer.handle, stop, { steal: true });
  // A page that has been stopped has nothing to go on with; a new one knows what there is.
  location.reload();
}

function stop() {
  line.close();
  ahead.forget(); // not given back: they are the other tab's now
  course.rest("other_tab");
}

// Somebody else may have signed in: nothing of this reviewer's may be sent in their name.
onRenewed((page) => {
  const desk = /** @type {HTMLElement | null} */ (page.querySelector("#desk[data-config]"));
  if (!desk || JSON.parse(desk.dataset.config ?? "{}").reviewer.handle === reviewer.handle) return;
  line.close();
  location.reload();
  throw new SignedOut();
});
