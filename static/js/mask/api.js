// Calls /api/v1/products/ID/. A refusal is thrown as a Problem with the server's sentence, an ended session as a
// SignedOut, anything that may be sent again as an Offline.
const TOKEN = "meta[name=csrf-token]";
let csrf = document.querySelector(TOKEN).content;

export class Problem extends Error {
  constructor(body) {
    super(body.detail || body.title);
    this.code = body.errors?.[0]?.code ?? body.code ?? "";
  }
}

export class Offline extends Error {}

export class SignedOut extends Error {}

async function request(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    throw new Offline(error.message);
  }
  if (response.status === 429 || response.status >= 500) throw new Offline(String(response.status));
  return response;
}

// Signing in again, in another tab, makes the token of this page worthless: take the one of a fresh page.
async function freshToken() {
  const page = await request(location.href);
  const found = new DOMParser().parseFromString(await page.text(), "text/html").querySelector(TOKEN);
  if (found) csrf = found.content;
}

async function read(response) {
  if (response.status === 401) throw new SignedOut();
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(answer);
  return answer;
}

export class Product {
  constructor(id) {
    this.root = `/api/v1/products/${id}/`;
  }

  async get(path = "") {
    return read(await request(this.root + path));
  }

  async post(path, body = {}) {
    const send = () => {
      const isForm = body instanceof FormData;
      const headers = { "X-CSRFToken": csrf, ...(isForm ? {} : { "Content-Type": "application/json" }) };
      return request(this.root + path, { method: "POST", headers, body: isForm ? body : JSON.stringify(body) });
    };
    const response = await send();
    if (response.status !== 403) return read(response);
    await freshToken();
    return read(await send());
  }
}
