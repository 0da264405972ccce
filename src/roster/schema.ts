import { z } from 'zod';
import { SEVERITIES } from '../incident/plan.ts';
import { SIDES } from '../incident/visibility.ts';

const id = z.string().regex(/^[\w.-]+$/, 'use letters, digits, ".", "_" and "-" only');

const contact = z.discriminatedUnion('method', [
  /** A mention in the incident's room. */
  z.strictObject({ method: z.literal('room') }),
  z.strictObject({ method: z.literal('email'), address: z.email() }),
  /** An SMS or voice gateway of `delivery.gateways`; `address` fills its `{{address}}`. */
  z.strictObject({ method: z.literal('webhook'), gateway: id, address: z.string() }),
  /** A direct message on a chat platform, by the person's user id there; `urgent` makes it ring where that exists. */
  z.strictObject({
    method: z.literal('chat'),
    platform: id,
    address: z.string(),
    urgent: z.enum(['app', 'sms', 'phone']).optional(),
  }),
]);
export type Contact = z.infer<typeof contact>;

/** What the record and the metrics call a way to reach somebody. */
export function routeOf(contact: Contact): string {
  switch (contact.method) {
    case 'webhook':
      return contact.gateway;
    case 'chat':
      return contact.platform;
    case 'email':
    case 'room':
      return contact.method;
    default: {
      const unknown: never = contact;
      throw new Error(`unknown contact ${JSON.stringify(unknown)}`);
    }
  }
}

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

/** What of a customer's logs other companies do not read; secrets never cross, whatever stands here. */
const masking = z.strictObject({
  addresses: z.boolean().default(true),
  hosts: z.boolean().default(true),
  accounts: z.boolean().default(true),
});
export type Masking = z.infer<typeof masking>;

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

const variable = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'the name of an environment variable, like SLACK_BOT_TOKEN');

/** Where something stands in an answer, as `Response.SendStatusSet.0.Code`; of several the first that is there. */
const paths = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((one): readonly string[] => (typeof one === 'string' ? [one] : one));

/** How a cloud wants its requests signed; the keys are named, never written here. */
const signing = z.discriminatedUnion('scheme', [
  z.strictObject({
    scheme: z.literal('aliyun'),
    action: z.string(),
    version: z.string(),
    keyIdEnv: variable,
    keySecretEnv: variable,
  }),
  z.strictObject({
    scheme: z.literal('tencent'),
    action: z.string(),
    version: z.string(),
    service: z.string(),
    region: z.string().optional(),
    keyIdEnv: variable,
    keySecretEnv: variable,
  }),
  z.strictObject({
    scheme: z.enum(['huawei-sms', 'huawei-voice']),
    keyIdEnv: variable,
    keySecretEnv: variable,
  }),
]);
export type Signing = z.infer<typeof signing>;

/** What a gateway says later of a message it took: `POST /reports/<gateway>/<token>`. */
const reports = z.strictObject({
  /** Whoever knows the token may report; it stands in the address that the gateway is given. */
  tokenEnv: variable,
  /** The message's own id: what was sent as `{{page}}`, or what the answer called it. */
  id: paths,
  status: paths,
  detail: paths.optional(),
  /** Values of the status: it lies on the phone, somebody took the call or read it, it never got there. */
  delivered: z.array(z.string()).default([]),
  seen: z.array(z.string()).default([]),
  failed: z.array(z.string()).default([]),
  /** What the gateway wants to hear, so that it does not report again. */
  answer: z.string().default('{"code":0,"msg":"ok"}'),
});

