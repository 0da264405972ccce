import type { Fact, IncidentEvent, Instant, Place } from '../incident/events.ts';
import type { Incident } from '../incident/state.ts';

/**
 * What the product needs of a database. Everything an event causes later or outside is a row written in the
 * event's own transaction; no callback crosses this port, so a synchronous SQLite and a PostgreSQL pool can
 * both stand behind it.
 */
export interface Store {
  load(incident: string): Promise<Loaded | null>;
  /** All or nothing. `expected` is the version that the decision was made on; 0 demands that there be none. */
  append(append: Append): Promise<AppendResult>;
  events(incident: string, after?: number): Promise<readonly IncidentEvent[]>;
  /** Newest activity first. */
  incidents(filter?: { readonly openOnly?: boolean; readonly limit?: number }): Promise<readonly Incident[]>;
  /** The incident that people call so (`INC-20261124-03`), open or over; the newest where two share a code. */
  incidentByCode(code: string): Promise<Incident | null>;
  /**
   * Open incidents, longest at rest first, a page at a time: those after the one named. What is written to
   * meanwhile moves to the end and is met again; none is passed over.
   */
  openVersions(after: OpenVersion | null, limit: number): Promise<readonly OpenVersion[]>;
  /** The one of newest activity that lives in a place and is not closed. */
  openIncidentAt(place: PlaceName): Promise<Incident | null>;
  /** The next number of a day's incidents, counted durably: `INC-20261124-03`. */
  nextNumber(day: string): Promise<number>;

  /**
   * Answers with what was new: a `said` whose message the stream holds already was delivered twice. The rows that
   * carry it elsewhere are written in its own transaction.
   */
  say(talk: readonly NewTalk[], rows?: readonly NewOutboxRow[]): Promise<readonly TalkEntry[]>;
  /** One stream for each visibility, so that gaps reveal nothing. */
  talk(incident: string, streams: readonly string[], after?: TalkCursor): Promise<readonly TalkEntry[]>;
  /** All that is about one message, in whatever stream, in the order in which it was written. */
  about(incident: string, message: string): Promise<readonly TalkEntry[]>;
  /** Keeps a file under its digest; one that is there already stays. */
  putFile(file: NewFile): Promise<void>;
  /** Null when it was never kept, or its last message was redacted. */
  file(sha256: string): Promise<Uint8Array | null>;

  /** True exactly once for a key: the same delivery acts once. */
  claimInbound(key: string, at: Instant): Promise<boolean>;
  /** Forgets the keys that were claimed before `before`; answers with how many there were. */
  pruneInbound(before: Instant): Promise<number>;

  /** The earliest moment at which anything is to be done (a tick or a send), null when all is quiet. */
  nextMoment(): Promise<Instant | null>;
  /**
   * Longest due first, without those that the asker has under way. Where several instances share the store,
   * no other one is given the same for the next seconds.
   */
  dueIncidents(
    now: Instant,
    limit: number,
    except?: readonly string[],
  ): Promise<readonly { readonly incident: string; readonly at: Instant }[]>;
  /** A tick that left its moment unchanged is tried again at `to`; nothing happens when `from` is not due any more. */
  postponeDue(incident: string, from: Instant, to: Instant): Promise<void>;
  /**
   * Heads of lanes, in order within a place, leased so that no other sender takes them. Pages come first, or
   * alone, or not at all (`rest`); lanes
   * whose names begin with one of `except` are left where they are.
   */
  claimOutbox(
    now: Instant,
    limit: number,
    leaseMs: number,
    only?: 'page' | 'rest',
    except?: readonly string[],
  ): Promise<readonly OutboxRow[]>;
  /** Rows that no event causes, such as a note at a change of shift. A key that is known is written once. */
  enqueue(rows: readonly NewOutboxRow[], createdAt: Instant): Promise<void>;
  /** A claimed row that may not go yet is put back as if it had not been taken; not when the claim holds no more. */
  deferOutbox(claim: Claim, until: Instant): Promise<void>;
  /** The leases of the claims that still hold now end at `until`. */
  renewOutbox(claims: readonly Claim[], until: Instant): Promise<void>;
  /**
   * How the send of a claim ended. Of a row that was settled before nothing changes, nor by a claim that another
   * one has followed; only that it arrived holds whoever says it, unless a newer card has taken the row's place.
   */
  settleOutbox(claim: Claim, result: OutboxResult): Promise<void>;

