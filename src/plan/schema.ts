import { z } from 'zod';
import { CLOCK_IDS, MOMENTS, type Plan, QUESTIONS, SEVERITIES } from '../incident/plan.ts';

const words = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const severity = z.enum(SEVERITIES);
const moment = z.enum(MOMENTS);
const minutes = z.number().positive();
const line = z.string().regex(/^L\d+(–L?\d+)?$|^-$/, 'name the line of the source plan, like L74, or -');

const limit = z.strictObject({
  minutes,
  severities: z.array(severity).optional(),
  systemDown: z.boolean().optional(),
  specialTime: z.boolean().optional(),
});

const reading = z.strictObject({
  id: z.string(),
  title: words,
  starts: moment,
  startsRemote: moment.optional(),
  limits: z.array(limit).min(1),
});

const clock = z.strictObject({
  id: z.enum(CLOCK_IDS),
  title: words,
  line,
  stops: moment,
  readings: z.array(reading).min(1),
  chosen: z.partialRecord(severity, z.string()).optional(),
  accountability: z.enum(['lead', 'assist']).optional(),
  kinds: z
    .array(
      z.enum(['fault', 'go-live', 'consultation', 'early-warning', 'security-patch', 'drill', 'replacement']),
    )
    .optional(),
  repeats: z.boolean().optional(),
  onSiteOnly: z.boolean().optional(),
  endsWith: moment.optional(),
});

const severityRule = z.strictObject({
  title: words,
  line,
  criteria: words,
  shutdown: z.enum(['none', 'system', 'system-and-related']),
  leadership: z.boolean(),
  acknowledgeMinutes: minutes,
  ladder: z.string(),
});

/** A plan file, whole. `version` is the digest of the file and is added by the loader. */
const shape = z.strictObject({
  id: z.string().min(1),
  title: words,
  zone: z.string().min(1),
  severities: z.record(severity, severityRule),
  questions: z.record(z.enum(QUESTIONS), z.strictObject({ title: words, line, first: z.boolean() })),
  clocks: z.array(clock).min(1),
  warnAt: z.array(z.number().min(1).max(99)),
  tiers: z
    .array(
      z.strictObject({
        tier: z.number().int().min(1),
        title: words,
        line,
        informs: z.array(z.string()).optional(),
      }),
    )
    .min(1),
  ladders: z.array(
    z.strictObject({
      id: z.string(),
      title: words,
      line,
      from: moment,
      fromRemote: moment.optional(),
      raise: z.array(z.strictObject({ tier: z.number().int().min(2), minutes: z.number().nonnegative() })),
    }),
  ),
  paging: z.strictObject({ attemptsPerPerson: z.number().int().min(1).max(10) }),
  approval: z.strictObject({ minutes, deputiesAfterMinutes: minutes }),
  // A copy that was kept before reviews had reminders reads as the plan file's sample.
  review: z
    .strictObject({
      remindMinutes: minutes,
      followUpMinutes: minutes,
      followUpReminders: z.number().int().min(1).max(365),
    })
    .default({ remindMinutes: 60, followUpMinutes: 1440, followUpReminders: 8 }),
  backdating: z.strictObject({ minutes }),
  posts: z.array(z.strictObject({ id: z.string(), title: words })),
  leadComponents: z.array(z.string()),
  assistComponents: z.array(z.string()),
});

export const planSchema = shape.superRefine((plan, context) => {
  const ladders = new Set(plan.ladders.map((one) => one.id));
  for (const level of SEVERITIES) {
    const named = plan.severities[level].ladder;
    if (!ladders.has(named)) {
      context.addIssue({
        code: 'custom',
        path: ['severities', level, 'ladder'],
        message: `no ladder is called "${named}"; known: ${[...ladders].join(', ')}`,
      });
    }
  }
  plan.clocks.forEach((rule, index) => {
    for (const [level, id] of Object.entries(rule.chosen ?? {})) {
      if (!rule.readings.some((one) => one.id === id)) {
        context.addIssue({
          code: 'custom',
          path: ['clocks', index, 'chosen', level],
          message: `no reading is called "${id}"; known: ${rule.readings.map((one) => one.id).join(', ')}`,
        });
      }
    }
  });
}) satisfies z.ZodType<Omit<Plan, 'version'>>;

/** A plan as it is kept beside the log: checked once, with its version. */
export const planCopySchema = shape.extend({ version: z.string() });
