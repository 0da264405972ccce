import { z } from 'zod';
import { SEVERITIES } from '../incident/plan.ts';

const id = z.string().regex(/^[\w.-]+$/, 'use letters, digits, ".", "_" and "-" only');

const contact = z.discriminatedUnion('method', [
  /** A mention in the incident's room. */
  z.strictObject({ method: z.literal('room') }),
  z.strictObject({ method: z.literal('email'), address: z.email() }),
  /** An SMS or voice gateway of `delivery.gateways`; `address` fills its `{{address}}`. */
  z.strictObject({ method: z.literal('webhook'), gateway: id, address: z.string() }),
  /** A direct message on a chat platform, by the person's user id there. */
  z.strictObject({ method: z.literal('chat'), platform: id, address: z.string() }),
]);
export type Contact = z.infer<typeof contact>;

/** What the plan asks of a first responder (plan L210–211). */
const qualifications = z.strictObject({
  certified: z.boolean(),
  years: z.number().nonnegative(),
  largeProjects: z.number().int().nonnegative(),
  trainingWeeksPerYear: z.number().nonnegative(),
});

const person = z.strictObject({
  id,
  name: z.string().min(1),
  org: id,
  language: z.enum(['zh', 'en']).default('zh'),
  contacts: z.array(contact).default([]),
  qualifications: qualifications.optional(),
  /** User ids on chat platforms, `platform: id`, so that one person is one author everywhere. */
  accounts: z.record(id, z.string()).default({}),
});
export type Person = z.infer<typeof person>;

const approver = z.strictObject({ holder: id, deputies: z.array(id).default([]) });

const system = z.strictObject({
  id,
  name: z.string().min(1),
  aliases: z.array(z.string()).default([]),
  org: id,
  criticality: z.enum(['core', 'important', 'general']).default('general'),
  nodes: z
    .array(
      z.strictObject({
        id,
        host: z.string(),
        port: z.number().int().optional(),
        path: z.string().optional(),
      }),
    )
    .default([]),
  /** Backup nodes by kind (L149–150: same host, other host, off-site). */
  standby: z
    .array(
      z.strictObject({
        id,
        kind: z.enum(['same-host', 'other-host', 'off-site']),
        host: z.string(),
        lastChecked: z.string().optional(),
      }),
    )
    .default([]),
  related: z.array(id).default([]),
  approvers: z.strictObject({
    'emergency-lead': approver.optional(),
    'system-owner': approver.optional(),
    'component-owner': approver.optional(),
  }),
  /** Times at which people must arrive within an hour (特别重要时刻, L68–69); local dates, inclusive. */
  specialTimes: z.array(z.strictObject({ title: z.string(), from: z.string(), to: z.string() })).default([]),
  remoteOnly: z.boolean().default(false),
  warrantyEnds: z.string().optional(),
});
export type System = z.infer<typeof system>;

const gateway = z.strictObject({
  id,
  url: z.url(),
  method: z.enum(['POST', 'GET', 'PUT']).default('POST'),
  headers: z.record(z.string(), z.string()).default({}),
  /** `{{address}}`, `{{text}}`, `{{code}}`, `{{page}}` are filled in, JSON-escaped when the type is JSON. */
  body: z.string().default(''),
});
export type Gateway = z.infer<typeof gateway>;

const smtp = z.strictObject({
  host: z.string(),
  port: z.number().int(),
  secure: z.boolean().default(false),
  user: z.string().optional(),
  /** Name of the environment variable that holds the password; the file itself holds no secret. */
  passwordEnv: z.string().optional(),
  from: z.string(),
});

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time like 09:00');
const localDate = z.iso.date();

const rotation = z.strictObject({
  every: z.enum(['day', 'week']),
  people: z.array(id).min(1),
  /** The local day on which the first of `people` takes over. */
  since: localDate,
  handover: timeOfDay.default('09:00'),
  /** On public holidays these take the turn; 调休 workdays are workdays. */
  holidays: z.array(id).min(1).optional(),
  /** The hours that are covered; the whole day without it. */
  hours: z.strictObject({ from: timeOfDay, to: timeOfDay }).optional(),
});
export type Rotation = z.infer<typeof rotation>;

const override = z.strictObject({
  tier: z.number().int().min(1),
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  person: id,
  reason: z.string().min(1),
});

const variable = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'the name of an environment variable, like SLACK_BOT_TOKEN');

