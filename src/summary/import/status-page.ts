import type { Message } from '../message.ts';
import { type Calendar, stampOf } from './stamp.ts';

const status =
  /^[*_]{0,2}(?:resolved|monitoring|identified|investigating|update|post-?mortem|completed|scheduled|in progress|verifying|已解决|已恢复|监控中|观察中|已定位|已确认|调查中|更新|已完成|进行中)[*_]{0,2}(?:\s*[-–—:：]|$)/i;
const posted = /^(?:posted(?: on)?[\s:]*)?(?:[^.]{0,40}\bago\.\s*)?(?:posted(?: on)?[\s:]*)?(?=\S*\d|\w{3})/i;

function timeIn(line: string): ReturnType<typeof stampOf> {
  return line.length > 90 ? null : stampOf(line.replace(posted, ''));
}

/**
 * The updates of a status page: a status word with its words, and the time in a line of its own above or below. Pages
 * print the newest first; the messages come in the order they were posted.
 */
export function fromStatusPage(text: string, calendar: Calendar): Message[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const first = lines.find((line) => timeIn(line) !== null || status.test(line)) ?? '';
  const timeAbove = timeIn(first) !== null;
  const messages: Message[] = [];
  let stamp: ReturnType<typeof stampOf> = null;
  let body: string[] = [];
  const flush = () => {
    if (stamp !== null && body.length > 0)
      messages.push({ at: calendar.iso(stamp), author: null, text: body.join('\n') });
    stamp = null;
    body = [];
  };
  for (const line of lines) {
    const time = timeIn(line);
    if (timeAbove && time !== null) flush();
    if (time !== null) stamp = time;
    else if (!timeAbove && status.test(line)) body = [line];
    else if (line !== '' && (timeAbove ? stamp !== null : body.length > 0)) body.push(line);
    if (!timeAbove && time !== null) flush();
  }
  flush();
  const [newest, oldest] = [messages[0]?.at ?? '', messages.at(-1)?.at ?? ''];
  return newest > oldest ? messages.toReversed() : messages;
}

export function looksLikeStatusPage(text: string): boolean {
  const lines = text
    .slice(0, 20_000)
    .split(/\r?\n/)
    .map((line) => line.trim());
  const updates = lines.filter((line) => status.test(line)).length;
  return updates >= 2 && lines.filter((line) => timeIn(line) !== null).length >= 2;
}
