import { expect, it } from 'vitest';
import { virtualClock } from '../../src/engine/clock.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { appending, NOON, reported } from '../store/sample.ts';

const DAY = 24 * 3_600_000;

it('remembers a delivery for longer than anybody repeats one, and not for ever', async () => {
  const store = openSqliteStore({ file: ':memory:' });
  const clock = virtualClock(NOON);
  const engine = createEngine({
    store,
    clock,
    tick: async () => {},
    pay: async () => ({ outcome: 'sent' }),
    log: () => {},
  });
  engine.start();
  await store.append(appending('A', null, [reported()], { inbound: 'slack:Ev1' }));
  await store.claimInbound('teams:Ev2', NOON);
  await clock.advance(29 * DAY);
  expect(await store.claimInbound('slack:Ev1', clock.now())).toBe(false);
  expect(await store.claimInbound('teams:Ev2', clock.now())).toBe(false);
  await clock.advance(3 * DAY);
  expect(await store.pruneInbound(NOON + 1)).toBe(0);
  expect(await store.claimInbound('teams:Ev2', clock.now())).toBe(true);
  await engine.stop();
});
