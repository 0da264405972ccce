import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadKnowledge } from '../../src/diagnosis/index.ts';
import { BOT, type IncidentEvent } from '../../src/incident/events.ts';
import { openPostgresStore } from '../../src/store/postgres/index.ts';
import { loadDesk, loadReport, SETTINGS } from '../support/load-desk.ts';
import { type Cluster, findPostgres, startPostgres } from '../support/postgres.ts';
import { chaos } from './chaos.ts';

const found = findPostgres();

describe.skipIf('missing' in found)(
  `on a real PostgreSQL${'missing' in found ? ` (skipped: ${found.missing})` : ''}`,
  () => {
    let cluster: Cluster;
    beforeAll(async () => {
      if ('bin' in found) cluster = await startPostgres(found.bin);
    });
    afterAll(() => cluster.stop());

    chaos('PostgreSQL', () => openPostgresStore({ url: cluster.database() }));

    it('a restart in the middle of running incidents needs nobody: every page comes, and what may have come twice says so', {
      timeout: 180_000,
    }, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'warroom-restart-'));
      // Six seconds of the plan are one here: people are called, and called again, in the time the test takes.
      const spec = {
        database: cluster.database(),
        folder,
        run: 0,
        instance: 0,
        seed: 1,
        haste: 60,
        incidents: 20,
        workers: 0,
        pauseMs: 0,
      };
      const { desk, store, arrived } = await loadDesk(spec, loadKnowledge(), () => 0.5);
      const ids = Array.from({ length: spec.incidents }, (_, index) => `R${index}`);
      const lead = SETTINGS.config.people.find((one) => one.id === 'emergency-lead');
      const by = lead ? { id: lead.id, name: lead.name, org: lead.org } : BOT;
      const rest = { at: null, backdateReason: null, sources: [] };
      for (const id of ids) {
        await desk.handle(id, { by, ...rest, body: loadReport(id) });
        const body = { type: 'set-severity', severity: 'orange', reason: '业务中断' } as const;
        await desk.handle(id, { by, ...rest, body });
      }
      desk.engine.start();
      const calledFor = async (): Promise<readonly IncidentEvent[]> =>
        (await Promise.all(ids.map((id) => store.events(id))))
          .flat()
          .filter((event) => event.body.type === 'PersonPaged');
      try {
        await until(async () => arrived.size >= ids.length);
        const before = (await calledFor()).length;
        cluster.restart();
        const back = Date.now();
        // Nobody touches anything: waits run out, and people are called anew.
        await until(async () => {
          const anew = (await calledFor()).filter((event) => event.recorded > back);
          const heard = new Set([...arrived].map((one) => one.page));
          return (
            anew.length >= ids.length &&
            anew.some(({ body }) => body.type === 'PersonPaged' && heard.has(body.page))
          );
        });
        expect((await calledFor()).length).toBeGreaterThan(before);
        await until(async () => {
          const heard = new Set([...arrived].map((one) => one.page));
          const wanted = (await calledFor()).filter((event) => event.recorded <= back);
          return wanted.every(({ body }) => body.type !== 'PersonPaged' || heard.has(body.page));
        });
        const seen = new Set<string>();
        for (const one of arrived) {
          if (seen.has(one.page)) expect(one.marked).toBe(true);
          seen.add(one.page);
        }
        expect((await store.verify()).ok).toBe(true);
      } finally {
        await desk.engine.stop();
        await store.close();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);

/** Looks again and again, without a number of its own for how long things may take: the test's limit is one. */
async function until(met: () => Promise<boolean>): Promise<void> {
  while (!(await met().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 100));
}