export const gatewaySchema = z.strictObject({
  id,
  url: z.url(),
  method: z.enum(['POST', 'GET', 'PUT']).default('POST'),
  /** `{{env.NAME}}` takes a secret from the environment, here as well as in the address and the body. */
  headers: z.record(z.string(), z.string()).default({}),
  /** Added to the address; a value that is JSON itself gets its parts JSON-escaped. */
  query: z.record(z.string(), z.string()).default({}),
  /** Sent as a form in the place of `body`. */
  form: z.record(z.string(), z.string()).optional(),
  /**
   * `{{address}}`, `{{text}}`, `{{code}}`, `{{page}}`, `{{system}}`, `{{level}}`, `{{title}}` and `{{until}}` are
   * filled in, JSON-escaped when the type is JSON; `{{title:20}}` takes the first twenty characters.
   */
  body: z.string().default(''),
  /** Most clouds answer HTTP 200 and put the error inside: where to look, and which values mean that it was taken. */
  success: z.strictObject({ path: paths, is: z.array(z.string()).min(1).optional() }).optional(),
  /** Where the answer names the message. */
  messageId: paths.optional(),
  failure: z
    .strictObject({
      code: paths,
      detail: paths.optional(),
      /** Codes that no repetition mends: the next way is taken, and none is left when all are such. */
      permanent: z.array(z.string()).default([]),
    })
    .optional(),
  sign: signing.optional(),
  /** Asked by `warroom doctor` in the place of `url`: an address that answers 2xx while the gateway is well. */
  probe: z.url().optional(),
  /** Also for notes that are no page, such as the hand-over; never for a gateway that rings. */
  notices: z.boolean().default(false),
  reports: reports.optional(),
});
export type Gateway = z.infer<typeof gatewaySchema>;

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

/** Two people take each other's turns for a time. */
export const swapSchema = z.strictObject({
  tier: z.number().int().min(1),
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  people: z.tuple([id, id]),
  reason: z.string().min(1),
});

/** Local hours in which somebody may be called for a post; `to` before `from` goes over midnight. */
const hours = z.strictObject({
  from: timeOfDay,
  to: timeOfDay,
  /** 调休 workdays are workdays. */
  days: z.enum(['all', 'workdays', 'holidays']).default('all'),
});
export type Hours = z.infer<typeof hours>;

/** Whom an organisation names for a post of the joint war room (plan L252). */
const namedPost = z.strictObject({
  holder: id,
  deputies: z.array(id).default([]),
  /** Outside them the deputies are called, or the ladder where there are none. */
  hours: z.array(hours).default([]),
});
export type NamedPost = z.infer<typeof namedPost>;

/** An organisation's own escalation: who is called when its contacts do not answer, or its people ask for it. */
const ladderLevel = z.strictObject({
  title: z.string().min(1).optional(),
  people: z.array(id).min(1),
  /** After the post was asked for, while nobody answered. */
  minutes: z.number().positive(),
});

const override = z.strictObject({
  tier: z.number().int().min(1),
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  person: id,
  reason: z.string().min(1),
});

/** Tokens are named, never written here: the file itself holds no secret. */
const slack = z.strictObject({
  mode: z.enum(['socket', 'http']).default('socket'),
  botTokenEnv: variable.default('SLACK_BOT_TOKEN'),
  /** Socket Mode only. */
  appTokenEnv: variable.default('SLACK_APP_TOKEN'),
  /** HTTP only. */
  signingSecretEnv: variable.default('SLACK_SIGNING_SECRET'),
  /** Another address of the Web API, for example https://slack-gov.com/api/. */
  apiUrl: z.url().optional(),
  /** A channel of its own for each incident, open to the workspace or by invitation; or no new channel. */
  rooms: z.enum(['public', 'private', 'here']).default('public'),
  /** Connected workspaces: their Slack team id, and the organisation they stand for (Slack Connect). */
  teams: z.record(z.string().regex(/^[TE][A-Z0-9]+$/, 'a team id like T0123ABCD'), id).default({}),
  /** How fast missed messages are read back: an app built for this workspace alone may be `internal`. */
  history: z.enum(['limited', 'internal', 'off']).default('limited'),
});
export type SlackConfig = z.infer<typeof slack>;

