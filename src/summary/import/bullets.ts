import type { Message } from '../message.ts';
import { type Calendar, dateOf, stampOf, stampSource } from './stamp.ts';

const mark = String.raw`(?:[-*•+]\s+|\d{1,3}[.)]\s+|\|\s*)?`;
const entry = new RegExp(
  String.raw`^${mark}[*_\x60\[(]{0,3}(?<when>${stampSource})[*_\x60\])]{0,3}\s*(?:[:：\-–—|]|→)?\s*[*_]{0,2}\s*(?<rest>\S.*)$`,
  'i',
);
const heading = /^#{1,6}\s+(.+)$/;
const anyDate = /(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?/;
const keySection =
  /root cause|^cause|impact|resolution|action items?|follow-?ups?|lessons|原因|根因|影响|整改|改进|措施|处置/i;

/**
 * A written timeline: one entry a line, each beginning with its time, as a list, a table or plain lines. The date may
 * stand in a heading; the zone in a heading such as "Timeline (UTC)". Sections on cause, impact and follow-ups are
 * kept as statements without a time.
 */
export function fromBullets(text: string, calendar: Calendar): Message[] {
  const messages: Message[] = [];
  let section = '';
  let zone = '';
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || /^[|\s:-]+$/.test(line)) continue;
    const title = heading.exec(line)?.[1];
    const date = anyDate.exec(line);
    if (
      title !== undefined ||
      (date !== null && line.length < 60 && stampOf(line) === null && entry.exec(line) === null)
    ) {
      if (date !== null) {
        const day = dateOf(date[0]);
        if (day !== null) calendar.setDate(day);
      }
      if (title !== undefined) section = title;
      if (/\b(?:UTC|GMT)\b/i.test(line)) zone = 'Z';
      if (title !== undefined || date !== null) continue;
    }
    const match = entry.exec(line);
    const { when, rest = '' } = match?.groups ?? {};
    const stamp = when === undefined ? null : stampOf(when);
    const body = rest.replace(/\s*\|\s*$/, '').trim();
    if (stamp !== null && body !== '') {
      messages.push({ at: calendar.iso({ ...stamp, zone: stamp.zone || zone }), author: null, text: body });
    } else if (messages.length > 0 && /^\s/.test(raw) && section !== '' && !keySection.test(section)) {
      const last = messages.at(-1);
      if (last !== undefined) last.text += `\n${line.replace(/^[-*•]\s+/, '')}`;
    } else if (keySection.test(section)) {
      messages.push({
        at: null,
        author: null,
        text: `${section.replace(/[:：]$/, '')}: ${line.replace(/^[-*•]\s+/, '')}`,
      });
    }
  }
  return messages;
}

export function looksLikeBullets(text: string): boolean {
  const lines = text.slice(0, 20_000).split(/\r?\n/);
  return lines.filter((line) => entry.test(line.trim())).length >= 2;
}
