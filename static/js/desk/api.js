// Calls /api/v1/review/. Every answer is JSON; a refusal is thrown as a Problem, a silent network as an Offline.
const ROOT = "/api/v1/review/";
const csrf = document.querySelector("meta[name=csrf-token]").content;

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || String(status));
    this.status = status;
    this.code = body.code || "";
  }
}

export class Offline extends Error {}

async function post(path, body = {}) {
  let response;
  try {
    response = await fetch(ROOT + path, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify(body),
    });
  } catch (error) {
    throw new Offline(error.message);
  }
  if (response.status >= 502) throw new Offline(String(response.status));
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(response.status, answer);
  return answer;
}

export const claim = (soft = false) => post("claim/", { soft });
export const show = (token) => post(`leases/${token}/show/`);
export const extend = (token) => post(`leases/${token}/extend/`);
export const skip = (token) => post(`leases/${token}/skip/`);
export const decide = (token, decision) => post(`leases/${token}/decide/`, decision);
export const undo = () => post("undo/");
