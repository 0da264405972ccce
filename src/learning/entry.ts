import { stringify } from 'yaml';
import { z } from 'zod';
import {
  type Fault,
  faultSchema,
  type KnowledgeFiles,
  parseEntry,
  type Step,
  stepSchema,
} from '../diagnosis/index.ts';

/** What is learnt in one piece: a fault, the steps that only it has, and the log it was learnt from. */
const learntSchema = z.strictObject({
  fault: faultSchema,
  steps: z.array(stepSchema).default([]),
  /** Masked. */
  sample: z.string().min(1),
});

export interface Entry {
  readonly fault: Fault;
  readonly steps: readonly Step[];
  readonly sample: string;
}

export type EntryProblem = { readonly file: string; readonly line: number; readonly problem: string };

/** A learnt entry's text as it is stored; the mistakes, each with its line, when it is none. */
export function readEntry(
  text: string,
  file = 'entry.yaml',
): { readonly ok: true; readonly entry: Entry } | { readonly ok: false; readonly problems: EntryProblem[] } {
  const problems: EntryProblem[] = [];
  const entry = parseEntry(file, text, learntSchema, problems);
  return entry === undefined ? { ok: false, problems } : { ok: true, entry };
}

/** Not yet checked: what defaults fill may be missing. */
export type EntryInput = z.input<typeof learntSchema>;

export function writeEntry(entry: EntryInput | Entry): string {
  return stringify(entry, { lineWidth: 0 });
}

/** The entry as files of a knowledge folder, so that another site can put them beside its own. */
export function filesOf({ fault, steps, sample }: Entry): KnowledgeFiles {
  const heads = fault.anchors.filter((rule) => rule.weight >= 0.5).map((rule) => `+${rule.id}`);
  return {
    [`faults/${fault.id}.yaml`]: stringify(fault, { lineWidth: 0 }),
    ...Object.fromEntries(
      steps.map((step) => [`steps/${step.id}.yaml`, stringify(step, { lineWidth: 0 })] as const),
    ),
    // A line of the log that looks like a head would end the sample.
    [`samples/${fault.id}.txt`]: `=== ${heads.join(' ')}\n${sample.replace(/^=== /gm, ' === ')}\n`,
  };
}
