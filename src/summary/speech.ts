import { added, bitsOf, type Hit, type Kind, type KindBits, type Marks, means } from './rules.ts';

/** A stretch of one message, `[start, end)` in its text. */
export interface Span {
  start: number;
  end: number;
}

export interface Sentence extends Span {
  text: string;
  /** Asks, and so states nothing. */
  question: boolean;
  hits: readonly Hit[];
  /** Stands in a list below its message's own words. */
  item: boolean;
  /** Whether it says that something does not work; found out when first asked for. */
  failing: boolean | undefined;
  /** Cut when first asked for, and kept: every rule looks at them. */
  clauses: readonly Clause[] | undefined;
}

/** A part of a sentence between commas; offsets within the sentence. */
export interface Clause extends Span {
  text: string;
  hits: readonly Hit[];
  failing: boolean | undefined;
}

/** Longer messages are pasted files: their speech stands at the beginning. */
export const speechLimit = 6000;

const logLine =
  /^\s*(?:at [\w$.<>]+\(|Caused by: |\.\.\. \d+ more|(?:java|javax|com|org|sun|oracle)\.[\w.$]+(?:Exception|Error)\b|\$ |# |[+-]{3,}|\[[A-Z][a-z]{2} [A-Z][a-z]{2} +\d|(?:ERROR|WARN|INFO|DEBUG|FATAL|SEVERE|WRN|ERR)\b|<[A-Z][a-z]{2} \d|curl: |(?:\/[\w.-]+){2,}: |[\w.-]+@[\w.-]+[:~]|[A-Z][A-Z0-9]{2,}-?\d{3,6} ?:|Filesystem +|\|[-| ]+\|)/;
const stampedLog =
  /^\s*\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S* +\[?(?:\w+[.\w-]*\]? +)?\[?(?:ERROR|WARN|INFO|DEBUG|FATAL|WRN|ERR)\b/;
/** A line with its level in capitals near its head was written by a program, whatever stands before the level. */
const levelled =
  /^[^\u3400-\u9fff]{0,90}?\d\d:\d\d(?::\d\d)?[^\u3400-\u9fff\s]*\s+(?:\[?[\w.-]{0,30}\]?\s+)?\[?(?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL|WRN|ERR|SEVERE)\b/;
const codes = (marks: string): ReadonlySet<number> => new Set([...marks].map((mark) => mark.charCodeAt(0)));
const bullets = codes('-*•·●');
/** White space, a figure or a bullet: what a list's mark may begin with. */
const mayMark = (code: number): boolean => isBlank(code) || isDigit(code) || bullets.has(code);
const listMark = /^\s*(?:[-*•·●]|\d{1,2}[.、)）])\s*/;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** What a trim takes away: Unicode's white space and the ends of lines. */
const isBlank = (code: number): boolean =>
  code <= 32
    ? code === 32 || (code >= 9 && code <= 13)
    : code === 0xa0 ||
      (code >= 0x1680 &&
        (code === 0x3000 ||
          (code >= 0x2000 && code <= 0x200a) ||
          code === 0x2028 ||
          code === 0x2029 ||
          code === 0x202f ||
          code === 0x205f ||
          code === 0xfeff ||
          code === 0x1680));

/** The stretch without the white space around it: the same as a trim, without its copies. */
function trimmed(text: string, start: number, end: number): Span {
  let from = start;
  let to = end;
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return { start: from, end: to };
}

/** A log line quoted in a message is evidence of something, but nobody's statement. */
function isLogLine(line: string): boolean {
  return logLine.test(line) || stampedLog.test(line) || levelled.test(line.slice(0, 200));
}

/** Where the speech of a message stands: code blocks and quoted log lines are left out. */
function speechLines(text: string): Span[] {
  const limit = Math.min(text.length, speechLimit);
  let lines: Span[] | undefined;
  let fenced = false;
  let start = 0;
  while (start < limit) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 || newline > limit ? limit : newline;
    const line = text.slice(start, end);
    const fences = line.includes('```') ? line.split('```').length - 1 : 0;
    if (fences === 0 && !fenced && !isLogLine(line) && line.trim() !== '')
      lines = added(lines, { start, end });
    if (fences % 2 === 1) fenced = !fenced;
    start = end + 1;
  }
  return lines ?? [];
}

const terminators = '。！？；!?;';
const endMarks = codes(`${terminators}.`);

function isSentenceEnd(text: string, index: number, end: number): boolean {
  const character = text[index] ?? '';
  // A "?" or ";" inside an address or a command ends nothing; the Chinese marks always do.
  if (terminators.includes(character)) {
    const next = text[index + 1] ?? ' ';
    // A question that somebody else is quoted with is not asked by the writer.
    if ((character === '?' || character === '？') && /["”’']/.test(next)) return false;
    return character > '\x7f' || index + 1 >= end || !/[\w=&/.-]/.test(next);
  }
  if (character !== '.') return false;
  const next = text[index + 1];
  // "v1.2", "file.log" and "e.g. x" go on; a full stop stands before white space and after a word.
  return (
    (index + 1 >= end || next === ' ') &&
    /[\p{L}\d`)"'\]]/u.test(text[index - 1] ?? '') &&
    !/\b(?:e\.g|i\.e|vs|approx|no)$/i.test(text.slice(Math.max(0, index - 7), index))
  );
}

const chineseQuestion = /(?:吗|呢|么|没有|没|不)[?？]?$/;
const asksChinese =
  /(?:吗|是不是|会不会|能不能|要不要|有没有|可不可以|谁|什么|为啥|怎么|哪|多久|多少|几点|何时)[^，,]{0,20}$/;

/** "今天积压多少件", "几台": people ask without a mark when the asking word ends the sentence. */
const endsAsking =
  /(?:多少|几[个台点笔件单家条次位人]|哪[个些台家里边]|谁|什么|啥|为什么|为啥|咋样|怎么样|怎么回事|怎么办|怎么答复|多久|何时|几时)[\u3400-\u9fff]{0,2}(?:了|啊|呀|来着)?$/;
const tellsAll = /不知|没看出|没查|看看|查查|说说|不管|无论|都|随便|确认|统计|知道/;
/** "是只有生化还是都发不了" */
const eitherOr = /是[^，,。]{1,14}还是[^，,。]{1,14}$/;
const longestQuestion = 24;

function asks(text: string, terminator: string): boolean {
  if (terminator === '?' || terminator === '？') return true;
  const last = text.at(-1) ?? '';
  if (last === '吗' || last === '呢') return true;
  if (terminator === '' && text.length <= longestQuestion && eitherOr.test(text)) return true;
  if (terminator === '' && text.length <= longestQuestion && endsAsking.test(text) && !tellsAll.test(text))
    return true;
  return (
    terminator === '' && '么有没不?？'.includes(last) && chineseQuestion.test(text) && asksChinese.test(text)
  );
}

const noHits: readonly Hit[] = [];

/** Hands out the hits of a text, stretch by stretch from left to right, with their places counted from its start. */
function taker(found: readonly Hit[]): (start: number, end: number) => readonly Hit[] {
  let next = 0;
  return (start, end) => {
    while (next < found.length && (found[next]?.start ?? end) < start) next += 1;
    const first = next;
    for (; next < found.length; next += 1) {
      const hit = found[next];
      if (hit === undefined || hit.start >= end) break;
      // Each lies in one sentence alone: it is moved, for copies are most of what is thrown away.
      hit.start -= start;
      hit.end -= start;
    }
    if (first === next) return noHits;
    return first === 0 && next === found.length ? found : found.slice(first, next);
  };
}

/** The sentences of a message's speech, each with what its phrases mean. */
export function sentencesOf(text: string, found: readonly Hit[]): Sentence[] {
  let sentences: Sentence[] | undefined;
  const take = taker(found);
  for (const line of speechLines(text)) {
    const mark = mayMark(text.charCodeAt(line.start))
      ? (listMark.exec(text.slice(line.start, Math.min(line.end, line.start + 12)))?.[0].length ?? 0)
      : 0;
    let start = line.start + mark;
    for (let index = start; index <= line.end; index += 1) {
      const last = index === line.end;
      if (!last && !(endMarks.has(text.charCodeAt(index)) && isSentenceEnd(text, index, line.end))) continue;
      const terminator = last ? '' : (text[index] ?? '');
      const span = trimmed(text, start, index);
      start = index + 1;
      if (span.start === span.end) continue;
      sentences = added(sentences, sentenceOf(text, span, terminator, take, mark > 0 && line.start > 0));
    }
  }
  return sentences ?? [];
}

function sentenceOf(
  text: string,
  { start, end }: Span,
  terminator: string,
  take: (start: number, end: number) => readonly Hit[],
  item: boolean,
): Sentence {
  const body = text.slice(start, end);
  return {
    start,
    end,
    text: body,
    question: asks(body, terminator),
    hits: take(start, end),
    item,
    failing: undefined,
    clauses: undefined,
  };
}

export function has(hits: readonly Hit[], ...kinds: Kind[]): boolean {
  if (hits.length === 0) return false;
  for (const kind of kinds) {
    for (const hit of hits) if (means(hit, kind)) return true;
  }
  return false;
}

/** Which of the marks the hits show, each once, in the order of the marks. */
export function marksIn(hits: readonly Hit[], marks: Marks): Kind[] {
  let low = 0;
  let high = 0;
  for (const hit of hits) {
    low |= hit.low;
    high |= hit.high;
  }
  const found: Kind[] = [];
  if (low === 0 && high === 0) return found;
  for (const mark of marks) if ((low & mark.low) !== 0 || (high & mark.high) !== 0) found.push(mark.kind);
  return found;
}

/** As `has`, with a set of kinds that was made once. */
export function hasAny(hits: readonly Hit[], wanted: KindBits): boolean {
  for (const hit of hits) if ((hit.low & wanted.low) !== 0 || (hit.high & wanted.high) !== 0) return true;
  return false;
}

export function hitOf(hits: readonly Hit[], ...kinds: Kind[]): Hit | undefined {
  const wanted = bitsOf(kinds);
  return hits.find((hit) => (hit.low & wanted.low) !== 0 || (hit.high & wanted.high) !== 0);
}

/** The clauses of a sentence (offsets within it), split at commas but not inside numbers, brackets or code. */
export function clausesOf(sentence: Sentence): readonly Clause[] {
  sentence.clauses ??= cutClauses(sentence);
  return sentence.clauses;
}

const opens = codes('（([【「');
const closes = codes('）)]】」');
const backtick = 96;
/** In a chat a space between Chinese characters stands for a comma. */
const isChinese = (code: number): boolean => code >= 0x3400 && code <= 0x9fff;
const spaced = /[\u3400-\u9fff] [\u3400-\u9fff]/;

function cutClauses(sentence: Sentence): Clause[] {
  const { text, hits, failing } = sentence;
  if (!text.includes('，') && !text.includes(',') && !spaced.test(text))
    return [{ start: 0, end: text.length, text, hits, failing }];
  let clauses: Clause[] | undefined;
  let start = 0;
  let depth = 0;
  let code = false;
  for (let index = 0; index <= text.length; index += 1) {
    const character = index < text.length ? text.charCodeAt(index) : 0;
    if (character === backtick) code = !code;
    else if (opens.has(character)) depth += 1;
    else if (closes.has(character)) depth = Math.max(0, depth - 1);
    const comma =
      character === 0xff0c ||
      (character === 44 && !isDigit(text.charCodeAt(index + 1))) ||
      (character === 32 && isChinese(text.charCodeAt(index - 1)) && isChinese(text.charCodeAt(index + 1)));
    if (index < text.length && (!comma || depth > 0 || code)) continue;
    const part = trimmed(text, start, index);
    if (part.start < part.end) clauses = added(clauses, clauseOf(text, hits, part));
    start = index + 1;
  }
  return clauses ?? [];
}

function clauseOf(text: string, hits: readonly Hit[], { start, end }: Span): Clause {
  let own: Hit[] | undefined;
  for (const hit of hits) if (hit.start >= start && hit.start < end) own = added(own, hit);
  return { start, end, text: text.slice(start, end), hits: own ?? noHits, failing: undefined };
}
