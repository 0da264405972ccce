import type { OutboxResult, OutboxRow, Store } from '../store/port.ts';
import { delayAfter } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { Pace } from './pace.ts';
import { createTicks } from './ticks.ts';
import { startUpkeep } from './upkeep.ts';

export interface EngineOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Submits a tick for an incident whose moment has come; what it decides is written by itself. */
  readonly tick: (incident: string) => Promise<void>;
  /** Pays one row out. A thrown error counts as a temporary failure after which it may have arrived. */
  readonly pay: (row: OutboxRow) => Promise<OutboxResult>;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
  /** What platforms allow; without it everything may go at once. */
  readonly pace?: Pace | undefined;
  readonly random?: () => number;
}

interface Lease {
  readonly row: OutboxRow;
  readonly page: boolean;
  /** What the lane's name begins with: `room:slack:`, `page:` … */
  readonly group: string;
  readonly begun: number;
  until: number;
  /** The platform has answered; what is left is to write it down. */
  answered: boolean;
}

export interface Engine {
  start(): void;
  /** Something was written: look again. */
  kick(): void;
  /** Takes nothing new and waits for what is under way; what hangs is left to the end of its lease. */
  stop(): Promise<void>;
  /** Resolves once nothing is due and nothing is under way. */
  idle(): Promise<void>;
}

/**
 * A lease is short, so that what a killed instance had under way goes out soon, and renewed while a send takes
 * its time. A row whose lease has ended belongs to whoever claims it next, marked as a possible duplicate.
 */
const LEASE_MS = 10_000;
const RENEW_MS = 4_000;
/** Longer than any honest send takes: a lease is not renewed beyond it. */
const LONGEST_SEND_MS = 60_000;
/** Pages have room of their own, and so has every platform: one that hangs fills its own share only. */
const MOST_PAGES = 256;
const MOST_OF_PLATFORM = 128;
/** With so many answers not written down yet the database is what everything waits for. */
const MOST_UNDER_WAY = 1_024;
const STOP_GRACE_MS = 5_000;
/** While a tick hangs, its moment hides the later ones; then the engine looks again after this long. */
const HIDDEN_MS = 1_000;

/**
 * Does what is due and sends what waits. It sleeps until the earliest moment that the store knows and wakes
 * for nothing else but a kick or the end of a piece of work.
 */
