import type { Call } from '../../contact/port.ts';
import type { Plan } from '../../incident/plan.ts';
import type { Incident } from '../../incident/state.ts';
import type { Person } from '../../roster/schema.ts';
import { SEVERITY } from '../../words/terms.ts';
import { clockTime } from '../../words/time.ts';
import { subject } from './context.ts';

/** What a phone shows at 03:00: level, system, what, until when, and how to answer. */
export function pageText(
  incident: Incident,
  pageId: string,
  person: Person,
  plan: Plan,
  possibleDuplicate: boolean,
): string {
  const page = incident.pages.find((one) => one.id === pageId);
  const level = incident.severity ? SEVERITY[incident.severity] : null;
  const until = untilOf(incident, pageId, plan);
  if (person.language === 'zh') {
    const again = possibleDuplicate
      ? '（可能重复）'
      : page && page.attempt > 1
        ? `（第 ${page.attempt} 次呼叫）`
        : '';
    return `【战情室】${level ? level.zh : '待定级'} ${incident.code} ${subject(incident)}：${incident.title}。请于 ${until} 前应答，否则转下一人。${again}`;
  }
  const again = possibleDuplicate
    ? ' (possible duplicate)'
    : page && page.attempt > 1
      ? ` (attempt ${page.attempt})`
      : '';
  return `[warroom] ${level ? level.en : 'severity open'} ${incident.code} ${subject(incident)}: ${incident.title}. Acknowledge by ${until} or the next person is called.${again}`;
}

/** The short words of a page, for templates that a cloud has approved. */
export function wordsOf(incident: Incident, person?: Person, until = ''): Call['words'] {
  const language = person?.language ?? 'zh';
  return {
    system: subject(incident),
    level: incident.severity ? SEVERITY[incident.severity][language] : { zh: '待定级', en: 'open' }[language],
    title: incident.title,
    until,
  };
}

/** When the page has to be answered, as the person's phone shows it. */
export function untilOf(incident: Incident, pageId: string, plan: Plan): string {
  const page = incident.pages.find((one) => one.id === pageId);
  return page ? clockTime(page.acknowledgeBy, plan.zone) : '';
}
