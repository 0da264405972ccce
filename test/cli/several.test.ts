import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from '../../src/desk.ts';
import { loadKnowledge } from '../../src/diagnosis/index.ts';
import { systemClock } from '../../src/engine/clock.ts';
import { openStore } from '../../src/store/open.ts';
import { SETTINGS } from '../support/desk.ts';
import { type Cluster, findPostgres, startPostgres } from '../support/postgres.ts';
import { type Started, startServer, warroom } from '../support/run.ts';

const found = findPostgres();
const reason = 'missing' in found ? found.missing : 'PostgreSQL';

describe.skipIf('missing' in found)(
  `several instances, as docs/several-instances.md tells (${reason})`,
  () => {
    let cluster: Cluster;
    let url: string;
    let first: Started;
    let second: Started;
    let desk: Desk;
    const data = mkdtempSync(join(tmpdir(), 'warroom-several-'));

    beforeAll(async () => {
      if ('missing' in found) throw new Error(found.missing);
      cluster = await startPostgres(found.bin);
      url = cluster.database();
      const env = { WARROOM_DATABASE: url };
      [first, second] = await Promise.all([
        startServer(join(data, 'a'), { env }),
        startServer(join(data, 'b'), { env }),
      ]);
      desk = await createDesk({
        settings: SETTINGS,
        knowledge: loadKnowledge(),
        store: await openStore(url),
        clock: systemClock,
        platforms: [],
        contact: async () => ({
          ok: false,
          permanent: false,
          retryAfterMs: null,
          detail: 'this one never sends',
        }),
        log: () => {},
      });
    }, 120_000);

    afterAll(async () => {
      await desk?.store.close();
      await Promise.all([first?.kill('SIGTERM'), second?.kill('SIGTERM')]);
      cluster?.stop();
      rmSync(data, { recursive: true, force: true });
    });

    async function open(id: string): Promise<string> {
      const reply = await desk.receive({
        kind: 'text',
        id,
        messageId: id,
        place: {
          platform: 'web',
          workspace: 'local',
          conversation: 'lobby',
          language: 'zh',
          org: 'customer',
        },
        incident: null,
        author: { id: 'ops', name: '客户运维', org: 'customer' },
        at: Date.now(),
        language: 'zh',
        text: '/应急 开启 社保核心系统无法访问',
      });
      return reply.incident ?? '';
    }

    const receipts = async (incident: string): Promise<number> =>
      (await desk.store.events(incident)).filter((event) => event.body.type === 'PageDelivered').length;

    it('both start at once on an empty database and are healthy', async () => {
      for (const one of [first, second]) expect((await fetch(`${one.base}/health`)).status).toBe(200);
    });

    it('what a third one wrote is sent by whoever is awake, once', async () => {
      const incident = await open('one');
      await expect.poll(() => receipts(incident), { timeout: 30_000 }).toBe(1);
    });

    it('with one of them killed the other goes on', async () => {
      await first.kill('SIGKILL');
      const incident = await open('two');
      await expect.poll(() => receipts(incident), { timeout: 30_000 }).toBe(1);
    });

    it('the record verifies', async () => {
      const verified = await warroom(['verify'], { env: { WARROOM_DATABASE: url } });
      expect(verified, verified.out).toMatchObject({ code: 0 });
    });
  },
);
