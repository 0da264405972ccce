import type { LogFact } from '../incident/events.ts';
import type { Language } from '../incident/plan.ts';
import { LOG_FACT, term } from './terms.ts';

/** One fact of a log as a line of the timeline: what, the figures, and the file and line it stands in. */
export function logFactText(fact: LogFact, language: Language): string {
  const zh = language === 'zh';
  const place = `${fact.file ?? (zh ? '日志' : 'log')}:${fact.line}`;
  const unplaced =
    fact.at !== null || fact.printed === null
      ? []
      : [zh ? `日志时间 ${fact.printed}（时区未知）` : `log time ${fact.printed} (zone unknown)`];
  const facts = Object.entries(fact.facts).map(
    ([name, value]) => `${term(LOG_FACT, name, language)} ${value}`,
  );
  return [fact.what[language], ...unplaced, ...facts, place].join(' · ');
}
