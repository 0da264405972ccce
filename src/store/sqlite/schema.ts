import { sql } from 'drizzle-orm';
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** What the database says about itself; `needs` is the number of migrations a program has to know to use it. */
export const meta = sqliteTable('meta', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});

export const incidents = sqliteTable(
  'incidents',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    head: text('head').notNull(),
    state: text('state').notNull(),
    over: integer('over', { mode: 'boolean' }).notNull(),
    activity: integer('activity').notNull(),
    redacted: integer('redacted', { mode: 'boolean' }).notNull().default(false),
    /** JSON list of the places under which `rooms` holds it, so that most appends need not look there. */
    rooms: text('rooms').notNull().default(''),
    /** What people call it; never changes. */
    code: text('code').notNull().default(''),
  },
  (table) => [
    index('incidents_by_activity').on(table.activity),
    index('incidents_by_code').on(table.code),
    index('incidents_open').on(table.activity).where(sql`over = 0`),
  ],
);

/** Where the incidents live that are not closed. */
export const rooms = sqliteTable(
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

export const events = sqliteTable(
  'events',
  { incident: text('incident').notNull(), position: integer('position').notNull(), ...link },
  (table) => [primaryKey({ columns: [table.incident, table.position] })],
);

/** The end of each stream of talk: the next position without counting, and proof that nothing was cut off. */
export const streams = sqliteTable(
  'streams',
  {
    incident: text('incident').notNull(),
    stream: text('stream').notNull(),
    position: integer('position').notNull(),
    head: text('head').notNull(),
  },
  (table) => [primaryKey({ columns: [table.incident, table.stream] })],
);

export const talk = sqliteTable(
  'talk',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
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
export const files = sqliteTable('files', {
  sha256: text('sha256').primaryKey(),
  bytes: blob('bytes', { mode: 'buffer' }).notNull(),
  at: integer('at').notNull(),
});

/** One row an incident: when it next wants a tick, and when that is to be tried. */
export const due = sqliteTable(
  'due',
  {
    incident: text('incident').primaryKey(),
    at: integer('at').notNull(),
    tryAt: integer('try_at').notNull(),
  },
  (table) => [index('due_next').on(table.tryAt), index('due_oldest').on(table.at)],
);

/**
 * Rows to send. `head` marks the one row of each lane that may go next and `ready` the moment from which it
 * may, so that neither a long lane nor ten thousand lanes make a claim slower.
 */
export const outbox = sqliteTable(
  'outbox',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    incident: text('incident').notNull(),
    lane: text('lane').notNull(),
    rank: integer('rank').notNull(),
    mergeKey: text('merge_key'),
    key: text('key').notNull().unique(),
    notBefore: integer('not_before').notNull(),
    payload: text('payload').notNull(),
    state: text('state').notNull(),
    head: integer('head', { mode: 'boolean' }).notNull(),
    ready: integer('ready').notNull(),
    leased: integer('leased', { mode: 'boolean' }).notNull(),
    attempts: integer('attempts').notNull(),
    possibleDuplicate: integer('possible_duplicate', { mode: 'boolean' }).notNull(),
    createdAt: integer('created_at').notNull(),
    error: text('error'),
  },
  (table) => [
    index('outbox_next').on(table.rank, table.ready, table.id).where(sql`head = 1`),
    index('outbox_moment').on(table.ready).where(sql`head = 1`),
    index('outbox_lane').on(table.lane, table.id).where(sql`state = 'waiting'`),
    index('outbox_merge').on(table.mergeKey).where(sql`state = 'waiting' and merge_key is not null`),
    index('outbox_failed').on(table.id).where(sql`state = 'failed'`),
  ],
);

export const inbound = sqliteTable(
  'inbound',
  { key: text('key').primaryKey(), at: integer('at').notNull() },
  (table) => [index('inbound_oldest').on(table.at)],
);

export const numbers = sqliteTable('numbers', {
  day: text('day').primaryKey(),
  last: integer('last').notNull(),
});

export const notes = sqliteTable('notes', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});

/** What is compared with a new log: a full-text index over `words` stands beside it (its own migration). */
export const excerpts = sqliteTable(
  'excerpts',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    incident: text('incident').notNull(),
    source: text('source').notNull(),
    words: text('words').notNull(),
  },
  (table) => [uniqueIndex('excerpts_source').on(table.incident, table.source)],
);

/** Knowledge entries that were learnt and approved; every version stays, for the incidents that are pinned to it. */
export const learnt = sqliteTable(
  'learnt',
  {
    entry: text('entry').notNull(),
    version: integer('version').notNull(),
    incident: text('incident').notNull(),
    owner: text('owner').notNull(),
    approvedBy: text('approved_by').notNull(),
    at: integer('at').notNull(),
    text: text('text').notNull(),
    withdrawn: integer('withdrawn'),
  },
  (table) => [primaryKey({ columns: [table.entry, table.version, table.incident] })],
);
