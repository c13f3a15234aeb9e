// Everything that is told the server stands in one line: a decision is never overtaken by the claim after it.
// A job that finds no network waits and tries again; what it carries keeps its idempotency key.
import { Offline } from "./api.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
let tail = Promise.resolve();
let waiting = 0;
let offline = false;
let changed = () => {};

export function onChange(callback) {
  changed = callback;
}

export function status() {
  return { waiting, offline };
}

// Runs `job` after everything before it. Rejects only with a refusal of the server.
export function enqueue(job, { counts = false } = {}) {
  if (counts) waiting += 1;
  changed();
  const turn = tail.then(() => patiently(job)).finally(() => {
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
      setOffline(false);
      return answer;
    } catch (error) {
      if (!(error instanceof Offline)) {
        setOffline(false);
        throw error;
      }
    }
    setOffline(true);
    await backOnline(wait);
  }
}

function setOffline(value) {
  if (offline === value) return;
  offline = value;
  changed();
}

function backOnline(wait) {
  return new Promise((resolve) => {
    const done = () => { clearTimeout(timer); window.removeEventListener("online", done); resolve(); };
    const timer = setTimeout(done, wait);
    window.addEventListener("online", done);
  });
}

window.addEventListener("beforeunload", (event) => {
  if (waiting) event.preventDefault();
});
