import { and, eq, gt, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Draft } from '../../incident/learning.ts';
import type { Append, Indexed, LearntRow, SearchRow, Similar, StoredExcerpt } from '../port.ts';
import { readTalk } from '../shape.ts';
import { ABOUT, type Candidate, choosing, MOST_CANDIDATES, rankSimilar, sourceNames } from '../similar.ts';
import { REDACTED } from '../texts.ts';
import { excerpts, incidents, learnt, talk } from './schema.ts';

/** Excerpts to compare with, in FTS5, and learnt entries. Writing functions run inside the caller's transaction. */
export function createSimilar(db: BetterSQLite3Database) {
  return {
    add(incident: string, rows: readonly SearchRow[]): void {
      for (const { source, words } of rows) {
        db.insert(excerpts)
          .values({ incident, source, words: words.join(' ') })
          .onConflictDoUpdate({
            target: [excerpts.incident, excerpts.source],
            set: { words: sql`excluded.words` },
          })
          .run();
      }
    },

    /** A removed text is not found again. */
    forget(incident: string, sources: readonly string[]): void {
      db.delete(excerpts)
        .where(and(eq(excerpts.incident, incident), inArray(excerpts.source, [...sources])))
        .run();
    },

    indexed(after: string, limit: number): readonly Indexed[] {
      return db
        .all<{ id: string; sources: string }>(
          sql`select id, (select json_group_array(source) from ${excerpts} where incident = ${incidents.id}) as sources
            from ${incidents} where id > ${after} order by id limit ${limit}`,
        )
        .map(({ id, sources }) => ({ incident: id, sources: sourceNames.parse(JSON.parse(sources)) }));
    },

    fill(incident: string, rows: readonly SearchRow[]): void {
      const tip = db.select().from(incidents).where(eq(incidents.id, incident)).get();
      const whole = db
        .select({ message: talk.message })
        .from(talk)
        .where(
          and(
            eq(talk.incident, incident),
            eq(talk.stream, 'joint'),
            eq(talk.kind, 'said'),
            isNotNull(talk.texts),
          ),
        )
        .all();
      const said = new Set(whole.map((one) => one.message));
      for (const { source, words } of rows) {
        if (source === ABOUT ? tip?.redacted !== false : !said.has(source)) continue;
        db.insert(excerpts)
          .values({ incident, source, words: words.join(' ') })
          .onConflictDoNothing()
          .run();
      }
    },

    find(words: readonly string[], limit: number): readonly Similar[] {
      const counted = db.get<{ rows: number }>(sql`select count(*) as rows from ${excerpts}`);
      const held = db.all<{ term: string; doc: number }>(
        sql`select term, doc from excerpt_vocabulary
          where term in (select value from json_each(${JSON.stringify(words)}))`,
      );
      const rarity = {
        excerpts: counted.rows,
        holding: new Map(held.map((one) => [one.term, one.doc])),
      };
      const chosen = choosing(words, rarity);
      if (chosen.length === 0) return [];
      const candidates = db.all<Candidate>(
        sql`select excerpts.incident, excerpts.words from excerpt_words
          join excerpts on excerpts.id = excerpt_words.rowid
          where excerpt_words match ${chosen.join(' OR ')}
          order by excerpts.id desc limit ${MOST_CANDIDATES}`,
      );
      return rankSimilar(words, candidates, rarity, limit);
    },

    stored(after: number, limit: number): readonly StoredExcerpt[] {
      return db
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
        .orderBy(excerpts.id)
        .limit(limit)
        .all()
        .map(({ row, entry }) => ({
          row,
          incident: entry.incident,
          message: entry.message,
          text: readTalk(entry).text,
        }));
    },

    learn(row: LearntRow): void {
      db.insert(learnt).values(row).onConflictDoNothing().run();
    },

    withdraw({ entry, version, at }: NonNullable<Append['withdrawn']>): void {
      db.update(learnt)
        .set({ withdrawn: at })
        .where(and(eq(learnt.entry, entry), lte(learnt.version, version), isNull(learnt.withdrawn)))
        .run();
    },

    /** An entry whose draft was redacted is no longer known, nor kept. */
    unlearn(incident: string, drafts: readonly Draft[]): void {
      for (const { entry, version } of drafts.filter((one) => one.text === REDACTED))
        db.delete(learnt)
          .where(and(eq(learnt.incident, incident), eq(learnt.entry, entry), eq(learnt.version, version)))
          .run();
    },

    learnt(): readonly LearntRow[] {
      return db.select().from(learnt).orderBy(learnt.at, learnt.entry, learnt.version).all();
    },
  };
}
