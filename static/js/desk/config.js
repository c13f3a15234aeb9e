// What the page was made with: the table of actions with this person's keys, and how they like the desk.

/** @typedef {{ key: string, held: boolean, repeats: boolean }} KeyedAction */
/** @typedef {{ keys_on: boolean, send_on: string, rest_minutes: number, shows_pace: boolean }} Settings */

const page = JSON.parse(document.getElementById("desk").dataset.config);

/** @type {Record<string, KeyedAction>} */
export const actions = page.actions;

/** Whose desk this is, by their pseudonym. @type {{ handle: string }} */
export const reviewer = page.reviewer;

/** @type {Settings} */
export const settings = page.settings;
