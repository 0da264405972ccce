import { describe, expect, it } from 'vitest';
import { type VirtualClock, virtualClock } from '../../src/engine/clock.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import type { NewOutboxRow, OutboxResult, OutboxRow, Store } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { appending, NOON, reported, row, status } from '../store/sample.ts';

interface Rig {
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly engine: Engine;
  /** Keys of the rows that were paid out, with the minutes since noon. */
  readonly sent: string[];
  readonly ticks: string[];
  readonly logged: string[];
  /** Writes rows as a committed command would, and wakes the engine. */
  write(...rows: readonly NewOutboxRow[]): Promise<void>;
  open(incident: string, due: number): Promise<void>;
}

type Pay = (row: OutboxRow, clock: VirtualClock) => Promise<OutboxResult>;
const accepted: Pay = async () => ({ outcome: 'sent' });

function rig(
  options: {
    patienceMs?: number;
    pay?: Pay;
    tick?: (incident: string, store: Store) => Promise<void>;
    store?: Store;
  } = {},
): Rig {
  const store = options.store ?? openSqliteStore({ file: ':memory:' });
  const clock = virtualClock(NOON, options.patienceMs);
  const sent: string[] = [];
  const ticks: string[] = [];
  const logged: string[] = [];
  const stamp = (what: string): string => `${(clock.now() - NOON) / 60_000} ${what}`;
  const pay = options.pay ?? accepted;
  const engine = createEngine({
    store,
    clock,
    random: () => 1,
    log: (what) => logged.push(what),
    tick: async (incident) => {
      ticks.push(stamp(incident));
      if (options.tick) await options.tick(incident, store);
      else await settleDue(store, incident);
    },
    pay: async (one) => {
      const result = await pay(one, clock);
      if (result.outcome === 'sent') sent.push(stamp(one.key));
      return result;
    },
  });
  let count = 0;
  return {
    store,
    clock,
    engine,
    sent,
    ticks,
    logged,
    write: async (...rows) => {
      count += 1;
      await store.append(appending(`W${count}`, null, [reported()], { outbox: rows }));
      engine.kick();
    },
    open: async (incident, due) => {
      await store.append(appending(incident, null, [reported()], { due }));
      engine.kick();
    },
  };
}

/** A tick that decides something: one event, nothing further due. */
async function settleDue(store: Store, incident: string): Promise<void> {
  const loaded = await store.load(incident);
  await store.append(appending(incident, loaded?.incident ?? null, [status('到点')]));
}

const minutes = (count: number): number => count * 60_000;

describe('the engine serves what is due', () => {
  it('at its own moment, in order, and not before', async () => {
    const { clock, engine, ticks, open } = rig();
    engine.start();
    await open('A', NOON + minutes(30));
    await open('B', NOON + minutes(10));
    await clock.advance(minutes(9));
    expect(ticks).toEqual([]);
    await clock.advance(minutes(60));
    expect(ticks).toEqual(['10 B', '30 A']);
  });

  it('as soon as it starts, when the moment passed while nothing ran', async () => {
    const { clock, engine, ticks, open } = rig();
    await open('A', NOON - minutes(90));
    await clock.advance(minutes(5));
    expect(ticks).toEqual([]);
    engine.start();
    await engine.idle();
    expect(ticks).toEqual(['5 A']);
  });

  it('again after a tick that failed, later each time, and others meanwhile', async () => {
    let failures = 3;
    const { clock, engine, ticks, logged, open } = rig({
      tick: async (incident, store) => {
        if (incident === 'A' && failures > 0) {
          failures -= 1;
          throw new Error('disk full');
        }
        await settleDue(store, incident);
      },
    });
    engine.start();
    await open('A', NOON);
    await open('B', NOON + 500);
    await clock.advance(minutes(1));
    expect(ticks.map((one) => one.split(' ')[1])).toEqual(['A', 'B', 'A', 'A', 'A']);
    expect(ticks.map((one) => Number(one.split(' ')[0]) * 60)).toEqual([0, 0.5, 1, 3, 7]);
    expect(logged).toContain('tick-failed');
  });

  it('without spinning on a moment that no tick moves', async () => {
    const { clock, engine, ticks, logged, open } = rig({ tick: async () => {} });
    engine.start();
    await open('A', NOON);
    await clock.advance(minutes(60));
    expect(ticks.length).toBeLessThan(25);
    expect(ticks.length).toBeGreaterThan(10);
    expect(logged).toContain('tick-changed-nothing');
  });

  it('with many at once: each exactly once', async () => {
    const { store, clock, engine, ticks } = rig();
    const ids = Array.from({ length: 600 }, (_, index) => `A${index}`);
    await Promise.all(
      ids.map((id) => store.append(appending(id, null, [reported()], { due: NOON + 1_000 }))),
    );
    engine.start();
    await clock.advance(minutes(1));
    expect(ticks.map((one) => one.split(' ')[1]).sort()).toEqual([...ids].sort());
  });
});

