import { curated, type EntryEdit } from '../../incident/curation.ts';
import type { Instant } from '../../incident/events.ts';
import type { Block, Source, TimelineRow } from '../document.ts';
import { stated, unstated } from '../document.ts';
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

/** Everything that mattered, by when it occurred, as people edited it; what was typed in later is marked with when and why. */
export function timeline(frame: Frame): readonly Block[] {
  const rows: { id: string; at: Instant; order: number; row: TimelineRow }[] = [];
  for (const event of frame.events) {
    const sentence = sentenceOf(event, frame);
    if (!sentence.onTimeline) continue;
    rows.push({
      id: eventCite(event.position),
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
  for (const said of saidInTheRoom(frame)) {
    rows.push({
      id: said.id,
      at: said.at,
      order: Number.MAX_SAFE_INTEGER,
      row: {
        time: shortTime(frame, said.at),
        statement: byTalk(frame, `${said.author}${say(frame, '：', ': ')}${said.text}`, said.cites),
        tone: 'plain',
        mark: say(frame, '对话', 'talk'),
      },
    });
  }
  rows.sort((a, b) => a.at - b.at || a.order - b.order);
  const shown = curated(rows, frame.incident.curation).filter(({ edit }) => edit?.dropped !== true);
  if (shown.length === 0) return [{ block: 'paragraph', statements: [unstated] }];
  const entries = shown.map(({ row, edit }) => asEdited(frame, row.row, edit));
  return [{ block: 'timeline', entries }, ...editorsNote(frame, rows.length - shown.length)];
}

/** New words cite what they stand for and who put them there. */
function asEdited(frame: Frame, row: TimelineRow, edit: EntryEdit | null): TimelineRow {
  if (edit === null || edit.text === null) return row;
  const { cites } = row.statement;
  const mark = say(frame, '改写', 'reworded');
  return {
    ...row,
    statement: stated(edit.text, ...cites, ...edit.by.map(eventCite)),
    mark: row.mark === null ? mark : `${row.mark}${say(frame, '；', '; ')}${mark}`,
  };
}

/** The reader is told that people edited what compiled itself, and where the whole of it lies. */
function editorsNote(frame: Frame, dropped: number): readonly Block[] {
  const edits = Object.values(frame.incident.curation);
  const reworded = edits.filter((one) => one.text !== null && !one.dropped).length;
  const moved = edits.filter((one) => one.before !== null && !one.dropped).length;
  if (dropped + reworded + moved === 0) return [];
  const text = say(
    frame,
    `经人工整理：略去 ${dropped} 条，改写 ${reworded} 条，移动 ${moved} 条；原始记录保存在审计链中。`,
    `Edited by hand: ${dropped} left out, ${reworded} reworded, ${moved} moved; the record itself is in the audit chain.`,
  );
  return [{ block: 'note', text }];
}

/** What people said that matters to the course, as the timeline quotes it. */
export interface SaidRow {
  readonly id: string;
  readonly at: Instant;
  readonly author: string;
  readonly text: string;
  readonly cites: readonly number[];
}

export function saidInTheRoom({ heard, lines }: Pick<Frame, 'heard' | 'lines'>): readonly SaidRow[] {
  return heard.timeline
    .filter((entry) => TALK_KINDS.has(entry.kind))
    .slice(0, TALK_LIMIT)
    .flatMap((entry): readonly SaidRow[] => {
      const line = lines[entry.cites[0] ?? -1];
      return line === undefined
        ? []
        : [
            {
              id: talkCite(line.id),
              at: line.at,
              author: line.author,
              text: entry.value,
              cites: entry.cites,
            },
          ];
    });
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
