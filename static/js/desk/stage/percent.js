// Shares as a person reads them, in the language of the page.
const format = new Intl.NumberFormat(document.documentElement.lang || "en", { style: "percent" });

/** @param {number} share */
export const percent = (share) => format.format(share);
