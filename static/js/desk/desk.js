// The desk: one item in hand, the next one fetched and decoded, decisions on their way in the background.
import * as api from "./api.js";
import { Bundle } from "./bundle.js";
import * as clock from "./clock.js";
import { listen } from "./keys.js";
import * as line from "./line.js";
import * as mask from "./mask.js";
import * as pictures from "./pictures.js";
import * as view from "./view.js";

const EXTEND_BEFORE_MS = 90_000;
const LOOK_AGAIN_MS = 10_000;
const LOST = new Set(["lease_lost", "item_withdrawn"]);

let bundle = null;
let upcoming = null; // a promise of the prefetched item, or null
let spare = null; // that item, once it is here
let screen = { page: 0, asking: false, pair: false };
let busy = false; // between two items: no key does anything

function draw() {
  if (bundle) view.draw(bundle, screen);
}

function take(item) {
  bundle = new Bundle(item);
  screen = { page: 0, asking: false, pair: screen.pair };
  spare = null;
  clock.lap();
  mask.reset(item);
  view.showItem(bundle);
  draw();
  upcoming = line.enqueue(() => api.claim(true)).then(prepared, () => null);
}

async function prepared({ item, quota }) {
  view.showQuota(quota);
  if (item) await pictures.prepare(item);
  spare = item;
  return item;
}

// The next item: the prefetched one at once, else whatever the server has. `quiet` looks without changing the screen.
async function next({ quiet = false } = {}) {
  if (bundle) pictures.forget(bundle.item);
  bundle = null;
  const prefetched = upcoming;
  upcoming = null;
  busy = true;
  const slow = quiet ? 0 : setTimeout(() => view.showEmpty(line.status().obstacle ? "unreachable" : "loading"), 150);
  try {
    const item = await prefetched;
    if (item) {
      keep(item, api.show); // before `take` asks for the one after it
      take(item);
      return;
    }
    const { item: claimed, reason, quota } = await line.enqueue(() => api.claim());
    view.showQuota(quota);
    if (!claimed) return view.showEmpty(reason, quota);
    await pictures.prepare(claimed);
    take(claimed);
  } catch (error) {
    view.showEmpty("unreachable");
    view.refused(error);
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
  if (!LOST.has(error.code)) return view.refused(error);
  if (busy || bundle?.item !== item) return;
  view.refused(error);
  next();
}

function send(decision) {
  const { item } = bundle;
  const sent = line.enqueue(() => api.decide(item.token, decision), { counts: true });
  sent.then(({ quota }) => view.showQuota(quota), view.refused);
  next();
}

function submitIfComplete() {
  if (bundle.complete) send(bundle.decision(clock.lap()));
  else {
    draw();
    view.announce(bundle);
  }
}

async function undoDecision() {
  busy = true;
  try {
    const { item, quota, reason } = await line.enqueue(api.undo, { once: true });
    view.showQuota(quota);
    if (reason === "withdrawn") return view.undoneWithdrawn(); // what is on the screen stays there
    if (item) {
      await pictures.prepare(item);
      take(item);
      view.announceUndo();
      return;
    }
    view.undoneWithoutRoom();
  } catch (error) {
    view.refused(error);
    if (error instanceof api.Problem) return; // nothing has changed
  } finally {
    busy = false;
  }
  // Whether it was taken back is not known, or what was on the screen is not any more: see what the server says.
  upcoming = null;
  next();
}

const actions = {
  approve() {
    screen.asking = false;
    bundle.approve();
    submitIfComplete();
  },
  reject() {
    screen.asking = !bundle.reject();
    submitIfComplete();
  },
  code(index) {
    const code = view.codesOfPage(bundle.item, screen.page)[index];
    if (!code) return;
    bundle.toggleCode(code.key);
    if (screen.asking) actions.reject(); // R came first: the first defect answers it
    else draw();
  },
  best() {
    screen.asking = false;
    bundle.markBest();
    submitIfComplete();
  },
  more() {
    screen.page = (screen.page + 1) % view.codePages(bundle.item);
    draw();
  },
  next() {
    move(() => bundle.go(1));
  },
  previous() {
    move(() => bundle.go(-1));
  },
  pick(index) {
    move(() => bundle.pick(index));
  },
  zoom() {
    screen.pair = !screen.pair;
    draw();
  },
  skip() {
    const { item } = bundle;
    line.enqueue(() => api.skip(item.token)).then(({ quota }) => view.showQuota(quota), (error) => lost(item, error));
    next();
  },
  cannot() {
    send(bundle.abstention(clock.lap()));
  },
  mask: mask.toggle,
  dismiss: mask.close,
  undo() {
    screen.asking = false;
    if (!bundle?.undo()) return undoDecision();
    draw();
    view.announceUndo();
  },
  help: view.openKeys,
  again: () => next(),
};
const WITHOUT_ITEM = new Set(["undo", "help", "again"]);

function move(step) {
  screen.asking = false;
  step();
  draw();
  view.announce(bundle);
}

listen((action, index) => {
  if (busy || !actions[action] || (!bundle && !WITHOUT_ITEM.has(action))) return;
  actions[action](index);
});
document.getElementById("desk-comment").addEventListener("input", ({ target }) => {
  if (bundle) bundle.current.comment = target.value;
});
mask.onReport(() => {
  if (bundle && !busy) send(bundle.report(mask.said(), clock.lap()));
});
line.onChange(() => {
  const status = line.status();
  view.showStatus(status);
  if (busy && !bundle && status.obstacle) view.showEmpty("unreachable");
});

setInterval(() => {
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
