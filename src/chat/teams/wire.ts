import { ConfidentialClientApplication } from '@azure/msal-node';
import { ActivityTypes, CloudAdapter, type InvokeResponse } from 'botbuilder';
import {
  type AuthenticateRequestResult,
  AuthenticationConfiguration,
  AuthenticationConstants,
  AuthenticationError,
  BotFrameworkAuthenticationFactory,
  ConnectorClient,
  ServiceClientCredentialsFactory,
} from 'botframework-connector';
import { z } from 'zod';
import { wireErrorOf } from './wire-error.ts';

/**
 * All of botbuilder, behind plain data: who called, what is answered, what is sent. Its successor
 * (@microsoft/agents-hosting) has to fit in here and in wire-error.ts, and nowhere else.
 */
export interface Wire {
  /** Checks the token of a request: signature, issuer, audience, time, service address. */
  verify(authorization: string, activity: Verifiable): Promise<Verified>;
  /** Runs `work` as the turn of a verified activity; what it returns is the body of the HTTP answer. */
  turn(
    verified: Extract<Verified, { ok: true }>,
    activity: Record<string, unknown>,
    work: () => Promise<Answer>,
  ): Promise<Answer>;
  send(at: Address, activity: Outgoing): Promise<string>;
  update(at: Address, activityId: string, activity: Outgoing): Promise<void>;
  /** A member by Teams' own id or by the id in Microsoft Entra. */
  member(at: Address, user: string): Promise<Member>;
  /** The personal chat with somebody; made when there is none. */
  personal(serviceUrl: string, tenant: string, user: string): Promise<string>;
  /** A new thread of a channel, begun by `activity`; its conversation id carries the thread. */
  thread(serviceUrl: string, tenant: string, channel: string, activity: Outgoing): Promise<string>;
  /** A token for the service, as every send needs one. Throws what sends would throw. */
  token(): Promise<string | null>;
}

export interface Verifiable {
  readonly type: string;
  readonly channelId: string;
  readonly serviceUrl: string;
}

export type Verified =
  | { readonly ok: true; readonly ticket: AuthenticateRequestResult }
  /** `status` 503: the keys could not be fetched, so that Teams tries again. */
  | { readonly ok: false; readonly status: 401 | 503; readonly why: string };

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Address {
  readonly serviceUrl: string;
  readonly conversation: string;
}

export interface Outgoing {
  readonly type: 'message';
  /** What a notification and a screen reader say. */
  readonly summary?: string;
  readonly text?: string;
  readonly textFormat?: 'plain';
  readonly attachments?: readonly (
    | { readonly contentType: string; readonly content: unknown }
    | { readonly contentType: string; readonly contentUrl: string; readonly name: string }
  )[];
}

export interface Member {
  readonly id: string;
  readonly name: string | null;
  readonly entra: string | null;
}

export interface WireOptions {
  /** Null: no tokens at all, for the playground on this machine. */
  readonly app: {
    readonly id: string;
    readonly password: string;
    /** The tenant of a single-tenant app; null for a multi-tenant one. */
    readonly tenant: string | null;
  } | null;
  /** Other addresses of the token and key servers. */
  readonly endpoints?: Endpoints | undefined;
}

export interface Endpoints {
  readonly login: string;
  /** Certificate of the login server, PEM. */
  readonly ca: string;
  readonly openIdMetadata: string;
}

const SCOPE = AuthenticationConstants.ToChannelFromBotOAuthScope;
const LOGIN = AuthenticationConstants.ToChannelFromBotLoginUrl;
export const OPEN_ID_METADATA = AuthenticationConstants.ToBotFromChannelOpenIdMetadataUrl;
const TIMEOUT = { timeout: 10_000 };