/** Tokens are named, never written here: the file itself holds no secret. */
const slack = z.strictObject({
  mode: z.enum(['socket', 'http']).default('socket'),
  botTokenEnv: variable.default('SLACK_BOT_TOKEN'),
  /** Socket Mode only. */
  appTokenEnv: variable.default('SLACK_APP_TOKEN'),
  /** HTTP only. */
  signingSecretEnv: variable.default('SLACK_SIGNING_SECRET'),
  /** A channel of its own for each incident, open to the workspace or by invitation; or no new channel. */
  rooms: z.enum(['public', 'private', 'here']).default('public'),
});
export type SlackConfig = z.infer<typeof slack>;

/** `warroom.yaml`: organisations, people, posts, systems, ways to reach people. */
export const configSchema = z
  .strictObject({
    desk: z.strictObject({
      name: z.string().default('战情室'),
      language: z.enum(['zh', 'en']).default('zh'),
      plan: z.string().default('plans/apusic.yaml'),
      publicUrl: z.url().optional(),
    }),
    organisations: z
      .array(
        z.strictObject({
          id,
          name: z.string().min(1),
          side: z.enum(['customer', 'vendor', 'partner', 'integrator']),
        }),
      )
      .min(1),
    people: z.array(person).min(1),
    /** On-call people of each tier, in calling order. */
    tiers: z.record(z.string().regex(/^\d+$/), z.array(id)),
    /** Who of a tier is called first, turn by turn; the rest of the tier follows in its order. */
    rotations: z.record(z.string().regex(/^\d+$/), rotation).default({}),
    /** Swaps and leave: for this time the named person is called first in the tier. */
    overrides: z.array(override).default([]),
    /** Holders of posts, in calling order; see `posts` of the plan. */
    posts: z.record(id, z.array(id)).default({}),
    systems: z.array(system).default([]),
    /** Chat platforms beside the web room; only what is named here is loaded. */
    chat: z
      .strictObject({
        /** Name of an incident's own room; `{code}` and `{system}` are filled in. */
        roomName: z.string().min(1).max(60).default('{code}-{system}'),
        slack: slack.optional(),
      })
      .prefault({}),
    delivery: z
      .strictObject({
        smtp: smtp.optional(),
        gateways: z.array(gateway).default([]),
        /** Called once a minute while everything is served in time; its silence is the alarm. */
        heartbeat: z.url().optional(),
        /** Below this severity the contact methods named here stay quiet at night; severity overrides. */
        quiet: z
          .strictObject({
            methods: z.array(z.string()),
            from: z.string(),
            to: z.string(),
            below: z.enum(SEVERITIES),
          })
          .optional(),
      })
      .default({ gateways: [] }),
  })
  .superRefine((config, context) => {
    const people = new Set(config.people.map((one) => one.id));
    const organisations = new Set(config.organisations.map((one) => one.id));
    const gateways = new Set(config.delivery.gateways.map((one) => one.id));
    const need = (known: Set<string>, value: string, path: (string | number)[], what: string): void => {
      if (!known.has(value))
        context.addIssue({ code: 'custom', path, message: `no ${what} is called "${value}"` });
    };
    config.people.forEach((one, index) => {
      need(organisations, one.org, ['people', index, 'org'], 'organisation');
      one.contacts.forEach((way, at) => {
        if (way.method === 'webhook')
          need(gateways, way.gateway, ['people', index, 'contacts', at, 'gateway'], 'gateway');
      });
    });
    for (const [tier, ids] of Object.entries(config.tiers)) {
      ids.forEach((one, index) => {
        need(people, one, ['tiers', tier, index], 'person');
      });
    }
    for (const [tier, turn] of Object.entries(config.rotations)) {
      [...turn.people, ...(turn.holidays ?? [])].forEach((one) => {
        need(people, one, ['rotations', tier, 'people'], 'person');
      });
    }
    config.overrides.forEach((one, index) => {
      need(people, one.person, ['overrides', index, 'person'], 'person');
    });
    for (const [post, ids] of Object.entries(config.posts)) {
      ids.forEach((one, index) => {
        need(people, one, ['posts', post, index], 'person');
      });
    }
    config.systems.forEach((one, index) => {
      need(organisations, one.org, ['systems', index, 'org'], 'organisation');
      for (const [role, named] of Object.entries(one.approvers)) {
        for (const who of named ? [named.holder, ...named.deputies] : []) {
          need(people, who, ['systems', index, 'approvers', role], 'person');
        }
      }
    });
  });
export type Config = z.infer<typeof configSchema>;
