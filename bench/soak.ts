import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killUnderLoad } from '../test/support/load.ts';
import { findPostgres, startPostgres } from '../test/support/postgres.ts';

/**
 * `npm run soak [-- kills [incidents]]`: the kill test of the test run, longer: one instance on SQLite, two on
 * PostgreSQL. Exit code 1 when a promise broke.
 */
const kills = Number(process.argv[2] ?? 200);
const incidents = Number(process.argv[3] ?? 2_000);

await soak('SQLite, one instance', 1, (folder) => join(folder, 'load.db'));
const found = findPostgres();
if ('missing' in found) console.log(`PostgreSQL left out: ${found.missing}`);
else {
  const cluster = await startPostgres(found.bin);
  try {
    await soak('PostgreSQL, two instances', 2, () => cluster.database());
  } finally {
    cluster.stop();
  }
}

async function soak(name: string, instances: number, databaseIn: (folder: string) => string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-soak-'));
  try {
    const database = databaseIn(folder);
    const begun = performance.now();
    const progress = (what: string): void =>
      console.log(`${((performance.now() - begun) / 1_000).toFixed(0)} s ${name}: ${what}`);
    const report = await killUnderLoad({
      database,
      folder,
      kills,
      instances,
      incidents,
      haste: 10,
      progress,
    });
    progress('done');
    const { broken, ...figures } = report;
    console.log(name, figures);
    for (const one of broken) console.log(`BROKEN ${one}`);
    if (broken.length > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
