// How long "tomorrow morning" is away. Knows nothing of the page.

const MORNING = 8; // o'clock, where the reviewer sits
const LONGEST = 24 * 60;

/** Minutes until the next morning that is at least three hours away, a day at most. @param {Date} now */
export function minutesUntilMorning(now) {
  const morning = new Date(now);
  morning.setHours(MORNING, 0, 0, 0);
  if (now.getHours() >= MORNING - 3) morning.setDate(morning.getDate() + 1);
  return Math.min(Math.ceil((morning.getTime() - now.getTime()) / 60_000), LONGEST);
}
