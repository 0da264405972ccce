import { z } from 'zod';
import type { Fact, IncidentEvent } from '../incident/events.ts';
import { type Incident, SINCE_ADDED } from '../incident/state.ts';
import type { NewOutboxRow, NewTalk, OpenVersion, PlaceName, TalkEntry } from './port.ts';
import { putTexts, REDACTED, readTexts } from './texts.ts';

/**
 * Rows come back as what this store wrote, and `verify` proves that byte by byte; reading checks only what
 * tells a foreign row from ours, because a full schema of every event would be paid for at every command.
 */
const envelope = z.looseObject({
  by: z.looseObject({ id: z.string(), name: z.string(), org: z.string() }),
  occurred: z.number(),
  recorded: z.number(),
  backdated: z.string().nullable(),
  sources: z.array(z.string()),
  body: z.looseObject({ type: z.string() }),
});

function isFact(value: unknown): value is Fact {
  return envelope.safeParse(value).success;
}

export interface EventRow {
  readonly incident: string;
  readonly position: number;
  readonly facts: string;
  readonly texts: string | null;
}

export function readEvent(row: EventRow): IncidentEvent {
  const fact = putTexts(row.facts, readTexts(row.texts));
  if (!isFact(fact)) throw new Error(`corrupt-log: ${row.incident} event ${row.position} is no event`);
  return { ...fact, incident: row.incident, position: row.position };
}

const snapshot = z.looseObject({ id: z.string(), version: z.number(), status: z.string() });

function isIncident(value: unknown): value is Incident {
  return snapshot.safeParse(value).success;
}

const ADDED = Object.keys(SINCE_ADDED);

export function readIncident(id: string, state: string): Incident {
  const value: unknown = JSON.parse(state);
  if (!isIncident(value)) throw new Error(`corrupt-log: the snapshot of ${id} is no incident`);
  return ADDED.every((key) => key in value) ? value : { ...SINCE_ADDED, ...value };
}

export function placeKey({ platform, workspace, conversation }: PlaceName): string {
  return JSON.stringify([platform, workspace, conversation]);
}

/** Under which places an incident is to be found. */
export function roomsOf(incident: Incident): readonly string[] {
  return incident.status === 'closed' ? [] : [...new Set(incident.places.map(placeKey))];
}

const talkFacts = z.object({
  kind: z.enum(['said', 'edited', 'deleted']),
  message: z.string(),
  author: z.object({ id: z.string(), org: z.string() }),
  occurred: z.number(),
  recorded: z.number(),
  platform: z.string(),
  form: z.enum(['text', 'log', 'lesson', 'bot']),
  place: z.string().optional(),
  replyTo: z.string().optional(),
  file: z.object({ sha256: z.string(), type: z.string(), size: z.number() }).optional(),
});

export interface TalkRow extends EventRow {
  readonly stream: string;
}

export function takeTalk(entry: NewTalk): { readonly facts: string; readonly texts: readonly string[] } {
  const { kind, message, author, occurred, recorded, platform, form, place, replyTo, file } = entry;
  const facts: z.infer<typeof talkFacts> = {
    kind,
    message,
    author: { id: author.id, org: author.org },
    occurred,
    recorded,
    platform,
    form,
    place,
    replyTo,
    file: file && { sha256: file.sha256, type: file.type, size: file.size },
  };
  const texts = [author.name, entry.text, ...(file ? [file.name] : [])];
  return { facts: JSON.stringify(facts), texts };
}

export function readTalk(row: TalkRow): TalkEntry {
  const facts = talkFacts.parse(JSON.parse(row.facts));
  const [name = REDACTED, text = REDACTED, fileName = REDACTED] = readTexts(row.texts) ?? [];
  const { file, ...rest } = facts;
  return {
    ...rest,
    ...(file ? { file: { ...file, name: fileName } } : {}),
    incident: row.incident,
    stream: row.stream,
    position: row.position,
    author: { ...facts.author, name },
    text,
  };
}

/** The digest of the file that a line of talk carries; null when it carries none. */
export function fileOf(facts: string): string | null {
  return talkFacts.parse(JSON.parse(facts)).file?.sha256 ?? null;
}

const PRIORITIES = ['page', 'room', 'card'] as const;

/** Pages first, then what people say, then status cards. */
export function rankOf(priority: NewOutboxRow['priority']): number {
  return PRIORITIES.indexOf(priority);
}

/** Which ranks a claim asks for: pages alone, everything but pages, or all. */
export function ranksOf(only: 'page' | 'rest' | undefined): readonly [first: number, last: number] {
  const last = PRIORITIES.length - 1;
  return only === 'page' ? [0, 0] : only === 'rest' ? [1, last] : [0, last];
}

export function priorityOf(rank: number): NewOutboxRow['priority'] {
  const priority = PRIORITIES[rank];
  if (!priority) throw new Error(`corrupt-log: an outbox row of rank ${rank}`);
  return priority;
}

/** Where a list of open incidents begins. */
export const BEFORE_ALL: Pick<OpenVersion, 'activity' | 'incident'> = {
  activity: Number.MIN_SAFE_INTEGER,
  incident: '',
};
