// When a lease is made longer, and when it is given back.

const ENDS_SOON_MS = 90_000;
const GIVE_BACK_MS = 70_000; // a page out of sight may look at its clock once a minute only

/**
 * What is to be done about a lease that ends in `left` milliseconds.
 * @param {number} left @param {boolean} isActive whether the person is at it @returns {"extend" | "give_back" | "wait"}
 */
export function due(left, isActive) {
  if (isActive) return left < ENDS_SOON_MS ? "extend" : "wait";
  return left < GIVE_BACK_MS ? "give_back" : "wait";
}
