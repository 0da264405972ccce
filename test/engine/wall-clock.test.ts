import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/engine/clock.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import type { Store } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { appending, NOON, reported, row, status } from '../store/sample.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('on a machine whose clock is not to be trusted, the engine', () => {
  let store: Store;
  let engine: Engine;
  /** Wall-clock minutes since noon at which something was done. */
  let ticks: number[];
  let sends: number[];
  let marked: boolean[];
  const minute = (): number => (Date.now() - NOON) / MINUTE;

  beforeEach(async () => {
    vi.useFakeTimers({ now: NOON, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    store = openSqliteStore({ file: ':memory:' });
    ticks = [];
    sends = [];
    marked = [];
    engine = createEngine({
      store,
      // The machine's own clock, looked up anew: it holds the real one from before the test took its place.
      clock: { ...systemClock, now: () => Date.now() },
      random: () => 1,
      log: () => {},
      tick: async (incident) => {
        ticks.push(minute());
        const loaded = await store.load(incident);
        await store.append(appending(incident, loaded?.incident ?? null, [status('到点', Date.now())]));
      },
      pay: async (sent) => {
        sends.push(minute());
        marked.push(sent.possibleDuplicate);
        return { outcome: 'sent' };
      },
    });
    const outbox = [row('page:p', { priority: 'page', notBefore: NOON + 40 * MINUTE })];
    await store.append(appending('A', null, [reported()], { due: NOON + 30 * MINUTE, outbox }));
    engine.start();
    await pass(0);
  });
  afterEach(async () => {
    await engine.stop();
    await store.close();
    vi.useRealTimers();
  });

  /** Monotonic time goes on, timers ring; the real event loop turns until the engine has done what it woke for. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left >= 0; left -= 5_000) {
      vi.advanceTimersByTime(Math.min(left, 5_000));
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await engine.idle();
    }
  }

  it('does what came due during a suspend within a minute of waking, once', async () => {
    await pass(10 * MINUTE);
    vi.setSystemTime(NOON + 3 * HOUR);
    await pass(MINUTE);
    expect(ticks).toHaveLength(1);
    expect(sends).toHaveLength(1);
    expect(ticks[0]).toBeGreaterThanOrEqual(180);
    expect(ticks[0]).toBeLessThanOrEqual(181);
    expect(sends[0]).toBeLessThanOrEqual(181);
    await pass(HOUR);
    expect([ticks.length, sends.length]).toEqual([1, 1]);
  });

  it('does nothing before its wall-clock moment when the clock was set back, and does it then', async () => {
    await pass(20 * MINUTE);
    vi.setSystemTime(NOON - 2 * HOUR);
    await pass(2 * HOUR + 29 * MINUTE);
    expect([ticks, sends]).toEqual([[], []]);
    await pass(15 * MINUTE);
    expect(ticks[0]).toBeCloseTo(30, 0);
    expect(sends[0]).toBeCloseTo(40, 0);
  });

  it('does nothing a second time when a clock that had run ahead is set right again', async () => {
    vi.setSystemTime(NOON + HOUR);
    await pass(MINUTE);
    expect([ticks.length, sends.length]).toEqual([1, 1]);
    vi.setSystemTime(NOON + 2 * MINUTE);
    await pass(2 * HOUR);
    expect([ticks.length, sends.length]).toEqual([1, 1]);
  });

  it('sends what a process that died had under way, though the clock was set back before the next began', async () => {
    const outbox = [row('page:q', { priority: 'page', notBefore: NOON })];
    await engine.stop();
    await store.append(appending('B', null, [reported()], { outbox }));
    expect(await store.claimOutbox(NOON, 1, 10_000)).toHaveLength(1);
    vi.setSystemTime(NOON - 2 * HOUR);
    engine.start();
    await pass(MINUTE);
    expect(sends).toEqual([expect.closeTo(-120, 0)]);
    expect(marked).toEqual([true]);
  });
});