export function createEngine(options: EngineOptions): Engine {
  const { store, clock, pay, log } = options;
  const random = options.random ?? Math.random;
  const ticks = createTicks({ ...options, random, finished: pump });
  const sending = new Map<number, Lease>();
  const underWay = new Set<Promise<void>>();
  let idlers: (() => void)[] = [];
  let running = false;
  let pumping = false;
  let again = false;
  let disarm: () => void = () => {};
  let unhear: () => void = () => {};
  let endUpkeep: () => void = () => {};
  let renewal: (() => void) | null = null;
  let storeFailures = 0;

  function pump(): void {
    if (!running) return;
    again = true;
    if (pumping) return;
    pumping = true;
    track(
      pumpAll().finally(() => {
        pumping = false;
      }),
    );
  }

  async function pumpAll(): Promise<void> {
    try {
      while (again && running) {
        again = false;
        await takeAll();
        storeFailures = 0;
        if (again) continue;
        const next = await store.nextMoment();
        if (next === null) continue;
        const now = clock.now();
        if (next > now) {
          arm(next);
          ticks.forget();
        } else if (ticks.count() > 0) arm(now + HIDDEN_MS);
        else if (sending.size === 0) again = true;
      }
    } catch (error) {
      storeFailures += 1;
      log('store-failed', { error: String(error), failures: storeFailures });
      arm(clock.now() + delayAfter(storeFailures, random));
    }
  }

  async function takeAll(): Promise<void> {
    const now = clock.now();
    for (const [id, one] of sending) if (one.until <= now) sending.delete(id);
    if (sending.size >= MOST_UNDER_WAY) return;
    const room = MOST_PAGES - pagesOpen();
    // Asked for together, so that they share a commit or wait side by side.
    const [pages, due, rest] = await Promise.all([
      room > 0 ? store.claimOutbox(now, room, LEASE_MS, 'page') : [],
      ticks.take(now),
      // In small bites, since only what was claimed says whose it is: no platform gets far beyond its share.
      store.claimOutbox(now, MOST_OF_PLATFORM, LEASE_MS, 'rest', fullGroups()),
    ]);
    for (const row of pages) send(row, now);
    for (const work of due) track(work);
    for (const row of rest) send(row, now);
    // There may be more where a whole bite came from.
    if ((pages.length > 0 && pages.length === room) || rest.length === MOST_OF_PLATFORM) again = true;
  }

  function fullGroups(): readonly string[] {
    const counts = new Map<string, number>();
    for (const one of sending.values())
      if (!one.page && !one.answered) counts.set(one.group, (counts.get(one.group) ?? 0) + 1);
    return [...counts].filter(([, found]) => found >= MOST_OF_PLATFORM).map(([group]) => group);
  }

  function pagesOpen(): number {
    let found = 0;
    for (const one of sending.values()) if (one.page && !one.answered) found += 1;
    return found;
  }

  function send(row: OutboxRow, now: number): void {
    const group = groupOf(row.lane);
    const lease = {
      row,
      page: row.priority === 'page',
      group,
      begun: now,
      until: now + LEASE_MS,
      answered: false,
    };
    sending.set(row.id, lease);
    track(payOut(row, lease));
    renewal ??= clock.at(now + RENEW_MS, renew);
  }

  /** What is under way for longer than usual stays ours. */
  async function renew(): Promise<void> {
    renewal = null;
    const now = clock.now();
    const until = (one: Lease): number => Math.min(now + LEASE_MS, one.begun + LONGEST_SEND_MS);
    const ours = [...sending.values()].filter((one) => one.until > now && until(one) > one.until);
    const ends = new Map<number, Lease[]>();
    for (const one of ours) ends.set(until(one), [...(ends.get(until(one)) ?? []), one]);
    try {
      for (const [end, leases] of ends) {
        await store.renewOutbox(
          leases.map((one) => one.row),
          end,
        );
        for (const lease of leases) lease.until = end;
      }
    } catch (error) {
      log('renew-failed', { error: String(error) });
    }
    if (running && sending.size > 0) renewal ??= clock.at(clock.now() + RENEW_MS, renew);
  }

  /** Puts a row back that its platform would not take yet; true when it may go now. */
  async function admitted(row: OutboxRow): Promise<boolean> {
    if (!options.pace || row.priority === 'page') return true;
    const now = clock.now();
    try {
      const at = await options.pace.admit(row.lane, now);
      if (at <= now) return true;
      await store.deferOutbox(row, at);
      return false;
    } catch (error) {
      // Better too fast than never: the platform itself refuses what is too much.
      log('pace-failed', { lane: row.lane, error: String(error) });
      return true;
    }
  }

  async function payOut(row: OutboxRow, lease: Lease): Promise<void> {
    if (!(await admitted(row))) {
      if (sending.get(row.id) === lease) sending.delete(row.id);
      pump();
      return;
    }
    const result = await attempt(row);
    lease.answered = true;
    try {
      await store.settleOutbox(row, result);
    } catch (error) {
      log('settle-failed', { key: row.key, error: String(error) });
    }
    if (sending.get(row.id) === lease) sending.delete(row.id);
    pump();
  }

  async function attempt(row: OutboxRow): Promise<OutboxResult> {
    try {
      return await pay(row);
    } catch (error) {
      log('pay-failed', { key: row.key, attempts: row.attempts, error: String(error) });
      const at = clock.now() + delayAfter(row.attempts, random);
      // Whoever throws cannot say whether it went out.
      return { outcome: 'retry', at, error: String(error), uncertain: true };
    }
  }

  async function begin(): Promise<void> {
    try {
      await store.endLeases?.(clock.now());
    } catch (error) {
      log('leases-not-ended', { error: String(error) });
    }
    pump();
  }

  function arm(when: number): void {
    disarm();
    if (running) disarm = clock.at(when, pump);
  }

  function track(work: Promise<void>): void {
    underWay.add(work);
    const done = (): void => {
      underWay.delete(work);
      if (underWay.size > 0) return;
      const waiting = idlers;
      idlers = [];
      for (const resolve of waiting) resolve();
    };
    work.then(done, done);
  }

  function idle(): Promise<void> {
    if (underWay.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      idlers.push(resolve);
    });
  }

  clock.watch?.(idle);

  return {
    start() {
      running = true;
      // What another instance writes may be due sooner than what this one sleeps for.
      unhear = store.listen?.(pump) ?? unhear;
      endUpkeep = startUpkeep(store, clock, log);
      track(begin());
    },
    kick: pump,
    async stop() {
      running = false;
      disarm();
      unhear();
      endUpkeep();
      let grace: NodeJS.Timeout | undefined;
      const over = new Promise<void>((resolve) => {
        grace = setTimeout(resolve, STOP_GRACE_MS);
      });
      await Promise.race([idle(), over]);
      clearTimeout(grace);
      renewal?.();
    },
    idle,
  };
}

function groupOf(lane: string): string {
  const [kind = '', platform = ''] = lane.split(':');
  return kind === 'room' ? `room:${platform}:` : `${kind}:`;
}