/** Like `slack`: the secret is named, never written here. */
const teams = z.strictObject({
  /** `azure`: through an Azure Bot, with signed requests. `playground`: Microsoft's test client on this machine. */
  mode: z.enum(['azure', 'playground']).default('azure'),
  appIdEnv: variable.default('TEAMS_APP_ID'),
  appPasswordEnv: variable.default('TEAMS_APP_PASSWORD'),
  /** The tenant of a single-tenant app. */
  tenantEnv: variable.default('TEAMS_TENANT_ID'),
  /** `multi` for an app that several tenants install; then no tenant is asked for, and each is let in. */
  tenancy: z.enum(['single', 'multi']).default('single'),
  /** A thread of its own for each incident that is opened in a channel; or the conversation it was opened in. */
  rooms: z.enum(['thread', 'here']).default('thread'),
  /** `everything` once the owners of the teams have agreed to resource-specific consent at the installation. */
  hears: z.enum(['everything', 'addressed']).default('addressed'),
});
export type TeamsConfig = z.infer<typeof teams>;

/** Like `slack`: secrets are named, never written here. */
const dingtalk = z.strictObject({
  clientIdEnv: variable.default('DINGTALK_CLIENT_ID'),
  clientSecretEnv: variable.default('DINGTALK_CLIENT_SECRET'),
  /** The robot's code where it is not the client id. */
  robotCode: z.string().min(1).optional(),
  /** Ids of the card templates, for cards that change in place, buttons and forms. */
  cards: z.strictObject({ card: z.string().min(1), form: z.string().min(1) }).optional(),
  /** Signed custom robots that speak in their group when the app's own robot may not. */
  robots: z
    .array(z.strictObject({ conversation: z.string().min(1), tokenEnv: variable, secretEnv: variable }))
    .default([]),
  /** Other addresses of the server-side interfaces, where DingTalk is operated apart. */
  apiUrl: z.url().optional(),
  oapiUrl: z.url().optional(),
});
export type DingTalkConfig = z.infer<typeof dingtalk>;

