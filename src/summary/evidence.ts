import type { Note } from './reading.ts';
import { type Kind, kinds, type Marks, marksFor } from './rules.ts';
import { marksIn, type Sentence } from './speech.ts';
import { type Judged, scoreOf, type Weighed } from './trust.ts';
import { soundsLike } from './wording.ts';

/** A statement as it was heard: its words, and what was said right before and right after it. */
export interface Heard {
  words: string;
  before: string;
  after: string;
  author: string | null;
}

/** What speaks for and against a statement by itself, and the sum of it; `score` adds what its rivals take away. */
export interface Evidence extends Weighed, Heard {
  alone: number;
}

/** So much of a neighbouring message is heard. */
const earshot = 200;

const asks = (note: Note): boolean => note.sentences.some(({ question }) => question);

/** A message between its neighbours: made once for all that is read in it. */
export interface Setting extends Omit<Heard, 'words'> {
  signs: readonly string[];
}

const named = (prefix: string): ReadonlyMap<Kind, string> =>
  new Map(kinds.map((kind) => [kind, `${prefix} ${kind}`]));
const earlier = named('after');
const later = named('before');
const beside = named('beside');
const every: Marks = marksFor(kinds);

const marksOf = (note: Note): Kind[] =>
  marksIn(
    note.sentences.flatMap(({ hits }) => hits),
    every,
  );

/** The words of the message next to it; nothing when that one was not read. */
const next = (note: Note, other: Note | undefined): Note | undefined =>
  other === undefined || Math.abs(other.index - note.index) > 1 ? undefined : other;

const nowhere: Setting = { signs: [], before: '', after: '', author: null };

/** An answer is known by its question, a cause by the remedy that follows it; found out when first asked for. */
export function settingOf(notes: readonly Note[], order: number): Setting {
  const note = notes[order];
  if (note === undefined) return nowhere;
  note.setting ??= foundSetting(note, notes, order);
  return note.setting;
}

const minute = 60_000;
const hush = 30 * minute;
const long = 6 * 60 * minute;

/** Silence before and after: people fall silent when it is over, and come back for the review. */
function timingOf(note: Note, previous: Note | undefined, following: Note | undefined): string[] {
  const gap = (from: Note | undefined, to: Note | undefined): number =>
    (to?.anchor?.wall ?? Number.NaN) - (from?.anchor?.wall ?? Number.NaN);
  const named = (apart: number, name: string): string[] =>
    apart >= long ? [`long silence ${name}`] : apart >= hush ? [`silence ${name}`] : [];
  return [...named(gap(previous, note), 'before'), ...named(gap(note, following), 'after')];
}

/** In which fifth of the talk. */
const partOf = (index: number, length: number): string =>
  `in part ${Math.floor((5 * index) / Math.max(1, length)) + 1} of 5`;

function foundSetting(note: Note, notes: readonly Note[], order: number): Setting {
  const length = (notes.at(-1)?.index ?? 0) + 1;
  const previous = next(note, notes[order - 1]);
  const following = next(note, notes[order + 1]);
  const signs: string[] = [];
  if (previous !== undefined) {
    for (const kind of marksOf(previous)) signs.push(earlier.get(kind) ?? kind);
    if (asks(previous)) signs.push('after a question');
    if (note.author !== null && previous.author === note.author) signs.push('goes on speaking');
  }
  if (following !== undefined) {
    for (const kind of marksOf(following)) signs.push(later.get(kind) ?? kind);
    if (asks(following)) signs.push('before a question');
    if (note.author !== null && following.author === note.author) signs.push('speaks on');
  }
  signs.push(...timingOf(note, previous, following), partOf(note.index, length));
  return {
    signs,
    before: previous?.text.slice(0, earshot) ?? '',
    after: following?.text.slice(0, earshot) ?? '',
    author: note.author,
  };
}

const sizes: readonly [number, string][] = [
  [6, 'very short'],
  [12, 'short'],
  [25, 'of middle length'],
  [60, 'long'],
];

/** What a sentence, or a clause of it, says in the words of the rules, what is said besides, and its form. */
export function formOf(note: Note, sentence: Sentence, part: Pick<Sentence, 'text' | 'hits'>): string[] {
  const own = marksIn(part.hits, every);
  const signs: string[] = [...own];
  const whole = note.sentences.length > 1 || part !== sentence;
  if (whole) for (const kind of marksOf(note)) if (!own.includes(kind)) signs.push(beside.get(kind) ?? kind);
  if (note.sentences.length > 1) {
    if (note.sentences[0] === sentence) signs.push('opens its message');
    else if (note.sentences.at(-1) === sentence) signs.push('ends its message');
  }
  if (!/[\u3400-\u9fff]/.test(part.text)) signs.push('English');
  signs.push(sizes.find(([limit]) => part.text.length < limit)?.[1] ?? 'very long');
  return signs;
}

export function weigh(fact: Judged, signs: readonly string[], heard: Heard): Evidence {
  const alone =
    scoreOf(fact, signs) +
    soundsLike(fact, 'words', heard.words) +
    soundsLike(fact, 'before', heard.before) +
    soundsLike(fact, 'after', heard.after) +
    soundsLike(fact, 'author', heard.author ?? '');
  const { words, before, after, author } = heard;
  return { signs, words, before, after, author, alone, score: alone };
}
