import type { Message } from '../message.ts';
import { type Calendar, dateOf, dayOf, stampOf, stampSource } from './stamp.ts';

const mark = String.raw`(?:[-*•+]\s+|\d{1,3}[.)]\s+|\|\s*)?`;
const about = String.raw`(?:(?:~|≈|大约|约|around|about|approx\.?|c\.)\s?)?`;
const entry = new RegExp(
  String.raw`^${mark}[*_\x60\[(]{0,3}${about}(?<when>${stampSource})(?:左右|前后|许)?[*_\x60\])]{0,3}\s*(?:[:：\-–—|]|→)?\s*[*_]{0,2}\s*(?<rest>\S.*)$`,
  'i',
);
const heading = /^#{1,6}\s+(.+)$/;
const greenwich = /\b(?:UTC|GMT)\b/i;
const allIn = /\b(?:all )?times\b.{0,30}\b(?:UTC|GMT)\b|时间均为\s?(?:UTC|GMT)/i;
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
  /** A heading that is a time and no more: what stands below it is the entry. */
  let below: string | null = null;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || /^[|\s:-]+$/.test(line)) continue;
    const title = heading.exec(line)?.[1];
    const printed = anyDate.exec(line)?.[0];
    const date = printed === undefined ? dayOf(title ?? line) : dateOf(printed);
    const rules = title !== undefined || (!entry.test(line) && (line.startsWith('|') || date !== null));
    if (allIn.test(line) || (rules && greenwich.test(line))) zone = 'Z';
    const alone = title === undefined ? null : stampOf(title);
    if (alone !== null) {
      below = calendar.iso({ ...alone, zone: alone.zone || zone });
      messages.push({ at: below, author: null, text: '' });
      continue;
    }
    if (title !== undefined) below = null;
    if (
      title !== undefined ||
      (date !== null && line.length < 60 && stampOf(line) === null && entry.exec(line) === null)
    ) {
      if (date !== null) calendar.setDate(date);
      if (title !== undefined) section = title;
      if (title !== undefined || date !== null) continue;
    }
    const match = entry.exec(line);
    const { when, rest = '' } = match?.groups ?? {};
    const stamp = when === undefined ? null : stampOf(when);
    const body = rest.replace(/\s*\|\s*$/, '').trim();
    if (stamp !== null && body !== '') {
      messages.push({ at: calendar.iso({ ...stamp, zone: stamp.zone || zone }), author: null, text: body });
    } else if (below !== null) {
      const last = messages.at(-1);
      if (last !== undefined) last.text = `${last.text}\n${line}`.trim();
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
  return messages.filter((message) => message.text !== '');
}

export function looksLikeBullets(text: string): boolean {
  const lines = text.slice(0, 20_000).split(/\r?\n/);
  return lines.filter((line) => entry.test(line.trim()) || headsEntry(line.trim())).length >= 2;
}

function headsEntry(line: string): boolean {
  const title = heading.exec(line)?.[1];
  return title !== undefined && stampOf(title) !== null;
}
