// The course of the desk: where the next item comes from, and where what was said of it goes.
import * as ahead from "./ahead.js";
import * as api from "./api.js";
import * as clock from "./clock.js";
import { draftOf } from "./drafts.js";
import { inHand, leave, take } from "./hand.js";
import * as kept from "./kept.js";
import * as line from "./line.js";
import * as past from "./past.js";
import * as pictures from "./pictures.js";
import { dispatch } from "./sending.js";
import * as status from "./status.js";
import { fill, ngettext } from "../words.js";

const WAIT_BEFORE_SAYING_MS = 150;
const LOST = new Set(["lease_lost", "item_withdrawn"]);

let busy = false; // between two items: no key does anything
let isResting = false; // nothing is fetched until somebody asks for it

/** Whether something can be done with what is in hand. */
export function isOpen() {
  return Boolean(inHand()) && !busy;
}

/** Whether nothing is in hand and nothing is on its way. */
export function isIdle() {
  return !inHand() && !busy && !isResting;
}

/** Whether the page is between two items. */
export function isBusy() {
  return busy;
}

/** Sends what was decided of the item in hand and goes on to the next. @param {object} decision of Bundle */
export function send(decision) {
  forward("decide", decision);
}

/**
 * Lets the item in hand go unjudged and goes on to the next.
 * @param {"skip" | "snooze"} verb @param {object} [said] what goes with it: `{ minutes }` of a snooze
 */
export function pass(verb, said = {}) {
  forward(verb, said);
}

/** @param {import("./outbox.js").Verb} verb @param {object} said */
function forward(verb, said) {
  const bundle = inHand();
  if (!bundle || busy) return;
  const { key, item } = bundle;
  if (verb === "decide") past.add(key);
  dispatch(kept.outbox.add({ key, verb, token: item.token, said, item, marks: draftOf(bundle) }));
  putDown();
  kept.forgetDraft(item.item);
  next();
}

function putDown() {
  const bundle = inHand();
  leave();
  if (bundle) pictures.forget(bundle.item);
}

/** Puts an item on the screen, with what is kept of it. @param {import("./api.js").Item} item */
export function present(item) {
  isResting = false;
  clock.lap();
  status.showDesk();
  take(kept.bundleOf(item));
  delete item.before; // from here on what is marked is kept as a draft
  const count = item.candidates.length;
  const text = ngettext("New item: %(product)s, %(n)s image", "New item: %(product)s, %(n)s images", count);
  status.announce(fill(text, { product: item.product, n: count }));
  if (item.soft) keep(item, api.show);
  item.soft = false;
  ahead.fill();
}

/**
 * The next item: one that is ready at once, else whatever the server has.
 * @param {{ quiet?: boolean }} [how] `quiet` looks without changing the screen
 */
export function next({ quiet = false } = {}) {
  isResting = false;
  putDown();
  const ready = ahead.takeReady();
  if (ready) present(ready);
  else during(fetchNext, { quiet });
}

async function fetchNext() {
  const item = await ahead.takeFirst();
  if (item) return present(item);
  const answer = await line.enqueue(() => api.claim());
  status.showQuota(answer.quota);
  if (!answer.item) return status.showEmpty(answer.reason, answer);
  await pictures.prepare(answer.item);
  present(answer.item);
}

/**
 * Goes on with an item that was given back, if it is still free; else with the next.
 * @param {string} handle
 */
export function resume(handle) {
  during(async () => {
    const item = await regain(handle);
    if (!item) return fetchNext();
    await pictures.prepare(item);
    present(item);
  });
}

/** Leases the very item again, softly; null when somebody else has it. @param {string} handle */
async function regain(handle) {
  const { item } = await line.enqueue(() => api.claim({ soft: true, item: handle })).catch(() => ({ item: null }));
  return item?.item === handle ? item : null;
}

/**
 * Keeps the keys still while `work` brings another item, and says so if it takes long.
 * @param {() => Promise<void>} work @param {{ quiet?: boolean }} [how]
 */
export async function during(work, { quiet = false } = {}) {
  busy = true;
  const wait = () => status.showEmpty(line.inTheWay() ? "unreachable" : "loading");
  const slow = quiet ? 0 : setTimeout(wait, WAIT_BEFORE_SAYING_MS);
  try {
    await work();
  } catch (error) {
    if (!inHand()) status.showEmpty("unreachable");
    status.refused(error);
  } finally {
    clearTimeout(slow);
    busy = false;
  }
}

/** Nothing is on the screen and nothing is fetched until somebody asks. @param {string} reason @param {import("./status.js").Said} [said] */
export function rest(reason, said) {
  isResting = true;
  putDown();
  status.showEmpty(reason, said);
}

/**
 * Makes the lease of `item` last.
 * @param {import("./api.js").Item} item @param {(token: string) => Promise<{ lease_until: string }>} verb
 */
export function keep(item, verb) {
  line.enqueue(() => verb(item.token)).then(
    ({ lease_until: until }) => { item.lease_until = until; },
    (error) => lost(item, error),
  );
}

/**
 * The server says that the item is no longer ours. One that has left the screen meanwhile is not missed: if it was
 * decided, the answer to its decision tells what became of it.
 * @param {import("./api.js").Item} item @param {unknown} error
 */
async function lost(item, error) {
  const code = error instanceof api.Problem ? error.code : "";
  if (!LOST.has(code)) return status.refused(error);
  ahead.forget(item);
  if (busy || inHand()?.item !== item) return;
  const again = code === "lease_lost" ? await regain(item.item) : null;
  if (inHand()?.item !== item) return;
  if (again) {
    Object.assign(item, { token: again.token, lease_until: again.lease_until });
    keep(item, api.show);
    return;
  }
  status.refused(error);
  kept.forgetDraft(item.item);
  next();
}
