import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  customType,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const moment = (name: string) => bigint(name, { mode: 'number' });

/** What the database says about itself; `needs` is the number of migrations a program has to know to use it. */
export const meta = pgTable('meta', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});

export const incidents = pgTable(
  'incidents',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    head: text('head').notNull(),
    state: text('state').notNull(),
    over: boolean('over').notNull(),
    activity: moment('activity').notNull(),
    redacted: boolean('redacted').notNull().default(false),
    /** JSON list of the places under which `rooms` holds it, so that most appends need not look there. */
    rooms: text('rooms').notNull().default(''),
    /** What people call it; never changes. */
    code: text('code').notNull().default(''),
  },
  (table) => [
    index('incidents_by_activity').on(table.activity),
    index('incidents_by_code').on(table.code),
    index('incidents_open').on(table.activity).where(sql`not over`),
  ],
);

/** Where the incidents live that are not closed. */
export const rooms = pgTable(
  'rooms',
  { place: text('place').notNull(), incident: text('incident').notNull() },
  (table) => [
    primaryKey({ columns: [table.place, table.incident] }),
    index('rooms_of_incident').on(table.incident),
  ],
);

const link = {
  facts: text('facts').notNull(),
  texts: text('texts'),
  salt: text('salt'),
  digest: text('digest').notNull(),
  prev: text('prev').notNull(),
  hash: text('hash').notNull(),
};

export const events = pgTable(
  'events',
  { incident: text('incident').notNull(), position: integer('position').notNull(), ...link },
  (table) => [primaryKey({ columns: [table.incident, table.position] })],
);

/** The end of each stream of talk: the next position without counting, and proof that nothing was cut off. */
export const streams = pgTable(
  'streams',
  {
    incident: text('incident').notNull(),
    stream: text('stream').notNull(),
    position: integer('position').notNull(),
    head: text('head').notNull(),
  },
  (table) => [primaryKey({ columns: [table.incident, table.stream] })],
);

export const talk = pgTable(
  'talk',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    incident: text('incident').notNull(),
    stream: text('stream').notNull(),
    position: integer('position').notNull(),
    kind: text('kind').notNull(),
    message: text('message').notNull(),
    ...link,
  },
  (table) => [
    uniqueIndex('talk_position').on(table.incident, table.stream, table.position),
    uniqueIndex('talk_said_once').on(table.incident, table.stream, table.message).where(sql`kind = 'said'`),
    index('talk_message').on(table.incident, table.message),
  ],
);

/** What people dropped into a conversation, by digest; which talk names it says who may read it. */
export const files = pgTable('files', {
  sha256: text('sha256').primaryKey(),
  bytes: bytea('bytes').notNull(),
  at: moment('at').notNull(),
});

/** One row an incident: when it next wants a tick, and when that is to be tried. */
export const due = pgTable(
  'due',
  {
    incident: text('incident').primaryKey(),
    at: moment('at').notNull(),
    tryAt: moment('try_at').notNull(),
  },
  (table) => [index('due_next').on(table.tryAt), index('due_oldest').on(table.at)],
);

/**
 * Rows to send. `head` marks the one row of each lane that may go next and `ready` the moment from which it
 * may, so that neither a long lane nor ten thousand lanes make a claim slower.
 */
export const outbox = pgTable(
  'outbox',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    incident: text('incident').notNull(),
    lane: text('lane').notNull(),
    rank: smallint('rank').notNull(),
    mergeKey: text('merge_key'),
    key: text('key').notNull().unique(),
    notBefore: moment('not_before').notNull(),
    payload: text('payload').notNull(),
    state: text('state').notNull(),
    head: boolean('head').notNull(),
    ready: moment('ready').notNull(),
    leased: boolean('leased').notNull(),
    attempts: integer('attempts').notNull(),
    possibleDuplicate: boolean('possible_duplicate').notNull(),
    createdAt: moment('created_at').notNull(),
    error: text('error'),
  },
  (table) => [
    index('outbox_next').on(table.rank, table.ready, table.id).where(sql`head`),
    index('outbox_moment').on(table.ready).where(sql`head`),
    index('outbox_lane').on(table.lane, table.id).where(sql`state = 'waiting'`),
    index('outbox_merge').on(table.mergeKey).where(sql`state = 'waiting' and merge_key is not null`),
    index('outbox_failed').on(table.id).where(sql`state = 'failed'`),
  ],
);

export const inbound = pgTable(
  'inbound',
  { key: text('key').primaryKey(), at: moment('at').notNull() },
  (table) => [index('inbound_oldest').on(table.at)],
);

export const numbers = pgTable('numbers', {
  day: text('day').primaryKey(),
  last: integer('last').notNull(),
});

export const notes = pgTable('notes', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});

/** What is compared with a new log. */
export const excerpts = pgTable(
  'excerpts',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    incident: text('incident').notNull(),
    source: text('source').notNull(),
    words: tsvector('words').notNull(),
  },
  (table) => [
    uniqueIndex('excerpts_source').on(table.incident, table.source),
    index('excerpts_words').using('gin', table.words),
  ],
);

/** How many excerpts hold a word: PostgreSQL keeps no such count that could be asked for one word. */
export const excerptWords = pgTable('excerpt_words', {
  word: text('word').primaryKey(),
  held: integer('held').notNull(),
});

/** Knowledge entries that were learnt and approved; every version stays, for the incidents that are pinned to it. */
export const learnt = pgTable(
  'learnt',
  {
    entry: text('entry').notNull(),
    version: integer('version').notNull(),
    incident: text('incident').notNull(),
    owner: text('owner').notNull(),
    approvedBy: text('approved_by').notNull(),
    at: moment('at').notNull(),
    text: text('text').notNull(),
    withdrawn: moment('withdrawn'),
  },
  (table) => [primaryKey({ columns: [table.entry, table.version, table.incident] })],
);
