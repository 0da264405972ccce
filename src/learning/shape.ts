import { maskVariables } from '../diagnosis/index.ts';

/**
 * What of a log is compared with other logs: its words, their neighbours and its lines, with everything masked
 * that differs from one occurrence to the next. The tokens are made here and not by a database, so that Chinese,
 * identifiers and stack frames are found alike in SQLite and PostgreSQL.
 */

const MOST_TOKENS = 480;
const MOST_LINES = 120;
/** Of a long file, this much of its beginning and of its end is looked at, in characters. */
const LOOKED_AT = 1 << 20;
const LINE_CHARS = 600;

const WORD = /[A-Za-z_][\w$]*(?:[.$/-][A-Za-z_][\w$]*)*|[\u3400-\u9fff]+/g;
const FRAME = /^\s*(?:at|in) [\w$.<>/-]+\(/;
const SPEAKS =
  /exception|error|caused by|fail|fatal|severe|critical|warn|refus|denied|timeout|timed out|unable|cannot|严重|错误|失败|异常|无法|拒绝|超时|告警/i;

/** Tokens of a log, most telling lines first, at most 480; each is a hash, so that an index repeats no text. */
export function shapeOf(text: string): readonly string[] {
  const tokens = new Set<string>();
  for (const line of tellingFirst(text)) {
    if (tokens.size >= MOST_TOKENS) break;
    for (const token of lineTokens(line)) if (tokens.size < MOST_TOKENS) tokens.add(token);
  }
  return [...tokens];
}

/** Tokens of a sentence that a person wrote: a title, a cause, a fix. */
export function wordsOf(text: string): readonly string[] {
  return [...new Set(words(maskVariables(text.slice(0, 4_000))).map(hash))].slice(0, MOST_TOKENS);
}

function tellingFirst(text: string): readonly string[] {
  const all = text.length <= 2 * LOOKED_AT ? text : `${text.slice(0, LOOKED_AT)}\n${text.slice(-LOOKED_AT)}`;
  const speaking: string[] = [];
  const others: string[] = [];
  for (const line of all.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const list = SPEAKS.test(line.slice(0, LINE_CHARS)) && !FRAME.test(line) ? speaking : others;
    // A file says one thing ten thousand times: what comes later is looked at only while there is room.
    if (list.length < 4 * MOST_LINES) list.push(line.slice(0, LINE_CHARS));
  }
  return distinct([...speaking, ...others]).slice(0, MOST_LINES);
}

function distinct(lines: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  for (const line of lines) seen.add(maskVariables(line));
  return [...seen];
}

/** `masked` has been through `maskVariables`. */
function lineTokens(masked: string): readonly string[] {
  const own = words(masked);
  if (own.length === 0) return [];
  const shape = hash(`| ${own.join(' ')}`);
  if (FRAME.test(masked)) return [shape, ...own.map(hash)];
  const pairs = own.slice(1).map((word, index) => hash(`${own[index]} ${word}`));
  return [shape, ...own.map(hash), ...pairs];
}

function words(masked: string): readonly string[] {
  const found: string[] = [];
  for (const [word] of masked.replace(/<(?:time|ip|s|path|id|hex|n)>/g, ' ').matchAll(WORD)) {
    if (word.charCodeAt(0) < 0x3400) {
      if (word.length > 1) found.push(word.toLowerCase());
      continue;
    }
    // Chinese has no blanks: every two neighbouring characters are a word.
    if (word.length === 1) found.push(word);
    for (let at = 0; at + 1 < word.length; at++) found.push(word.slice(at, at + 2));
  }
  return found;
}

/** 60 bits in letters and digits: one token for every tokenizer, and no text to read back. */
function hash(word: string): string {
  let high = 0x811c9dc5;
  let low = 0x1b873593;
  for (let at = 0; at < word.length; at++) {
    const code = word.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ (code + at), 0x85ebca6b);
    low ^= low >>> 13;
  }
  return `w${(high >>> 0).toString(36)}${(low >>> 0).toString(36)}`;
}