/** Like `slack`: the secrets are named, never written here. */
const feishu = z.strictObject({
  /** `socket`: the long connection, without a public address. `http`: event subscriptions to a public address. */
  mode: z.enum(['socket', 'http']).default('socket'),
  /** `feishu` in China, `lark` elsewhere, or the address of an installation of one's own. */
  domain: z.union([z.enum(['feishu', 'lark']), z.url()]).default('feishu'),
  appIdEnv: variable.default('FEISHU_APP_ID'),
  appSecretEnv: variable.default('FEISHU_APP_SECRET'),
  /** HTTP only. */
  encryptKeyEnv: variable.default('FEISHU_ENCRYPT_KEY'),
  /** HTTP only. */
  verificationTokenEnv: variable.default('FEISHU_VERIFICATION_TOKEN'),
  /** A group of its own for each incident, by invitation or open to be found; or no new group. */
  rooms: z.enum(['private', 'public', 'here']).default('private'),
  /** What becomes of that group at the end: kept under another name, or dissolved. */
  archive: z.enum(['rename', 'dissolve']).default('rename'),
  /** `everything` once the permission im:message.group_msg was granted. */
  hears: z.enum(['everything', 'addressed']).default('addressed'),
});
export type FeishuConfig = z.infer<typeof feishu>;

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Log-in with an account of one's own company; the secret is named, never written here. */
const oidc = z.strictObject({
  /** As the provider names itself; its description lies under `/.well-known/openid-configuration`. */
  issuer: z
    .url()
    .refine(
      (one) => new URL(one).protocol === 'https:' || LOOPBACK.test(new URL(one).hostname),
      'use https: (plain http is for a provider on this machine)',
    ),
  clientIdEnv: variable.default('WARROOM_OIDC_CLIENT_ID'),
  clientSecretEnv: variable.default('WARROOM_OIDC_CLIENT_SECRET'),
  /** What tells who it is: compared with `accounts.oidc`, and for `email` with the e-mail contacts too. */
  claim: z.string().min(1).default('email'),
  scope: z.string().min(1).default('openid email profile'),
  /** A log-in lasts this long. */
  sessionHours: z.number().positive().max(336).default(12),
  /** Whom to ask when an account belongs to nobody on the roster, in words: a name and how to reach them. */
  ask: z.string().min(1).optional(),
});
export type OidcConfig = z.infer<typeof oidc>;

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
          side: z.enum(SIDES),
          masking: masking.optional(),
          posts: z.record(id, namedPost).default({}),
          ladder: z.array(ladderLevel).default([]),
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
    /** Two people who have swapped their turns; an override of the same time comes first. */
    swaps: z.array(swapSchema).default([]),
    /** Holders of posts, in calling order; see `posts` of the plan. */
    posts: z.record(id, z.array(id)).default({}),
    systems: z.array(system).default([]),
    /** Chat platforms beside the web room; only what is named here is loaded. */
    chat: z
      .strictObject({
        /** Name of an incident's own room; `{code}` and `{system}` are filled in. */
        roomName: z.string().min(1).max(60).default('{code}-{system}'),
        slack: slack.optional(),
        teams: teams.optional(),
        dingtalk: dingtalk.optional(),

        feishu: feishu.optional(),
      })
      .prefault({}),
    web: z.strictObject({ oidc: oidc.optional() }).prefault({}),
    delivery: z
      .strictObject({
        smtp: smtp.optional(),
        gateways: z.array(gatewaySchema).default([]),
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
    // The provider sends people back to an address that was registered with it; no request may choose it.
    if (config.web.oidc && config.desk.publicUrl === undefined)
      context.addIssue({
        code: 'custom',
        path: ['web', 'oidc'],
        message: 'set desk.publicUrl too: the provider sends people back to it',
      });
    config.people.forEach((one, index) => {
      need(organisations, one.org, ['people', index, 'org'], 'organisation');
      one.contacts.forEach((way, at) => {
        if (way.method === 'webhook')
          need(gateways, way.gateway, ['people', index, 'contacts', at, 'gateway'], 'gateway');
        // A page that was to ring and only lies there would be noticed too late.
        if (way.method === 'chat' && way.urgent !== undefined && way.platform !== 'feishu')
          context.addIssue({
            code: 'custom',
            path: ['people', index, 'contacts', at, 'urgent'],
            message: 'urgent messages are known to feishu only',
          });
      });
    });
    const own = (org: string, value: string, path: (string | number)[]): void => {
      need(people, value, path, 'person');
      const found = config.people.find((one) => one.id === value);
      if (found && found.org !== org)
        context.addIssue({ code: 'custom', path, message: `"${value}" is of ${found.org}, not of ${org}` });
    };
    config.organisations.forEach((org, index) => {
      for (const [post, named] of Object.entries(org.posts)) {
        own(org.id, named.holder, ['organisations', index, 'posts', post, 'holder']);
        named.deputies.forEach((one, at) => {
          own(org.id, one, ['organisations', index, 'posts', post, 'deputies', at]);
        });
      }
      org.ladder.forEach((level, step) => {
        level.people.forEach((one, at) => {
          own(org.id, one, ['organisations', index, 'ladder', step, 'people', at]);
        });
        const before = org.ladder[step - 1];
        if (before && before.minutes >= level.minutes)
          context.addIssue({
            code: 'custom',
            path: ['organisations', index, 'ladder', step, 'minutes'],
            message: 'each level is called later than the one below it',
          });
      });
    });
    for (const [team, org] of Object.entries(config.chat.slack?.teams ?? {}))
      need(organisations, org, ['chat', 'slack', 'teams', team], 'organisation');
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
    config.swaps.forEach((one, index) => {
      for (const who of one.people) need(people, who, ['swaps', index, 'people'], 'person');
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
