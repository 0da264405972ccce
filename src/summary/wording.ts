import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Judged, judged } from './trust.ts';

/** Where a word is heard: in the statement itself, in the message right before or after it, or in its author's name. */
export const places = ['words', 'before', 'after', 'author'] as const;
export type Place = (typeof places)[number];

/** The weight of each word, by fact and place. */
export type Wording = Record<Judged, Record<Place, Map<string, number>>>;

/** Every fact and place has a column of weights in the table. */
const columns = judged.flatMap((fact) => places.map((place) => ({ fact, place })));
const columnOf = (fact: Judged, place: Place): number =>
  judged.indexOf(fact) * places.length + places.indexOf(place);

/** Where the weights of words lie; `bench/trust.ts` learns them from labelled conversations. */
export const wordingFile = new URL('rules/wording.tsv', import.meta.url);

/** A statement longer than this tells what it tells in its beginning. */
const longest = 400;

const beginning = 1;
const number = 2;
const pause = 3;
const finish = 4;
const marks: Readonly<Record<string, number>> = { '^': beginning, '#': number, '|': pause, $: finish };
const names = new Map(Object.entries(marks).map(([name, code]) => [code, name]));

const isLatin = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 0xc0 && code <= 0x24f);
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isChinese = (code: number): boolean => code >= 0x3400 && code <= 0x9fff;
/** A comma, a full stop or what else divides; a full stop within "v1.2" stands between figures. */
const divides = (code: number): boolean =>
  code === 44 ||
  code === 46 ||
  code === 58 ||
  code === 59 ||
  code === 33 ||
  code === 63 ||
  code === 10 ||
  (code >= 0xff01 && code <= 0xff1f) ||
  code === 0x3001 ||
  code === 0x3002;
const lower = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code);

const fewestLetters = 3;
/** "ing", "ed", "es" and "s": the endings that a word is taken without. */
const [d, e, g, i, n, s] = [100, 101, 103, 105, 110, 115];

/** "restarting", "restarted" and "restarts" are one word; what is left has three letters or more. */
function stemEnd(text: string, start: number, end: number): number {
  const last = lower(text.charCodeAt(end - 1));
  if (last !== g && last !== d && last !== s) return end;
  const before = lower(text.charCodeAt(end - 2));
  let cut = 0;
  if (last === g) cut = before === n && lower(text.charCodeAt(end - 3)) === i ? 3 : 0;
  else if (last === d) cut = before === e ? 2 : 0;
  else cut = before === e ? 2 : 1;
  return end - cut - start >= fewestLetters ? end - cut : end;
}

/** The tokens of the text looked at last; one table for all, since texts are looked at one after another. */
const codes = new Int32Array(longest + 2);
const from = new Int32Array(longest + 2);
const to = new Int32Array(longest + 2);

/** Chinese characters, Latin words without their endings, any number, and where something begins, pauses and ends. */
function tokenise(text: string): number {
  const end = Math.min(text.length, longest);
  let count = 1;
  codes[0] = beginning;
  for (let at = 0; at < end; ) {
    const code = text.charCodeAt(at);
    if (isChinese(code)) {
      codes[count] = code;
      from[count] = at;
      at += 1;
      to[count] = at;
      count += 1;
    } else if (isLatin(code)) {
      const start = at;
      while (at < end && (isLatin(text.charCodeAt(at)) || text.charCodeAt(at) === 39)) at += 1;
      const last = stemEnd(text, start, at);
      codes[count] = hash(text, start, last);
      from[count] = start;
      to[count] = last;
      count += 1;
    } else if (isDigit(code)) {
      while (at < end && (isDigit(text.charCodeAt(at)) || isInNumber(text, at))) at += 1;
      codes[count] = number;
      count += 1;
    } else {
      if (divides(code) && codes[count - 1] !== pause && count > 1) {
        codes[count] = pause;
        count += 1;
      }
      at += 1;
    }
  }
  if (codes[count - 1] === pause) count -= 1;
  codes[count] = finish;
  return count + 1;
}

const isInNumber = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return (code === 46 || code === 44 || code === 58) && isDigit(text.charCodeAt(at + 1));
};

function hash(text: string, start: number, end: number): number {
  let value = 0x811c9dc5;
  for (let at = start; at < end; at += 1) value = Math.imul(value ^ lower(text.charCodeAt(at)), 0x01000193);
  // Words lie above all characters, so that none is taken for one.
  return value | 0x40000000;
}

