import { and, asc, eq, inArray, or, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { genesis, type Link, seal } from '../chain.ts';
import type { NewTalk, TalkCursor, TalkEntry } from '../port.ts';
import { readTalk, takeTalk } from '../shape.ts';
import { announce } from './log.ts';
import { insertRows } from './rows.ts';
import { streams, talk } from './schema.ts';

interface Line extends Link {
  readonly incident: string;
  readonly stream: string;
  readonly position: number;
  readonly kind: string;
  readonly message: string;
}

type Tip = typeof streams.$inferSelect;

/** Answers each job of a batch with what of it was new; runs inside the caller's transaction. */
export async function sayAll(
  db: NodePgDatabase,
  jobs: readonly (readonly NewTalk[])[],
): Promise<readonly (readonly TalkEntry[])[]> {
  const all = jobs.flat();
  if (all.length === 0) return jobs.map(() => []);
  const tips = await lockStreams(db, all);
  const known = await alreadySaid(db, all);
  const lines: Line[] = [];
  const answers = jobs.map((entries) =>
    entries.flatMap((entry): TalkEntry[] => {
      const { incident, stream, kind, message } = entry;
      if (kind === 'said' && known.has(messageName(entry))) return [];
      if (kind === 'said') known.add(messageName(entry));
      const tip = tips.get(nameOf(entry)) ?? { position: 0, head: genesis(incident, stream) };
      const position = tip.position + 1;
      const { facts, texts } = takeTalk(entry);
      const link = seal({ incident, stream, position }, tip.head, facts, texts);
      lines.push({ incident, stream, position, kind, message, ...link });
      tips.set(nameOf(entry), { incident, stream, position, head: link.hash });
      return [{ ...entry, position }];
    }),
  );
  await write(db, lines, tips);
  return answers;
}

/** Creates what is missing and locks in one order for everybody, so that no two speakers wait for each other. */
async function lockStreams(db: NodePgDatabase, entries: readonly NewTalk[]): Promise<Map<string, Tip>> {
  const wanted = new Map(entries.map((one) => [nameOf(one), one]));
  const beginnings = [...wanted]
    .map(([, { incident, stream }]) => ({ incident, stream, position: 0, head: genesis(incident, stream) }))
    .sort((a, b) =>
      a.incident === b.incident ? (a.stream < b.stream ? -1 : 1) : a.incident < b.incident ? -1 : 1,
    );
  await insertRows(db, streams, beginnings, sql`on conflict do nothing`);
  const rows = await db
    .select()
    .from(streams)
    .where(
      sql`(${streams.incident}, ${streams.stream}) in (select * from unnest(
        ${sql.param(beginnings.map((one) => one.incident))}::text[],
        ${sql.param(beginnings.map((one) => one.stream))}::text[]))`,
    )
    .orderBy(sql`${streams.incident} collate "C"`, sql`${streams.stream} collate "C"`)
    .for('update');
  return new Map(rows.map((row) => [nameOf(row), row]));
}

async function alreadySaid(db: NodePgDatabase, entries: readonly NewTalk[]): Promise<Set<string>> {
  const said = entries.filter((one) => one.kind === 'said');
  if (said.length === 0) return new Set();
  const rows = await db
    .select({ incident: talk.incident, stream: talk.stream, message: talk.message })
    .from(talk)
    .where(
      sql`${talk.kind} = 'said' and (${talk.incident}, ${talk.stream}, ${talk.message}) in (select * from unnest(
        ${sql.param(said.map((one) => one.incident))}::text[],
        ${sql.param(said.map((one) => one.stream))}::text[],
        ${sql.param(said.map((one) => one.message))}::text[]))`,
    );
  return new Set(rows.map(messageName));
}

async function write(
  db: NodePgDatabase,
  lines: readonly Line[],
  tips: ReadonlyMap<string, Tip>,
): Promise<void> {
  if (lines.length === 0) return;
  await insertRows(db, talk, lines);
  const moved = [...new Set(lines.map(nameOf))].flatMap((name) => tips.get(name) ?? []);
  await db.execute(sql`
    update streams set position = v.position, head = v.head
    from unnest(
      ${sql.param(moved.map((one) => one.incident))}::text[],
      ${sql.param(moved.map((one) => one.stream))}::text[],
      ${sql.param(moved.map((one) => one.position))}::int[],
      ${sql.param(moved.map((one) => one.head))}::text[]
    ) as v(incident, stream, position, head)
    where streams.incident = v.incident and streams.stream = v.stream`);
  await announce(db, [...new Set(moved.map((one) => one.incident))]);
}

export async function readAbout(
  db: NodePgDatabase,
  incident: string,
  message: string,
): Promise<readonly TalkEntry[]> {
  const rows = await db
    .select()
    .from(talk)
    .where(and(eq(talk.incident, incident), eq(talk.message, message)))
    .orderBy(asc(talk.id));
  return rows.map(readTalk);
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

/** Ids come from outside and may hold any sign. */
function nameOf(one: { readonly incident: string; readonly stream: string }): string {
  return JSON.stringify([one.incident, one.stream]);
}

function messageName(one: {
  readonly incident: string;
  readonly stream: string;
  readonly message: string;
}): string {
  return JSON.stringify([one.incident, one.stream, one.message]);
}
