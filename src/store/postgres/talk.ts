import { and, asc, eq, inArray, or, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { genesis, seal } from '../chain.ts';
import type { NewTalk, TalkCursor, TalkEntry } from '../port.ts';
import { readTalk, takeTalk } from '../shape.ts';
import { streams, talk } from './schema.ts';

/** Runs inside the caller's transaction. */
export async function sayAll(db: NodePgDatabase, entries: readonly NewTalk[]): Promise<readonly TalkEntry[]> {
  const tips = await lockStreams(db, entries);
  const written: TalkEntry[] = [];
  for (const entry of entries) {
    const { incident, stream, kind, message } = entry;
    if (kind === 'said' && (await wasSaid(db, entry))) continue;
    const name = nameOf(entry);
    const end = tips.get(name) ?? { position: 0, head: genesis(incident, stream) };
    const position = end.position + 1;
    const { facts, texts } = takeTalk(entry);
    const link = seal({ incident, stream, position }, end.head, facts, texts);
    await db.insert(talk).values({ incident, stream, position, kind, message, ...link });
    await db
      .update(streams)
      .set({ position, head: link.hash })
      .where(and(eq(streams.incident, incident), eq(streams.stream, stream)));
    tips.set(name, { position, head: link.hash });
    written.push({ ...entry, position });
  }
  return written;
}

/** Locks the ends of the streams in one order for everybody, so that no two speakers wait for each other. */
async function lockStreams(
  db: NodePgDatabase,
  entries: readonly NewTalk[],
): Promise<Map<string, { position: number; head: string }>> {
  const tips = new Map<string, { position: number; head: string }>();
  const wanted = new Map(entries.map((one) => [nameOf(one), one]));
  for (const [name, { incident, stream }] of [...wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await db
      .insert(streams)
      .values({ incident, stream, position: 0, head: genesis(incident, stream) })
      .onConflictDoNothing();
    const [tip] = await db
      .select({ position: streams.position, head: streams.head })
      .from(streams)
      .where(and(eq(streams.incident, incident), eq(streams.stream, stream)))
      .for('update');
    if (tip) tips.set(name, tip);
  }
  return tips;
}

async function wasSaid(db: NodePgDatabase, entry: NewTalk): Promise<boolean> {
  const found = await db
    .select({ id: talk.id })
    .from(talk)
    .where(
      and(
        eq(talk.incident, entry.incident),
        eq(talk.stream, entry.stream),
        eq(talk.message, entry.message),
        sql`${talk.kind} = 'said'`,
      ),
    );
  return found.length > 0;
}

export async function readTalkOf(
  db: NodePgDatabase,
  incident: string,
  names: readonly string[],
  after: TalkCursor,
): Promise<readonly TalkEntry[]> {
  if (names.length === 0) return [];
  const known = names.filter((name) => after[name] !== undefined);
  const fresh = names.filter((name) => after[name] === undefined);
  const rows = await db
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
    .orderBy(asc(talk.id));
  return rows.map(readTalk);
}

function nameOf(entry: NewTalk): string {
  return JSON.stringify([entry.incident, entry.stream]);
}
