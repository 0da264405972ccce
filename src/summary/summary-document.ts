import { compose } from './compose.ts';
import { type Disputed, disputedOf } from './disputed.ts';
import {
  type Block,
  type Document,
  type Language,
  label,
  type Source,
  type Statement,
  stated,
  type TimelineRow,
  unstated,
} from './document.ts';
import { course, type Mark } from './drawing.ts';
import { type Explained, explain } from './index.ts';
import type { Fact, Message, Summary, TimelineEntry } from './message.ts';

const words = {
  zh: {
    title: '故障对话摘要',
    overview: '基本情况',
    started: '开始时间',
    detected: '发现时间',
    mitigated: '缓解时间',
    resolved: '恢复时间',
    cause: '原因',
    impact: '影响',
    actions: '措施',
    timeline: '经过',
    figure: '经过示意',
    open: '未采用的说法',
    said: '说法',
    about: '事项',
    state: '状态',
    states: {
      confirmed: '被后来的说法取代',
      suspected: '怀疑',
      denied: '已否定',
      retracted: '已收回',
      other: '与所取的说法不一致',
      unused: '未能确定，未采用',
      relapsed: '之后又出现',
    },
    zone: '时间均为 ',
    more: (count: number) => `另有 ${count} 条经过未列出；JSON 格式列出全部。`,
    falseAlarm: '对话认定为误报：不填开始、缓解、恢复时间与影响。',
  },
  en: {
    title: 'Summary of an incident conversation',
    overview: 'Key facts',
    started: 'Started',
    detected: 'Detected',
    mitigated: 'Mitigated',
    resolved: 'Resolved',
    cause: 'Cause',
    impact: 'Impact',
    actions: 'Actions',
    timeline: 'Timeline',
    figure: 'Course of the incident',
    open: 'Statements that were not taken over',
    said: 'Statement',
    about: 'About',
    state: 'State',
    states: {
      confirmed: 'superseded',
      suspected: 'suspected',
      denied: 'ruled out',
      retracted: 'taken back',
      other: 'contradicts what was taken',
      unused: 'not certain, not taken',
      relapsed: 'it came back later',
    },
    zone: 'All times are ',
    more: (count: number) => `${count} more entries are not printed; the JSON format has them all.`,
    falseAlarm: 'The conversation calls it a false alarm: no start, mitigation, end or impact is given.',
  },
} as const;

/** A document is read by people; a channel of years goes into the JSON. */
const printedRows = 400;

const cite = (index: number): string => `m${index}`;

/** "2026-04-02T09:42:00+08:00" as people read it; the offset stays, because readers sit in several zones. */
export function readableTime(iso: string, withZone = true): string {
  const match = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(iso);
  if (match === null) return iso;
  const [, day, time, seconds = '', zone = ''] = match;
  if (time === undefined) return day ?? iso;
  return `${day} ${time}${seconds === ':00' ? '' : seconds}${zone === '' || !withZone ? '' : zone === 'Z' ? ' UTC' : ` ${zone}`}`;
}

/** The document that `warroom summarize` writes: the facts of a conversation, each with the message behind it. */
export function conversationDocument(messages: readonly Message[], language: Language): Document {
  const explained = explain(messages);
  const { summary, falseAlarm } = explained;
  const disputed = disputedOf(explained);
  const word = words[language];
  const zone = commonZone(messages);
  const print = (iso: string): string => readableTime(iso, zone === null);
  const blocks: Block[] = [
    { block: 'heading', level: 1, text: word.overview },
    { block: 'keyValue', rows: overview(summary, language, print) },
    ...(zone === null
      ? []
      : [{ block: 'note', text: `${word.zone}${zone === 'Z' ? 'UTC' : `UTC${zone}`}` } as const]),
    ...(falseAlarm === null
      ? []
      : [{ block: 'paragraph', statements: [stated(word.falseAlarm, cite(falseAlarm))] } as const]),
  ];
  const marks = marksOf(summary, language);
  if (marks.length > 1)
    blocks.push({ block: 'figure', caption: word.figure, drawing: course(marks, clockOf) });
  blocks.push({ block: 'heading', level: 1, text: word.actions });
  blocks.push(
    summary.actions.length === 0
      ? { block: 'paragraph', statements: [unstated] }
      : { block: 'list', ordered: true, items: summary.actions.slice(0, printedRows).map(asStatement) },
  );
  if (disputed.length > 0) {
    blocks.push({ block: 'heading', level: 1, text: word.open });
    blocks.push({
      block: 'table',
      columns: [
        { title: word.about, share: 0.14 },
        { title: word.said, share: 0.64 },
        { title: word.state, share: 0.22 },
      ],
      rows: disputed.map((each) => [
        label(word[each.about]),
        stated(each.time ? print(each.value) : each.value, ...each.cites.map(cite)),
        each.because.length === 0
          ? label(word.states[each.state])
          : stated(word.states[each.state], ...each.because.map(cite)),
      ]),
    });
  }
  const shown = summary.timeline.slice(0, printedRows);
  blocks.push({ block: 'heading', level: 1, text: word.timeline });
  blocks.push(
    summary.timeline.length === 0
      ? { block: 'paragraph', statements: [unstated] }
      : { block: 'timeline', entries: shown.map((entry) => asRow(entry, print)) },
  );
  const left = summary.timeline.length - shown.length;
  if (left > 0) blocks.push({ block: 'note', text: word.more(left) });
  return compose({
    language,
    title: word.title,
    meta: { code: null, organisation: null, date: null, draft: true, chainHead: null },
    blocks,
    sources: sourcesOf(messages, explained, disputed, print),
  });
}

