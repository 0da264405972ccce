import type { Clock } from './clock.ts';

const EVERY_MS = 60_000;

/**
 * The time of the store that several instances share: no machine's own clock decides when something is due.
 * Measured at the start and once a minute; between two measurements the machine's clock carries it on.
 */
export async function sharedClock(
  base: Clock,
  ask: () => Promise<number>,
  log: (what: string, detail: Readonly<Record<string, unknown>>) => void,
): Promise<Clock & { stop(): void }> {
  let ahead = await measure(base, ask);
  let cancel: () => void = () => {};

  const again = (): void => {
    cancel = base.at(base.now() + EVERY_MS, async () => {
      try {
        ahead = await measure(base, ask);
      } catch (error) {
        log('time-not-measured', { error: String(error) });
      }
      again();
    });
  };
  again();

  const clock = {
    now: () => base.now() + ahead,
    at(when: number, run: () => unknown): () => void {
      // What was measured since may have moved the moment further away.
      let takeBack = base.at(when - ahead, function check(): unknown {
        if (clock.now() >= when) return run();
        takeBack = base.at(when - ahead, check);
        return undefined;
      });
      return () => takeBack();
    },
    stop: () => cancel(),
    watch: (idle: () => Promise<void>) => base.watch?.(idle),
  };
  return clock;
}

/** How far the store's time is ahead of ours; the answer was true somewhere within the time it took. */
async function measure(base: Clock, ask: () => Promise<number>): Promise<number> {
  const before = base.now();
  const theirs = await ask();
  return Math.round(theirs - (before + base.now()) / 2);
}
