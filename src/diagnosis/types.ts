import type { ErrorChart } from './chart.ts';
import type { Bilingual } from './schema.ts';

export type Phase = 'startup' | 'running' | 'unknown';

export interface Evidence {
  /** 1-based line number over the input. */
  line: number;
  /** The line as it was given, secrets masked. */
  text: string;
}

/** A step a person can take; commands carry the facts of the log and are safe to copy. */
export interface StepAdvice {
  id: string;
  number?: number;
  title: Bilingual;
  note?: Bilingual;
  commands: string[];
  /** R0 read-only, R1 reversible, R2 disruptive, R3 destructive (FAULTS E). */
  risk: 'R0' | 'R1' | 'R2' | 'R3';
  approver: 'duty' | 'lead+owner' | 'component' | 'component+lead+owner';
  rollback?: Bilingual;
  /** What of the plan's printed command was corrected, and why (FAULTS D). */
  correction?: Bilingual;
}

/** One rule that spoke for (positive weight) or against (negative or zero) a finding. */
export interface Reason {
  rule: string;
  side: 'for' | 'against';
  weight: number;
  line?: number;
  because?: Bilingual;
  /** It says that what was found is over. */
  recovery?: true;
}

export interface Finding {
  fault: string;
  title: Bilingual;
  /** 0..1, the sum of the weights in `reasons`, capped. */
  confidence: number;
  phase: Phase;
  evidence: Evidence[];
  /** Sentences with the figures that were counted over many lines: threads of dumps, pauses of a GC log. */
  measured: { line: number; says: Bilingual }[];
  facts: Record<string, string | number>;
  capture: StepAdvice[];
  steps: StepAdvice[];
  ruledOut: { fault: string; because: Bilingual; line?: number }[];
  otherwise: { fault?: string; because: Bilingual; check?: string }[];
  mustNot: Bilingual[];
  cause: Bilingual;
  permanent: Bilingual;
  correction?: Bilingual;
  benign: boolean;
  reasons: Reason[];
}

export interface Diagnosis {
  /** Best first; a root cause stands before its symptoms. Empty: no known fault. */
  findings: Finding[];
  /** What the text says with its variable parts masked; equal for two occurrences of one problem. */
  signature: string;
  /** The most telling lines, for a text that no entry knows. */
  telling: Evidence[];
  /** All that was counted over many lines, whether a fault was found or not. */
  measured: { line: number; says: Bilingual }[];
  /** Hits by minute and fault; null when it was not asked for or there were too few. */
  chart: ErrorChart | null;
  /** What to capture whatever the fault is. */
  capture: StepAdvice[];
  lines: number;
  /** Version of the knowledge that answered. */
  knowledge: string;
}