const asStatement = (fact: Pick<Fact, 'value' | 'cites'>): Statement =>
  stated(fact.value, ...fact.cites.map(cite));

function overview(
  summary: Summary,
  language: Language,
  print: (iso: string) => string,
): { label: string; values: Statement[] }[] {
  const word = words[language];
  const times = ['started', 'detected', 'mitigated', 'resolved'] as const;
  return [
    ...times.map((name) => {
      const fact = summary[name];
      return {
        label: word[name],
        values: fact === null ? [unstated] : [stated(print(fact.value), ...fact.cites.map(cite))],
      };
    }),
    ...(['cause', 'impact'] as const).map((name) => {
      const fact = summary[name];
      return { label: word[name], values: fact === null ? [unstated] : [asStatement(fact)] };
    }),
  ];
}

const tones: Readonly<Record<string, TimelineRow['tone']>> = {
  resolved: 'good',
  recovered: 'good',
  relapse: 'bad',
  alert: 'bad',
  report: 'bad',
  symptom: 'bad',
  retraction: 'warn',
  rejection: 'warn',
};

function asRow(entry: TimelineEntry, print: (iso: string) => string): TimelineRow {
  return {
    time: entry.at === null ? null : print(entry.at),
    statement: stated(entry.value, ...entry.cites.map(cite)),
    tone: tones[entry.kind] ?? 'plain',
    mark: null,
  };
}

function marksOf(summary: Summary, language: Language): Mark[] {
  const word = words[language];
  const tone = { started: 'bad', detected: 'warn', mitigated: 'plain', resolved: 'good' } as const;
  return (['started', 'detected', 'mitigated', 'resolved'] as const).flatMap((name) => {
    const fact = summary[name];
    const at = fact === null || fact.value.length <= 10 ? Number.NaN : wallClock(fact.value);
    return Number.isNaN(at) ? [] : [{ at, text: word[name], tone: tone[name] }];
  });
}

/** The figure shows the times as people in that place read them, whatever the offset. */
const wallClock = (iso: string): number => Date.parse(`${iso.slice(0, 19)}Z`);
const clockOf = (at: number): string => new Date(at).toISOString().slice(5, 16).replace('T', ' ');

function sourcesOf(
  messages: readonly Message[],
  { summary, falseAlarm }: Explained,
  disputed: readonly Pick<Disputed, 'cites' | 'because'>[],
  print: (iso: string) => string,
): Source[] {
  const { started, detected, mitigated, resolved, cause, impact, actions, timeline } = summary;
  const facts = [started, detected, mitigated, resolved, cause, impact, ...actions, ...timeline, ...disputed];
  const cited = new Set([
    ...facts.flatMap((fact) => fact?.cites ?? []),
    ...disputed.flatMap((each) => each.because),
    ...(falseAlarm === null ? [] : [falseAlarm]),
  ]);
  return [...cited]
    .sort((a, b) => a - b)
    .flatMap((index) => {
      const message = messages[index];
      if (message === undefined) return [];
      const text = message.text.length > 1200 ? `${message.text.slice(0, 1200)}…` : message.text;
      return [
        {
          id: cite(index),
          time: message.at == null ? null : print(message.at),
          author: message.author ?? null,
          text,
        },
      ];
    });
}

/** The offset that all messages share, null when they differ: printed once instead of on every line. */
function commonZone(messages: readonly Message[]): string | null {
  const zones = new Set<string>();
  for (const { at } of messages) {
    const zone = at == null ? undefined : /T\d\d:\d\d\S*?(Z|[+-]\d\d:?\d\d)$/.exec(at)?.[1];
    if (zone !== undefined) zones.add(zone);
    if (zones.size > 1) return null;
  }
  const [only] = zones;
  return only ?? null;
}
