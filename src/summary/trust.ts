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
  /** The same of what other statements for the fact tell; empty where each stands for itself. */
  rivals: z.record(z.string(), z.number().min(-9).max(9)).default({}),
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

let shared: { trust: Trust; signs: Record<Judged, Map<string, number>> } | undefined;

/** Read once. Throws when the file does not fit its schema. */
export const trust = (): Trust => loaded().trust;

function loaded(): { trust: Trust; signs: Record<Judged, Map<string, number>> } {
  if (shared === undefined) {
    const read = trustSchema.parse(parse(readFileSync(trustFile, 'utf8')));
    const signsOf = (fact: Judged): Map<string, number> => new Map(Object.entries(read[fact].signs));
    shared = {
      trust: read,
      // The signs are asked for by every statement; a table of its own answers faster than a large object.
      signs: {
        started: signsOf('started'),
        detected: signsOf('detected'),
        mitigated: signsOf('mitigated'),
        resolved: signsOf('resolved'),
        cause: signsOf('cause'),
        impact: signsOf('impact'),
        action: signsOf('action'),
      },
    };
  }
  return shared;
}

/** The base and the weights of the signs, added up; a sign that the file does not know weighs nothing. */
export function scoreOf(fact: Judged, signs: readonly string[]): number {
  const { trust, signs: weights } = loaded();
  const own = weights[fact];
  let sum = trust[fact].base;
  for (const sign of signs) sum += own.get(sign) ?? 0;
  return sum;
}

/** What the rivals of a statement add to its score. */
export function rivalryOf(fact: Judged, signs: readonly string[]): number {
  const { rivals } = trust()[fact];
  let sum = 0;
  for (const sign of signs) sum += rivals[sign] ?? 0;
  return sum;
}

export const isBelieved = (fact: Judged, { score }: Weighed): boolean => score >= trust()[fact].threshold;
