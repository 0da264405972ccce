import type { OutboxResult, OutboxRow, Store } from '../store/port.ts';
import type { Clock } from './clock.ts';

/** Rows being sent at once; lanes beyond it wait their turn, pages first. */
const MOST_IN_FLIGHT = 32;
/** A sender that is gone has its row taken over after this long. */
const LEASE_MS = 30_000;
const DUE_BATCH = 256;
/** Work that stays due although it was served is looked at again after this long, not at once and for ever. */
const STUCK_MS = 30_000;
const RETRY_MS = 5_000;

export interface EngineDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly tick: (incident: string) => Promise<void>;
  readonly pay: (row: OutboxRow) => Promise<OutboxResult>;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

export interface Engine {
  start(): void;
  /** Something was written: look again now. */
  kick(): void;
  /** Finishes what is in flight and takes nothing new. */
  stop(): Promise<void>;
  /** Resolves when nothing is being served or sent. */
  idle(): Promise<void>;
}

/** Serves what is due and sends what waits. Sleeps until the store's next moment; never polls. */
export function createEngine({ store, clock, tick, pay, log }: EngineDeps): Engine {
  let running = false;
  let round: Promise<void> | null = null;
  let again = false;
  let disarm: () => void = () => {};
  const inFlight = new Set<Promise<void>>();
  const served = new Map<string, number>();

  function arm(when: number): void {
    disarm();
    if (running) disarm = clock.at(when, wake);
  }

  /** The promise ends when everything that this wake-up started has ended, so that a story can wait for it. */
  async function wake(): Promise<void> {
    begin();
    await idle();
  }

  function begin(): void {
    if (!running) return;
    if (round !== null) {
      again = true;
      return;
    }
    round = rounds().finally(() => {
      round = null;
      if (again) begin();
    });
  }

  async function rounds(): Promise<void> {
    again = false;
    disarm();
    try {
      await serveDue();
      await send();
      const next = await store.nextMoment();
      if (next !== null)
        arm(next <= clock.now() ? clock.now() + (inFlight.size > 0 ? RETRY_MS : waitForStuck()) : next);
    } catch (error) {
      log('engine round failed', { error: String(error) });
      arm(clock.now() + RETRY_MS);
    }
  }

  /** Something is due that a full round did not move: it failed, or its lease is running elsewhere. */
  function waitForStuck(): number {
    return served.size > 0 ? RETRY_MS : 1_000;
  }

  async function serveDue(): Promise<void> {
    const now = clock.now();
    for (const [incident, until] of served) if (until <= now) served.delete(incident);
    for (;;) {
      const due = (await store.dueIncidents(now, DUE_BATCH)).filter((one) => !served.has(one.incident));
      if (due.length === 0) return;
      await Promise.all(
        due.map(async ({ incident, at }) => {
          try {
            await tick(incident);
          } catch (error) {
            log('tick failed', { incident, error: String(error) });
          }
          served.set(incident, now + STUCK_MS);
          return at;
        }),
      );
      await forgetMoved(now);
    }
  }

  /** What the tick moved on may fall due again at any time; only what did not move has to wait. */
  async function forgetMoved(now: number): Promise<void> {
    const still = new Set((await store.dueIncidents(now, DUE_BATCH)).map((one) => one.incident));
    for (const incident of served.keys()) if (!still.has(incident)) served.delete(incident);
  }

  async function send(): Promise<void> {
    const room = MOST_IN_FLIGHT - inFlight.size;
    if (room <= 0) return;
    const rows = await store.claimOutbox(clock.now(), room, LEASE_MS);
    for (const row of rows) {
      const sending = sendOne(row).finally(() => {
        inFlight.delete(sending);
        begin();
      });
      inFlight.add(sending);
    }
  }

  async function sendOne(row: OutboxRow): Promise<void> {
    const result = await pay(row).catch((error: unknown): OutboxResult => {
      log('send failed', { row: row.key, error: String(error) });
      return {
        outcome: 'retry',
        at: clock.now() + RETRY_MS * Math.min(60, row.attempts + 1),
        error: String(error),
      };
    });
    if (result.outcome === 'failed') log('send given up', { row: row.key, error: result.error });
    try {
      await store.settleOutbox(row.id, result);
    } catch (error) {
      // The lease ends by itself and the row is sent again, marked as a possible duplicate.
      log('settling failed', { row: row.key, error: String(error) });
    }
  }

  async function idle(): Promise<void> {
    while (round !== null || inFlight.size > 0) await Promise.all([round, ...inFlight]);
  }

  return {
    start() {
      running = true;
      arm(clock.now());
    },
    kick() {
      if (!running) return;
      if (round !== null || inFlight.size > 0) again = true;
      // Even with a send under way a new page must not wait for it.
      if (round === null) arm(clock.now());
    },
    async stop() {
      running = false;
      disarm();
      await idle();
    },
    idle,
  };
}
