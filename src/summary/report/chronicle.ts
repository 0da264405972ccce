import type { Instant } from '../../incident/events.ts';
import type { Block, Source, TimelineRow } from '../document.ts';
import { unstated } from '../document.ts';
import {
  byEvents,
  byTalk,
  eventCite,
  type Frame,
  lateMark,
  say,
  shortTime,
  talkCite,
  time,
} from './frame.ts';
import { sentenceOf } from './sentence.ts';

/** What was said and matters to the course; proposals, approvals and the like have events of their own. */
const TALK_KINDS: ReadonlySet<string> = new Set([
  'alert',
  'report',
  'symptom',
  'hypothesis',
  'retraction',
  'cause',
  'finding',
  'impact',
  'recovered',
  'relapse',
]);
const TALK_LIMIT = 120;

/** Everything that mattered, by when it occurred; what was typed in later is marked with when and why. */
export function timeline(frame: Frame): Block {
  const rows: { at: Instant; order: number; row: TimelineRow }[] = [];
  for (const event of frame.events) {
    const sentence = sentenceOf(event, frame);
    if (!sentence.onTimeline) continue;
    rows.push({
      at: event.occurred,
      order: event.position,
      row: {
        time: shortTime(frame, event.occurred),
        statement: byEvents(sentence.text, event),
        tone: sentence.tone,
        mark: lateMark(frame, event),
      },
    });
  }
  const said = frame.heard.timeline.filter((entry) => TALK_KINDS.has(entry.kind)).slice(0, TALK_LIMIT);
  for (const entry of said) {
    const line = frame.lines[entry.cites[0] ?? -1];
    if (line === undefined) continue;
    rows.push({
      at: line.at,
      order: Number.MAX_SAFE_INTEGER,
      row: {
        time: shortTime(frame, line.at),
        statement: byTalk(frame, `${line.author}${say(frame, '：', ': ')}${entry.value}`, entry.cites),
        tone: 'plain',
        mark: say(frame, '对话', 'talk'),
      },
    });
  }
  rows.sort((a, b) => a.at - b.at || a.order - b.order);
  return rows.length === 0
    ? { block: 'paragraph', statements: [unstated] }
    : { block: 'timeline', entries: rows.map((one) => one.row) };
}

/** Long pastes stay in the room; the appendix shows where to find them. */
const SOURCE_LIMIT = 1500;

const shortened = (text: string): string =>
  text.length > SOURCE_LIMIT ? `${text.slice(0, SOURCE_LIMIT)}…` : text;

/** Every event and every message that a statement may rest on, as it stands. */
export function sources(frame: Frame): readonly Source[] {
  const events = frame.events.map((event): Source => {
    const { text, detail } = sentenceOf(event, frame);
    const late = lateMark(frame, event);
    return {
      id: eventCite(event.position),
      time: time(frame, event.occurred),
      author: `${eventCite(event.position)} · ${frame.names(event.by.id)}`,
      text: shortened([text, detail, late ?? ''].filter((part) => part !== '').join(say(frame, '；', '; '))),
    };
  });
  const messages = frame.lines.map((line): Source => {
    const org = frame.orgs(line.org);
    return {
      id: talkCite(line.id),
      time: time(frame, line.at),
      author: org === '' ? line.author : say(frame, `${line.author}（${org}）`, `${line.author} (${org})`),
      text: shortened(line.text),
    };
  });
  return [...events, ...messages];
}
