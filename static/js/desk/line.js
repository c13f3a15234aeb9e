// Everything that is told the server stands in one line: a decision is never overtaken by the claim after it.
// A job that finds no network or an ended session waits and tries again; what it carries keeps its idempotency key.
import { painted } from "./painted.js";
import { Offline, SignedOut } from "../session.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
let tail = Promise.resolve();
let obstacle = ""; // "offline" or "signed_out" while something stands in the way
let isClosed = false;
/** @type {(() => void)[]} */
const listeners = [];

/** @param {() => void} callback */
export function onObstacle(callback) {
  listeners.push(callback);
}

/** What stands in the way: "", "offline" or "signed_out". */
export function inTheWay() {
  return obstacle;
}

/**
 * Runs `job` after everything before it, and after the screen shows what led to it. Rejects only with a refusal of the
 * server.
 * @template T @param {() => Promise<T>} job @returns {Promise<T>}
 */
export function enqueue(job) {
  const shown = painted();
  const turn = tail.then(() => shown).then(() => patiently(job));
  tail = turn.then(() => {}, () => {});
  return turn;
}

/** From now on nothing is sent any more: another tab does it. */
export function close() {
  isClosed = true;
}

/** Whoever waits tries again now: the way may be free. */
export function wake() {
  window.dispatchEvent(new Event("canvas:wake"));
}

/** @template T @param {() => Promise<T>} job @returns {Promise<T>} */
async function patiently(job) {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    if (isClosed) await new Promise(() => {});
    try {
      const answer = await job();
      setObstacle("");
      return answer;
    } catch (error) {
      if (error instanceof SignedOut) setObstacle("signed_out");
      else if (error instanceof Offline) setObstacle("offline");
      else {
        setObstacle("");
        throw error;
      }
    }
    await backOnline(wait);
  }
}

/** @param {string} value */
function setObstacle(value) {
  if (obstacle === value) return;
  obstacle = value;
  for (const callback of listeners) callback();
}

/** @param {number} wait milliseconds */
function backOnline(wait) {
  return new Promise((resolve) => {
    const events = ["online", "focus", "canvas:wake"]; // focus: back from the tab in which they signed in
    const done = () => {
      clearTimeout(timer);
      for (const name of events) window.removeEventListener(name, done);
      resolve(undefined);
    };
    const timer = setTimeout(done, wait);
    for (const name of events) window.addEventListener(name, done);
  });
}
