import { maskSecrets } from '../secrets/mask.ts';
import { factsOf } from './facts.ts';
import type { Knowledge } from './knowledge.ts';
import type { NearMiss } from './match.ts';
import { saidFor } from './measures.ts';
import type { Observation } from './observe.ts';
import { compilePattern } from './pattern.ts';
import type { Candidate } from './rank.ts';
import type { Bilingual, Step } from './schema.ts';
import type { Evidence, Finding, StepAdvice } from './types.ts';

const EVIDENCE_LINES = 8;
const EVIDENCE_CHARS = 600;

/** One ranked fault as the reader gets it. */
export function explain(
  knowledge: Knowledge,
  candidate: Candidate,
  others: readonly Candidate[],
  nearMisses: readonly NearMiss[],
  observations: readonly Observation[] = [],
): Finding {
  const { fault } = candidate;
  const facts = factsOf(knowledge, candidate);
  for (const [name, value] of Object.entries(facts))
    if (typeof value === 'string') facts[name] = maskSecrets(value).text;
  const stepIds =
    candidate.phase === 'startup' && fault.startupSteps !== undefined ? fault.startupSteps : fault.steps;
  const advise = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const step = knowledge.steps.get(id);
      return step === undefined ? [] : [advice(knowledge, step, facts)];
    });
  const shown = new Set([fault.id, ...others.map((other) => other.fault.id)]);
  return {
    fault: fault.id,
    title: fault.title,
    confidence: candidate.confidence,
    phase: candidate.phase,
    evidence: evidenceOf(candidate),
    measured: saidFor(fault, observations).map(({ line, says }) => ({ line, says: masked(says) })),
    facts,
    capture: advise(fault.capture),
    steps: advise(stepIds),
    ruledOut: ruledOut(nearMisses, shown),
    otherwise: fault.otherwise.map(({ fault: other, because, check }) => ({
      ...(other === undefined ? {} : { fault: other }),
      because,
      ...(check === undefined ? {} : { check: checkOf(knowledge, check, facts) }),
    })),
    mustNot: fault.mustNot,
    cause: (candidate.phase === 'startup' ? fault.startupCause : undefined) ?? fault.cause,
    permanent: fault.permanent,
    ...(fault.correction === undefined ? {} : { correction: fault.correction }),
    benign: fault.benign,
    reasons: candidate.reasons,
  };
}

/** A sentence with words of the log in it, secrets masked. */
export function masked(says: Bilingual): Bilingual {
  return { zh: maskSecrets(says.zh).text, en: maskSecrets(says.en).text };
}

/** Evidence as it may be shown: cut to a readable length, secrets masked. */
export function evidence(line: number, text: string): Evidence {
  const masked = maskSecrets(text.trim()).text;
  return { line, text: masked.length > EVIDENCE_CHARS ? `${masked.slice(0, EVIDENCE_CHARS)}…` : masked };
}

function evidenceOf(candidate: Candidate): Evidence[] {
  const byLine = new Map<number, Evidence>();
  for (const match of [...candidate.matches, candidate.last])
    if (byLine.size < EVIDENCE_LINES && !byLine.has(match.line))
      byLine.set(match.line, evidence(match.line, match.text));
  return [...byLine.values()];
}

function ruledOut(nearMisses: readonly NearMiss[], shown: ReadonlySet<string>): Finding['ruledOut'] {
  const byFault = new Map<string, Finding['ruledOut'][number]>();
  for (const miss of nearMisses) {
    const { fault, side } = miss.rule;
    if (side !== 'anchor' || miss.because === undefined || shown.has(fault.id) || byFault.has(fault.id))
      continue;
    byFault.set(fault.id, { fault: fault.id, because: miss.because, line: miss.line });
  }
  return [...byFault.values()];
}

/**
 * A step with the log's facts in its commands. A fact becomes a quoted shell value; a variable that the log does
 * not tell is set by a command that finds it, so that nothing unexplained stands in what is copied.
 */
export function advice(knowledge: Knowledge, step: Step, facts: Record<string, string | number>): StepAdvice {
  const settings: string[] = [];
  const commands = step.commands.map((command) =>
    command.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const variable = knowledge.shared.variables[name];
      const shell = shellName(name);
      const value = facts[name];
      // Braces of the command itself (`%{http_code}`) stay.
      if (variable === undefined) return whole;
      const safe = value !== undefined && wholeMatch(variable.allow, String(value));
      const setting = safe ? `${shell}=${quote(String(value))}` : `${shell}=${variable.find}`;
      const comment = safe ? '# 取自日志 / from the log' : `# ${variable.why.zh} / ${variable.why.en}`;
      const line = `${setting}   ${comment}`;
      if (!settings.includes(line)) settings.push(line);
      return `"$${shell}"`;
    }),
  );
  return {
    id: step.id,
    ...(step.number === undefined ? {} : { number: step.number }),
    title: step.title,
    ...(step.note === undefined ? {} : { note: step.note }),
    commands: [...settings, ...commands],
    risk: step.risk,
    approver: step.approver,
    ...(step.rollback === undefined ? {} : { rollback: step.rollback }),
    ...(step.correction === undefined ? {} : { correction: step.correction }),
  };
}

/** A check is one line: a fact stands in it quoted; what the log does not tell is found by a command, or explained. */
function checkOf(knowledge: Knowledge, check: string, facts: Record<string, string | number>): string {
  const notes: string[] = [];
  const line = check.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const variable = knowledge.shared.variables[name];
    if (variable === undefined) return whole;
    const value = facts[name];
    if (value !== undefined && wholeMatch(variable.allow, String(value))) return quote(String(value));
    notes.push(`${variable.why.zh} / ${variable.why.en}`);
    return variable.find.startsWith('$(') ? `"${variable.find}"` : variable.find;
  });
  return notes.length === 0 ? line : `${line}   # ${notes.join('; ')}`;
}

/** Set in a shell, `PATH` would hide every command that follows. */
function shellName(name: string): string {
  return name === 'path' ? 'FILE_PATH' : name.toUpperCase();
}

function wholeMatch(source: string, value: string): boolean {
  return compilePattern(`^(?:${source})$`).test(value);
}

function quote(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
