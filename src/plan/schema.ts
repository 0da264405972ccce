import { z } from 'zod';
import { RIGHTS, type Right } from '../incident/authorisation.ts';
import { CLOCK_IDS, MOMENTS, type Plan, QUESTIONS, SEVERITIES } from '../incident/plan.ts';
import { ROLES } from '../incident/roles.ts';

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
  scope: z.enum(['joint', 'own']).optional(),
});

/** A plan that says nothing: what is promised to the customer together is joint, the rest is each one's own. */
const JOINT: readonly string[] = ['callback', 'status-update'];
const scoped = clock.transform((one) => ({
  ...one,
  scope: one.scope ?? (JOINT.includes(one.id) ? ('joint' as const) : ('own' as const)),
}));

const severityRule = z.strictObject({
  title: words,
  line,
  criteria: words,
  shutdown: z.enum(['none', 'system', 'system-and-related']),
  leadership: z.boolean(),
  acknowledgeMinutes: minutes,
  ladder: z.string(),
});

const names = <T extends string>(known: readonly [T, ...T[]], what: string) =>
  z.enum(known, {
    error: ({ input }) => `no ${what} is called "${String(input)}"; known: ${known.join(', ')}`,
  });

const [firstRight, ...otherRights] = RIGHTS;
if (firstRight === undefined) throw new Error('there are no commands');

const authorisationRow = z.strictObject({
  title: words,
  line,
  commands: z.array(names<Right>([firstRight, ...otherRights], 'command')).min(1),
  roles: z.array(names(ROLES, 'role')).min(1, 'name at least one role; observer lets everybody'),
});

/** A plan file, whole. `version` is the digest of the file and is added by the loader. */
const shape = z.strictObject({
  id: z.string().min(1),
  title: words,
  zone: z.string().min(1),
  severities: z.record(severity, severityRule),
  questions: z.record(z.enum(QUESTIONS), z.strictObject({ title: words, line, first: z.boolean() })),
  clocks: z.array(scoped).min(1),
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
  posts: z.array(
    z.strictObject({
      id: z.string(),
      title: words,
      joint: z.boolean().default(false),
      also: z.array(z.string()).default([]),
    }),
  ),
  authorisation: z.array(authorisationRow, {
    error: 'who may do what is missing; copy the section "authorisation:" from plans/apusic.yaml',
  }),
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
  checkTable(plan.authorisation, context);
}) satisfies z.ZodType<Omit<Plan, 'version'>>;

/** A command in no row could be given by nobody, one in two rows by whom? Both would be found out at 03:00. */
function checkTable(table: Plan['authorisation'], context: z.RefinementCtx): void {
  const seen = new Set<Right>();
  table.forEach((row, index) => {
    row.commands.forEach((command, at) => {
      if (seen.has(command)) {
        context.addIssue({
          code: 'custom',
          path: ['authorisation', index, 'commands', at],
          message: `"${command}" stands in an earlier row already; leave it in one of them`,
        });
      }
      seen.add(command);
    });
  });
  const missing = RIGHTS.filter((one) => !seen.has(one));
  if (missing.length === 0) return;
  context.addIssue({
    code: 'custom',
    path: ['authorisation'],
    message: `no row says who may: ${missing.join(', ')}; add - { title: { zh: …, en: … }, line: "-", commands: [${missing.join(', ')}], roles: [observer] }`,
  });
}

/**
 * A plan as it is kept beside the log: checked once, with its version. What it says of who may do what may be of
 * another age than the program: see `readPlanCopy`.
 */
export const planCopySchema = shape.extend({
  version: z.string(),
  authorisation: z
    .array(z.strictObject({ title: words, line, commands: z.array(z.string()), roles: z.array(z.string()) }))
    .default([]),
});
