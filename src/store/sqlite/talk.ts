import { and, eq, inArray, or, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { genesis, seal } from '../chain.ts';
import type { NewTalk, TalkCursor, TalkEntry } from '../port.ts';
import { readTalk, takeTalk } from '../shape.ts';
import { streams, talk } from './schema.ts';

const hole = sql.placeholder;

/** Talk in its streams. `say` runs inside the caller's transaction. */
export function createTalk(db: BetterSQLite3Database) {
  const tip = db
    .select({ position: streams.position, head: streams.head })
    .from(streams)
    .where(and(eq(streams.incident, hole('incident')), eq(streams.stream, hole('stream'))))
    .prepare();
  const moveTip = db
    .insert(streams)
    .values({
      incident: hole('incident'),
      stream: hole('stream'),
      position: hole('position'),
      head: hole('head'),
    })
    .onConflictDoUpdate({
      target: [streams.incident, streams.stream],
      set: { position: sql`excluded.position`, head: sql`excluded.head` },
    })
    .prepare();
  const said = db
    .select({ id: talk.id })
    .from(talk)
    .where(
      and(
        eq(talk.incident, hole('incident')),
        eq(talk.stream, hole('stream')),
        eq(talk.message, hole('message')),
        sql`${talk.kind} = 'said'`,
      ),
    )
    .prepare();
  const insert = db
    .insert(talk)
    .values({
      incident: hole('incident'),
      stream: hole('stream'),
      position: hole('position'),
      kind: hole('kind'),
      message: hole('message'),
      facts: hole('facts'),
      texts: hole('texts'),
      salt: hole('salt'),
      digest: hole('digest'),
      prev: hole('prev'),
      hash: hole('hash'),
    })
    .prepare();

  return {
    say(entries: readonly NewTalk[]): readonly TalkEntry[] {
      const written: TalkEntry[] = [];
      for (const entry of entries) {
        const { incident, stream, kind, message } = entry;
        if (kind === 'said' && said.get({ incident, stream, message })) continue;
        const end = tip.get({ incident, stream });
        const position = (end?.position ?? 0) + 1;
        const { facts, texts } = takeTalk(entry);
        const prev = end?.head ?? genesis(incident, stream);
        const link = seal({ incident, stream, position }, prev, facts, texts);
        insert.run({ incident, stream, position, kind, message, ...link });
        moveTip.run({ incident, stream, position, head: link.hash });
        written.push({ ...entry, position });
      }
      return written;
    },

    about(incident: string, message: string): readonly TalkEntry[] {
      return db
        .select()
        .from(talk)
        .where(and(eq(talk.incident, incident), eq(talk.message, message)))
        .orderBy(talk.id)
        .all()
        .map(readTalk);
    },

    read(incident: string, names: readonly string[], after: TalkCursor): readonly TalkEntry[] {
      if (names.length === 0) return [];
      const known = names.filter((name) => after[name] !== undefined);
      const fresh = names.filter((name) => after[name] === undefined);
      return db
        .select()
        .from(talk)
        .where(
          and(
            eq(talk.incident, incident),
            or(
              inArray(talk.stream, fresh),
              ...known.map((name) => and(eq(talk.stream, name), sql`${talk.position} > ${after[name] ?? 0}`)),
            ),
          ),
        )
        .orderBy(talk.id)
        .all()
        .map(readTalk);
    },
  };
}
