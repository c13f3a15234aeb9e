// The desk: its parts, what is judged by key, and how it begins. Where items come from and go is in course.js; the other
// parts show what is in hand and define what can be done with it.
import * as actions from "./actions.js";
import * as clock from "./clock.js";
import { settings } from "./config.js";
import * as course from "./course.js";
import "./dismiss.js";
import { bundleInHand, changed, inHand, onTake } from "./hand.js";
import "./keys.js";
import { goOn } from "./leases.js";
import * as line from "./line.js";
import "./keylabels.js";
import "./mask.js";
import "./panels.js";
import "./pace.js";
import "./rest.js";
import "./sheet.js";
import "./axes.js";
import "./foot.js";
import "./guide.js";
import { ask, shownCodes } from "./side.js";
import "./signin.js";
import * as status from "./status.js";
import { position } from "./stage/frames.js";
import "./stage/stage.js";
import { begin, takeOver } from "./turn.js";
import { takeBack } from "./undo.js";
import { fill, gettext, ngettext } from "../words.js";

const { send, pass } = course;
let asking = false; // R came first: the next defect answers it

/** @param {boolean} value */
function setAsking(value) {
  asking = value;
  ask(value);
}

function sendIfComplete() {
  const bundle = bundleInHand();
  if (bundle.complete && settings.send_on === "last_mark") return send(bundle.decision(clock.lap()));
  changed();
  status.announce(bundle.complete ? gettext("All images are marked. Send it.") : position(bundle));
}

/** @param {(bundle: import("./bundle.js").Bundle) => void} step */
function move(step) {
  setAsking(false);
  step(bundleInHand());
  changed();
  status.announce(position(bundleInHand()));
}

onTake(() => setAsking(false));
actions.openWhen(course.isOpen);

actions.define({
  approve() {
    setAsking(false);
    bundleInHand().approve();
    sendIfComplete();
  },
  reject() {
    setAsking(!bundleInHand().reject());
    sendIfComplete();
  },
  code({ index = -1 }) {
    const code = shownCodes(bundleInHand())[index];
    if (!code) return;
    bundleInHand().toggleCode(code.key);
    if (asking) actions.run("reject");
    else changed();
  },
  best() {
    setAsking(false);
    bundleInHand().markBest();
    sendIfComplete();
  },
  next: () => move((bundle) => bundle.go(1)),
  previous: () => move((bundle) => bundle.go(-1)),
  pick: ({ index = 0 }) => move((bundle) => bundle.pick(index)),
  skip: () => pass("skip"),
  cannot: () => send(bundleInHand().abstention(clock.lap())),
  submit() {
    const bundle = bundleInHand();
    if (bundle.canBeSent) return send(bundle.decision(clock.lap()));
    const n = bundle.marks.filter(({ verdict }) => !verdict).length;
    status.toast(fill(ngettext("%(n)s image has no mark yet.", "%(n)s images have no mark yet.", n), { n }));
  },
});

actions.define({
  undo() {
    if (course.isBusy()) return;
    setAsking(false);
    if (!inHand()?.undo()) {
      takeBack();
      return;
    }
    changed();
    status.announce(gettext("Taken back"));
  },
  again: goOn,
  take_over: takeOver,
}, { anytime: true });

line.onObstacle(() => {
  if (course.isBusy() && !inHand() && line.inTheWay()) status.showEmpty("unreachable");
});

begin();
