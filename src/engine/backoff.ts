const FIRST_MS = 1_000;
/** A platform that is back after an outage hears from us within five minutes. */
const LONGEST_MS = 5 * 60_000;

/**
 * Milliseconds to wait after the given number of attempts (from 1): doubling, and between half and the whole
 * of it, so that what failed together does not come back together. `random` answers in [0, 1).
 */
export function delayAfter(attempts: number, random: () => number): number {
  const doubled = FIRST_MS * 2 ** Math.min(Math.max(attempts - 1, 0), 30);
  return Math.round(Math.min(LONGEST_MS, doubled) * (0.5 + random() / 2));
}
