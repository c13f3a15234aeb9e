// What outlives this page: decisions that are not sent yet, and the marks of what is in hand.
import { Bundle } from "./bundle.js";
import { reviewer } from "./config.js";
import { draftOf, isMarked, remember, restore } from "./drafts.js";
import { inHand, onChange, onLeave } from "./hand.js";
import { Outbox } from "./outbox.js";
import { openStore } from "./store.js";

const SAVE_AFTER_MS = 50; // after the paint; a tab that dies loses at most this
const MOST_DRAFTS = 20;

const store = await openStore(reviewer.handle);
/** @type {Map<string, import("./drafts.js").Draft>} */
const drafts = new Map();
let timer = 0;

export const outbox = new Outbox(store);

/** Reads what an earlier page or another tab has left; answers with what is to be sent, oldest first. */
export async function load() {
  const found = await store.all("drafts").catch(() => []);
  for (const draft of found.sort((one, other) => one.at - other.at)) drafts.set(draft.item, draft);
  return outbox.load();
}

/** A bundle for `item` with the marks that are kept of it, or that it was decided with before. @param {import("./api.js").Item} item */
export function bundleOf(item) {
  const bundle = new Bundle(item);
  const draft = drafts.get(item.item);
  if (draft) return restore(bundle, draft);
  return item.before ? remember(bundle, item.before) : bundle;
}

/** Keeps the marks of an item that may come back. @param {import("./drafts.js").Draft} draft */
export function keepDraft(draft) {
  drafts.delete(draft.item);
  drafts.set(draft.item, draft);
  store.put("drafts", draft).catch(() => {});
  for (const item of [...drafts.keys()].slice(0, -MOST_DRAFTS)) forgetDraft(item);
}

/** @param {string} item its handle */
export function forgetDraft(item) {
  if (drafts.delete(item)) store.remove("drafts", item).catch(() => {});
}

/** Keeps what is in hand as it is now. */
export function keepInHand() {
  clearTimeout(timer);
  timer = 0;
  const bundle = inHand();
  if (!bundle || outbox.has(bundle.key)) return;
  if (isMarked(bundle)) keepDraft(draftOf(bundle));
  else forgetDraft(bundle.item.item);
}

function soon() {
  timer ||= window.setTimeout(keepInHand, SAVE_AFTER_MS);
}

onChange(soon);
onLeave(() => timer && keepInHand());
document.addEventListener("input", soon); // a comment is typed
document.addEventListener("visibilitychange", keepInHand);
window.addEventListener("pagehide", keepInHand);
