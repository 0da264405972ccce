import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shapeOf } from '../../src/learning/shape.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { appending, reported } from '../store/sample.ts';
import { again, incident, occurrence, seeded } from './incidents.ts';

it('finds the same incident first when it comes again elsewhere (bench: ten thousand, both stores)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-similar-'));
  const store = openSqliteStore({ file: join(folder, 'similar.db') });
  const random = seeded(42);
  const stored = Array.from({ length: 1_000 }, () => incident(random));
  await Promise.all(
    stored.map((one, at) =>
      store.append(
        appending(`i${at}`, null, [reported()], {
          search: [{ source: 'log', words: shapeOf(occurrence(one, random)) }],
        }),
      ),
    ),
  );
  let first = 0;
  for (const [at, one] of stored.slice(0, 100).entries())
    if ((await store.similar(shapeOf(again(one, random)), 1))[0]?.incident === `i${at}`) first += 1;
  await store.close();
  rmSync(folder, { recursive: true, force: true });
  expect(first).toBeGreaterThanOrEqual(90);
});

it('sees through time, host, number, path and layout, and keeps what was said', () => {
  const one = shapeOf(
    '2026-01-02 03:04:05,678 ERROR [exec-12] c.v.LedgerSync - 第 3 批账务未完成，剩余 81 条',
  );
  const two = shapeOf(
    '2026-07-09 13:14:15,000 ERROR [exec-7] c.v.LedgerSync - 第 92 批账务未完成，剩余 4 条',
  );
  const other = shapeOf('2026-01-02 03:04:05,678 ERROR [exec-12] c.v.LedgerSync - 凭证编号重复');
  expect(new Set(two)).toEqual(new Set(one));
  const shared = other.filter((token) => one.includes(token)).length;
  expect(shared).toBeLessThan(one.length / 2);
});

it('stays small and quick on a file of any size, and on one endless line', () => {
  const line = 'ERROR com.vendor.Sync - queue is 12 entries behind\n';
  expect(shapeOf(line.repeat(200_000)).length).toBeLessThan(20);
  expect(shapeOf('x y '.repeat(2_000_000)).length).toBeLessThanOrEqual(480);
  expect(shapeOf('')).toEqual([]);
});
