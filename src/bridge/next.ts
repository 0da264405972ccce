import type { TalkEntry } from '../store/port.ts';
import type { Cursor, Ref, Step } from './standing.ts';

/** What decides how a place is told. */
export interface View {
  /** The place, as `placeKey` names it: what was said there is not said there again. */
  readonly here: string;
  /** It came to the incident later than what waits. */
  readonly late: boolean;
  /** As many short messages may wait and still go out one by one; more are merged. */
  readonly alone: number;
  /** Characters that one message may hold. */
  readonly room: number;
  /** The position in its stream of the words that stand in the place; null for a message that was not carried there. */
  readonly shownAt: (message: string) => number | null;
}

export interface Next {
  /** Null when nothing is left to be told. */
  readonly step: Step | null;
  /** Where the cursor is once it was told. */
  readonly after: Cursor;
}

/** Longer than this is no small talk. */
const SMALL = 500;
/** Together in one message; more would not be read. */
const MOST_MERGED = 25;
/** A late place gets so many as they were said, and of more a digest. */
const MOST_LATE = 8;

/** The next thing that a place is to be told, out of what was said since its cursor. Pure. */
export function nextStep(entries: readonly TalkEntry[], cursor: Cursor, view: View): Next {
  const waiting = readable(entries, view);
  const first = waiting[0];
  if (!first) return { step: null, after: moved(cursor, entries) };
  if (view.late && waiting.filter((one) => one.kind === 'said').length > MOST_LATE)
    return { step: { do: 'digest' }, after: moved(cursor, entries) };
  if (first.kind === 'changed') return upTo(first.entry, { do: 'change', of: refOf(first.entry) });
  const small = waiting.filter(isSmall).length;
  const group = small > view.alone ? mergeable(waiting, view.room) : [first];
  const last = group.at(-1) ?? first;
  return upTo(last.entry, { do: 'say', of: group.map((one) => refOf(one.newest)) });

  function upTo(last: TalkEntry, step: Step): Next {
    return { step, after: moved(cursor, entries.slice(0, entries.indexOf(last) + 1)) };
  }
}

type Waiting =
  | { readonly kind: 'said'; readonly entry: TalkEntry; readonly newest: TalkEntry }
  | { readonly kind: 'changed'; readonly entry: TalkEntry };

/** What concerns the place, in order: each message with its newest words, each change of what stands there. */
export function readable(entries: readonly TalkEntry[], view: Pick<View, 'here' | 'shownAt'>): Waiting[] {
  const talk = entries.filter((one) => one.form !== 'bot' && one.form !== 'lesson');
  const newest = new Map(talk.map((one) => [nameOf(one), one]));
  const said = new Map(talk.flatMap((one) => (one.kind === 'said' ? [[nameOf(one), one] as const] : [])));
  return talk.flatMap((entry): Waiting[] => {
    const last = newest.get(nameOf(entry)) ?? entry;
    if (entry.kind === 'said')
      return entry.place === view.here || last.kind === 'deleted'
        ? []
        : [{ kind: 'said', entry, newest: last }];
    // Only how it ended matters; and where it was changed it is so already.
    if (last !== entry || entry.place === view.here) return [];
    const first = said.get(nameOf(entry));
    if (first && first.place !== view.here) return [];
    const at = view.shownAt(entry.message);
    return at !== null && at >= entry.position ? [] : [{ kind: 'changed', entry }];
  });
}

function isSmall(one: Waiting): one is Extract<Waiting, { kind: 'said' }> {
  return (
    one.kind === 'said' &&
    one.newest.form === 'text' &&
    one.entry.file === undefined &&
    one.newest.text.length <= SMALL
  );
}

/** What can stand in one message from here on: small talk of one stream, in order, with nothing else between. */
function mergeable(waiting: readonly Waiting[], room: number): readonly Extract<Waiting, { kind: 'said' }>[] {
  const [first] = waiting;
  if (first?.kind !== 'said') return [];
  if (!isSmall(first)) return [first];
  const group: Extract<Waiting, { kind: 'said' }>[] = [];
  let length = 0;
  for (const one of waiting) {
    if (!isSmall(one) || one.entry.stream !== first.entry.stream || group.length === MOST_MERGED) break;
    // The author, the time and a quotation come to it.
    length += one.newest.text.length + 120;
    if (group.length > 0 && length > room) break;
    group.push(one);
  }
  return group;
}

function refOf({ message, stream, position }: TalkEntry): Ref {
  return { message, stream, position };
}

function nameOf(entry: TalkEntry): string {
  return `${entry.stream}\n${entry.message}`;
}

function moved(cursor: Cursor, entries: readonly TalkEntry[]): Cursor {
  const after: Record<string, number> = { ...cursor };
  for (const one of entries) after[one.stream] = Math.max(after[one.stream] ?? 0, one.position);
  return after;
}