describe('the engine sends what waits', () => {
  it('in order within a lane, each row after the one before it was accepted', async () => {
    let open = 0;
    const { clock, engine, sent, write } = rig({
      pay: async () => {
        open += 1;
        expect(open).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        return { outcome: 'sent' };
      },
    });
    engine.start();
    await write(row('room:a', { key: '1' }), row('room:a', { key: '2' }), row('room:a', { key: '3' }));
    await clock.advance(0);
    expect(sent).toEqual(['0 1', '0 2', '0 3']);
  });

  it('pages first when everything comes at once', async () => {
    const begun: string[] = [];
    const { clock, engine, write } = rig({
      pay: async (one) => {
        begun.push(one.key);
        return { outcome: 'sent' };
      },
    });
    await write(row('room:a', { key: 'talk' }), row('page:x', { key: 'page', priority: 'page' }));
    engine.start();
    await clock.advance(0);
    expect(begun).toEqual(['page', 'talk']);
  });

  it('to every other lane while one hangs, and to the hanging one again, marked, when its lease ends', async () => {
    let hang = true;
    const tries: string[] = [];
    const { clock, engine, sent, write } = rig({
      patienceMs: 300,
      pay: async (one) => {
        if (one.lane !== 'room:slow') return { outcome: 'sent' };
        tries.push(`${one.key} ${one.possibleDuplicate}`);
        if (hang) {
          hang = false;
          return new Promise(() => {});
        }
        return { outcome: 'sent' };
      },
    });
    engine.start();
    await write(
      row('room:slow', { key: 's1' }),
      row('room:slow', { key: 's2' }),
      row('room:b', { key: 'b1' }),
    );
    await clock.advance(minutes(0.5));
    await write(row('room:c', { key: 'c1' }), row('page:d', { key: 'd1', priority: 'page' }));
    await clock.advance(minutes(2));
    expect(sent).toEqual(['0 b1', '0.5 d1', '0.5 c1', '1 s1', '1 s2']);
    expect(tries).toEqual(['s1 false', 's1 true', 's2 false']);
  });

  it('once, however long the platform takes to answer within a minute', async () => {
    const tries: string[] = [];
    const { clock, engine, sent, write } = rig({
      patienceMs: 50,
      pay: async (one, time) => {
        tries.push(one.key);
        await new Promise<void>((resolve) => {
          time.at(time.now() + minutes(0.8), () => resolve());
        });
        return { outcome: 'sent' };
      },
    });
    engine.start();
    await write(row('room:slow', { key: 's1' }));
    await clock.advance(minutes(3));
    expect(tries).toEqual(['s1']);
    expect(sent).toEqual(['0.8 s1']);
  });

  it('within fifteen seconds when the instance that was sending has died, and marked', async () => {
    const marks: boolean[] = [];
    const { clock, engine, sent, store, write } = rig({
      pay: async (one) => {
        marks.push(one.possibleDuplicate);
        return { outcome: 'sent' };
      },
    });
    await write(row('page:a', { key: 'p1', priority: 'page' }));
    // It took the row for as long as an engine takes rows; its time stands still from then on.
    const taken = new Promise<void>((resolve) => {
      const dead = createEngine({
        store,
        clock: virtualClock(NOON),
        tick: async () => {},
        pay: () => {
          resolve();
          return new Promise(() => {});
        },
        log: () => {},
      });
      dead.start();
    });
    await taken;
    engine.start();
    await clock.advance(minutes(0.25));
    expect(sent.map((one) => one.split(' ')[1])).toEqual(['p1']);
    expect(marks).toEqual([true]);
  });

  it('pages at once even when every other lane of the house hangs', async () => {
    const { clock, engine, sent, write } = rig({
      patienceMs: 300,
      pay: async (one) => (one.priority === 'page' ? { outcome: 'sent' } : new Promise(() => {})),
    });
    engine.start();
    await write(...Array.from({ length: 700 }, (_, index) => row(`room:${index}`)));
    await clock.advance(1_000);
    await write(row('page:p', { key: 'page', priority: 'page' }));
    await clock.advance(0);
    expect(sent.map((one) => one.split(' ')[1])).toEqual(['page']);
  });

  it('again with growing pauses after an error was thrown', async () => {
    let failures = 2;
    const { clock, engine, sent, logged, write } = rig({
      pay: async () => {
        failures -= 1;
        if (failures >= 0) throw new Error('connection reset');
        return { outcome: 'sent' };
      },
    });
    engine.start();
    await write(row('room:a', { key: '1' }), row('room:a', { key: '2' }));
    await clock.advance(minutes(1));
    expect(sent).toEqual(['0.05 1', '0.05 2']);
    expect(logged).toEqual(['pay-failed', 'pay-failed']);
  });

  it('no sooner than the platform asked for', async () => {
    let first = true;
    const { clock, engine, sent, write } = rig({
      pay: async (_row, time) => {
        if (!first) return { outcome: 'sent' };
        first = false;
        return { outcome: 'retry', at: time.now() + minutes(10), error: '429' };
      },
    });
    engine.start();
    await write(row('room:a', { key: '1' }));
    await clock.advance(minutes(9.9));
    expect(sent).toEqual([]);
    await clock.advance(minutes(1));
    expect(sent).toEqual(['10 1']);
  });
});

