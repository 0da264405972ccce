import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRelay } from '../../src/bridge/relay.ts';
import { payloadSchema } from '../../src/effects/payload.ts';
import { relayRows } from '../../src/effects/relaying.ts';
import type { Place } from '../../src/incident/events.ts';
import type { OutboxRow, Store } from '../../src/store/port.ts';
import { openPostgresStore } from '../../src/store/postgres/index.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { appending, fact, LI, NOON, reported } from '../store/sample.ts';
import { type Cluster, findPostgres, startPostgres } from '../support/postgres.ts';
import { placeOf, type Recorder, recorder } from './recorder.ts';

const PLACE = placeOf('feishu', 'oc_db', 'dbvendor', 'org');
const LEASE = 10_000;
const found = findPostgres();

/** The process dies at a write: what came before it is there, what follows is not. */
class Killed extends Error {}

function crashes(name: string, open: () => Promise<{ store: Store; dispose(): Promise<void> }>): void {
  describe(`on ${name}, the process is killed while a place is told something`, () => {
    let store: Store;
    let dispose: () => Promise<void>;
    let platform: Recorder;
    let now = NOON;

    beforeEach(async () => {
      ({ store, dispose } = await open());
      now = NOON;
      platform = recorder({ name: 'feishu', now: () => now });
      const opened = fact({ type: 'RoomOpened', place: PLACE });
      const append = appending('i1', null, [reported(), opened]);
      await store.append(append);
    });
    afterEach(() => dispose());

    async function say(message: string, text: string, kind: 'said' | 'edited' = 'said'): Promise<void> {
      const loaded = await store.load('i1');
      if (!loaded) throw new Error('no incident');
      now += 1_000;
      const key = `${message}:${kind}:${now}`;
      const entry = { incident: 'i1', stream: 'joint', kind, message, author: LI, text } as const;
      await store.say(
        [{ ...entry, occurred: now, recorded: now, platform: 'slack', place: 'slack:w:C1', form: 'text' }],
        relayRows(loaded.incident, { stream: 'joint', place: 'slack:w:C1', key, now }, () => null),
      );
    }

    /** Pays every row that is due; `until` so many writes and sends, then it dies. True when all is paid. */
    async function pay(until = Number.POSITIVE_INFINITY): Promise<boolean> {
      let left = until;
      const step = async <T>(work: () => Promise<T>): Promise<T> => {
        if (left <= 0) throw new Killed();
        left -= 1;
        return work();
      };
      const relay = createRelay({
        store: {
          ...store,
          putNote: (key, value) => step(() => store.putNote(key, value)),
          enqueue: (rows, at) => step(() => store.enqueue(rows, at)),
        },
        now: () => now,
        zone: 'Asia/Shanghai',
        sideOf: () => 'partner',
        orgName: (org) => org,
        platform: () => platform,
        post: (place, message, posting) => step(() => platform.post(place, message, posting)),
        attach: async () => ({ ok: false, permanent: true, retryAfterMs: null, error: 'no files' }),
        highlights: async () => [],
        settle: (failed) => ({ outcome: 'retry', at: now, error: failed.error }),
      });
      for (;;) {
        const [row] = await store.claimOutbox(now, 1, LEASE);
        if (!row) return true;
        try {
          const result = await relay(row, relaying(row));
          await step(() => store.settleOutbox(row, result));
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
          now += LEASE + 1;
          return false;
        }
      }
    }

    it('at whatever write: nothing is lost, and what stands twice is marked', async () => {
      let wholes = 0;
      for (let point = 0; wholes === 0; point += 1) {
        const name = `m${point}`;
        await say(name, `话 ${point}`);
        if (await pay(point)) wholes += 1;
        else await pay();
        const shown = platform.said('oc_db').filter((one) => one.endsWith(`话 ${point}`));
        expect(shown.length, `killed at ${point}`).toBeGreaterThanOrEqual(1);
        expect(
          shown.slice(1).every((one) => one.startsWith('（可能重复）')),
          `killed at ${point}`,
        ).toBe(true);
        expect(shown.length, `killed at ${point}`).toBeLessThanOrEqual(2);
      }
      const order = platform.said('oc_db').map((one) => Number(/话 (\d+)/.exec(one)?.[1]));
      expect(order).toEqual([...order].sort((a, b) => a - b));
    });

    it('what was killed before it was sent is not said to be a repeat for ever', async () => {
      await say('m1', '第一句');
      await pay(1);
      await pay();
      await say('m2', '第二句');
      await pay();
      expect(platform.said('oc_db').at(-1)).toBe('李工 · vendor\n第二句');
    });

    it('a change is told though the process was killed over it', async () => {
      await say('m1', '两台');
      await pay();
      for (let point = 0; ; point += 1) {
        await say('m1', `${point} 台`, 'edited');
        const whole = await pay(point);
        if (!whole) await pay();
        expect(platform.said('oc_db')).toEqual([`李工 · vendor\n${point} 台`]);
        if (whole) break;
      }
    });
  });
}

function relaying(row: OutboxRow): { incident: string; place: Place; late: boolean } {
  const payload = payloadSchema.parse(JSON.parse(row.payload));
  if (payload.do !== 'relay') throw new Error(`nobody asked for ${payload.do}`);
  return { incident: payload.incident, place: payload.place, late: payload.late ?? false };
}

crashes('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-crash-'));
  const store = openSqliteStore({ file: join(folder, 'test.db') });
  const dispose = async (): Promise<void> => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { store, dispose };
});

describe.skipIf('missing' in found)(
  `with a real PostgreSQL${'missing' in found ? ` (skipped: ${found.missing})` : ''}`,
  () => {
    let cluster: Cluster;
    beforeAll(async () => {
      if ('bin' in found) cluster = await startPostgres(found.bin);
    });
    afterAll(() => cluster.stop());
    crashes('PostgreSQL', async () => {
      const store = await openPostgresStore({ url: cluster.database() });
      return { store, dispose: () => store.close() };
    });
  },
);
