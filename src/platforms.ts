import type { ChatPlatform } from './chat/port.ts';
import type { Settings } from './config.ts';
import type { SlackConfig } from './roster/schema.ts';
import type { Store } from './store/port.ts';

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

/** The configured chat platforms. An SDK is loaded only when it is configured. */
export async function openPlatforms(
  { config }: Settings,
  store: Store,
  environment: NodeJS.ProcessEnv,
  log: (what: string, detail: Readonly<Record<string, unknown>>) => void,
): Promise<readonly ChatPlatform[]> {
  if (!config.chat.slack) return [];
  const secrets = slackSecrets(config.chat.slack, environment);
  if (!secrets.ok)
    throw new Error(
      `chat.slack: 环境变量 ${secrets.missing} 为空，见 docs/slack.md / the environment variable ${secrets.missing} is empty, see docs/slack.md`,
    );
  const { slackPlatform } = await import('./chat/slack/platform.ts');
  const { HISTORY_LIMITS } = await import('./chat/slack/history.ts');
  const host = config.organisations.find((one) => one.side === 'vendor') ?? config.organisations[0];
  const slack = slackPlatform({
    door: secrets.door,
    botToken: secrets.botToken,
    people: config.people,
    language: config.desk.language,
    rooms: config.chat.slack.rooms,
    publicUrl: config.desk.publicUrl ?? null,
    org: host?.id ?? 'slack',
    now: Date.now,
    log,
    remember: (key, value) => store.putNote(`slack:${key}`, value),
    recall: (key) => store.getNote(`slack:${key}`),
    isRoom: async (place) => (await store.openIncidentAt(place)) !== null,
    openRooms: async () => openRoomsOf(store, 'slack'),
    teams: config.chat.slack.teams,
    ...(config.chat.slack.apiUrl === undefined ? {} : { apiUrl: config.chat.slack.apiUrl }),
    history: config.chat.slack.history === 'off' ? null : HISTORY_LIMITS[config.chat.slack.history],
  });
  return [slack];
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
