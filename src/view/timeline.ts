import { plainText } from '../chat/message.ts';
import { announce, type Voice } from '../effects/announce/index.ts';
import type { IncidentEvent } from '../incident/events.ts';
import { fold } from '../incident/evolve.ts';
import type { Language, Plan } from '../incident/plan.ts';
import { BECAUSE, KIND, QUESTION, ROLE, term } from '../words/terms.ts';

export interface TimelineLine {
  readonly position: number;
  readonly occurred: number;
  readonly recorded: number;
  readonly by: string;
  readonly text: string;
  readonly backdated: string | null;
  readonly tone: 'plain' | 'good' | 'warn' | 'bad';
}

/** The incident's events as lines, by when they occurred; each says the same as the room heard. */
export function timelineOf(
  events: readonly IncidentEvent[],
  plan: Plan,
  language: Language,
  nameOf: (id: string) => string,
): readonly TimelineLine[] {
  const state = fold(events);
  if (!state) return [];
  const lines = events.flatMap((event): readonly TimelineLine[] => {
    const voice: Voice = { language, plan, now: event.recorded, nameOf };
    const said = words(event, language) ?? firstLine(event, events, voice);
    if (said === null) return [];
    return [
      {
        position: event.position,
        occurred: event.occurred,
        recorded: event.recorded,
        by: nameOf(event.by.id),
        text: said.text,
        backdated: event.backdated,
        tone: said.tone,
      },
    ];
  });
  return lines.sort((a, b) => a.occurred - b.occurred || a.position - b.position);
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
