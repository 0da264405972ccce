import type { Clock } from '../engine/clock.ts';
import type { Plan } from '../incident/plan.ts';
import type { Store } from '../store/port.ts';
import { audit, type Difference } from './audit.ts';

const EVERY_MS = 60_000;
/** How late a deadline may be served before it counts as missed. */
export const GRACE_MS = 60_000;

export interface WatchDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly plan: (version: string) => Promise<Plan>;
  /** A difference nobody has been told of yet. */
  readonly alarm: (incident: string, difference: Difference) => Promise<void>;
  /** Says to the outside that the watch is awake; not called while the engine is behind. */
  readonly heartbeat: (() => Promise<void>) | null;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

export interface Watch {
  start(): void;
  stop(): void;
  /** Differences alarmed since the start. */
  missed(): number;
}

/**
 * Watches the watcher: once a minute it holds every open incident against the plan's table and alarms on what
 * did not fire. The heartbeat falls silent when work stays undone, so that an outside monitor notices.
 */
export function createWatch({ store, clock, plan, alarm, heartbeat, log }: WatchDeps): Watch {
  const told = new Set<string>();
  let cancel: (() => void) | null = null;

  async function look(): Promise<void> {
    try {
      const now = clock.now();
      for (const incident of await store.incidents({ openOnly: true })) {
        const events = await store.events(incident.id);
        for (const one of audit(events, await plan(incident.pinned.planVersion), now, GRACE_MS)) {
          const key = `${incident.id}:${one.what}:${one.id}:${one.dueAt}`;
          if (told.has(key)) continue;
          told.add(key);
          log('deadline missed', { incident: incident.id, ...one });
          await alarm(incident.id, one);
        }
      }
      const { oldestOverdueMs } = await store.stats(now);
      if (heartbeat && oldestOverdueMs < GRACE_MS) await heartbeat();
    } catch (error) {
      log('watch failed', { error: String(error) });
    }
    if (cancel) arm();
  }

  function arm(): void {
    cancel = clock.at(clock.now() + EVERY_MS, look);
  }

  return {
    start: arm,
    stop() {
      cancel?.();
      cancel = null;
    },
    missed: () => told.size,
  };
}
