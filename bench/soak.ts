import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killUnderLoad } from '../test/support/load.ts';

/** `npm run soak [-- kills [incidents]]`: the kill test of the test run, longer. Exit code 1 when a promise broke. */
const kills = Number(process.argv[2] ?? 200);
const incidents = Number(process.argv[3] ?? 2_000);

const folder = mkdtempSync(join(tmpdir(), 'warroom-soak-'));
try {
  const report = await killUnderLoad({
    database: join(folder, 'load.db'),
    folder,
    kills,
    instances: 1,
    incidents,
    haste: 10,
  });
  const { broken, ...figures } = report;
  console.log('SQLite', figures);
  for (const one of broken) console.log(`BROKEN ${one}`);
  process.exitCode = broken.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