const pairOf = (first: number, second: number): number => {
  const mixed = Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) | 0;
};

/** Lowered as far as its number is: letters beyond ASCII stand as they were written. */
const nameOf = (text: string, token: number): string =>
  names.get(codes[token] ?? 0) ??
  text.slice(from[token], to[token]).replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** The words and pairs of neighbouring words of a text, as `rules/wording.tsv` names them; each once. */
export function gramsOf(text: string): string[] {
  const count = tokenise(text);
  const found = new Set<string>();
  for (let token = 0; token < count; token += 1) {
    const name = nameOf(text, token);
    if ((codes[token] ?? 0) > finish || codes[token] === number || (codes[token] ?? 0) < 0) found.add(name);
    if (token > 0) found.add(`${nameOf(text, token - 1)} ${name}`);
  }
  return [...found];
}

function codeOf(name: string): number {
  const mark = marks[name];
  if (mark !== undefined) return mark;
  const code = name.charCodeAt(0);
  return isChinese(code) ? code : hash(name, 0, name.length);
}

/** How much each word speaks for each fact: open addressing over the words' numbers. */
interface Table {
  keys: Int32Array;
  weights: Float32Array;
  mask: number;
  /** Which place was counted in which look: a word said twice counts once. */
  seen: Int32Array;
}

function tableOf(wording: Wording): Table {
  const all = new Set(columns.flatMap(({ fact, place }) => [...wording[fact][place].keys()]));
  let size = 1024;
  while (size < all.size * 4) size *= 2;
  const table: Table = {
    keys: new Int32Array(size),
    weights: new Float32Array(size * columns.length),
    mask: size - 1,
    seen: new Int32Array(size),
  };
  for (const gram of all) {
    const [first = '', second] = gram.split(' ');
    const key = second === undefined ? codeOf(first) : pairOf(codeOf(first), codeOf(second));
    let place = key & table.mask;
    while (table.keys[place] !== 0 && table.keys[place] !== key) place = (place + 1) & table.mask;
    table.keys[place] = key;
    for (const [column, { fact, place: heard }] of columns.entries())
      table.weights[place * columns.length + column] = wording[fact][heard].get(gram) ?? 0;
  }
  return table;
}

const lineSchema = z.tuple([
  z.enum(judged),
  z.enum(places),
  z.string().min(1),
  z.coerce.number().min(-9).max(9),
]);

function readWording(text: string): Wording {
  const empty = (): Record<Place, Map<string, number>> => ({
    words: new Map(),
    before: new Map(),
    after: new Map(),
    author: new Map(),
  });
  const found: Wording = {
    started: empty(),
    detected: empty(),
    mitigated: empty(),
    resolved: empty(),
    cause: empty(),
    impact: empty(),
    action: empty(),
  };
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('//')) continue;
    const [fact, place, gram, weight] = lineSchema.parse(line.split('\t'));
    found[fact][place].set(gram, weight);
  }
  return found;
}

let shared: { wording: Wording; table: Table } | undefined;

/** Read once. Throws when a line of the file is none. */
export const wording = (): Wording => loaded().wording;

function loaded(): { wording: Wording; table: Table } {
  if (shared === undefined) {
    const read = readWording(readFileSync(wordingFile, 'utf8'));
    shared = { wording: read, table: tableOf(read) };
  }
  return shared;
}

let look = 0;

/** How much the words of a text speak for a fact: the sum of their weights, each word and pair counted once. */
export function soundsLike(fact: Judged, place: Place, text: string): number {
  if (text === '') return 0;
  const { table } = loaded();
  const column = columnOf(fact, place);
  const count = tokenise(text);
  look += 1;
  let sum = 0;
  let before = 0;
  for (let token = 0; token < count; token += 1) {
    const code = codes[token] ?? 0;
    if (token > 0 && token < count - 1 && code !== pause) sum += weightOf(table, code, column);
    if (token > 0) sum += weightOf(table, pairOf(before, code), column);
    before = code;
  }
  return sum;
}

function weightOf(table: Table, key: number, column: number): number {
  let place = key & table.mask;
  while (table.keys[place] !== key) {
    if (table.keys[place] === 0) return 0;
    place = (place + 1) & table.mask;
  }
  if (table.seen[place] === look) return 0;
  table.seen[place] = look;
  return table.weights[place * columns.length + column] ?? 0;
}
