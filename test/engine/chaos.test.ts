import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { chaos } from './chaos.ts';

const folder = mkdtempSync(join(tmpdir(), 'warroom-chaos-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

chaos('SQLite', async () => {
  files += 1;
  return openSqliteStore({ file: join(folder, `chaos-${files}.db`) });
});