describe('the engine', () => {
  it('takes nothing new once it is stopped, and finishes what it began', async () => {
    let release: () => void = () => {};
    let begin: () => void = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const { clock, engine, sent, write } = rig({
      pay: () => {
        begin();
        return new Promise((resolve) => {
          release = () => resolve({ outcome: 'sent' });
        });
      },
    });
    engine.start();
    await write(row('room:a', { key: '1' }), row('room:a', { key: '2' }));
    await begun;
    const stopped = engine.stop();
    release();
    await stopped;
    await clock.advance(minutes(5));
    expect(sent).toEqual(['0 1']);
  });

  it('goes on by itself when the store was out of reach for a while', async () => {
    const store = openSqliteStore({ file: ':memory:' });
    let down = true;
    const flaky: Store = {
      ...store,
      nextMoment: async () => {
        if (down) throw new Error('connection terminated');
        return store.nextMoment();
      },
      claimOutbox: async (...args) => {
        if (down) throw new Error('connection terminated');
        return store.claimOutbox(...args);
      },
    };
    const { clock, engine, sent, logged, write } = rig({ store: flaky });
    engine.start();
    await write(row('page:a', { key: '1', priority: 'page' }));
    await clock.advance(minutes(2));
    expect(sent).toEqual([]);
    expect(logged).toContain('store-failed');
    down = false;
    await clock.advance(minutes(5));
    expect(sent.map((one) => one.split(' ')[1])).toEqual(['1']);
  });

  it('sleeps when nothing is to be done: it asks the store for nothing', async () => {
    const store = openSqliteStore({ file: ':memory:' });
    let asked = 0;
    const counting: Store = {
      ...store,
      nextMoment: () => {
        asked += 1;
        return store.nextMoment();
      },
    };
    const { clock, engine, open } = rig({ store: counting });
    engine.start();
    await open('A', NOON + minutes(600));
    await clock.advance(0);
    const before = asked;
    await clock.advance(minutes(599));
    expect(asked).toBe(before);
  });
});
