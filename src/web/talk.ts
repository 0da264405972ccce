import { z } from 'zod';
import { type Message, plainText } from '../chat/message.ts';
import { messageSchema } from '../chat/schema.ts';
import type { Instant } from '../incident/events.ts';
import type { TalkCursor, TalkEntry, TalkFile } from '../store/port.ts';

export const STATUS_CARD = 'status';
/** Follow-ups of one author within this time share a head line. */
const SAME_BREATH_MS = 5 * 60_000;

/** One message of the stream as it stands after its edits. */
export interface Item {
  /** Stable: the card's name, or the message's id. */
  readonly key: string;
  readonly message: string;
  readonly order: number;
  readonly stream: string;
  readonly author: TalkEntry['author'];
  readonly at: Instant;
  readonly content:
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'log'; readonly text: string }
    | { readonly kind: 'bot'; readonly message: Message };
  /** What was dropped into the conversation. */
  readonly file: TalkFile | null;
  /** The message it answers; null where it answers none. */
  readonly replyTo: string | null;
  readonly edited: boolean;
  readonly deleted: boolean;
}

/** What a message answers, as far as the reader may see it. */
export interface Answered {
  readonly key: string;
  readonly author: string;
  /** Null once it was taken back. */
  readonly text: string | null;
}

export interface Placed extends Item {
  readonly answered: Answered | null;
  readonly newDay: boolean;
  readonly follows: boolean;
}

/**
 * The stream folded from its entries: edits and deletions applied, a newer card in the place of the older one.
 * Entries may be added as they arrive; `add` answers which messages look different now.
 */
export class Stream {
  private readonly items = new Map<string, Item>();
  private readonly keyOfMessage = new Map<string, string>();
  private readonly positions = new Map<string, number>();
  /** Message → those that answer it: a quotation goes with the words it quotes. */
  private readonly answers = new Map<string, string[]>();
  private readonly dayOf: (at: Instant) => string;
  private status: Item | null = null;

  constructor(dayOf: (at: Instant) => string) {
    this.dayOf = dayOf;
  }

  add(entries: readonly TalkEntry[]): { readonly changed: ReadonlySet<string>; readonly status: boolean } {
    const changed = new Set<string>();
    let status = false;
    const inOrder = [...entries].sort((a, b) => a.recorded - b.recorded || a.position - b.position);
    for (const entry of inOrder) {
      const seen = this.positions.get(entry.stream) ?? 0;
      this.positions.set(entry.stream, Math.max(seen, entry.position));
      const content = contentOf(entry);
      const card = content.kind === 'bot' ? content.message.card : null;
      const key = this.keyOfMessage.get(entry.message) ?? (card === null ? entry.message : `card ${card}`);
      this.keyOfMessage.set(entry.message, key);
      const before = card === STATUS_CARD ? this.status : (this.items.get(key) ?? null);
      const item = apply(before, entry, key, content, this.items.size + 1);
      if (card === STATUS_CARD) {
        this.status = item;
        status = true;
      } else {
        this.items.set(key, item);
        changed.add(key);
        for (const one of this.answers.get(entry.message) ?? []) changed.add(one);
        if (before === null && item.replyTo !== null)
          this.answers.set(item.replyTo, [...(this.answers.get(item.replyTo) ?? []), key]);
      }
    }
    return { changed, status };
  }

  get pinned(): Message | null {
    return this.status?.content.kind === 'bot' ? this.status.content.message : null;
  }

  get size(): number {
    return this.items.size;
  }

  cursor(): TalkCursor {
    return Object.fromEntries(this.positions);
  }

  /** The last `count` messages, each knowing whether a day or an author begins with it. */
  last(count: number): readonly Placed[] {
    return this.range(Math.max(0, this.items.size - count), this.items.size);
  }

  /** Up to `count` messages that stand before the one with index `end`, in order. */
  before(end: number, count: number): readonly Placed[] {
    return this.range(Math.max(0, end - count), end);
  }

  /** The messages named, in order; what is not there is left out. */
  only(keys: ReadonlySet<string>): readonly Placed[] {
    // Only what is named is placed: asking for the day of every message costs a second in a long room.
    const all = [...this.items.values()];
    return all.flatMap((item, index) =>
      keys.has(item.key) ? [this.place(item, all[index - 1] ?? null)] : [],
    );
  }

  private range(start: number, end: number): readonly Placed[] {
    const all = [...this.items.values()];
    return all.slice(start, end).map((item, index) => this.place(item, all[start + index - 1] ?? null));
  }

  private place(item: Item, before: Item | null): Placed {
    const newDay = before === null || this.dayOf(before.at) !== this.dayOf(item.at);
    const follows =
      !newDay &&
      item.content.kind !== 'bot' &&
      before?.content.kind !== 'bot' &&
      before?.author.id === item.author.id &&
      before.stream === item.stream &&
      item.replyTo === null &&
      item.at - before.at < SAME_BREATH_MS;
    return { ...item, answered: this.answeredBy(item), newDay, follows };
  }

  /** Only what the reader may see is here at all, so that a quotation tells nobody more. */
  private answeredBy({ replyTo }: Item): Answered | null {
    const key = replyTo === null ? undefined : this.keyOfMessage.get(replyTo);
    const item = key === undefined ? undefined : this.items.get(key);
    if (!item) return null;
    const { content, author, deleted } = item;
    const text = content.kind === 'bot' ? plainText(content.message.headline) : content.text;
    return { key: item.key, author: author.name, text: deleted ? null : text };
  }
}

/** Whether the person said this message; a change of it stays where it was said. Lessons have commands of their own. */
export function ownMessage(entries: readonly TalkEntry[], message: string, person: string): boolean {
  const said = entries.filter((entry) => entry.message === message);
  return (
    said.some((entry) => entry.kind === 'said') &&
    said.every((entry) => entry.author.id === person && entry.form !== 'bot' && entry.form !== 'lesson')
  );
}

function contentOf(entry: TalkEntry): Item['content'] {
  if (entry.form === 'bot') {
    const message = messageSchema.safeParse(json(entry.text));
    return message.success ? { kind: 'bot', message: message.data } : { kind: 'text', text: entry.text };
  }
  return { kind: entry.form === 'log' ? 'log' : 'text', text: entry.text };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function apply(
  before: Item | null,
  entry: TalkEntry,
  key: string,
  content: Item['content'],
  order: number,
): Item {
  const deleted = entry.kind === 'deleted';
  if (before !== null) {
    return {
      ...before,
      content: deleted ? before.content : content,
      // The bot's cards change all the time; only a person's change of words is worth a mark.
      edited: before.edited || (entry.kind === 'edited' && content.kind !== 'bot'),
      deleted: before.deleted || deleted,
    };
  }
  return {
    key,
    message: entry.message,
    order,
    stream: entry.stream,
    author: entry.author,
    at: entry.occurred,
    content,
    file: entry.file ?? null,
    replyTo: entry.replyTo ?? null,
    edited: entry.kind === 'edited' && content.kind !== 'bot',
    deleted,
  };
}

const cursorSchema = z.record(z.string(), z.number().int().min(0));

/** How far a page has read, as text that survives a URL and an event id. */
export function writeCursor(cursor: TalkCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Null when it was tampered with or cut; the reader then starts from nothing. */
export function readCursor(text: string): TalkCursor | null {
  const parsed = cursorSchema.safeParse(json(Buffer.from(text, 'base64url').toString()));
  return parsed.success ? parsed.data : null;
}
