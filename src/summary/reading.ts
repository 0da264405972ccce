import { type Anchor, anchorOf } from './anchor.ts';
import type { Setting } from './evidence.ts';
import type { Message } from './message.ts';
import { worthReading } from './news.ts';
import { lexicon } from './rules.ts';
import { type Sentence, sentencesOf, speechLimit } from './speech.ts';
import { timesIn, zoneNamedIn } from './times.ts';

const day = 86_400_000;

/** A room of so many messages is read word for word; of longer talk only what could matter. */
const wholeUpTo = 2000;

/** A message that says something, cut into sentences. */
export interface Note {
  index: number;
  text: string;
  author: string | null;
  /** ISO, as given; null when the message has no usable time. */
  at: string | null;
  anchor: Anchor | null;
  sentences: Sentence[];
  /** An entry of a written timeline ("13:42 Team noticed …") and not somebody speaking in a room. */
  entry: boolean;
  thread: string | undefined;
  /** What stands around it; found out when first asked for. */
  setting: Setting | undefined;
}

export interface Reading {
  notes: readonly Note[];
  /** One author (or none): a diary or a notice, where bare verbs tell what was done. */
  monologue: boolean;
  /** Wall clock of the first message that has a time. */
  origin: number | null;
  length: number;
  /** Too long to weigh every word of it: only what has words of the rules is weighed. */
  long: boolean;
}

/** Finds the messages that matter; the rest costs one pass of the lexicon and no more. */
export function read(messages: readonly Message[]): Reading {
  const words = lexicon();
  const notes: Note[] = [];
  let timed: string | null = null;
  let heading: Anchor | null = null;
  const retold = retoldDay(messages);
  const long = messages.length > wholeUpTo;
  messages.forEach((message, index) => {
    const at = retold === null ? (message.at ?? null) : null;
    if (at !== null) {
      timed = at;
      heading = null;
    }
    const { text } = message;
    // A written timeline holds what its writer thought worth an entry; of talk only what could matter is read.
    const entry = (message.author ?? null) === null;
    const found = words.scan(text, speechLimit);
    const plain = long && index > 0 && !entry;
    if (plain && found.length === 0 && !worthReading(text)) return;
    const sentences = sentencesOf(text, found);
    if (plain && found.length > 0 && sentences.every((sentence) => sentence.hits.length === 0)) return;
    const anchor = anchorOf(at);
    if (anchor === null) heading = headingDate(text, anchorOf(timed)) ?? heading;
    notes.push({
      index,
      text,
      author: message.author ?? null,
      at: anchor === null ? null : at,
      anchor: inZoneOf(text, anchor ?? heading ?? retold ?? sameDay(anchorOf(timed))),
      sentences,
      entry,
      thread: message.thread_ts,
      setting: undefined,
    });
  });
  return { notes, monologue: hasOneAuthor(notes), origin: originOf(messages), length: messages.length, long };
}

/** Of long talk the beginning and the end: there it began, was noticed and was over. */
export function atItsEnds(reading: Reading): Reading {
  const { notes, long } = reading;
  const half = wholeUpTo / 2;
  return !long || notes.length <= wholeUpTo
    ? reading
    : { ...reading, notes: [...notes.slice(0, half), ...notes.slice(-half)] };
}

/** Where the note of a message stands among the notes; -1 when nothing in it was worth reading. */
export function placeOf(notes: readonly Note[], index: number): number {
  let [low, high] = [0, notes.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = notes[middle]?.index ?? index;
    if (at === index) return middle;
    if (at < index) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The note of a message, found by its position; undefined when nothing in it was worth reading. */
export const noteAt = (notes: readonly Note[], index: number): Note | undefined =>
  notes[placeOf(notes, index)];

function originOf(messages: readonly Message[]): number | null {
  for (const message of messages) {
    const anchor = anchorOf(message.at);
    if (anchor !== null) return anchor.wall;
  }
  return null;
}

function hasOneAuthor(notes: readonly Note[]): boolean {
  const first = notes[0]?.author;
  return first !== undefined && notes.every((note) => note.author === first);
}

/**
 * A report whose parts all bear one time and that begins with an earlier day ("7月31日临下班，…") tells of that day; when
 * it was written is the time of nothing in it.
 */
function retoldDay(messages: readonly Message[]): Anchor | null {
  const [first] = messages;
  const written = anchorOf(first?.at);
  if (first === undefined || written === null || (messages.length > 1 && messages.at(-1)?.at !== first.at))
    return null;
  if (messages.some((message) => message.at !== first.at || message.author !== first.author)) return null;
  const told = timesIn(first.text.slice(0, 60), written)[0];
  if (told === undefined || told.start > 12 || !told.dated || !told.dateOnly) return null;
  const start = Math.floor(told.wall / day) * day;
  return start < Math.floor(written.wall / day) * day
    ? { ...written, wall: start, until: start + day - 1 }
    : null;
}

function inZoneOf(text: string, anchor: Anchor | null): Anchor | null {
  const zone = anchor === null ? null : zoneNamedIn(text);
  return zone === null || anchor === null ? anchor : { ...anchor, zone };
}

/** A paragraph without a time of its own goes on with the day of the one before it. */
function sameDay(last: Anchor | null): Anchor | null {
  if (last === null) return null;
  const until = (Math.floor(last.wall / day) + 1) * day - 1;
  return { ...last, until };
}

/** "**2018-06-15 UPDATE2**": a notice that carries its date in its heading and nowhere else. */
function headingDate(text: string, before: Anchor | null): Anchor | null {
  const head = timesIn(text.slice(0, 60), null)[0];
  if (head === undefined || head.start > 12 || !head.dated) return null;
  const until = head.wall + day - 1;
  return {
    wall: head.wall,
    suffix: before?.suffix ?? '',
    offset: before?.offset ?? null,
    until,
    heading: true,
  };
}
