import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/engine/clock.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { createPace, type Quota } from '../../src/engine/pace.ts';
import type { NewOutboxRow, OutboxResult, OutboxRow } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { appending, NOON, reported, row } from '../store/sample.ts';

const MINUTE = 60_000;

interface Sent {
  readonly key: string;
  readonly lane: string;
  readonly at: number;
}

function house(
  quotas: Readonly<Record<string, Quota>>,
  pay: (row: OutboxRow) => Promise<OutboxResult> = async () => ({ outcome: 'sent' }),
) {
  const store = openSqliteStore({ file: ':memory:' });
  const clock = virtualClock(NOON, 300);
  const sent: Sent[] = [];
  const instance = () =>
    createEngine({
      store,
      clock,
      random: () => 1,
      log: () => {},
      tick: async () => {},
      pace: createPace(store, (platform) => quotas[platform] ?? null),
      pay: async (one) => {
        const result = await pay(one);
        if (result.outcome === 'sent') sent.push({ key: one.key, lane: one.lane, at: clock.now() });
        return result;
      },
    });
  let count = 0;
  const write = async (rows: readonly NewOutboxRow[]): Promise<void> => {
    count += 1;
    await store.append(appending(`W${count}`, null, [reported()], { outbox: rows }));
  };
  return { clock, instance, sent, write };
}

const many = (lane: string, count: number): readonly NewOutboxRow[] =>
  Array.from({ length: count }, (_, index) => row(lane, { key: `${lane}#${index}` }));

/** The most that went out in any sixty seconds, wherever they are laid. */
function mostInAMinute(moments: readonly number[]): number {
  return Math.max(
    0,
    ...moments.map((from) => moments.filter((at) => at >= from && at < from + MINUTE).length),
  );
}

describe('a platform’s quota', () => {
  const DINGTALK = { dingtalk: { perMinute: 20 } };

  it('is kept in every conversation, in any sixty seconds, and nothing is lost or reordered', async () => {
    const { clock, instance, sent, write } = house(DINGTALK);
    const engine = instance();
    engine.start();
    await write(many('room:dingtalk:corp:group', 50));
    engine.kick();
    await clock.advance(5 * MINUTE);
    expect(sent.map((one) => one.key)).toEqual(many('room:dingtalk:corp:group', 50).map((one) => one.key));
    expect(mostInAMinute(sent.map((one) => one.at))).toBeLessThanOrEqual(20);
    await engine.stop();
  });

  it('holds for two instances together, and across a restart', async () => {
    const { clock, instance, sent, write } = house(DINGTALK);
    const both = [instance(), instance()];
    for (const one of both) one.start();
    await write(many('room:dingtalk:corp:group', 40));
    for (const one of both) one.kick();
    await clock.advance(MINUTE / 2);
    for (const one of both) await one.stop();
    const third = instance();
    third.start();
    await clock.advance(5 * MINUTE);
    expect(sent.length).toBe(40);
    expect(mostInAMinute(sent.map((one) => one.at))).toBeLessThanOrEqual(20);
    await third.stop();
  });

  it('counts all conversations together where the platform does', async () => {
    const { clock, instance, sent, write } = house({ feishu: { perMinute: 20, overallPerMinute: 30 } });
    const engine = instance();
    engine.start();
    for (const group of ['a', 'b', 'c', 'd']) await write(many(`room:feishu:t:${group}`, 20));
    engine.kick();
    await clock.advance(10 * MINUTE);
    expect(sent.length).toBe(80);
    expect(mostInAMinute(sent.map((one) => one.at))).toBeLessThanOrEqual(30);
    await engine.stop();
  });

  it('delays neither a page nor another platform', async () => {
    const { clock, instance, sent, write } = house({ dingtalk: { perMinute: 1 } });
    const engine = instance();
    engine.start();
    await write([
      ...many('room:dingtalk:corp:group', 30),
      ...many('room:slack:T:C', 3),
      row('page:p1', { key: 'page', priority: 'page' }),
    ]);
    engine.kick();
    await clock.advance(0);
    const now = sent.filter((one) => one.at === NOON).map((one) => one.lane);
    expect(now.filter((lane) => lane.startsWith('room:slack')).length).toBe(3);
    expect(now).toContain('page:p1');
    await engine.stop();
  });

  it('over any course of messages no sixty seconds hold more', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 80 }),
        fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 120 }),
        async (perMinute, gaps) => {
          const notes = new Map<string, string | null>();
          const pace = createPace(
            {
              getNote: async (key) => notes.get(key) ?? null,
              putNote: async (key, value) => {
                notes.set(key, value);
              },
            },
            () => ({ perMinute }),
          );
          const moments: number[] = [];
          let now = NOON;
          for (const gap of gaps) {
            now += gap;
            for (
              let at = await pace.admit('room:x:w:c', now);
              at > now;
              at = await pace.admit('room:x:w:c', now)
            )
              now = at;
            moments.push(now);
          }
          expect(mostInAMinute(moments)).toBeLessThanOrEqual(perMinute);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a platform that hangs', () => {
  it('with two thousand conversations waiting delays no other platform', async () => {
    const { clock, instance, sent, write } = house({}, async (one) =>
      one.lane.startsWith('room:slow:') ? new Promise(() => {}) : { outcome: 'sent' },
    );
    const engine = instance();
    engine.start();
    await write(Array.from({ length: 2000 }, (_, index) => row(`room:slow:w:${index}`)));
    engine.kick();
    await clock.advance(1000);
    await write([row('room:quick:w:c', { key: 'quick' })]);
    engine.kick();
    await clock.advance(0);
    expect(sent.map((one) => one.key)).toEqual(['quick']);
  });
});
