/** Where the time comes from: moments are milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /**
   * Runs at `when` or as soon as possible after it; a moment that is past comes at once, never synchronously.
   * The returned function takes it back.
   */
  at(when: number, run: () => unknown): () => void;
  /** A clock that only moves by hand asks this whether work that began by itself has come to its end. */
  watch?(idle: () => Promise<void>): void;
}

/**
 * Longest sleep in one piece. A timer counts monotonic time, so it misses a wall clock that was set forward
 * and a machine that was suspended; it is at most this much late then.
 */
const LONGEST_SLEEP_MS = 60_000;

export const systemClock: Clock = {
  now: Date.now,
  at(when, run) {
    let timer: NodeJS.Timeout;
    const sleep = (): void => {
      const left = Math.min(Math.max(when - Date.now(), 0), LONGEST_SLEEP_MS);
      timer = setTimeout(() => {
        if (Date.now() < when) sleep();
        else void run();
      }, left);
    };
    sleep();
    return () => clearTimeout(timer);
  },
};

export interface VirtualClock extends Clock {
  /** Runs everything that comes due on the way, in order, each at its own moment and to its end. */
  advance(ms: number): Promise<void>;
}

/** Work that waits for the world outside (a gate in a test, a platform that hangs) does not stop the time. */
const PATIENCE_MS = 2_000;

/** A clock for stories and drills: it stands still until it is told to go on. `patienceMs` is real time. */
export function virtualClock(start: number, patienceMs = PATIENCE_MS): VirtualClock {
  let now = start;
  const timers: { readonly when: number; readonly run: () => unknown }[] = [];
  const watched: (() => Promise<void>)[] = [];

  return {
    now: () => now,
    at(when, run) {
      const timer = { when, run };
      timers.push(timer);
      timers.sort((a, b) => a.when - b.when);
      return () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      };
    },
    watch(idle) {
      watched.push(idle);
    },
    async advance(ms) {
      const target = now + ms;
      await quiet(watched, patienceMs);
      for (let next = timers[0]; next && next.when <= target; next = timers[0]) {
        timers.shift();
        now = Math.max(now, next.when);
        await quiet([next.run, ...watched], patienceMs);
      }
      now = target;
    },
  };
}

async function quiet(work: readonly (() => unknown)[], patienceMs: number): Promise<void> {
  let patience: NodeJS.Timeout | undefined;
  const impatient = new Promise<void>((resolve) => {
    patience = setTimeout(resolve, patienceMs);
  });
  // One after the other: what a moment begins is under way before the rest is asked whether it has ended.
  const everything = async (): Promise<void> => {
    for (const one of work) await one();
  };
  await Promise.race([everything(), impatient]);
  clearTimeout(patience);
  await new Promise<void>((resolve) => setImmediate(resolve));
}