  /**
   * The incidents whose excerpts hold the rarest of these words, nearest first; `words` as `search` rows hold them.
   * Not found again: what was redacted.
   */
  similar(words: readonly string[], limit: number): Promise<readonly Similar[]>;
  /** Stored logs, oldest first, a page at a time: those after the row `after`. */
  excerpts(after: number, limit: number): Promise<readonly StoredExcerpt[]>;
  /** Incidents by id, a page at a time, each with the sources of its search rows. */
  indexed(after: string, limit: number): Promise<readonly Indexed[]>;
  /** Search rows of what is written already; nothing of what was redacted meanwhile. */
  index(incident: string, rows: readonly SearchRow[]): Promise<void>;
  /** Every knowledge entry that was learnt and approved, in the order of approval; also those withdrawn since. */
  learnt(): Promise<readonly LearntRow[]>;

  /** What is kept under a name: read positions, message ids of status cards, sessions. JSON text. */
  getNote(key: string): Promise<string | null>;
  putNote(key: string, value: string | null): Promise<void>;

  /** Removes the texts of one link for good and writes down who did so and why; false when there was none. */
  redact(redaction: Redaction): Promise<boolean>;
  /** Folds and re-hashes everything; answers with the heads or the first broken place. `head` has to be in it. */
  verify(head?: string): Promise<Verification>;
  stats(now: Instant): Promise<StoreStats>;

  /**
   * Only where one process owns the store: what an earlier one had under way is free at once, and marked as a
   * possible duplicate when it is claimed. No lease has to run out, on a clock that may have been set back since.
   */
  endLeases?(now: Instant): Promise<void>;
  /** Only where several instances share the store: the time that holds for all of them. */
  now?(): Promise<Instant>;
  /** Only where several instances share the store: called when any of them wrote; null when it is not known what. */
  listen?(wake: (incident: string | null) => void): () => void;
  close(): Promise<void>;
}

export interface OpenVersion {
  readonly incident: string;
  readonly version: number;
  /** When it was last written to. */
  readonly activity: Instant;
}

export type PlaceName = Pick<Place, 'platform' | 'workspace' | 'conversation'>;

export interface Loaded {
  readonly incident: Incident;
  readonly version: number;
  /** Hash of the newest event: what a report prints and `verify` finds again. */
  readonly head: string;
}

export interface Append {
  readonly incident: string;
  readonly expected: number;
  readonly facts: readonly Fact[];
  readonly state: Incident;
  /** When the incident next wants a tick; null while nothing is running. */
  readonly due: Instant | null;
  readonly outbox: readonly NewOutboxRow[];
  /** An idempotency key claimed in the same transaction, so that a redelivery acts once even across a crash. */
  readonly inbound?: string | undefined;
  /** What other incidents are compared with; a row replaces the one of the same source. */
  readonly search?: readonly SearchRow[] | undefined;
  /** A knowledge entry that becomes active with these facts. */
  readonly learnt?: LearntRow | undefined;
  /** A learnt entry that is withdrawn with these facts: this version and those before it. */
  readonly withdrawn?: { readonly entry: string; readonly version: number; readonly at: Instant } | undefined;
}

export interface Indexed {
  readonly incident: string;
  readonly sources: readonly string[];
}

export interface SearchRow {
  /** The message that holds the log, or `about` for what people wrote about the incident. */
  readonly source: string;
  /** Letters and digits each. */
  readonly words: readonly string[];
}

export interface Similar {
  readonly incident: string;
  /** 0 to 1: 1 is the same text. */
  readonly score: number;
}

export interface StoredExcerpt {
  readonly row: number;
  readonly incident: string;
  readonly message: string;
  /** Masked. */
  readonly text: string;
}

/** A learnt entry; its text is YAML whose shape belongs to the one who wrote it. */
export interface LearntRow {
  readonly entry: string;
  readonly version: number;
  readonly owner: string;
  readonly incident: string;
  readonly approvedBy: string;
  readonly at: Instant;
  readonly text: string;
  /** Since when nobody is answered by it any more; null while it is active. */
  readonly withdrawn: Instant | null;
}