class Adapter extends CloudAdapter {
  async run(
    ticket: AuthenticateRequestResult,
    activity: SdkActivity,
    work: () => Promise<Answer>,
  ): Promise<InvokeResponse | undefined> {
    return this.processActivity(ticket, activity, async (context) => {
      const { status, body } = await work();
      await context.sendActivity({ type: ActivityTypes.InvokeResponse, value: { status, body } });
    });
  }
}

export function createWire(options: WireOptions): Wire {
  const { app, endpoints } = options;
  const token = tokens(options);
  const factory = new Credentials(app?.id ?? null, token);
  const authentication = BotFrameworkAuthenticationFactory.create(
    '',
    true,
    LOGIN,
    SCOPE,
    AuthenticationConstants.ToBotFromChannelTokenIssuer,
    AuthenticationConstants.OAuthUrl,
    endpoints?.openIdMetadata ?? OPEN_ID_METADATA,
    AuthenticationConstants.ToBotFromEmulatorOpenIdMetadataUrl,
    'urn:botframework:azure',
    factory,
    new AuthenticationConfiguration(),
  );
  const adapter = new Adapter(authentication);
  const connectors = new Map<string, Promise<ConnectorClient>>();

  async function connect(serviceUrl: string): Promise<ConnectorClient> {
    const client = new ConnectorClient(await factory.createCredentials(), { baseUri: serviceUrl });
    // The outbox does the waiting and trying again; the SDK would do so unseen, and offers no switch for it.
    // biome-ignore lint/complexity/useLiteralKeys: the pipeline is private to the SDK's class
    client['client'].pipeline.removePolicy({ phase: 'Retry' });
    return client;
  }

  async function call<T>(serviceUrl: string, work: (client: ConnectorClient) => Promise<T>): Promise<T> {
    const known = connectors.get(serviceUrl) ?? connect(serviceUrl);
    connectors.set(serviceUrl, known);
    try {
      return await work(await known);
    } catch (error) {
      throw wireErrorOf(error);
    }
  }

  return {
    async verify(authorization, activity) {
      // Another issuer's token (a skill's, the emulator's) would be checked by rules made for other callers.
      if (app && issuerOf(authorization) !== AuthenticationConstants.ToBotFromChannelTokenIssuer)
        return { ok: false, status: 401, why: 'the token is missing or of another issuer' };
      if (app && !expires(authorization)) return { ok: false, status: 401, why: 'the token never expires' };
      try {
        const ticket = await authentication.authenticateRequest(sdkActivity.parse(activity), authorization);
        return { ok: true, ticket };
      } catch (error) {
        if (unreachable(error)) return { ok: false, status: 503, why: 'the signing keys are not reachable' };
        return { ok: false, status: 401, why: error instanceof Error ? error.message : 'refused' };
      }
    },
    async turn({ ticket }, activity, work) {
      let answer: Answer = { status: 200, body: undefined };
      // The SDK's type of an activity is what the request has been checked to be.
      const response = await adapter.run(ticket, sdkActivity.parse(activity), async () => {
        answer = await work();
        return answer;
      });
      return response ? { status: response.status, body: response.body } : answer;
    },
    send: async (at, activity) =>
      call(at.serviceUrl, async (client) => {
        const sent = await client.conversations.sendToConversation(
          at.conversation,
          sdkActivity.parse(activity),
          TIMEOUT,
        );
        return sent.id ?? '';
      }),
    update: async (at, activityId, activity) =>
      call(at.serviceUrl, async (client) => {
        const body = { ...sdkActivity.parse(activity), id: activityId };
        await client.conversations.updateActivity(at.conversation, activityId, body, TIMEOUT);
      }),
    member: async (at, user) =>
      call(at.serviceUrl, async (client) => {
        const found = await client.conversations.getConversationMember(at.conversation, user, TIMEOUT);
        const read = memberShape.parse(found);
        return { id: read.id, name: read.name ?? null, entra: read.aadObjectId ?? read.objectId ?? null };
      }),
    personal: async (serviceUrl, tenant, user) =>
      call(serviceUrl, async (client) => {
        const made = await client.conversations.createConversation(
          {
            isGroup: false,
            bot: { id: `28:${app?.id ?? ''}`, name: '' },
            members: [{ id: user, name: '' }],
            tenantId: tenant,
            channelData: { tenant: { id: tenant } },
          },
          TIMEOUT,
        );
        return made.id;
      }),
    thread: async (serviceUrl, tenant, channel, activity) =>
      call(serviceUrl, async (client) => {
        const made = await client.conversations.createConversation(
          {
            isGroup: true,
            bot: { id: `28:${app?.id ?? ''}`, name: '' },
            tenantId: tenant,
            channelData: { channel: { id: channel }, tenant: { id: tenant } },
            activity: sdkActivity.parse(activity),
          },
          TIMEOUT,
        );
        return made.id;
      }),
    token,
  };
}

