import type { Message } from '../message.ts';
import { type Calendar, dateOf, stampOf } from './stamp.ts';

const stamp = String.raw`\[?((?:\d{4}-\d\d-\d\d[T ]|[A-Z][a-z]{2} \d\d )?\d{1,2}:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)\]?`;
const spoken = new RegExp(String.raw`^${stamp}\s+<[\s@+%&~]?([^>\s]{1,40})>\s?(.*)$`);
const tabbed = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\t[@+%&~]?([^\t]{1,40})\t(.*)$/;
/** WeeChat's window, copied: the names stand right-aligned before a bar. */
const barred = new RegExp(String.raw`^${stamp}\s+[@+%&~]?([^\s|]{1,40}) \| (.*)$`);
const action = new RegExp(String.raw`^${stamp}\s+\*\s?([^\s*]{1,40})\s(.+)$`);
const opened = /^--- (?:Log opened|Day changed) \w{3} (\w{3}) (\d{1,2})(?: \d\d:\d\d:\d\d)? (\d{4})/;
const serverTalk = new Set(['--', '-->', '<--', '<->', '=!=', '-!-', '*']);

/** Logs of irssi, WeeChat, ZNC and their like; joins, parts and server lines are left out. */
export function fromIrc(text: string, calendar: Calendar): Message[] {
  const messages: Message[] = [];
  for (const line of text.split(/\r?\n/)) {
    const day = opened.exec(line);
    if (day !== null) {
      const date = dateOf(`${day[2]} ${day[1]} ${day[3]}`);
      if (date !== null) calendar.setDate(date);
      continue;
    }
    const match = spoken.exec(line) ?? tabbed.exec(line) ?? barred.exec(line) ?? action.exec(line);
    if (match === null) continue;
    const [, time = '', author = '', body = ''] = match;
    const printed = stampOf(time);
    if (printed === null || serverTalk.has(author) || body.trim() === '') continue;
    messages.push({ at: calendar.iso(printed), author, text: body });
  }
  return messages;
}

export function looksLikeIrc(text: string): boolean {
  const lines = text
    .slice(0, 20_000)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const said = lines.filter((line) => spoken.test(line) || tabbed.test(line) || barred.test(line)).length;
  return (
    said >= 2 && said * 2 >= lines.filter((line) => !line.startsWith('---') && !line.includes('-!-')).length
  );
}
