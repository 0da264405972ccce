import type { Message } from '../message.ts';
import { type Calendar, dateOf, stampOf, stampSource } from './stamp.ts';

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
    const day = dayLine(line);
    if (day !== null) {
      calendar.setDate(day);
      continue;
    }
    const head = headOf(line) ?? splitHead(line, lines[index + 1]);
    if (head === null) {
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

const name = String.raw`(?<who>[^\s\d[\]<>:：#|*，,。；;][^\[\]<>:：#|*，,。；;\n]{0,38}?)`;
const nameFirst = new RegExp(String.raw`^${name}[\s,，]+[\[(（]?(?<when>${stampSource})[\])）]?[:：]?$`, 'i');
const timeInBrackets = new RegExp(
  String.raw`^[\[(（](?<when>${stampSource})[\])）][\s,]+${name}[:：]?$`,
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
  for (const pattern of [nameFirst, timeInBrackets, timeFirst, inlineNameFirst, inline]) {
    const { who, when, rest = '' } = pattern.exec(line)?.groups ?? {};
    const stamp = when === undefined ? null : stampOf(when);
    if (who !== undefined && stamp !== null) return { author: who.trim(), stamp, rest, spans: 1 };
  }
  return null;
}

/** A name alone, and the time alone in the line below. */
function splitHead(line: string, next: string | undefined): Head | null {
  if (next === undefined || line === '' || line.length > 30 || /[。！？!?]/.test(line)) return null;
  const stamp = stampOf(next.trim());
  return stamp === null ? null : { author: line.replace(/[:：]$/, ''), stamp, rest: '', spans: 2 };
}

function dayLine(line: string): ReturnType<typeof dateOf> {
  const bare = line.replace(/^[-—=\s]+|[-—=\s]+$/g, '').replace(/\s*(?:星期|周)[一二三四五六日天]$/, '');
  return bare.length > 24 ? null : dateOf(bare);
}
