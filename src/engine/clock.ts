/** Milliseconds since the epoch. */
type Instant = number;

/** Time as the engine sees it, so that a story can let hours pass in a blink. */
export interface Clock {
  now(): Instant;
  /** Runs once when the moment has come; the returned function takes it back. */
  at(when: Instant, run: () => void | Promise<void>): () => void;
}

/**
 * The longest sleep. Timers count monotonic time and do not notice a wall clock that was set or a machine that
 * slept, so the wall clock is looked at again at least this often.
 */
const LONGEST_SLEEP_MS = 30_000;

export const systemClock: Clock = {
  now: Date.now,
  at(when, run) {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const wait = when - Date.now();
      timer = setTimeout(
        () => {
          if (Date.now() < when) arm();
          else void run();
        },
        Math.max(0, Math.min(wait, LONGEST_SLEEP_MS)),
      );
    };
    arm();
    return () => clearTimeout(timer);
  },
};

export interface VirtualClock extends Clock {
  /** Lets time pass and runs what falls due on the way, in order, each to its end. */
  advance(ms: number): Promise<void>;
}

export function virtualClock(start: Instant): VirtualClock {
  let now = start;
  let count = 0;
  const waiting = new Map<number, { readonly when: Instant; readonly run: () => void | Promise<void> }>();

  function next(until: Instant): number | null {
    let best: number | null = null;
    for (const [id, one] of waiting) {
      if (one.when > until) continue;
      const known = best === null ? undefined : waiting.get(best);
      if (!known || one.when < known.when) best = id;
    }
    return best;
  }

  return {
    now: () => now,
    at(when, run) {
      count += 1;
      const id = count;
      waiting.set(id, { when, run });
      return () => waiting.delete(id);
    },
    async advance(ms) {
      const end = now + ms;
      for (let id = next(end); id !== null; id = next(end)) {
        const one = waiting.get(id);
        waiting.delete(id);
        if (!one) continue;
        now = Math.max(now, one.when);
        await one.run();
      }
      now = end;
    },
  };
}