export type AppendResult =
  | { readonly ok: true; readonly events: readonly IncidentEvent[] }
  | { readonly ok: false; readonly why: 'conflict' | 'duplicate' };

/** A row to pay out. Rows of one lane go out in order; lanes do not wait for each other. */
export interface NewOutboxRow {
  /** `page:<person>` or `room:<platform>:<conversation>` … */
  readonly lane: string;
  readonly priority: 'page' | 'room' | 'card';
  /** A newer row with the same key replaces one that still waits: status cards merge, talk does not. */
  readonly mergeKey: string | null;
  /** `incident:position:effect:place`, unique: the same event never causes the same send twice. */
  readonly key: string;
  readonly notBefore: Instant;
  /** JSON; its shape belongs to `effects`. */
  readonly payload: string;
}

export interface OutboxRow extends NewOutboxRow {
  readonly id: number;
  readonly incident: string;
  readonly attempts: number;
  readonly createdAt: Instant;
  /** True when an earlier attempt ended without an answer: what it sent may have arrived. */
  readonly possibleDuplicate: boolean;
}

/** One handing out of a row: the count of attempts tells it from the ones before and after it. */
export type Claim = Pick<OutboxRow, 'id' | 'lane' | 'key' | 'attempts'>;

export type OutboxResult =
  | { readonly outcome: 'sent' }
  | {
      readonly outcome: 'retry';
      readonly at: Instant;
      readonly error: string;
      /** It may have arrived nevertheless: no answer came. The next attempt is marked as a possible duplicate. */
      readonly uncertain?: boolean | undefined;
    }
  | { readonly outcome: 'failed'; readonly error: string };

export interface NewTalk {
  readonly incident: string;
  /** `joint`, `customer+vendor`, or `org:<id>`. */
  readonly stream: string;
  readonly kind: 'said' | 'edited' | 'deleted';
  /** Stable id of the message; edits and deletions name the message they are about. */
  readonly message: string;
  readonly author: { readonly id: string; readonly name: string; readonly org: string };
  readonly occurred: Instant;
  readonly recorded: Instant;
  /** Masked before it gets here. */
  readonly text: string;
  /** Where it was said, for example `web`, `slack`. */
  readonly platform: string;
  /** The conversation in which it was said, as `placeKey` names it: there it is not said again. */
  readonly place?: string | undefined;
  /** The message that it answers. */
  readonly replyTo?: string | undefined;
  /** What was dropped into the conversation; its bytes lie under the digest. */
  readonly file?: TalkFile | undefined;
  /** Plain text, a log excerpt, a lesson for the review, or the bot's own message (JSON of a chat message). */
  readonly form: 'text' | 'log' | 'lesson' | 'bot';
}

export interface TalkFile {
  readonly sha256: string;
  readonly name: string;
  /** As a MIME type. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

export interface NewFile {
  /** Hexadecimal, of the bytes. */
  readonly sha256: string;
  readonly bytes: Uint8Array;
  readonly at: Instant;
}

export interface TalkEntry extends NewTalk {
  /** Counts from 1 within the incident and stream. */
  readonly position: number;
}

export interface Redaction {
  readonly incident: string;
  /** `events`, or a stream of talk. */
  readonly stream: string;
  readonly position: number;
  readonly by: { readonly id: string; readonly name: string; readonly org: string };
  readonly at: Instant;
  readonly reason: string;
}

export type TalkCursor = Readonly<Record<string, number>>;

export type Verification =
  | {
      readonly ok: true;
      readonly incidents: number;
      readonly events: number;
      readonly talk: number;
      readonly head: string;
      readonly redacted: number;
    }
  | {
      readonly ok: false;
      readonly incident: string;
      readonly stream: string;
      readonly position: number;
      readonly why: string;
    };

export interface StoreStats {
  readonly openIncidents: number;
  readonly oldestOverdueMs: number;
  readonly outboxWaiting: number;
  readonly outboxFailed: number;
  /** By what the lane's name begins with: `page`, `tell`, `room:slack` … */
  readonly lanes: readonly LaneStats[];
}

export interface LaneStats {
  readonly lane: string;
  readonly waiting: number;
  readonly failed: number;
  /** Age of the oldest row that waits, however often it was tried; null when none does. */
  readonly oldestMs: number | null;
}
