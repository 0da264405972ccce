import type { Clock } from '../engine/clock.ts';
import type { Plan } from '../incident/plan.ts';
import type { OpenVersion, Store } from '../store/port.ts';
import { audit, type Difference } from './audit.ts';

const EVERY_MS = 60_000;
/** How late a deadline may be served before it counts as missed. */
export const GRACE_MS = 60_000;
/** So many incidents are looked through before everything else has a turn. */
const PAGE = 200;

export interface WatchDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly plan: (version: string) => Promise<Plan>;
  /** A difference that this watch has told nobody of yet. */
  readonly alarm: (incident: string, difference: Difference, key: string) => Promise<void>;
  /** Says to the outside that the watch is awake; not called while the engine is behind. */
  readonly heartbeat: (() => Promise<void>) | null;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

interface Seen {
  readonly version: number;
  /** When the next deadline will have been missed if nothing is written until then; null when none is left. */
  readonly next: number | null;
}

export interface Watch {
  start(): void;
  stop(): void;
  /** Differences alarmed since the start. */
  missed(): number;
}

/**
 * Watches the watcher: once a minute it holds every open incident that was written to, or has a deadline behind
 * it, against the plan's table and alarms on what did not fire. The heartbeat falls silent when work stays undone, so that an outside monitor notices.
 */
export function createWatch({ store, clock, plan, alarm, heartbeat, log }: WatchDeps): Watch {
  const told = new Set<string>();
  let known = new Map<string, Seen>();
  let cancel: (() => void) | null = null;

  async function look(): Promise<void> {
    try {
      const now = clock.now();
      const seen = new Map<string, Seen>();
      for (let last: OpenVersion | null = null; ; ) {
        const page: readonly OpenVersion[] = await store.openVersions(last, PAGE);
        for (const one of page) seen.set(one.incident, await examined(one, now));
        last = page.at(-1) ?? null;
        if (page.length < PAGE) break;
        await new Promise(setImmediate);
      }
      known = seen;
      const { oldestOverdueMs } = await store.stats(now);
      if (heartbeat && oldestOverdueMs < GRACE_MS) await heartbeat();
    } catch (error) {
      log('watch failed', { error: String(error) });
    }
    if (cancel) arm();
  }

  /** What was not written to since and waits for nothing yet has been judged already. */
  async function examined({ incident, version }: OpenVersion, now: number): Promise<Seen> {
    const before = known.get(incident);
    if (before?.version === version && (before.next === null || now < before.next)) return before;
    const loaded = await store.load(incident);
    if (!loaded) return { version, next: null };
    const rules = await plan(loaded.incident.pinned.planVersion);
    let next: number | null = null;
    // All that is to come, as if nothing were written any more: the earliest says when to look again.
    for (const one of audit(await store.events(incident), rules, Number.POSITIVE_INFINITY, GRACE_MS)) {
      const missedAt = one.dueAt + GRACE_MS;
      if (missedAt > now) next = Math.min(next ?? missedAt, missedAt);
      else await tell(incident, one);
    }
    return { version, next };
  }

  async function tell(incident: string, one: Difference): Promise<void> {
    const key = `${incident}:${one.what}:${one.id}:${one.dueAt}`;
    if (told.has(key)) return;
    log('deadline missed', { incident, ...one });
    await alarm(incident, one, `alarm:${key}`);
    told.add(key);
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
