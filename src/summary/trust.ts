import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** The facts that are taken over only when enough speaks for them. */
export const judged = ['started', 'detected', 'mitigated', 'resolved', 'cause', 'impact', 'action'] as const;
export type Judged = (typeof judged)[number];

const beliefSchema = z.strictObject({
  base: z.number(),
  threshold: z.number(),
  /** The sign, said so that a reader understands it as a reason, and how much it speaks for the statement. */
  signs: z.record(z.string(), z.number().min(-9).max(9)),
});
export const trustSchema = z.record(z.enum(judged), beliefSchema);
export type Trust = z.infer<typeof trustSchema>;

/** Where the weights lie; `bench/trust.ts` computes them anew from labelled conversations. */
export const trustFile = new URL('rules/trust.yaml', import.meta.url);

/** What speaks for and against a statement: the names of its signs in `rules/trust.yaml`, and the sum of their weights. */
export interface Weighed {
  signs: readonly string[];
  score: number;
}

let shared: Trust | undefined;

/** Read once. Throws when the file does not fit its schema. */
export function trust(): Trust {
  shared ??= trustSchema.parse(parse(readFileSync(trustFile, 'utf8')));
  return shared;
}

/** The base and the weights of the signs, added up; a sign that the file does not know weighs nothing. */
export function scoreOf(fact: Judged, signs: readonly string[]): number {
  const belief = trust()[fact];
  let sum = belief.base;
  for (const sign of signs) sum += belief.signs[sign] ?? 0;
  return sum;
}

export const isBelieved = (fact: Judged, { score }: Weighed): boolean => score >= trust()[fact].threshold;
