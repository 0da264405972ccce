import { join } from 'node:path';
import { shapeOf } from '../src/learning/shape.ts';
import type { Store } from '../src/store/port.ts';
import { openPostgresStore } from '../src/store/postgres/index.ts';
import { openSqliteStore } from '../src/store/sqlite/index.ts';
import { again, type Incident, incident, occurrence, seeded } from '../test/learning/incidents.ts';
import { appending, reported } from '../test/store/sample.ts';
import { findPostgres, startPostgres } from '../test/support/postgres.ts';
import { inFolder, quantile } from './rig.ts';

const STORED = 10_000;
const PLANTED = 500;

/** How often the same incident, come again, finds the stored one first among ten thousand, and how long it takes. */
export async function run(): Promise<string[]> {
  const random = seeded(20_261_124);
  const stored = Array.from({ length: STORED }, () => incident(random));
  const lines = await inFolder(async (folder) =>
    measure('SQLite FTS5', openSqliteStore({ file: join(folder, 'similar.db') }), stored),
  );
  const found = findPostgres();
  if ('missing' in found) return [...lines, `PostgreSQL: not measured (${found.missing})`];
  const cluster = await startPostgres(found.bin);
  try {
    const store = await openPostgresStore({ url: cluster.database() });
    return [...lines, ...(await measure('PostgreSQL GIN', store, stored))];
  } finally {
    await cluster.stop();
  }
}

async function measure(name: string, store: Store, stored: readonly Incident[]): Promise<string[]> {
  const random = seeded(7);
  const begin = performance.now();
  for (let from = 0; from < stored.length; from += 200) {
    await Promise.all(
      stored.slice(from, from + 200).map((one, at) =>
        store.append(
          appending(`i${from + at}`, null, [reported()], {
            search: [{ source: 'log', words: shapeOf(occurrence(one, random)) }],
          }),
        ),
      ),
    );
  }
  const each = (performance.now() - begin) / stored.length;
  const ranks: number[] = [];
  const times: number[] = [];
  const shaping: number[] = [];
  const own: number[] = [];
  const others: number[] = [];
  for (let count = 0; count < PLANTED; count += 1) {
    const index = Math.floor(random() * stored.length);
    const original = stored[index];
    if (!original) continue;
    const text = again(original, random);
    const begun = performance.now();
    const words = shapeOf(text);
    const shaped = performance.now();
    const answer = await store.similar(words, 10);
    times.push(performance.now() - shaped);
    shaping.push(shaped - begun);
    const rank = answer.findIndex((one) => one.incident === `i${index}`);
    ranks.push(rank < 0 ? 99 : rank + 1);
    own.push(answer[rank]?.score ?? 0);
    others.push(Math.max(0, ...answer.filter((one) => one.incident !== `i${index}`).map((one) => one.score)));
  }
  // Incidents that never were: what is shown for them is a false friend.
  const strangers: number[] = [];
  for (let count = 0; count < PLANTED; count += 1)
    strangers.push((await store.similar(shapeOf(occurrence(incident(random), random)), 1))[0]?.score ?? 0);
  await store.close();
  const first = ranks.filter((rank) => rank === 1).length / ranks.length;
  const three = ranks.filter((rank) => rank <= 3).length / ranks.length;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    `${name}: of ${PLANTED} near-duplicates among ${stored.length} incidents ${percent(first)} rank first, ${percent(three)} in the first three`,
    `${name}: a query ${quantile(times, 0.5).toFixed(1)} ms p50, ${quantile(times, 0.99).toFixed(1)} ms p99; shaping the text ${quantile(shaping, 0.5).toFixed(1)} ms p50; storing ${each.toFixed(2)} ms an incident`,
    `${name}: scores of the planted p5 ${quantile(own, 0.05).toFixed(2)} p50 ${quantile(own, 0.5).toFixed(2)}; of the nearest other p95 ${quantile(others, 0.95).toFixed(2)}; of the nearest to an incident that never was p50 ${quantile(strangers, 0.5).toFixed(2)} p99 ${quantile(strangers, 0.99).toFixed(2)}`,
  ];
}
