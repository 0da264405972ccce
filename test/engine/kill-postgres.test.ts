import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { killUnderLoad } from '../support/load.ts';
import { findPostgres, startPostgres } from '../support/postgres.ts';

const found = findPostgres();

describe.skipIf('missing' in found)(
  `SIGKILL at random moments on PostgreSQL${'missing' in found ? ` (skipped: ${found.missing})` : ''}`,
  () => {
    it('with two instances: the survivor loses nothing, pages everybody, marks what may have come twice', {
      timeout: 600_000,
    }, async () => {
      if ('missing' in found) return;
      const cluster = await startPostgres(found.bin);
      const folder = mkdtempSync(join(tmpdir(), 'warroom-kill-'));
      try {
        const report = await killUnderLoad({
          database: cluster.database(),
          folder,
          kills: 10,
          instances: 2,
          incidents: 200,
          haste: 10,
        });
        expect(report.broken).toEqual([]);
        expect(report.answered).toBeGreaterThan(10);
        expect(report.pages).toBeGreaterThan(200);
        // The survivor takes over what a killed instance had under way.
        expect(report.latestSeconds).toBeLessThan(15);
      } finally {
        cluster.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);
