import { offsetOf, readStamp } from '../diagnosis/when.ts';
import type { DiagnosedFault, LogFact } from '../incident/events.ts';
import type { Words } from '../incident/plan.ts';

/** Below this a finding is a suspicion, and a suspicion is no fact. */
const CERTAIN_FROM = 0.5;
const FINDINGS = 5;
const FACTS_SHOWN = 6;
/** Told by the line itself. */
const OWN_PLACE = new Set([
  'count',
  'firstLine',
  'lastLine',
  'firstTime',
  'lastTime',
  'firstAt',
  'lastAt',
  'time',
  'exception',
]);

/**
 * What a log says happened, for the timeline: each fault's first and last line with the figures beside it.
 * @param zone what a person said about times that are printed without one: `+08:00`; null where nobody knows.
 */
export function logFactsOf(
  findings: readonly DiagnosedFault[],
  name: string | null,
  zone: string | null,
): readonly LogFact[] {
  return findings
    .filter((one) => one.confidence >= CERTAIN_FROM)
    .slice(0, FINDINGS)
    .flatMap((finding) => {
      const { facts } = finding;
      const count = Number(facts.count ?? 1);
      const first = factAt(finding, 'first', name, zone, {
        zh: `日志：${count > 1 ? '首次出现' : '出现'} ${finding.title.zh}`,
        en: `log: ${finding.title.en}${count > 1 ? ', first seen' : ''}`,
      });
      if (count < 2 || facts.lastTime === undefined || facts.lastLine === facts.firstLine) return [first];
      const last = factAt(finding, 'last', name, zone, {
        zh: `日志：最后出现 ${finding.title.zh}，共 ${count} 次`,
        en: `log: ${finding.title.en}, last seen; ${count} times in all`,
      });
      return [first, { ...last, facts: {} }];
    });
}

function factAt(
  finding: DiagnosedFault,
  end: 'first' | 'last',
  name: string | null,
  zone: string | null,
  what: Words,
): LogFact {
  const { facts } = finding;
  const line = Number(facts[`${end}Line`] ?? finding.evidence[0]?.line ?? 1);
  const proof = finding.evidence.find((one) => one.line === line) ?? finding.evidence[0];
  const printed = facts[`${end}Time`] ?? null;
  const certain = facts[`${end}At`];
  return {
    at: certain === undefined ? placed(printed, zone) : Date.parse(certain),
    printed,
    what,
    facts: Object.fromEntries(
      Object.entries(facts)
        .filter(([fact]) => !OWN_PLACE.has(fact))
        .slice(0, FACTS_SHOWN)
        .map(([fact, value]) => [fact, value.slice(0, 160)]),
    ),
    file: proof?.line === line ? (proof.file ?? name) : name,
    line: proof?.line === line ? (proof.fileLine ?? line) : line,
    text: proof?.line === line ? proof.text : '',
  };
}

function placed(printed: string | null, zone: string | null): number | null {
  const local = printed === null ? null : (readStamp(printed)?.local ?? null);
  const offset = zone === null ? null : offsetOf(zone);
  return local === null || offset === null ? null : local - offset * 60_000;
}
