const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;

/**
 * How long to wait after a number of failed attempts: doubling from a second to five minutes, spread over the
 * upper half so that many rows that failed together do not come back together.
 */
export function delayAfter(attempts: number, random: () => number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts, 20));
  return Math.round(full / 2 + (full / 2) * random());
}