/** The app's own credentials, for every call alike; without an app nothing is signed. */
class Credentials extends ServiceClientCredentialsFactory {
  readonly #app: string | null;
  readonly #token: () => Promise<string | null>;
  constructor(app: string | null, token: () => Promise<string | null>) {
    super();
    this.#app = app;
    this.#token = token;
  }
  async isValidAppId(id: string): Promise<boolean> {
    return id === this.#app;
  }
  async isAuthenticationDisabled(): Promise<boolean> {
    return this.#app === null;
  }
  async createCredentials(): ReturnType<ServiceClientCredentialsFactory['createCredentials']> {
    return {
      signRequest: async (request) => {
        const token = await this.#token();
        if (token !== null) request.headers.set('Authorization', `Bearer ${token}`);
        return request;
      },
    };
  }
}

/** Tokens by MSAL, which keeps one until it is about to run out. */
function tokens(options: WireOptions): () => Promise<string | null> {
  if (!options.app) return async () => null;
  const client = clientOf(options.app, options.endpoints);
  return async () => {
    try {
      const result = await client.acquireTokenByClientCredential({ scopes: [`${SCOPE}/.default`] });
      return result?.accessToken ?? null;
    } catch (error) {
      throw wireErrorOf(error);
    }
  };
}

function clientOf(
  app: NonNullable<WireOptions['app']>,
  endpoints: Endpoints | undefined,
): ConfidentialClientApplication {
  const tenant = app.tenant ?? AuthenticationConstants.DefaultChannelAuthTenant;
  const login = endpoints?.login ?? AuthenticationConstants.ToChannelFromBotLoginUrlPrefix.replace(/\/$/, '');
  return new ConfidentialClientApplication({
    auth: {
      clientId: app.id,
      clientSecret: app.password,
      authority: `${login}/${tenant}`,
      ...(endpoints ? { knownAuthorities: [new URL(endpoints.login).host] } : {}),
    },
    ...(endpoints ? { system: { customAgentOptions: { ca: endpoints.ca } } } : {}),
  });
}

type SdkActivity = Parameters<CloudAdapter['processActivityDirect']>[1];
/** The SDK's own type asks for more than it reads; what it reads has been checked. */
const sdkActivity = z.custom<SdkActivity>(
  (value) => z.looseObject({ type: z.string() }).safeParse(value).success,
);
const memberShape = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  aadObjectId: z.string().nullish(),
  objectId: z.string().nullish(),
});

function claims(authorization: string): { readonly iss?: unknown; readonly exp?: unknown } {
  const payload = authorization.split('.', 3)[1] ?? '';
  try {
    const read = z.looseObject({}).safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    return read.success ? read.data : {};
  } catch {
    return {};
  }
}
const issuerOf = (authorization: string): unknown => claims(authorization).iss;
const expires = (authorization: string): boolean => typeof claims(authorization).exp === 'number';

function unreachable(error: unknown): boolean {
  if (error instanceof AuthenticationError) return error.statusCode >= 500;
  return error instanceof Error && error.name === 'FetchError';
}
