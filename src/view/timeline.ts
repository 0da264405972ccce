import { createHash } from 'node:crypto';
import { type Button, plainText } from '../chat/message.ts';
import { announce, type Voice } from '../effects/announce/index.ts';
import { curated } from '../incident/curation.ts';
import type { IncidentEvent } from '../incident/events.ts';
import { fold } from '../incident/evolve.ts';
import { namesIn } from '../incident/guests.ts';
import type { Eyes } from '../incident/org-clocks.ts';
import type { Language, Plan } from '../incident/plan.ts';
import type { Incident } from '../incident/state.ts';
import { heardIn, saidInTheRoom, type TalkLine } from '../summary/report.ts';
import { logFactText } from '../words/log-fact.ts';
import { BECAUSE, KIND, QUESTION, ROLE, term } from '../words/terms.ts';

/** A line of the compiled timeline; what was dropped is among them, marked, so that it can be taken back. */
export interface TimelineLine {
  /** `E` and the position of an event, or `M` and the id of a message. */
  readonly entry: string;
  /** How people name it: `12`, or `M1a2b3c` for a message. */
  readonly number: string;
  readonly occurred: number;
  readonly recorded: number;
  readonly by: string;
  readonly text: string;
  readonly backdated: string | null;
  readonly tone: 'plain' | 'good' | 'warn' | 'bad';
  readonly dropped: boolean;
  /** What stood there before somebody reworded it. */
  readonly original: string | null;
}

export interface TimelineInput {
  readonly events: readonly IncidentEvent[];
  /** What the reader may read and the whole room hears. */
  readonly talk: readonly TalkLine[];
  readonly plan: Plan;
  readonly language: Language;
  readonly nameOf: (id: string) => string;
  readonly orgName: (id: string) => string;
  /** The promises that we gave the customer are no news for other organisations. */
  readonly eyes: Eyes;
}

/**
 * The incident's events, each as the room heard it, and what people said that matters to its course, by when it
 * occurred; then as people edited it.
 */
export function timelineOf(input: TimelineInput): readonly TimelineLine[] {
  const state = fold(input.events);
  if (!state) return [];
  const said = saidInTheRoom(heardIn(input.talk, input.plan.zone)).map((row) => ({
    entry: row.id,
    occurred: row.at,
    recorded: row.at,
    by: row.author,
    text: row.text,
    backdated: null,
    tone: 'plain' as const,
  }));
  const rows = [...eventLines(input, state), ...said]
    .sort((a, b) => a.occurred - b.occurred)
    .map((line) => ({ ...line, id: line.entry }));
  return curated(rows, state.curation).map(({ row: { id, ...line }, edit }) => ({
    ...line,
    number: entryNumber(id),
    text: edit?.text ?? line.text,
    dropped: edit?.dropped ?? false,
    original: edit?.text == null ? null : line.text,
  }));
}

/** Ids of messages are long and each platform's own; people get a short name that stays the same. */
function entryNumber(entry: string): string {
  return entry.startsWith('E')
    ? entry.slice(1)
    : `M${createHash('sha256').update(entry.slice(1)).digest('hex').slice(0, 6)}`;
}

type Line = Omit<TimelineLine, 'number' | 'dropped' | 'original'>;

function eventLines(input: TimelineInput, state: Incident): readonly Line[] {
  const { events, plan, language, orgName, eyes } = input;
  const nameOf = namesIn(state, input.nameOf);
  return events.flatMap((event): readonly Line[] => {
    const voice: Voice = { language, plan, now: event.recorded, nameOf, orgName, eyes };
    const said = words(event, language) ?? firstLine(event, events, voice);
    if (said === null) return [];
    return [
      {
        entry: `E${event.position}`,
        occurred: event.occurred,
        recorded: event.recorded,
        by: nameOf(event.by.id),
        text: said.text,
        backdated: event.backdated,
        tone: said.tone,
      },
    ];
  });
}

interface Said {
  readonly text: string;
  readonly tone: TimelineLine['tone'];
}

function words(event: IncidentEvent, language: Language): Said | null {
  const { body } = event;
  switch (body.type) {
    case 'IncidentReported':
      return { text: `${body.code} · ${KIND[body.kind][language]} · ${body.title}`, tone: 'bad' };
    case 'LogPasted':
      return {
        text:
          { zh: `提交日志 ${body.lines} 行`, en: `log of ${body.lines} lines` }[language] +
          (body.name ? ` · ${body.name}` : ''),
        tone: 'plain',
      };
    case 'LogFactAdded':
      return { text: `📋 ${logFactText(body.fact, language)}`, tone: 'bad' };
    case 'MessagePinned':
      return { text: `📌 ${body.author}：${body.text}`, tone: 'plain' };
    case 'LessonNoted':
      return { text: `${{ zh: '经验教训', en: 'lesson' }[language]}：${body.text}`, tone: 'plain' };
    case 'PageWithdrawn':
      return {
        text: `${{ zh: '呼叫撤回', en: 'page withdrawn' }[language]}：${term(BECAUSE, body.because, language)}`,
        tone: 'plain',
      };
    case 'QuestionAnswered':
      return {
        text: `${QUESTION[body.question][language]}：${body.answer ? { zh: '是', en: 'yes' }[language] : { zh: '否', en: 'no' }[language]}`,
        tone: 'plain',
      };
    case 'ActionApproved': {
      const glass = body.breakGlass
        ? {
            zh: `破例批准 ${body.action}：${body.reason ?? ''}`,
            en: `break-glass approval of ${body.action}: ${body.reason ?? ''}`,
          }[language]
        : null;
      const plain = {
        zh: `批准 ${body.action}（${ROLE[body.role].zh}）`,
        en: `${body.action} approved (${ROLE[body.role].en})`,
      }[language];
      return { text: glass ?? plain, tone: body.breakGlass ? 'warn' : 'good' };
    }
    default:
      return null;
  }
}

/** What the room heard when it happened: the state is folded up to the event, so that a card shows its past. */
function firstLine(event: IncidentEvent, events: readonly IncidentEvent[], voice: Voice): Said | null {
  const then = fold(events.slice(0, event.position));
  const heard = then ? announce(then, [event], voice)[0] : undefined;
  if (!heard) return null;
  const tone = heard.tone === 'good' || heard.tone === 'warn' || heard.tone === 'bad' ? heard.tone : 'plain';
  return { text: plainText(heard.headline), tone };
}

/** What can be done to an entry. */
export function timelineButtons(line: TimelineLine, zh: boolean): readonly Button[] {
  const { entry } = line;
  // Without a script the answer is a page: it leads back to where the button was.
  const press = (label: string, args: Record<string, string>): Button => ({
    label,
    command: 'timeline',
    args: { entry, returnTo: 'timeline', ...args },
    style: 'plain',
  });
  if (line.dropped) return [press(zh ? '恢复' : 'Restore', { do: 'restore' })];
  return [
    press(zh ? '改写…' : 'Reword…', { do: 'reword', was: line.text }),
    press(zh ? '移动…' : 'Move…', { do: 'move' }),
    press(zh ? '略去' : 'Leave out', { do: 'drop' }),
    ...(line.original === null ? [] : [press(zh ? '恢复原文' : 'Restore the original', { do: 'restore' })]),
  ];
}
