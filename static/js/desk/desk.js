// The desk: one item in hand, the next one fetched and decoded, decisions on their way in the background. The other
// parts of the desk show what is in hand and define what can be done with it; this one says where it comes from and goes.
import * as actions from "./actions.js";
import * as api from "./api.js";
import { Bundle } from "./bundle.js";
import * as clock from "./clock.js";
import { changed, inHand, leave, take } from "./hand.js";
import "./keys.js";
import * as line from "./line.js";
import * as mask from "./mask.js";
import * as pictures from "./pictures.js";
import { ask, shownCodes } from "./side.js";
import * as status from "./status.js";
import { position } from "./stage/frames.js";
import "./stage/stage.js";
import { fill, gettext, ngettext } from "../words.js";

const EXTEND_BEFORE_MS = 90_000;
const LOOK_AGAIN_MS = 10_000;
const LOST = new Set(["lease_lost", "item_withdrawn"]);

let upcoming = null; // a promise of the prefetched item, or null
let spare = null; // that item, once it is here
let asking = false; // R came first: the next defect answers it
let busy = false; // between two items: no key does anything

function show(item) {
  setAsking(false);
  spare = null;
  clock.lap();
  status.showDesk();
  take(new Bundle(item));
  const count = item.candidates.length;
  const text = ngettext("New item: %(product)s, %(n)s image", "New item: %(product)s, %(n)s images", count);
  status.announce(fill(text, { product: item.product, n: count }));
  upcoming = line.enqueue(() => api.claim({ soft: true })).then(prepared, () => null);
}

async function prepared({ item, quota }) {
  status.showQuota(quota);
  if (item) await pictures.prepare(item);
  spare = item;
  return item;
}

// The next item: the prefetched one at once, else whatever the server has. `quiet` looks without changing the screen.
async function next({ quiet = false } = {}) {
  const bundle = inHand();
  if (bundle) pictures.forget(bundle.item);
  leave();
  const prefetched = upcoming;
  upcoming = null;
  busy = true;
  const wait = () => status.showEmpty(line.status().obstacle ? "unreachable" : "loading");
  const slow = quiet ? 0 : setTimeout(wait, 150);
  try {
    const item = await prefetched;
    if (item) {
      keep(item, api.show); // before `show` asks for the one after it
      show(item);
      return;
    }
    const { item: claimed, reason, quota } = await line.enqueue(() => api.claim());
    status.showQuota(quota);
    if (!claimed) return status.showEmpty(reason, quota);
    await pictures.prepare(claimed);
    show(claimed);
  } catch (error) {
    status.showEmpty("unreachable");
    status.refused(error);
  } finally {
    clearTimeout(slow);
    busy = false;
  }
}

// Makes the lease of `item` last, by `api.show` or `api.extend`.
function keep(item, verb) {
  const kept = ({ lease_until }) => { item.lease_until = lease_until; };
  line.enqueue(() => verb(item.token)).then(kept, (error) => lost(item, error));
}

// The server says that the item is no longer ours: what was marked cannot be sent; say so and go on. One that has left
// the screen meanwhile is not missed: if it was decided, the answer to its decision tells what became of it.
function lost(item, error) {
  if (!LOST.has(error.code)) return status.refused(error);
  if (busy || inHand()?.item !== item) return;
  status.refused(error);
  next();
}

/** Sends what was decided of the item in hand and goes on. @param {object} decision */
function send(decision) {
  const { item } = inHand();
  const sent = line.enqueue(() => api.decide(item.token, decision), { counts: true });
  sent.then(({ quota }) => status.showQuota(quota), status.refused);
  next();
}

// Lets the item in hand go unjudged, by `api.skip` or its like, and goes on.
function pass(verb) {
  const { item } = inHand();
  const passed = line.enqueue(() => verb(item.token));
  passed.then(({ quota }) => status.showQuota(quota), (error) => lost(item, error));
  next();
}

function setAsking(value) {
  asking = value;
  ask(value);
}

function sendIfComplete() {
  const bundle = inHand();
  if (bundle.complete) return send(bundle.decision(clock.lap()));
  changed();
  status.announce(position(bundle));
}

async function undoDecision() {
  busy = true;
  try {
    const { item, quota, reason } = await line.enqueue(api.undo, { once: true });
    status.showQuota(quota);
    if (reason === "withdrawn") {
      // What is on the screen stays there.
      const text = gettext("Taken back. Somebody else has reported that item, so it does not come again.");
      return status.toast(text);
    }
    if (item) {
      await pictures.prepare(item);
      show(item);
      status.announce(gettext("Taken back"));
      return;
    }
    status.toast(gettext("Taken back. It is more than what is left of your day, so it waits for its next turn."));
  } catch (error) {
    status.refused(error);
    if (error instanceof api.Problem) return; // nothing has changed
  } finally {
    busy = false;
  }
  // Whether it was taken back is not known, or what was on the screen is not any more: see what the server says.
  upcoming = null;
  next();
}

function move(step) {
  setAsking(false);
  step(inHand());
  changed();
  status.announce(position(inHand()));
}

actions.openWhen(() => Boolean(inHand()) && !busy);

actions.define({
  approve() {
    setAsking(false);
    inHand().approve();
    sendIfComplete();
  },
  reject() {
    setAsking(!inHand().reject());
    sendIfComplete();
  },
  code({ index }) {
    const code = shownCodes(inHand())[index];
    if (!code) return;
    inHand().toggleCode(code.key);
    if (asking) actions.run("reject");
    else changed();
  },
  best() {
    setAsking(false);
    inHand().markBest();
    sendIfComplete();
  },
  next: () => move((bundle) => bundle.go(1)),
  previous: () => move((bundle) => bundle.go(-1)),
  pick: ({ index }) => move((bundle) => bundle.pick(index)),
  skip: () => pass(api.skip),
  cannot: () => send(inHand().abstention(clock.lap())),
  mask_wrong: mask.toggle,
  dismiss: mask.close,
});

actions.define({
  undo() {
    if (busy) return;
    setAsking(false);
    if (!inHand()?.undo()) {
      undoDecision();
      return;
    }
    changed();
    status.announce(gettext("Taken back"));
  },
  help: () => document.getElementById("desk-keys").showModal(),
  again() {
    if (!busy) next();
  },
}, { anytime: true });

mask.onReport(() => {
  if (inHand() && !busy) send(inHand().report("mask_wrong", mask.said(), clock.lap()));
});

line.onChange(() => {
  const state = line.status();
  status.showStatus(state);
  if (busy && !inHand() && state.obstacle) status.showEmpty("unreachable");
});

setInterval(() => {
  const bundle = inHand();
  if (!bundle) {
    if (!busy && !document.hidden) next({ quiet: true });
    return;
  }
  if (!clock.isActive()) return;
  for (const item of [bundle.item, spare]) {
    if (item && Date.parse(item.lease_until) - Date.now() < EXTEND_BEFORE_MS) keep(item, api.extend);
  }
}, LOOK_AGAIN_MS);

next();
