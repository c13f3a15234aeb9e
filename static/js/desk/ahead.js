// The items that come next, under soft leases, with their pictures decoded: unseen until they are shown.
import * as api from "./api.js";
import { inHand } from "./hand.js";
import { outbox } from "./kept.js";
import * as line from "./line.js";
import { painted } from "./painted.js";
import * as pictures from "./pictures.js";
import { warm } from "./stage/warm.js";
import { showQuota } from "./status.js";

const PLACES = 2;

/** @typedef {{ item: import("./api.js").Item, isReady: boolean, ready: Promise<void> }} Place */
/** @type {Place[]} */
let places = [];
/** @type {Promise<void> | null} */
let asking = null;

/** Fetches what is missing. */
export function fill() {
  if (asking || places.length >= PLACES) return;
  const turn = line.enqueue(claimAnother).then(arrived, () => false);
  asking = turn.then((found) => {
    asking = null;
    if (found) fill();
  });
}

function claimAnother() {
  return api.claim({ soft: true, held: known().map(({ token }) => token) });
}

// What is decided but not sent yet is still leased: it must not come again.
function known() {
  const bundle = inHand();
  return [...items(), ...outbox.items, ...(bundle ? [bundle.item] : [])];
}

/** @param {import("./api.js").Claim} claim */
function arrived({ item, quota }) {
  showQuota(quota);
  if (!item || known().some((other) => other.item === item.item)) return false;
  places.push(placeOf(item));
  return true;
}

/** @param {import("./api.js").Item} item @returns {Place} */
function placeOf(item) {
  const place = { item, isReady: false, ready: pictures.prepare(item) };
  place.ready = place.ready.then(() => {
    place.isReady = true;
    warmFirst();
  });
  return place;
}

function warmFirst() {
  if (places[0]?.isReady) warm(pictures.preparedOf(places[0].item));
}

/** The next one if it can be shown in this very moment, else null. */
export function takeReady() {
  if (!places[0]?.isReady) return null;
  painted().then(warmFirst); // the one after it, once this one is seen
  return places.shift()?.item ?? null;
}

/** The next one once it can be shown, or null if there is none. */
export async function takeFirst() {
  if (!places.length) await asking;
  await places[0]?.ready;
  return places.shift()?.item ?? null;
}

/** It was on the screen and comes next. @param {import("./api.js").Item} item */
export function putBack(item) {
  item.soft = true;
  places = [placeOf(item), ...places.filter((place) => place.item.item !== item.item)];
}

/** Forgets one that is not ours any more, or all of them. @param {import("./api.js").Item} [item] */
export function forget(item) {
  for (const place of places) if (!item || place.item === item) pictures.forget(place.item);
  places = item ? places.filter((place) => place.item !== item) : [];
}

/** What is held for later. */
export function items() {
  return places.map(({ item }) => item);
}
