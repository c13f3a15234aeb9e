// Calls /api/v1/review/. Every answer is JSON; a refusal is thrown as a Problem, a silent network or a broken server as
// an Offline, an ended session as a SignedOut. What was thrown as one of the last two may be sent again.
import { request, post as postTo, postLeaving, SignedOut } from "../session.js";

export { Offline, SignedOut } from "../session.js";

const ROOT = "/api/v1/review/";
const JSON_BODY = { "Content-Type": "application/json" };
let ahead = 0; // how far the server's clock is ahead of this one, milliseconds

/** @typedef {{ url: string, width: number, height: number, alt: string }} Picture */
/** @typedef {{ key: string, label: string, help: string, axis: string }} Code */
/**
 * @typedef {object} Item
 * @property {string} token
 * @property {string} item its handle
 * @property {string} lease_until
 * @property {string} product
 * @property {string} prompt
 * @property {Picture | null} source
 * @property {{ handle: string, picture: Picture | null }[]} candidates
 * @property {Code[]} codes
 * @property {Before} [before] what was decided of it and taken back
 */
/** @typedef {{ verdicts: object[], best: string | null }} Before */
/** @typedef {{ used: number, open: number, limit: number, left: number }} Quota */
/** @typedef {{ item: Item | null, reason: string, quota: Quota, until?: string }} Claim */

/** The server says no. */
export class Problem extends Error {
  /** @param {number} status @param {{ detail?: string, title?: string, code?: string }} body */
  constructor(status, body) {
    super(body.detail || body.title || String(status));
    this.status = status;
    this.code = body.code || "";
  }
}

/** What time it is for the server, whatever the clock of this machine says. */
export function serverNow() {
  return Date.now() + ahead;
}

/** @param {Response} response */
async function read(response) {
  const answer = await response.json().catch(() => ({}));
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (date) ahead = date - Date.now();
  if (!response.ok) throw new Problem(response.status, answer);
  return answer;
}

/** @param {string} path @param {object} [body] */
export async function post(path, body = {}) {
  return read(await postTo(ROOT + path, JSON.stringify(body), JSON_BODY));
}

async function get(path) {
  const response = await request(ROOT + path);
  if (response.status === 401) throw new SignedOut();
  return read(response);
}

/** @param {{ soft?: boolean, held?: string[], item?: string }} [wish] @returns {Promise<Claim>} */
export const claim = (wish = {}) => post("claim/", wish);
/** @param {string} token */
export const show = (token) => post(`leases/${token}/show/`);
/** @param {string} token */
export const extend = (token) => post(`leases/${token}/extend/`);
/** @param {string} token */
export const release = (token) => post(`leases/${token}/release/`);
/** Gives it back while the page goes away. @param {string} token */
export const releaseLeaving = (token) => postLeaving(`${ROOT}leases/${token}/release/`);
/** @param {string} [key] of the decision to take back; without one the last */
export const undo = (key) => post("undo/", key ? { decision: key } : {});
/** The reviewer's last standing decisions, newest first. @returns {Promise<{ key: string }[]>} */
export const recent = () => get("recent/");

/**
 * Changes how this person likes the desk; answers all of it.
 * @param {object} changes @returns {Promise<import("./config.js").Settings & { all_keys: Record<string, string> }>}
 */
export const changeSettings = async (changes) =>
  read(await postTo(`${ROOT}settings/`, JSON.stringify(changes), JSON_BODY, "PATCH"));
