import { isDeepStrictEqual } from 'node:util';
import { fold } from '../incident/evolve.ts';
import { EVENTS, flaw, genesis, type Link, REDACTIONS, sha256 } from './chain.ts';
import type { Verification } from './port.ts';
import { redactionOf } from './redaction.ts';
import { type EventRow, readEvent, readTalk, type TalkRow } from './shape.ts';

type Broken = Extract<Verification, { readonly ok: false }>;

/** What `verify` reads of a database, whichever it is; rows in the order of their positions. */
export interface WalkSource {
  /** Every incident that any table knows, in the order of their bytes. */
  incidents(): Promise<readonly string[]>;
  tip(
    incident: string,
  ): Promise<{ readonly version: number; readonly head: string; readonly state: string } | null>;
  events(incident: string): Promise<readonly (EventRow & Link)[]>;
  streams(
    incident: string,
  ): Promise<readonly { readonly stream: string; readonly position: number; readonly head: string }[]>;
  talk(
    incident: string,
  ): Promise<readonly (TalkRow & Link & { readonly kind: string; readonly message: string })[]>;
}

/** Re-hashes and folds everything, one incident at a time, so that memory stays that of one incident. */
export async function walk(source: WalkSource, wanted: string | undefined): Promise<Verification> {
  const sum = { incidents: 0, events: 0, talk: 0, redacted: 0, found: wanted === undefined };
  const heads: string[] = [];
  for (const id of await source.incidents()) {
    // A page that comes due meanwhile does not wait for the end of a long walk.
    await new Promise((resolve) => setImmediate(resolve));
    const tip = await source.tip(id);
    const talk = await source.talk(id);
    const redactions = new Set(talk.filter((row) => row.stream === REDACTIONS).map((row) => row.message));
    const rows = await source.events(id);
    const events = chain(id, EVENTS, rows, redactions, tip?.head ?? null, tip?.version ?? 0);
    if ('why' in events) return events;
    const stale = tip ? snapshotFlaw(id, rows, tip.state) : null;
    if (stale) return stale;
    heads.push(events.head);
    if (tip) sum.incidents += 1;
    sum.events += rows.length;
    sum.redacted += events.redacted;
    const tips = await source.streams(id);
    const names = new Set([...tips.map((one) => one.stream), ...talk.map((row) => row.stream)]);
    for (const stream of [...names].sort()) {
      const said = talk.filter((row) => row.stream === stream);
      const end = tips.find((one) => one.stream === stream);
      const walked = chain(id, stream, said, redactions, end?.head ?? null, end?.position ?? 0);
      if ('why' in walked) return walked;
      const differing = said.find((row) => disagrees(row));
      if (differing) return broken(id, stream, differing.position, 'facts-changed');
      heads.push(walked.head);
      sum.talk += stream === REDACTIONS ? 0 : said.length;
      sum.redacted += walked.redacted;
      sum.found ||= said.some((row) => row.hash === wanted);
    }
    sum.found ||= rows.some((row) => row.hash === wanted);
  }
  const head = sha256(heads.join('\n'));
  if (!sum.found && head !== wanted) return broken('', EVENTS, 0, 'head-not-found');
  const { incidents, events, talk, redacted } = sum;
  return { ok: true, incidents, events, talk, head, redacted };
}

function chain(
  incident: string,
  stream: string,
  rows: readonly (Link & { readonly position: number })[],
  redactions: ReadonlySet<string>,
  head: string | null,
  length: number,
): { readonly head: string; readonly redacted: number } | Broken {
  let prev = genesis(incident, stream);
  let redacted = 0;
  for (const [index, row] of rows.entries()) {
    const position = index + 1;
    if (row.position !== position) return broken(incident, stream, position, 'missing');
    const why = flaw({ incident, stream, position }, prev, row);
    if (why) return broken(incident, stream, position, why);
    if (row.texts === null) {
      if (!redactions.has(redactionOf(stream, position))) {
        return broken(incident, stream, position, 'text-missing');
      }
      redacted += 1;
    }
    prev = row.hash;
  }
  if (rows.length < length) return broken(incident, stream, rows.length + 1, 'missing');
  if (rows.length > length) return broken(incident, stream, length + 1, 'beyond-the-end');
  if (head !== null && head !== prev) return broken(incident, stream, length, 'head');
  return { head: prev, redacted };
}

function snapshotFlaw(id: string, rows: readonly EventRow[], stored: string): Broken | null {
  try {
    const folded: unknown = JSON.parse(JSON.stringify(fold(rows.map(readEvent))));
    return isDeepStrictEqual(folded, JSON.parse(stored)) ? null : broken(id, EVENTS, rows.length, 'snapshot');
  } catch (error) {
    return broken(id, EVENTS, rows.length, `snapshot: ${error instanceof Error ? error.message : error}`);
  }
}

/** The columns that are searched repeat what the hashed facts say. */
function disagrees(row: TalkRow & { readonly kind: string; readonly message: string }): boolean {
  const entry = readTalk(row);
  return entry.kind !== row.kind || entry.message !== row.message;
}

function broken(incident: string, stream: string, position: number, why: string): Broken {
  return { ok: false, incident, stream, position, why };
}
