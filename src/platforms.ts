import { commandNamed, nearest } from '../commands/index.ts';
import type { DingTalkOptions } from './chat/dingtalk/platform.ts';
import type { FeishuOptions } from './chat/feishu/platform.ts';
import type { ChatPlatform } from './chat/port.ts';
import type { TeamsOptions } from './chat/teams/platform.ts';
import type { Settings } from './config.ts';
import type { DingTalkConfig, FeishuConfig, SlackConfig, TeamsConfig } from './roster/schema.ts';
import type { Store } from './store/port.ts';
import { personalLogin } from './web/session.ts';

type Door =
  | { readonly mode: 'socket'; readonly appToken: string }
  | { readonly mode: 'http'; readonly signingSecret: string };

type Secrets =
  | { readonly ok: true; readonly botToken: string; readonly door: Door }
  | { readonly ok: false; readonly missing: string };

/** The tokens that the configuration names, from the environment; or the first variable that is empty. */
export function slackSecrets(config: SlackConfig, environment: NodeJS.ProcessEnv): Secrets {
  const socket = config.mode === 'socket';
  const second = socket ? config.appTokenEnv : config.signingSecretEnv;
  const botToken = environment[config.botTokenEnv];
  const secret = environment[second];
  if (!botToken) return { ok: false, missing: config.botTokenEnv };
  if (!secret) return { ok: false, missing: second };
  return {
    ok: true,
    botToken,
    door: socket ? { mode: 'socket', appToken: secret } : { mode: 'http', signingSecret: secret },
  };
}

type TeamsApp =
  | { readonly ok: true; readonly app: TeamsOptions['app'] }
  | { readonly ok: false; readonly missing: string };

/** The app that the configuration names, from the environment; null for the playground, which knows no secrets. */
export function teamsApp(config: TeamsConfig, environment: NodeJS.ProcessEnv): TeamsApp {
  if (config.mode === 'playground') return { ok: true, app: null };
  const id = environment[config.appIdEnv];
  const password = environment[config.appPasswordEnv];
  const tenant = config.tenancy === 'multi' ? null : (environment[config.tenantEnv] ?? '');
  if (!id) return { ok: false, missing: config.appIdEnv };
  if (!password) return { ok: false, missing: config.appPasswordEnv };
  if (tenant === '') return { ok: false, missing: config.tenantEnv };
  return { ok: true, app: { id, password, tenant } };
}

type DingTalkSecrets =
  | ({ readonly ok: true } & Pick<DingTalkOptions, 'clientId' | 'clientSecret' | 'robots'>)
  | { readonly ok: false; readonly missing: string };

/** The app and the signed robots that the configuration names, from the environment. */
export function dingtalkSecrets(config: DingTalkConfig, environment: NodeJS.ProcessEnv): DingTalkSecrets {
  const clientId = environment[config.clientIdEnv];
  const clientSecret = environment[config.clientSecretEnv];
  if (!clientId) return { ok: false, missing: config.clientIdEnv };
  if (!clientSecret) return { ok: false, missing: config.clientSecretEnv };
  const robots = new Map<string, { readonly token: string; readonly secret: string }>();
  for (const one of config.robots) {
    const token = environment[one.tokenEnv];
    const secret = environment[one.secretEnv];
    if (!token) return { ok: false, missing: one.tokenEnv };
    if (!secret) return { ok: false, missing: one.secretEnv };
    robots.set(one.conversation, { token, secret });
  }
  return { ok: true, clientId, clientSecret, robots };
}

type FeishuSecrets =
  | { readonly ok: true; readonly app: FeishuOptions['app']; readonly door: FeishuOptions['door'] }
  | { readonly ok: false; readonly missing: string };

