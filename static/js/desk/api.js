// Calls /api/v1/review/. Every answer is JSON; a refusal is thrown as a Problem, a silent network or a broken server as
// an Offline, an ended session as a SignedOut. What was thrown as one of the last two may be sent again.
import { request, post as postTo, postLeaving, SignedOut } from "../session.js";

export { Offline, SignedOut } from "../session.js";

const ROOT = "/api/v1/review/";
const JSON_BODY = { "Content-Type": "application/json" };
let ahead = 0; // how far the server's clock is ahead of this one, milliseconds

/**
 * @typedef {object} Picture
 * @property {string} url a preview that fits a screen
 * @property {string} [full_url] a preview of the picture's own size, where it is larger
 * @property {number} width of the picture, in its own pixels
 * @property {number} height
 * @property {string} alt
 */
/** @typedef {{ x: number, y: number, width?: number, height?: number }} Place shares of the image's sides, 0 to 1 */
/** @typedef {"product" | "scene"} Axis */
/** @typedef {{ key: string, label: string, help: string, axis: Axis }} Code */
/** @typedef {{ handle: string, picture: Picture | null }} Candidate */
/** @typedef {{ question: string, answer: string }} Answered a question about the item, and what an admin says */
/**
 * @typedef {object} Item
 * @property {string} token
 * @property {string} item its handle
 * @property {string} variant
 * @property {number | null} guideline the version in force; null: none is written
 * @property {boolean} soft whether its lease is one for later
 * @property {string} lease_until
 * @property {string} product
 * @property {string} prompt
 * @property {Picture | null} source
 * @property {Candidate[]} candidates
 * @property {Code[]} codes
 * @property {Answered[]} [answers]
 * @property {Before | null} [before] what was decided of it and taken back
 */
/**
 * @typedef {object} Verdict of one candidate, as it was sent
 * @property {string} candidate its handle
 * @property {boolean} approved
 * @property {boolean | null} product_right null: follows from the codes
 * @property {boolean | null} scene_right
 * @property {string[]} codes
 * @property {Place[]} [marks]
 * @property {string} [comment]
 */
/** @typedef {{ verdicts: Verdict[], best: string | null }} Before */
/** @typedef {{ today: { judged: number, limit: number }, more: string, told: string }} Quota told in words by the server */
/** @typedef {{ item: Item | null, reason: string, quota: Quota, until?: string }} Claim */
/** @typedef {{ lease_until: string, quota: Quota }} Leased */

/** @typedef {{ x: number, y: number, width: number, height: number }} Region shares of the picture */
/** @typedef {{ label: string, reason: string, regions: Region[] }} Finding */
/** @typedef {{ handle: string, heat_map: { url: string } | null, findings: Finding[] }} CandidateAids */
/** @typedef {{ outline: [number, number][][], candidates: CandidateAids[] }} Aids */

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

/** @param {string} path */
async function get(path) {
  const response = await request(ROOT + path);
  if (response.status === 401) throw new SignedOut();
  return read(response);
}

/** @param {{ soft?: boolean, held?: string[], item?: string }} [wish] @returns {Promise<Claim>} */
export const claim = (wish = {}) => post("claim/", wish);
/** @param {string} token @returns {Promise<Leased>} */
export const show = (token) => post(`leases/${token}/show/`);
/** @param {string} token @returns {Promise<Leased>} */
export const extend = (token) => post(`leases/${token}/extend/`);
/** Where to look, for who asks: outline, heat maps and findings of an item. @param {string} token @returns {Promise<Aids>} */
export const aids = (token) => get(`leases/${token}/aids/`);
/** @param {string} token */
export const release = (token) => post(`leases/${token}/release/`);
/** Gives it back while the page goes away. @param {string} token */
export const releaseLeaving = (token) => postLeaving(`${ROOT}leases/${token}/release/`);
/** @param {string} [key] of the decision to take back; without one the last @returns {Promise<Claim>} */
export const undo = (key) => post("undo/", key ? { decision: key } : {});
/** The reviewer's last standing decisions, newest first. @returns {Promise<{ key: string }[]>} */
export const recent = () => get("recent/");

/**
 * Changes how this person likes the desk; answers all of it.
 * @param {object} changes @returns {Promise<import("./config.js").Settings & { all_keys: Record<string, string> }>}
 */
export const changeSettings = async (changes) =>
  read(await postTo(`${ROOT}settings/`, JSON.stringify(changes), JSON_BODY, "PATCH"));
