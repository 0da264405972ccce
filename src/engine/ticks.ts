import type { Store } from '../store/port.ts';
import { delayAfter } from './backoff.ts';

const MOST_TICKS = 256;

interface Served {
  readonly at: number;
  readonly tries: number;
  /** When the same moment may be tried again. */
  readonly until: number;
  readonly postponed: boolean;
}

/** The incidents whose moment has come, each ticked by one piece of work at a time. */
export function createTicks(options: {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly tick: (incident: string) => Promise<void>;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
  readonly random: () => number;
  readonly finished: () => void;
}) {
  const { store, clock, tick, log, random } = options;
  const ticking = new Set<string>();
  const served = new Map<string, Served>();

  async function one(incident: string, at: number): Promise<void> {
    const tries = (served.get(incident)?.at === at ? (served.get(incident)?.tries ?? 0) : 0) + 1;
    try {
      await tick(incident);
    } catch (error) {
      log('tick-failed', { incident, at, tries, error: String(error) });
    }
    const until = clock.now() + delayAfter(tries, random);
    served.set(incident, { at, tries, until, postponed: false });
    ticking.delete(incident);
    options.finished();
  }

  return {
    count: (): number => ticking.size,

    /** Begins what is due; a moment that a tick has left as it was waits longer each time. */
    async take(now: number): Promise<readonly Promise<void>[]> {
      if (ticking.size >= MOST_TICKS) return [];
      const due = await store.dueIncidents(now, MOST_TICKS - ticking.size, [...ticking]);
      const work: Promise<void>[] = [];
      for (const { incident, at } of due) {
        // Where a lease on a slow tick has ended, the store offers it again.
        if (ticking.has(incident)) continue;
        const before = served.get(incident);
        if (before?.at === at && before.until > now) {
          if (!before.postponed) log('tick-changed-nothing', { incident, at, tries: before.tries });
          served.set(incident, { ...before, postponed: true });
          await store.postponeDue(incident, at, before.until);
          continue;
        }
        ticking.add(incident);
        work.push(one(incident, at));
      }
      return work;
    },

    /** Nothing is due now, so every moment that was served has moved on, except for the postponed ones. */
    forget(): void {
      for (const [incident, before] of served) if (!before.postponed) served.delete(incident);
    },
  };
}
