import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreError } from '../../src/store/error.ts';
import { openPostgresStore } from '../../src/store/postgres/index.ts';
import { type Cluster, findPostgres, startPostgres } from '../support/postgres.ts';
import { storeContract } from './contract.ts';
import { appending, NOON, reported, row } from './sample.ts';

const found = findPostgres();

describe.skipIf('missing' in found)(
  `on a real PostgreSQL${'missing' in found ? ` (skipped: ${found.missing})` : ''}`,
  () => {
    let cluster: Cluster;
    beforeAll(async () => {
      if ('bin' in found) cluster = await startPostgres(found.bin);
    });
    afterAll(() => cluster.stop());

    async function sql(url: string, text: string): Promise<void> {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(text);
      await client.end();
    }

    storeContract('PostgreSQL', async () => {
      const url = cluster.database();
      const store = await openPostgresStore({ url });
      return { store, tamper: (text) => sql(url, text), dispose: () => store.close() };
    });

    async function refusal(url: string): Promise<StoreError> {
      try {
        await (await openPostgresStore({ url })).close();
      } catch (error) {
        if (error instanceof StoreError) return error;
        throw error;
      }
      throw new Error('the database was opened');
    }

    describe('a PostgreSQL database', () => {
      it('is migrated once, however many instances start together', async () => {
        const url = cluster.database();
        const stores = await Promise.all([1, 2, 3, 4, 5].map(() => openPostgresStore({ url })));
        await stores[0]?.append(appending('A', null, [reported()]));
        expect((await stores[4]?.load('A'))?.version).toBe(1);
        await Promise.all(stores.map((one) => one.close()));
      });

      it('of a newer version that cannot be read by this one is refused', async () => {
        const url = cluster.database();
        await (await openPostgresStore({ url })).close();
        await sql(url, `update meta set value = '999' where key = 'needs'`);
        expect((await refusal(url)).code).toBe('newer-database');
      });

      it('that cannot be reached is refused with the fix, and without the password', async () => {
        const refused = await refusal('postgres://warroom:hunter2@127.0.0.1:1/none');
        expect(refused.code).toBe('unreachable');
        expect(refused.words.zh).toContain('检查连接地址');
        expect(refused.message).not.toContain('hunter2');
        expect((await refusal(cluster.database().replace(/w\d+$/, 'nowhere'))).code).toBe('unreachable');
      });

      it('lets two instances append at the same time, each version once', async () => {
        const url = cluster.database();
        const [one, two] = [await openPostgresStore({ url }), await openPostgresStore({ url })];
        const both = await Promise.all(
          [one, two, one, two].map((store) => store.append(appending('A', null, [reported()]))),
        );
        expect(both.filter((result) => result.ok)).toHaveLength(1);
        expect((await one.verify()).ok).toBe(true);
        await Promise.all([one.close(), two.close()]);
      });

      it('gives each row and each due incident to one of two instances only', async () => {
        const url = cluster.database();
        const [one, two] = [await openPostgresStore({ url }), await openPostgresStore({ url })];
        for (let count = 0; count < 40; count += 1) {
          await one.append(
            appending(`A${count}`, null, [reported()], { due: NOON, outbox: [row(`room:${count}`)] }),
          );
        }
        const claims = await Promise.all(
          [one, two, one, two].map((store) => store.claimOutbox(NOON, 15, 1_000)),
        );
        const ids = claims.flat().map((each) => each.id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toHaveLength(40);
        const dues = await Promise.all([one, two, one].map((store) => store.dueIncidents(NOON, 20)));
        const incidents = dues.flat().map((each) => each.incident);
        expect(new Set(incidents).size).toBe(40);
        expect(incidents).toHaveLength(40);
        await Promise.all([one.close(), two.close()]);
      });

      it('keeps a lane in order when several incidents write into it at once', async () => {
        const url = cluster.database();
        const [one, two] = [await openPostgresStore({ url }), await openPostgresStore({ url })];
        await Promise.all(
          Array.from({ length: 30 }, (_, index) =>
            (index % 2 ? one : two).append(
              appending(`A${index}`, null, [reported()], { outbox: [row('tell:li'), row('tell:wang')] }),
            ),
          ),
        );
        const sent: number[] = [];
        for (;;) {
          const rows = await one.claimOutbox(NOON, 10, 1_000);
          if (rows.length === 0) break;
          expect(new Set(rows.map((each) => each.lane)).size).toBe(rows.length);
          await Promise.all(rows.map((each) => two.settleOutbox(each, { outcome: 'sent' })));
          sent.push(...rows.map((each) => each.id));
        }
        expect(sent).toHaveLength(60);
        await Promise.all([one.close(), two.close()]);
      });

      it('tells an instance what another one wrote', async () => {
        const url = cluster.database();
        const [one, two] = [await openPostgresStore({ url }), await openPostgresStore({ url })];
        const heard = await new Promise((resolve) => {
          two.listen?.((incident) => {
            // The first call says that it listens now.
            if (incident === null) void one.append(appending('A', null, [reported()]));
            else resolve(incident);
          });
        });
        expect(heard).toBe('A');
        await Promise.all([one.close(), two.close()]);
      });

      it('knows the time that holds for all', async () => {
        const store = await openPostgresStore({ url: cluster.database() });
        expect(Math.abs(((await store.now?.()) ?? 0) - Date.now())).toBeLessThan(60_000);
        await store.close();
      });

      it('goes on after the server was restarted under it', async () => {
        const url = cluster.database();
        const store = await openPostgresStore({ url });
        await store.append(appending('A', null, [reported()]));
        cluster.restart();
        await store.load('A').catch((error: unknown) => expect(error).toBeInstanceOf(StoreError));
        expect((await store.load('A'))?.version).toBe(1);
        await store.close();
      });
    });
  },
);
