import { diagnose, type Finding, type Knowledge, type StepAdvice } from './diagnosis/index.ts';
import type { AdvisedStep, DiagnosedFault } from './incident/events.ts';
import { maskSecrets } from './secrets/mask.ts';

/** Below this a finding is a guess, and the room is not told guesses. */
const SHOWN_FROM = 0.3;

export interface Examination {
  readonly findings: readonly DiagnosedFault[];
  readonly signature: string;
  readonly lines: number;
  /** How many secrets were masked in the text. */
  readonly masked: number;
}

/** Diagnosis reads the raw text in memory; what leaves here is masked and small enough for an event. */
export function examine(text: string, knowledge: Knowledge): Examination {
  const found = diagnose(text, knowledge);
  return {
    findings: found.findings
      .filter((one) => one.confidence >= SHOWN_FROM)
      .slice(0, 5)
      .map(asEvent),
    signature: maskSecrets(found.signature).text.slice(0, 600),
    lines: found.lines,
    masked: maskSecrets(text).count,
  };
}

function asEvent(finding: Finding): DiagnosedFault {
  return {
    fault: finding.fault,
    title: finding.title,
    cause: finding.cause,
    confidence: Math.round(finding.confidence * 100) / 100,
    phase: finding.phase,
    evidence: finding.evidence
      .slice(0, 6)
      .map((one) => ({ line: one.line, text: maskSecrets(one.text).text.slice(0, 400) })),
    facts: Object.fromEntries(
      Object.entries(finding.facts).map(([name, value]) => [name, maskSecrets(String(value)).text]),
    ),
    capture: finding.capture.map((one) => ({ title: one.title, commands: one.commands })),
    steps: finding.steps.map(asStep),
    ruledOut: finding.ruledOut.map((one) => one.because),
    mustNot: finding.mustNot,
  };
}

export function asStep(step: StepAdvice): AdvisedStep {
  return {
    id: step.id,
    title: step.title,
    commands: step.commands,
    risk: step.risk,
    approver: step.approver,
    rollback: step.rollback ?? null,
  };
}
