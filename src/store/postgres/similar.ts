import { and, asc, eq, gt, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Draft } from '../../incident/learning.ts';
import type { Append, Indexed, LearntRow, SearchRow, Similar, StoredExcerpt } from '../port.ts';
import { readTalk } from '../shape.ts';
import { ABOUT, type Candidate, choosing, MOST_CANDIDATES, rankSimilar } from '../similar.ts';
import { REDACTED } from '../texts.ts';
import { insertRows } from './rows.ts';
import { excerpts, excerptWords, incidents, learnt, talk } from './schema.ts';

export interface NewSearchRow extends SearchRow {
  readonly incident: string;
}

/** Of several rows of one source the last stays. Runs inside the caller's transaction. */
export async function addExcerpts(db: NodePgDatabase, rows: readonly NewSearchRow[]): Promise<void> {
  if (rows.length === 0) return;
  const keyOf = (row: { incident: string; source: string }): string =>
    JSON.stringify([row.incident, row.source]);
  const last = new Map(rows.map((row) => [keyOf(row), row]));
  const found = await db.execute<{ incident: string; source: string; words: string[] }>(
    sql`select incident, source, tsvector_to_array(words) as words from ${excerpts}
      where incident = any(${sql.param([...new Set(rows.map((row) => row.incident))])}::text[])`,
  );
  const before = new Map(found.rows.map((row) => [keyOf(row), new Set(row.words)]));
  const fresh = new Map<string, number>();
  for (const [key, row] of last)
    for (const word of new Set(row.words))
      if (!before.get(key)?.has(word)) fresh.set(word, (fresh.get(word) ?? 0) + 1);
  await insertRows(
    db,
    excerpts,
    [...last.values()].map(({ incident, source, words }) => ({ incident, source, words: words.join(' ') })),
    sql`on conflict (incident, source) do update set words = excluded.words`,
  );
  // Counted up and never down: a word of a replaced text only seems a little more common than it is. In one order
  // for everybody, so that no two batches wait for each other.
  await insertRows(
    db,
    excerptWords,
    [...fresh].map(([word, held]) => ({ word, held })).sort((a, b) => (a.word < b.word ? -1 : 1)),
    sql`on conflict (word) do update set held = excerpt_words.held + excluded.held`,
  );
}

/** A removed text is not found again. */
export async function forgetExcerpts(
  db: NodePgDatabase,
  incident: string,
  sources: readonly string[],
): Promise<void> {
  await db
    .delete(excerpts)
    .where(and(eq(excerpts.incident, incident), inArray(excerpts.source, [...sources])));
}

export async function indexedPage(
  db: NodePgDatabase,
  after: string,
  limit: number,
): Promise<readonly Indexed[]> {
  const found = await db.execute<{ incident: string; sources: string[] }>(
    sql`select id as incident, array(select source from ${excerpts} where incident = ${incidents.id}) as sources
      from ${incidents} where id collate "C" > ${after} order by id collate "C" limit ${limit}`,
  );
  return found.rows;
}

/** Runs inside the caller's transaction, behind the lock that appends and redactions take. */
export async function fillExcerpts(
  db: NodePgDatabase,
  incident: string,
  rows: readonly SearchRow[],
): Promise<void> {
  const [tip] = await db
    .select({ redacted: incidents.redacted })
    .from(incidents)
    .where(eq(incidents.id, incident))
    .for('update');
  const whole = await db
    .select({ message: talk.message })
    .from(talk)
    .where(
      and(
        eq(talk.incident, incident),
        eq(talk.stream, 'joint'),
        eq(talk.kind, 'said'),
        isNotNull(talk.texts),
      ),
    );
  const there = await db
    .select({ source: excerpts.source })
    .from(excerpts)
    .where(eq(excerpts.incident, incident));
  const said = new Set(whole.map((one) => one.message));
  const held = new Set(there.map((one) => one.source));
  await addExcerpts(
    db,
    rows
      .filter(
        ({ source }) => !held.has(source) && (source === ABOUT ? tip?.redacted === false : said.has(source)),
      )
      .map((row) => ({ incident, ...row })),
  );
}

export async function findSimilar(
  db: NodePgDatabase,
  words: readonly string[],
  limit: number,
): Promise<readonly Similar[]> {
  const counted = await db.execute<{ word: string | null; held: number }>(
    sql`select word, held from ${excerptWords} where word = any(${sql.param([...words])}::text[])
      union all select null, count(*)::int from ${excerpts}`,
  );
  const rarity = {
    excerpts: counted.rows.find((row) => row.word === null)?.held ?? 0,
    holding: new Map(
      counted.rows.flatMap(({ word, held }) => (word === null ? [] : [[word, held] as const])),
    ),
  };
  const chosen = choosing(words, rarity);
  if (chosen.length === 0) return [];
  const candidates = await db.execute<Candidate & Record<string, unknown>>(
    sql`select incident, array_to_string(tsvector_to_array(words), ' ') as words from ${excerpts}
      where words @@ ${chosen.join(' | ')}::tsquery order by id desc limit ${MOST_CANDIDATES}`,
  );
  return rankSimilar(words, candidates.rows, rarity, limit);
}

export async function storedExcerpts(
  db: NodePgDatabase,
  after: number,
  limit: number,
): Promise<readonly StoredExcerpt[]> {
  const rows = await db
    .select({ row: excerpts.id, entry: talk })
    .from(excerpts)
    .innerJoin(
      talk,
      and(
        eq(talk.incident, excerpts.incident),
        eq(talk.stream, sql`'joint'`),
        eq(talk.message, excerpts.source),
        sql`${talk.kind} = 'said'`,
      ),
    )
    .where(gt(excerpts.id, after))
    .orderBy(asc(excerpts.id))
    .limit(limit);
  return rows.map(({ row, entry }) => ({
    row,
    incident: entry.incident,
    message: entry.message,
    text: readTalk(entry).text,
  }));
}

export async function addLearnt(db: NodePgDatabase, rows: readonly LearntRow[]): Promise<void> {
  await insertRows(db, learnt, rows, sql`on conflict do nothing`);
}

export async function withdrawLearnt(
  db: NodePgDatabase,
  rows: readonly NonNullable<Append['withdrawn']>[],
): Promise<void> {
  for (const { entry, version, at } of rows)
    await db
      .update(learnt)
      .set({ withdrawn: at })
      .where(and(eq(learnt.entry, entry), lte(learnt.version, version), isNull(learnt.withdrawn)));
}

/** An entry whose draft was redacted is no longer known, nor kept. */
export async function unlearn(db: NodePgDatabase, incident: string, drafts: readonly Draft[]): Promise<void> {
  for (const { entry, version } of drafts.filter((one) => one.text === REDACTED))
    await db
      .delete(learnt)
      .where(and(eq(learnt.incident, incident), eq(learnt.entry, entry), eq(learnt.version, version)));
}

export async function readLearnt(db: NodePgDatabase): Promise<readonly LearntRow[]> {
  return db.select().from(learnt).orderBy(asc(learnt.at), asc(learnt.entry), asc(learnt.version));
}
