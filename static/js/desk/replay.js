// What becomes of something unsent when it is sent: whatever happens it ends in one of these, and is stored at most once.

/** @typedef {import("./outbox.js").Unsent} Unsent */
/** @typedef {{ quota?: import("./api.js").Quota }} Answer */
/**
 * What became of it: "stored" (or nothing was left to do), "taken" (not needed any more: another person has judged it),
 * "refused" (the server says why), or "kept" (it may be heard later: it stays unsent, and what comes after it goes on).
 * @typedef {{ fate: "stored" | "taken" | "refused" | "kept", answer?: Answer, problem?: unknown }} Outcome
 */
/**
 * @typedef {object} Server
 * @property {(path: string, said: object) => Promise<Answer>} post throws a Problem, with `status` and `code`
 * @property {(wish: object) => Promise<import("./api.js").Claim>} claim
 */

const NOT_NOW = new Set(["quota_reached", "paused", "person_paused"]);

/**
 * Sends it. Throws what may be tried again as it is.
 * @param {Unsent} entry @param {Server} server @param {(entry: Unsent) => Promise<unknown>} keep writes a new token down
 * @returns {Promise<Outcome>}
 */
export async function deliver(entry, server, keep) {
  try {
    return stored(await server.post(pathOf(entry), entry.said));
  } catch (problem) {
    const ruling = afterRefusal(entry, problem);
    return ruling === "late" ? deliverLate(entry, server, keep) : { fate: ruling, problem };
  }
}

/**
 * Its lease has ended: it is still wanted if its item is still free.
 * @param {Unsent} entry @param {Server} server @param {(entry: Unsent) => Promise<unknown>} keep
 * @returns {Promise<Outcome>}
 */
async function deliverLate(entry, server, keep) {
  const { item, reason } = await server.claim({ soft: true, item: entry.item.item });
  if (item?.item !== entry.item.item) return { fate: NOT_NOW.has(reason) ? "kept" : "taken" };
  entry.token = item.token;
  await keep(entry); // before it is sent: a second try must be the same in every respect
  try {
    return stored(await server.post(pathOf(entry), entry.said));
  } catch (problem) {
    const ruling = afterRefusal(entry, problem);
    return ruling === "late" ? { fate: "taken" } : { fate: ruling, problem };
  }
}

/**
 * @param {{ verb: string }} entry @param {any} problem @returns {"stored" | "taken" | "refused" | "kept" | "late"}
 */
export function afterRefusal({ verb }, problem) {
  if (!problem.status) throw problem; // no answer of the server
  if (problem.status === 403) return "kept"; // not allowed as things stand: an admin may have paused them
  if (problem.code === "key_reused") return "stored"; // under the lease it had before
  const isLost = problem.code === "lease_lost" || problem.code === "item_withdrawn";
  if (verb !== "decide" && isLost) return "stored"; // it has been let go in one way or another
  if (problem.code === "lease_lost") return "late";
  return "refused";
}

/** @param {Unsent} entry */
function pathOf({ token, verb }) {
  return `leases/${token}/${verb}/`;
}

/** @param {Outcome["answer"]} answer @returns {Outcome} */
function stored(answer) {
  return { fate: "stored", answer };
}
