import { RE2JS } from 're2js';
import { z } from 'zod';
import { MIN_LITERAL_BYTES } from './literals.ts';
import { MEASURES } from './measure-names.ts';
import { compilePattern } from './pattern.ts';

/** Every text a user reads exists in Chinese first and English. */
const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'use lower-case words joined by hyphens');

const pattern = z.string().superRefine((source, ctx) => {
  try {
    compilePattern(source);
  } catch (error) {
    ctx.addIssue({
      code: 'custom',
      message: `not a linear-time (RE2) pattern: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
});

const literal = z
  .string()
  .refine(
    (text) => Buffer.byteLength(text) >= MIN_LITERAL_BYTES,
    `a literal needs at least ${MIN_LITERAL_BYTES} bytes, or the whole-file search gets slow; take more of the message`,
  );

/** How much text around a literal hit a pattern may see: that line alone, with wrapped ones, the record, its surroundings. */
const scope = z.enum(['hit', 'line', 'record', 'near']);

const phase = z.enum(['startup', 'running']);

/** Something that speaks against a hit. It cancels it, and the answer says so when the hit is a near miss. */
const guard = z.strictObject({
  pattern,
  scope: scope.optional(),
  because: bilingual.optional(),
});

const comparison = z.strictObject({
  left: z.string(),
  op: z.enum(['lt', 'le', 'gt', 'ge']),
  right: z.union([z.string(), z.number()]),
  times: z.number().default(1),
});

const rule = z.strictObject({
  id,
  literals: z.array(literal).min(1),
  pattern: pattern.optional(),
  scope: scope.default('line'),
  weight: z.number().min(-1).max(1),
  needs: z.array(z.strictObject({ pattern, scope: scope.optional() })).default([]),
  not: z.array(guard).default([]),
  compare: z.array(comparison).default([]),
  atLeast: z.number().int().min(1).default(1),
  phase: phase.optional(),
  facts: z.record(z.string(), z.string()).default({}),
  ignoreGuards: z.array(id).default([]),
  says: bilingual.optional(),
});

/** A figure that was counted or compared over many lines (observe.ts); it speaks when it reaches `atLeast`. */
const measure = z.strictObject({
  id,
  of: z.enum(MEASURES),
  atLeast: z.number(),
  weight: z.number().min(-1).max(1),
  side: z.enum(['anchor', 'context']).default('anchor'),
});

const otherwise = z.strictObject({
  fault: id.optional(),
  because: bilingual,
  check: z.string().optional(),
});

export const faultSchema = z.strictObject({
  id,
  version: z.number().int().min(1),
  owner: z.string().default('middleware'),
  rows: z.array(z.string()).default([]),
  plan: z.array(z.string()).default([]),
  title: bilingual,
  phase: z.enum(['startup', 'running', 'unknown']),
  benign: z.boolean().default(false),
  cause: bilingual,
  permanent: bilingual,
  anchors: z.array(rule).min(1),
  context: z.array(rule).default([]),
  recovery: z.array(rule).default([]),
  measures: z.array(measure).default([]),
  explains: z.array(id).default([]),
  otherwise: z.array(otherwise).default([]),
  capture: z.array(id).default([]),
  steps: z.array(id).min(1),
  startupSteps: z.array(id).optional(),
  /** Where the same message means another thing while the process starts. */
  startupCause: bilingual.optional(),
  mustNot: z.array(bilingual).default([]),
  correction: bilingual.optional(),
});

export const stepSchema = z.strictObject({
  id,
  number: z.number().int().min(1).max(17).optional(),
  plan: z.string().optional(),
  title: bilingual,
  note: bilingual.optional(),
  commands: z.array(z.string()).default([]),
  risk: z.enum(['R0', 'R1', 'R2', 'R3']),
  approver: z.enum(['duty', 'lead+owner', 'component', 'component+lead+owner']),
  rollback: bilingual.optional(),
  correction: bilingual.optional(),
});

/** Guards, phase hints and facts that hold for every fault; one file, because they are one subject. */
export const sharedSchema = z.strictObject({
  guards: z.array(
    z.strictObject({
      id,
      pattern,
      on: z.enum(['line', 'head', 'near']).default('line'),
      weight: z.number().min(-1).max(0),
      because: bilingual,
    }),
  ),
  phases: z.array(
    z.strictObject({ id, pattern, phase, weight: z.number().min(0).max(5), on: z.enum(['record', 'near']) }),
  ),
  facts: z.array(z.strictObject({ name: z.string(), pattern, on: z.enum(['record', 'near']) })),
  variables: z.record(
    z.string(),
    z.strictObject({ find: z.string(), allow: z.string().refine(compiles, 'not a pattern'), why: bilingual }),
  ),
  unknown: z.strictObject({ capture: z.array(id) }),
  /** How threads of a dump are told apart: patterns over a whole stack, over one call, over a pool's name. */
  dumps: z.strictObject({ idle: pattern, platform: pattern, serving: pattern }),
});

function compiles(source: string): boolean {
  try {
    RE2JS.compile(source);
    return true;
  } catch {
    return false;
  }
}

export type Bilingual = z.infer<typeof bilingual>;
export type Rule = z.infer<typeof rule>;
export type Fault = z.infer<typeof faultSchema>;
export type Step = z.infer<typeof stepSchema>;
export type Shared = z.infer<typeof sharedSchema>;
export type Measure = z.infer<typeof measure>;
export type Comparison = z.infer<typeof comparison>;
export type Scope = z.infer<typeof scope>;
