// Everything that is told the server stands in one line: a decision is never overtaken by the claim after it.
// A job that finds no network or an ended session waits and tries again; what it carries keeps its idempotency key.
import { Offline, SignedOut } from "./api.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
let tail = Promise.resolve();
let waiting = 0;
let obstacle = ""; // "offline" or "signed_out" while something stands in the way
let changed = () => {};

export function onChange(callback) {
  changed = callback;
}

export function status() {
  return { waiting, obstacle };
}

// Runs `job` after everything before it. Rejects only with a refusal of the server; with `once` also with the first
// failure to reach it, for what must not be done twice.
export function enqueue(job, { counts = false, once = false } = {}) {
  if (counts) waiting += 1;
  changed();
  const turn = tail.then(() => (once ? job() : patiently(job))).finally(() => {
    if (counts) waiting -= 1;
    changed();
  });
  tail = turn.catch(() => {});
  return turn;
}

async function patiently(job) {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
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

function setObstacle(value) {
  if (obstacle === value) return;
  obstacle = value;
  changed();
}

function backOnline(wait) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      window.removeEventListener("focus", done);
      resolve();
    };
    const timer = setTimeout(done, wait);
    window.addEventListener("online", done);
    window.addEventListener("focus", done); // back from the tab in which they signed in
  });
}

window.addEventListener("beforeunload", (event) => {
  if (waiting) event.preventDefault();
});
