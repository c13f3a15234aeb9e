// The desk: one item in hand, the next one fetched and decoded, decisions on their way in the background.
import * as api from "./api.js";
import { Bundle } from "./bundle.js";
import * as clock from "./clock.js";
import { listen } from "./keys.js";
import * as line from "./line.js";
import * as pictures from "./pictures.js";
import * as view from "./view.js";

const EXTEND_BEFORE_MS = 90_000;
const LOOK_AGAIN_MS = 10_000;

let bundle = null;
let upcoming = null; // a promise of the prefetched item, or null
let screen = { page: 0, asking: false, pair: false };
let busy = false;

function draw() {
  if (bundle) view.draw(bundle, screen);
}

function take(item) {
  bundle = new Bundle(item);
  screen = { page: 0, asking: false, pair: screen.pair };
  clock.lap();
  view.showItem(bundle);
  draw();
  upcoming = line.enqueue(() => api.claim(true)).then(prepared, () => null);
}

async function prepared({ item, quota }) {
  view.showQuota(quota);
  if (item) await pictures.prepare(item);
  return item;
}

// The next item: the prefetched one at once, else whatever the server has.
async function next() {
  bundle = null;
  const prefetched = upcoming;
  upcoming = null;
  busy = true;
  const slow = setTimeout(() => view.showEmpty(line.status().offline ? "unreachable" : "loading"), 150);
  try {
    const item = await prefetched;
    if (item) {
      line.enqueue(() => api.show(item.token)).catch(lost); // before `take` asks for the one after it
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
    view.toast(error.message);
  } finally {
    clearTimeout(slow);
    busy = false;
  }
}

// The server says that the item is no longer ours: what was marked cannot be sent; say so and go on.
function lost(error) {
  view.toast(error.message);
  if (error.code === "lease_lost") next();
}

function send(decision) {
  const { item } = bundle;
  const sent = line.enqueue(() => api.decide(item.token, decision), { counts: true });
  sent.then(({ quota }) => view.showQuota(quota), (error) => view.toast(error.message));
  pictures.forget(item);
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
    const { item, quota } = await line.enqueue(() => api.undo());
    view.showQuota(quota);
    if (!item) return view.showEmpty("quota_reached", quota); // taken back, but today's rest is too small for it
    await pictures.prepare(item);
    take(item);
    view.announceUndo();
  } catch (error) {
    view.toast(error.message);
  } finally {
    busy = false;
  }
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
    line.enqueue(() => api.skip(item.token)).then(({ quota }) => view.showQuota(quota), (error) => view.toast(error.message));
    next();
  },
  cannot() {
    send(bundle.abstention(clock.lap()));
  },
  undo() {
    screen.asking = false;
    if (!bundle?.undo()) return undoDecision();
    draw();
    view.announceUndo();
  },
  help: view.openKeys,
  again: next,
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
line.onChange(() => view.showStatus(line.status()));

setInterval(() => {
  if (!bundle) {
    if (!busy && !document.hidden) next();
    return;
  }
  const { item } = bundle;
  if (!clock.isActive() || Date.parse(item.lease_until) - Date.now() > EXTEND_BEFORE_MS) return;
  line.enqueue(() => api.extend(item.token)).then(({ lease_until }) => { item.lease_until = lease_until; }, lost);
}, LOOK_AGAIN_MS);

next();