/** The app that the configuration names, from the environment; or the first variable that is empty. */
export function feishuSecrets(config: FeishuConfig, environment: NodeJS.ProcessEnv): FeishuSecrets {
  const appId = environment[config.appIdEnv];
  const appSecret = environment[config.appSecretEnv];
  if (!appId) return { ok: false, missing: config.appIdEnv };
  if (!appSecret) return { ok: false, missing: config.appSecretEnv };
  const app = { appId, appSecret, domain: config.domain };
  if (config.mode === 'socket') return { ok: true, app, door: { mode: 'socket' } };
  const encryptKey = environment[config.encryptKeyEnv];
  const verificationToken = environment[config.verificationTokenEnv];
  if (!encryptKey) return { ok: false, missing: config.encryptKeyEnv };
  if (!verificationToken) return { ok: false, missing: config.verificationTokenEnv };
  return { ok: true, app, door: { mode: 'http', encryptKey, verificationToken } };
}

type Log = (what: string, detail: Readonly<Record<string, unknown>>) => void;

/** The configured chat platforms. An SDK is loaded only when it is configured. */
export async function openPlatforms(
  settings: Settings,
  store: Store,
  environment: NodeJS.ProcessEnv,
  log: Log,
): Promise<readonly ChatPlatform[]> {
  const { slack, teams, dingtalk, feishu } = settings.config.chat;
  const opened: ChatPlatform[] = [];
  if (slack) opened.push(await openSlack(slack, settings, store, environment, log));
  if (teams) opened.push(await openTeams(teams, settings, store, environment, log));
  if (dingtalk) opened.push(await openDingTalk(dingtalk, settings, store, environment, log));
  if (feishu) opened.push(await openFeishu(feishu, settings, store, environment, log));
  return opened;
}

async function openSlack(
  slack: SlackConfig,
  { config }: Settings,
  store: Store,
  environment: NodeJS.ProcessEnv,
  log: Log,
): Promise<ChatPlatform> {
  const secrets = slackSecrets(slack, environment);
  if (!secrets.ok) throw empty('slack', secrets.missing);
  const { slackPlatform } = await import('./chat/slack/platform.ts');
  const { HISTORY_LIMITS } = await import('./chat/slack/history.ts');
  return slackPlatform({
    door: secrets.door,
    botToken: secrets.botToken,
    people: config.people,
    language: config.desk.language,
    rooms: slack.rooms,
    publicUrl: config.desk.publicUrl ?? null,
    org: hostOf(config) ?? 'slack',
    now: Date.now,
    log,
    remember: (key, value) => store.putNote(`slack:${key}`, value),
    recall: (key) => store.getNote(`slack:${key}`),
    isRoom: async (place) => (await store.openIncidentAt(place)) !== null,
    openRooms: async () => openRoomsOf(store, 'slack'),
    teams: slack.teams,
    ...(slack.apiUrl === undefined ? {} : { apiUrl: slack.apiUrl }),
    history: slack.history === 'off' ? null : HISTORY_LIMITS[slack.history],
  });
}

async function openTeams(
  teams: TeamsConfig,
  { config }: Settings,
  store: Store,
  environment: NodeJS.ProcessEnv,
  log: Log,
): Promise<ChatPlatform> {
  const secrets = teamsApp(teams, environment);
  if (!secrets.ok) throw empty('teams', secrets.missing);
  const { teamsPlatform } = await import('./chat/teams/platform.ts');
  return teamsPlatform({
    app: secrets.app,
    hears: teams.hears,
    rooms: teams.rooms,
    people: config.people,
    language: config.desk.language,
    publicUrl: config.desk.publicUrl ?? null,
    org: hostOf(config) ?? 'teams',
    now: Date.now,
    log,
    isCommand: (word) => commandNamed(word) !== null,
    resembles: (word) => nearest(word).length > 0,
    remember: (key, value) => store.putNote(`teams:${key}`, value),
    recall: (key) => store.getNote(`teams:${key}`),
    isRoom: async (place) => (await store.openIncidentAt(place)) !== null,
  });
}

