// <time datetime="…" data-relative>: "3 minutes ago" in the page's language, the exact time as its title.
// Without this script the exact time, written by the server, stays.
import { language } from "./words.js";

const words = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
const exact = new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "medium" });
const STEPS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

function relative(date) {
  const seconds = (date - Date.now()) / 1000;
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  return words.format(0, "second");
}

function refresh(root = document) {
  for (const time of root.querySelectorAll("time[data-relative]")) {
    const date = new Date(time.dateTime);
    if (Number.isNaN(date.valueOf())) continue;
    time.title = exact.format(date);
    const text = relative(date);
    if (time.textContent !== text) time.textContent = text;
  }
}

refresh();
setInterval(() => document.hidden || refresh(), 30_000);
document.addEventListener("htmx:load", (event) => refresh(event.target.parentElement ?? document));
