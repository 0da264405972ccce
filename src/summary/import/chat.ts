import type { Message } from '../message.ts';
import { type Calendar, datedSource, dayOf, stampOf, stampSource } from './stamp.ts';

/**
 * A conversation selected and copied out of a chat window. Programs print a head line above each message in one of
 * four shapes: "name time", "[time] name", a name above a time, or everything in the message's own line.
 */
export function fromCopiedChat(text: string, calendar: Calendar): Message[] {
  const lines = text.split(/\r?\n/);
  const messages: Message[] = [];
  let body: string[] = [];
  let current: { at: string | null; author: string } | null = null;
  const flush = () => {
    if (current !== null && body.join('\n').trim() !== '')
      messages.push({ ...current, text: body.join('\n').trim() });
    body = [];
  };
  for (let index = 0; index < lines.length; index += 1) {
    const line = (lines[index] ?? '').trim();
    const day = dayOf(line);
    if (day !== null) {
      calendar.setDate(day);
      continue;
    }
    if (seenBy.test(line)) continue;
    const head = headOf(line) ?? splitHead(line, lines[index + 1]);
    if (head === null) {
      // WeChat on a computer copies the first message under its name alone.
      const opener: string | undefined =
        current === null && messages.length === 0 ? alone.exec(line)?.groups?.who : undefined;
      if (opener !== undefined) {
        current = { at: null, author: opener };
        continue;
      }
      body.push(lines[index] ?? '');
      continue;
    }
    flush();
    current = { at: calendar.iso(head.stamp), author: head.author };
    if (head.rest !== '') body.push(head.rest);
    if (head.spans === 2) index += 1;
  }
  flush();
  return messages;
}

interface Head {
  author: string;
  stamp: NonNullable<ReturnType<typeof stampOf>>;
  rest: string;
  spans: 1 | 2;
}

/** What a program prints below a message about who has read it. */
const seenBy = /^(?:\d+\s?人|全部|全员)?(?:已读|未读)$/;

const name = String.raw`(?<who>[^\s\d[\]<>:：#|*，,。；;][^\[\]<>:：#|*，,。；;\n]{0,38}?)`;
const alone = new RegExp(`^${name}[:：]$`);
const nameFirst = new RegExp(String.raw`^${name}[\s,，]+[\[(（]?(?<when>${stampSource})[\])）]?[:：]?$`, 'i');
/** Names that begin with a figure (7号窗口, 138****1234) are told from words by the date that stands behind them. */
const numberFirst = new RegExp(
  String.raw`^(?<who>[\d*+]+[^\s\d*+\[\]<>:：#|，,。；;]?[^\[\]<>:：#|，,。；;\n]{0,38}?)\s+(?<when>${datedSource})$`,
  'i',
);
const timeInBrackets = new RegExp(
  String.raw`^[\[(（](?<when>${stampSource})[\])）][\s,]+${name.replace(')', String.raw`(?:, [A-Z][\w'-]*)?)`)}[:：]?$`,
  'i',
);
/** QQ prints the number or the mailbox behind the name. */
const numbered = new RegExp(
  String.raw`^(?<when>${datedSource})\s+(?<who>[^\n]{1,40}?)(?:\(\d{5,12}\)|<[^\s<>@]+@[^\s<>]+>)$`,
  'i',
);
/** A bare time before a few words may be the beginning of a sentence: only a colon makes it a head line. */
const timeFirst = new RegExp(String.raw`^(?<when>${stampSource})[\s,]+${name}[:：]$`, 'i');
const inline = new RegExp(
  String.raw`^[\[(（]?(?<when>${stampSource})[\])）]?[\s,-]+${name}\s?[:：]\s?(?<rest>\S.*)$`,
  'i',
);
const inlineNameFirst = new RegExp(
  String.raw`^${name}[\s,，]+[\[(（]?(?<when>${stampSource})[\])）]?\s?[:：]\s?(?<rest>\S.*)$`,
  'i',
);

function headOf(line: string): Head | null {
  if (line === '' || line.length > 2000 || !/\d:\d\d/.test(line.slice(0, 90))) return null;
  for (const pattern of [
    nameFirst,
    numberFirst,
    timeInBrackets,
    timeFirst,
    numbered,
    inlineNameFirst,
    inline,
  ]) {
    const { who, when, rest = '' } = pattern.exec(line)?.groups ?? {};
    const stamp = when === undefined ? null : stampOf(when);
    if (who !== undefined && stamp !== null)
      return { author: who.replace(/\s*[—–-]*\s*$/, ''), stamp, rest, spans: 1 };
  }
  return null;
}

/** A name alone, and the time alone in the line below. */
function splitHead(line: string, next: string | undefined): Head | null {
  if (next === undefined || line === '' || line.length > 30 || /[。！？!?]/.test(line)) return null;
  const stamp = stampOf(next.trim());
  return stamp === null ? null : { author: line.replace(/[:：]$/, ''), stamp, rest: '', spans: 2 };
}

const speaker = /^(?<who>[^\s\d:：，,。；;][^:：，,。；;\n]{0,18}?)[:：]\s*(?<rest>.*)$/;

/** A copy that prints no times at all: "name: words" on most lines. Nothing is known of when anything was said. */
export function fromUntimedChat(text: string): Message[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const heads = lines.filter((line) => speaker.test(line));
  const names = new Set(heads.map((line) => speaker.exec(line)?.groups?.who));
  const filled = lines.filter((line) => line !== '').length;
  // A list of settings has as many keys as lines; in a conversation somebody speaks twice, or two speak in turn.
  if (heads.length < 2 || heads.length * 2 < filled || (names.size === heads.length && names.size > 3))
    return [];
  const messages: Message[] = [];
  for (const line of lines) {
    const { who, rest = '' } = speaker.exec(line)?.groups ?? {};
    const last = messages.at(-1);
    if (who !== undefined) messages.push({ at: null, author: who, text: rest });
    else if (last !== undefined && line !== '') last.text = `${last.text}\n${line}`.trim();
  }
  return messages.filter((message) => message.text !== '');
}