async function openDingTalk(
  dingtalk: DingTalkConfig,
  { config }: Settings,
  store: Store,
  environment: NodeJS.ProcessEnv,
  log: Log,
): Promise<ChatPlatform> {
  const secrets = dingtalkSecrets(dingtalk, environment);
  if (!secrets.ok) throw empty('dingtalk', secrets.missing);
  const { dingtalkPlatform } = await import('./chat/dingtalk/platform.ts');
  return dingtalkPlatform({
    clientId: secrets.clientId,
    clientSecret: secrets.clientSecret,
    robots: secrets.robots,
    robot: dingtalk.robotCode ?? secrets.clientId,
    templates: dingtalk.cards ?? null,
    apiUrl: dingtalk.apiUrl,
    oapiUrl: dingtalk.oapiUrl,
    people: config.people,
    language: config.desk.language,
    publicUrl: config.desk.publicUrl ?? null,
    signIn: signInto(store, config.desk.publicUrl),
    org: hostOf(config) ?? 'dingtalk',
    now: Date.now,
    log,
    isCommand: (word) => commandNamed(word) !== null,
    resembles: (word) => nearest(word).length > 0,
    remember: (key, value) => store.putNote(`dingtalk:${key}`, value),
    recall: (key) => store.getNote(`dingtalk:${key}`),
    isRoom: async (place) => (await store.openIncidentAt(place)) !== null,
    claim: store.listen ? (key) => store.claimInbound(`dingtalk:lease:${key}`, Date.now()) : null,
  });
}

async function openFeishu(
  feishu: FeishuConfig,
  { config }: Settings,
  store: Store,
  environment: NodeJS.ProcessEnv,
  log: Log,
): Promise<ChatPlatform> {
  const secrets = feishuSecrets(feishu, environment);
  if (!secrets.ok) throw empty('feishu', secrets.missing);
  const { feishuPlatform } = await import('./chat/feishu/platform.ts');
  return feishuPlatform({
    app: secrets.app,
    door: secrets.door,
    hears: feishu.hears,
    rooms: feishu.rooms,
    archive: feishu.archive,
    people: config.people,
    language: config.desk.language,
    publicUrl: config.desk.publicUrl ?? null,
    personalLink: signInto(store, config.desk.publicUrl),
    org: hostOf(config) ?? 'feishu',
    now: Date.now,
    log,
    isCommand: (word) => commandNamed(word) !== null,
    remember: (key, value) => store.putNote(`feishu:${key}`, value),
    recall: (key) => store.getNote(`feishu:${key}`),
    isRoom: async (place) => (await store.openIncidentAt(place)) !== null,
  });
}

/** Links of the web room that let one person in, once. */
function signInto(
  store: Store,
  base: string | undefined,
): ((person: string, path: string) => Promise<string>) | null {
  if (base === undefined) return null;
  const notes = {
    now: Date.now,
    // Where the web room keeps its own.
    putNote: (key: string, value: string | null) => store.putNote(`web:${key}`, value),
  };
  return (person, path) => personalLogin(notes, base, { person, path });
}

function empty(platform: string, variable: string): Error {
  return new Error(
    `chat.${platform}: 环境变量 ${variable} 为空，见 docs/${platform}.zh-CN.md / the environment variable ${variable} is empty, see docs/${platform}.md`,
  );
}

/** Whose room a chat of this installation is. */
function hostOf(config: Settings['config']): string | undefined {
  return (config.organisations.find((one) => one.side === 'vendor') ?? config.organisations[0])?.id;
}

/** The conversations of a platform in which incidents live now, each since its report. */
async function openRoomsOf(
  store: Store,
  platform: string,
): Promise<readonly { readonly channel: string; readonly since: number }[]> {
  const open = await store.incidents({ openOnly: true });
  return open.flatMap((incident) =>
    incident.places
      .filter((place) => place.platform === platform)
      .map((place) => ({ channel: place.conversation, since: incident.moments.reported?.at ?? 0 })),
  );
}
