import { createSign, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT } from '../../src/config.ts';
import {
  actionsOf,
  cardAlone,
  cardIn,
  formOf,
  type KitAction,
  type KitCard,
  type KitPicture,
  messageActivity,
  pictureIn,
} from './kit.ts';

export const TENANT = '11111111-2222-3333-4444-555555555555';
export const SECRET = 'standin-client-secret';
const ISSUER = 'https://api.botframework.com';
const PEM = readFileSync(join(PROJECT, 'test/teams/login-standin.pem'), 'utf8');

type Scope = 'personal' | 'groupChat' | 'channel';

interface Conversation {
  readonly id: string;
  readonly scope: Scope;
  /** Whether the owner consented to the bot hearing all (…/conversations/channel-messages-with-rsc). */
  readonly consented: boolean;
  hasBot: boolean;
}

interface User {
  readonly id: string;
  readonly entra: string;
  readonly name: string;
  readonly locale: string;
}

export interface Posted {
  readonly conversation: string;
  readonly id: string;
  readonly text: string;
  readonly summary: string;
  card: KitCard | null;
  readonly picture: KitPicture | null;
  updates: number;
  /** What single users see instead: the answers to their own presses and refreshes. */
  readonly views: Map<string, KitCard>;
}

export interface Spoken {
  readonly conversation: string;
  readonly id: string;
  readonly user: string;
  readonly text: string;
}

type Activity = Record<string, unknown>;
export type Send = () => Promise<{ readonly status: number; readonly body: unknown }>;

interface Trouble {
  readonly call: string;
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: number | null;
  after: number;
}

/**
 * Teams as far as the real SDK sees it: the token endpoint of Microsoft Entra (over TLS), the Bot Framework's signing
 * keys, and the connector's REST API. Each behaviour names the page or the SDK's type it is taken from; a call it does
 * not know is an error that the test sees. It delivers only what the real service would.
 */
export async function startStandin() {
  const app = randomUUID();
  const bot = `28:${app}`;
  const conversations = new Map<string, Conversation>();
  const users = new Map<string, User>();
  const posted: Posted[] = [];
  const spoken: Spoken[] = [];
  const files = new Map<string, Uint8Array>();
  const calls: { readonly call: string; readonly body: unknown }[] = [];
  const unsupported: string[] = [];
  /** Those the bot began, in order. */
  const threads: string[] = [];
  const troubles: Trouble[] = [];
  const toasts: { readonly user: string; readonly text: string }[] = [];
  const dialogs = new Map<string, { readonly card: KitCard; readonly conversation: string }>();
  const keys = new Map<string, { readonly key: KeyObject; readonly jwk: Record<string, unknown> }>();
  let tokens = 0;
  let clock = 1_764_000_000_000;
  let target = '';
  let held: Send[] | null = null;
  let secret = SECRET;

  const addKey = (kid: string, endorsements = ['msteams', 'directline']): void => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', endorsements };
    keys.set(kid, { key: privateKey, jwk });
  };
  addKey('key-1');

  const http = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      unsupported.push(String(error));
      response.writeHead(500).end();
    });
  });
  const login = createTlsServer({ cert: PEM, key: PEM }, (request, response) => {
    answerLogin(request, response).catch((error: unknown) => {
      unsupported.push(String(error));
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => login.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const loginOrigin = `https://127.0.0.1:${(login.address() as AddressInfo).port}`;
  const serviceUrl = `${origin}/teams/`;

  /** learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow. */
  async function answerLogin(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = new URLSearchParams(await bodyOf(request));
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const json = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    if (path === `/${TENANT}/v2.0/.well-known/openid-configuration`)
      return json(200, {
        token_endpoint: `${loginOrigin}/${TENANT}/oauth2/v2.0/token`,
        authorization_endpoint: `${loginOrigin}/${TENANT}/oauth2/v2.0/authorize`,
        end_session_endpoint: `${loginOrigin}/${TENANT}/oauth2/v2.0/logout`,
        issuer: `${loginOrigin}/${TENANT}/v2.0`,
        jwks_uri: `${loginOrigin}/${TENANT}/discovery/v2.0/keys`,
      });
    if (path !== `/${TENANT}/oauth2/v2.0/token`) {
      unsupported.push(`login ${path}`);
      return json(404, {});
    }
    calls.push({ call: 'token', body: Object.fromEntries(body) });
    if (body.get('client_secret') !== secret || body.get('client_id') !== app)
      return json(401, {
        error: 'invalid_client',
        error_description: 'AADSTS7000215: Invalid client secret provided.',
        error_codes: [7000215],
      });
    if (body.get('scope')?.split(' ')[0] !== `${ISSUER}/.default`)
      return json(400, { error: 'invalid_scope' });
    tokens += 1;
    return json(200, { token_type: 'Bearer', expires_in: 3600, access_token: `standin-access-${tokens}` });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const json = (status: number, value: unknown, headers: Record<string, string> = {}): void => {
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(value));
    };
    // …/bot-framework-rest-connector-authentication, "Authenticate requests from the Bot Connector service".
    if (path === '/keys/openidconfiguration')
      return json(200, { issuer: ISSUER, jwks_uri: `${origin}/keys/jwks` });
    if (path === '/keys/jwks') return json(200, { keys: [...keys.values()].map((one) => one.jwk) });
    if (path.startsWith('/files/')) {
      const bytes = files.get(path.slice('/files/'.length));
      if (!bytes) return json(404, {});
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(Buffer.from(bytes));
      return;
    }
    const inline = /^\/teams\/v3\/attachments\/([^/]+)\/views\/original$/.exec(path)?.[1];
    if (inline !== undefined) {
      // …/how-to/agents-inline-images: the address of a picture wants the bot's token.
      const bytes = files.get(inline);
      if (!/^Bearer standin-access-\d+$/.test(request.headers.authorization ?? '') || !bytes)
        return json(bytes ? 401 : 404, {});
      response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from(bytes));
      return;
    }
    const text = await bodyOf(request);
    const body: unknown = text === '' ? null : JSON.parse(text);
    const route = routeOf(request.method ?? '', path.replace('/teams/', ''));
    if (!route) {
      unsupported.push(`${request.method} ${path}`);
      return json(501, { error: { code: 'NotImplemented' } });
    }
    calls.push({ call: route.call, body });
    const token = request.headers.authorization ?? '';
    if (!/^Bearer standin-access-\d+$/.test(token))
      return json(401, { error: { code: 'Unauthorized', message: 'no token' } });
    const at = troubles.findIndex((one) => one.call === route.call && one.after === 0);
    for (const one of troubles) if (one.call === route.call && one.after > 0) one.after -= 1;
    const [trouble] = at === -1 ? [] : troubles.splice(at, 1);
    if (trouble) {
      const wait: Record<string, string> =
        trouble.retryAfter === null ? {} : { 'retry-after': String(trouble.retryAfter) };
      return json(trouble.status, trouble.body, wait);
    }
    const done = route.run(body);
    return json(done.status, done.body);
  }

  /** The operations of ConnectorClient.conversations (botframework-connector, operations/conversations). */
  function routeOf(method: string, path: string) {
    const part = path.split('/').map(decodeURIComponent);
    const [, , conversation = '', what, id = ''] = part;
    if (method === 'POST' && path === 'v3/conversations') return { call: 'create', run: create };
    if (method === 'POST' && what === 'activities' && id === '')
      return { call: 'send', run: (body: unknown) => send(conversation, body) };
    if (method === 'PUT' && what === 'activities')
      return { call: 'update', run: (body: unknown) => update(conversation, id, body) };
    if (method === 'GET' && what === 'members' && id !== '')
      return { call: 'member', run: () => member(conversation, id) };
    return null;
  }

  const refused = (status: number, code: string) => ({ status, body: { error: { code, message: code } } });

  function place(id: string): Conversation | ReturnType<typeof refused> {
    const found = conversations.get(id.split(';messageid=', 1)[0] ?? id);
    if (!found) return refused(404, 'ConversationNotFound');
    return found.hasBot ? found : refused(403, 'BotNotInConversationRoster');
  }

  function send(conversation: string, body: unknown) {
    const at = place(conversation);
    if ('status' in at) return at;
    const read = messageActivity.safeParse(body);
    if (!read.success) {
      unsupported.push(`send: ${read.error.message}`);
      return refused(400, 'BadSyntax');
    }
    const id = nextId();
    const { text = '', summary = '', attachments } = read.data;
    const picture = pictureIn(attachments);
    // …/how-to/format-your-bot-messages: a message has about 28 KB with its card, its pictures apart.
    if (!picture && Buffer.byteLength(JSON.stringify(body)) > 28 * 1024)
      return refused(413, 'MessageSizeTooBig');
    const card = cardIn(attachments);
    posted.push({ conversation, id, text, summary, card, picture, updates: 0, views: new Map() });
    refreshFor(conversation, id);
    return { status: 201, body: { id } };
  }

  function update(conversation: string, id: string, body: unknown) {
    const at = place(conversation);
    if ('status' in at) return at;
    const before = posted.find((one) => one.conversation === conversation && one.id === id);
    // …/bots/how-to/update-and-delete-bot-messages; a message that is gone is not found.
    if (!before) return refused(404, 'ActivityNotFoundInConversation');
    const read = messageActivity.safeParse(body);
    if (!read.success) {
      unsupported.push(`update: ${read.error.message}`);
      return refused(400, 'BadSyntax');
    }
    if (Buffer.byteLength(JSON.stringify(body)) > 28 * 1024) return refused(413, 'MessageSizeTooBig');
    before.card = cardIn(read.data.attachments);
    before.updates += 1;
    // An update is shown to everybody, over what single users saw.
    before.views.clear();
    refreshFor(conversation, id);
    return { status: 200, body: { id } };
  }

  /** …/how-to/get-teams-context: a member by Teams' id or by the id in Microsoft Entra. */
  function member(conversation: string, id: string) {
    const at = place(conversation);
    if ('status' in at) return at;
    const user = [...users.values()].find((one) => one.id === id || one.entra === id);
    if (!user) return refused(404, 'MemberNotFoundInConversation');
    return { status: 200, body: { id: user.id, name: user.name, aadObjectId: user.entra, tenantId: TENANT } };
  }

  /** …/conversations/send-proactive-messages: a personal chat, where the app is installed for the person. */
  function create(body: unknown) {
    const thread = z
      .object({
        isGroup: z.literal(true),
        tenantId: z.string(),
        channelData: z.object({ channel: z.object({ id: z.string() }) }),
        activity: messageActivity,
      })
      .safeParse(body);
    if (thread.success) {
      const channel = thread.data.channelData.channel.id;
      const at = place(channel);
      if ('status' in at) return at;
      if (at.scope !== 'channel') return refused(400, 'BadArgument');
      // …/send-proactive-messages: a new thread of a channel; its id carries the root post.
      const id = nextId();
      const conversation = `${channel};messageid=${id}`;
      const { summary = '', attachments } = thread.data.activity;
      const card = cardIn(attachments);
      posted.push({ conversation, id, text: '', summary, card, picture: null, updates: 0, views: new Map() });
      threads.push(conversation);
      return { status: 201, body: { id: conversation, activityId: id } };
    }
    const read = z
      .object({
        isGroup: z.literal(false),
        tenantId: z.string(),
        members: z.array(z.object({ id: z.string() })),
      })
      .safeParse(body);
    if (!read.success) {
      unsupported.push(`create: ${JSON.stringify(body)}`);
      return refused(400, 'BadArgument');
    }
    const wanted = read.data.members[0]?.id;
    const user = [...users.values()].find((one) => one.id === wanted || one.entra === wanted);
    if (!user) return refused(403, 'BotNotInConversationRoster');
    const id = `a:${user.id}`;
    if (!conversations.has(id))
      conversations.set(id, { id, scope: 'personal', consented: true, hasBot: true });
    return { status: 201, body: { id } };
  }

  function nextId(): string {
    clock += 1000;
    return String(clock);
  }

  function sign(
    claims: Record<string, unknown>,
    header: Record<string, unknown> = {},
    kid = 'key-1',
  ): string {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const head = part({ alg: 'RS256', typ: 'JWT', kid, ...header });
    const body = part(claims);
    const key = keys.get(kid)?.key ?? keys.get('key-1')?.key;
    if (!key) throw new Error('no key');
    const signature = createSign('RSA-SHA256').update(`${head}.${body}`).sign(key).toString('base64url');
    return `${head}.${body}.${signature}`;
  }

  /** …/bot-framework-rest-connector-authentication: what a genuine token says. */
  function claims(more: Record<string, unknown> = {}): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    return { iss: ISSUER, aud: app, nbf: now - 300, exp: now + 3600, serviceurl: serviceUrl, ...more };
  }

  async function request(
    body: string,
    token: string | null = sign(claims()),
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(target, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, body: json && text !== '' ? JSON.parse(text) : text };
  }

  async function deliver(activity: Activity): Promise<{ status: number; body: unknown }> {
    const send: Send = () => request(JSON.stringify(activity));
    if (held) {
      held.push(send);
      return { status: 0, body: null };
    }
    const answer = await send();
    if (answer.status !== 200)
      throw new Error(`stand-in: HTTP ${answer.status} ${JSON.stringify(answer.body)} for ${activity.type}`);
    return answer;
  }

  function userNamed(id: string): User {
    const user = users.get(id);
    if (!user) throw new Error(`stand-in: no user ${id}`);
    return user;
  }

  function activity(type: string, user: string, conversation: string, more: Activity): Activity {
    const base = conversation.split(';messageid=', 1)[0] ?? conversation;
    const known = conversations.get(base);
    if (!known) throw new Error(`stand-in: no conversation ${base}`);
    const { id, entra, name, locale } = userNamed(user);
    clock += 1000;
    return {
      type,
      timestamp: new Date(clock).toISOString(),
      channelId: 'msteams',
      serviceUrl,
      from: { id, name, aadObjectId: entra },
      recipient: { id: bot, name: '战情室' },
      conversation: {
        id: conversation,
        conversationType: known.scope,
        tenantId: TENANT,
        ...(known.scope === 'personal' ? {} : { isGroup: true }),
      },
      channelData: {
        tenant: { id: TENANT },
        ...(known.scope === 'channel' ? { channel: { id: base }, team: { id: `19:team@thread.tacv2` } } : {}),
      },
      locale,
      ...more,
    };
  }

  const hears = (conversation: string): Conversation | null => {
    const found = conversations.get(conversation.split(';messageid=', 1)[0] ?? conversation);
    return found?.hasBot ? found : null;
  };

  const cardOf = (one: Posted, user: string): KitCard | null => one.views.get(user) ?? one.card;
  const visible = (user: string, conversation: string): readonly Posted[] =>
    posted.filter(
      (one) => one.conversation === conversation || one.conversation === `a:${userNamed(user).id}`,
    );

  /** …/universal-actions-for-adaptive-cards, "Refresh model": the clients of those named fetch their own view. */
  function refreshFor(conversation: string, id: string): void {
    const one = posted.find((card) => card.id === id && card.conversation === conversation);
    const refresh = one?.card?.refresh;
    if (!one || !refresh) return;
    for (const user of users.values())
      if (refresh.userIds.includes(user.id))
        refreshing.push(execute(user.id, one, refresh.action, {}, 'automatic'));
  }
  const refreshing: Promise<void>[] = [];

  async function execute(
    user: string,
    one: Posted,
    action: Extract<KitAction, { type: 'Action.Execute' }>,
    typed: Readonly<Record<string, string>>,
    trigger: 'manual' | 'automatic',
  ): Promise<void> {
    const { type, verb, data } = action;
    const answer = await deliver(
      activity('invoke', user, one.conversation, {
        name: 'adaptiveCard/action',
        id: `f:${randomUUID()}`,
        replyToId: one.id,
        value: { action: { type, verb, data: { ...data, ...typed } }, trigger },
      }),
    );
    if (answer.status === 0) return;
    const read = z
      .object({ statusCode: z.literal(200), type: z.string(), value: z.unknown() })
      .parse(answer.body);
    if (read.type === 'application/vnd.microsoft.card.adaptive')
      one.views.set(user, cardAlone.parse(read.value));
    else if (read.type === 'application/vnd.microsoft.activity.message')
      toasts.push({ user, text: z.string().parse(read.value) });
    else unsupported.push(`invoke response ${read.type}`);
  }

  /** What a dialog's invoke is answered with (…/task-modules-bots): another card, or words. */
  function dialogAnswer(user: string, conversation: string, body: unknown): void {
    const read = z
      .object({
        task: z.discriminatedUnion('type', [
          z.object({ type: z.literal('message'), value: z.string() }),
          z.object({
            type: z.literal('continue'),
            value: z.object({ title: z.string(), card: z.object({ content: z.unknown() }) }),
          }),
        ]),
      })
      .parse(body);
    const { task } = read;
    dialogs.delete(user);
    if (task.type === 'message') toasts.push({ user, text: task.value });
    else {
      const card = cardAlone.parse(task.value.card.content);
      dialogs.set(user, { card, conversation });
    }
  }

  return {
    app,
    bot,
    serviceUrl,
    endpoints: { login: loginOrigin, ca: PEM, openIdMetadata: `${origin}/keys/openidconfiguration` },
    fileHost: new URL(origin).host,
    conversations,
    posted,
    spoken,
    toasts,
    calls,
    unsupported,
    threads,
    addKey,
    sign,
    claims,
    request,
    activity,
    changeSecret: (now: string) => {
      secret = now;
    },
    deliverTo: (url: string) => {
      target = url;
    },
    target: () => target,
    user: (entra: string, name: string, more: { locale?: string } = {}): string => {
      const id = `29:${entra}`;
      users.set(id, { id, entra, name, locale: more.locale ?? 'zh-CN' });
      return id;
    },
    conversation: (id: string, scope: Scope, more: { consented?: boolean; hasBot?: boolean } = {}) =>
      conversations.set(id, { id, scope, consented: more.consented ?? false, hasBot: more.hasBot ?? true }),
    trouble: (
      call: string,
      status: number,
      code: string,
      more: { retryAfter?: number; after?: number } = {},
    ) =>
      troubles.push({
        call,
        status,
        body: { error: { code, message: code } },
        retryAfter: more.retryAfter ?? null,
        after: more.after ?? 0,
      }),
    hold: () => {
      held = [];
    },
    letGo: (): readonly Send[] => {
      const sends = held ?? [];
      held = null;
      return sends;
    },

    /** …/channel-and-group-conversations: only what mentions the bot, unless the owner consented to more. */
    async says(
      user: string,
      conversation: string,
      text: string,
      more: {
        mention?: boolean;
        html?: string;
        files?: readonly { name: string; bytes: Uint8Array }[];
        /** Pasted into the text. */
        pictures?: readonly Uint8Array[];
        /** Which message it answers; told by an entity, or by a block of the html as older clients do. */
        quote?: { readonly id: string; readonly how: 'entity' | 'html' };
        from?: Activity;
      } = {},
    ): Promise<Spoken> {
      const id = nextId();
      const said = { conversation, id, user, text };
      spoken.push(said);
      const at = hears(conversation);
      if (!at || (at.scope !== 'personal' && !at.consented && !more.mention)) return said;
      const mention = more.mention
        ? [{ type: 'mention', mentioned: { id: bot, name: '战情室' }, text: '<at>战情室</at>' }]
        : [];
      const placed = more.quote?.how === 'entity' ? `<quoted messageId="${more.quote.id}"/> ${text}` : text;
      const written = more.mention ? `<at>战情室</at> ${placed}` : placed;
      // QuotedReplyData of the Teams SDK.
      const quoted =
        more.quote?.how === 'entity'
          ? [
              {
                type: 'quotedReply',
                quotedReply: { messageId: more.quote.id, preview: '…', time: more.quote.id },
              },
            ]
          : [];
      const [, root] = conversation.split(';messageid=', 2);
      const images = (more.pictures ?? []).map((bytes) => {
        const key = randomUUID();
        files.set(key, bytes);
        return { contentType: 'image/*', contentUrl: `${serviceUrl}v3/attachments/${key}/views/original` };
      });
      const attached = (more.files ?? []).map((file) => {
        const key = randomUUID();
        files.set(key, file.bytes);
        // …/bots-filesv4: files reach a bot in personal chats only; elsewhere the html names them.
        return at.scope === 'personal'
          ? {
              contentType: 'application/vnd.microsoft.teams.file.download.info',
              contentUrl: `https://contoso.sharepoint.com/${file.name}`,
              name: file.name,
              content: { downloadUrl: `${origin}/files/${key}`, uniqueId: key, fileType: 'txt' },
            }
          : { contentType: 'text/html', content: `<p>x</p><attachment id="${key}"></attachment>` };
      });
      // learn.microsoft.com/graph/api/chats-getallmessages, the example of a reply.
      const block =
        more.quote?.how === 'html'
          ? `<blockquote itemscope="" itemtype="http://schema.skype.com/Reply" itemid="${more.quote.id}"><strong itemprop="mri" itemid="8:orgid:x">甲</strong><span itemprop="time" itemid="${more.quote.id}"></span><p itemprop="preview">被引用的话</p></blockquote><p>${text}</p>`
          : more.html;
      const html = block === undefined ? [] : [{ contentType: 'text/html', content: block }];
      await deliver(
        activity('message', user, conversation, {
          id,
          text: written,
          textFormat: 'plain',
          entities: [...mention, ...quoted, { type: 'clientInfo', locale: 'zh-CN', platform: 'Windows' }],
          attachments: [...images, ...html, ...attached],
          // Every message of a thread names its root.
          ...(root === undefined || root === id ? {} : { replyToId: root }),
          ...(more.from ? { from: more.from } : {}),
        }),
      );
      return said;
    },
    /** …/build-conversational-capability, "Receive edit message activity". */
    async edits(said: Spoken, text: string): Promise<void> {
      const channelData = { eventType: 'editMessage', tenant: { id: TENANT } };
      await deliver(
        activity('messageUpdate', said.user, said.conversation, { id: said.id, text, channelData }),
      );
    },
    /** …, "Get soft delete message activity". */
    async deletes(said: Spoken): Promise<void> {
      const channelData = { eventType: 'softDeleteMessage', tenant: { id: TENANT } };
      await deliver(activity('messageDelete', said.user, said.conversation, { id: said.id, channelData }));
    },
    /** …/subscribe-to-conversation-events, "Message reaction events". */
    async reacts(user: string, conversation: string, id: string, type: string): Promise<void> {
      await deliver(
        activity('messageReaction', user, conversation, {
          id: `f:${randomUUID()}`,
          replyToId: id,
          reactionsAdded: [{ type }],
        }),
      );
    },
    /** …/build-conversational-capability, "Receive a read receipt": all up to this message was read. */
    async reads(user: string, last: string): Promise<void> {
      const name = 'application/vnd.microsoft.readReceipt';
      const value = { lastReadMessageId: last };
      await deliver(activity('event', user, `a:${user}`, { id: `f:${randomUUID()}`, name, value }));
    },
    /** …, "Installation update event". */
    async installs(user: string, conversation: string, action: 'add' | 'remove'): Promise<void> {
      await deliver(activity('installationUpdate', user, conversation, { id: `f:${randomUUID()}`, action }));
    },
    /** …/messaging-extensions/how-to/action-commands: a command of the message's menu. */
    async menu(user: string, command: string, said: Spoken): Promise<void> {
      const author = userNamed(said.user);
      const answer = await deliver(
        activity('invoke', user, said.conversation, {
          name: 'composeExtension/fetchTask',
          id: `f:${randomUUID()}`,
          value: {
            commandId: command,
            commandContext: 'message',
            messagePayload: {
              id: said.id,
              createdDateTime: new Date(Number(said.id)).toISOString(),
              from: { user: { id: author.entra, displayName: author.name } },
              body: { contentType: 'html', content: `<p>${said.text}</p>` },
            },
          },
        }),
      );
      if (answer.status !== 0) dialogAnswer(user, said.conversation, answer.body);
    },
    /** Presses the newest button of that label that the user can see. */
    async press(user: string, conversation: string, label: string): Promise<void> {
      const found = [...visible(user, conversation)]
        .reverse()
        .flatMap((one) => actionsOf(cardOf(one, user)).map((action) => ({ one, action })))
        .find(({ action }) => action.title === label);
      if (!found) throw new Error(`stand-in: ${user} sees no button "${label}"`);
      const { one, action } = found;
      if (action.type === 'Action.Execute') return execute(user, one, action, {}, 'manual');
      if (action.type !== 'Action.Submit' || action.data.msteams?.type !== 'task/fetch')
        throw new Error(`stand-in: ${label} is no button of a card`);
      const answer = await deliver(
        activity('invoke', user, conversation, {
          name: 'task/fetch',
          id: `f:${randomUUID()}`,
          value: { data: { ...action.data, type: 'task/fetch' }, context: { theme: 'default' } },
        }),
      );
      if (answer.status !== 0) dialogAnswer(user, conversation, answer.body);
    },
    /** The form before the user: a dialog, or a card with fields in the conversation. */
    form(user: string, conversation: string): readonly string[] {
      const dialog = dialogs.get(user);
      if (dialog) return formOf(dialog.card).map((one) => one.id);
      const card = visible(user, conversation)
        .map((one) => formOf(cardOf(one, user)))
        .findLast((fields) => fields.length > 0);
      return (card ?? []).map((one) => one.id);
    },
    async submit(user: string, conversation: string, typed: Readonly<Record<string, string>>): Promise<void> {
      const dialog = dialogs.get(user);
      const inline = visible(user, conversation).findLast((one) => formOf(cardOf(one, user)).length > 0);
      const card = dialog?.card ?? (inline ? cardOf(inline, user) : null);
      if (!card) throw new Error(`stand-in: ${user} has no form open`);
      const fields: Record<string, string> = {};
      for (const field of formOf(card)) {
        const value = typed[field.id] ?? field.value ?? '';
        // The client sends no form whose required fields are empty.
        if (value === '' && field.isRequired) throw new Error(`stand-in: the field ${field.id} is required`);
        fields[field.id] = value;
      }
      const unknown = Object.keys(typed).filter((name) => !(name in fields));
      if (unknown.length > 0) throw new Error(`stand-in: the form has no field ${unknown.join(', ')}`);
      const action = actionsOf(card).find((one) => one.type !== 'Action.ToggleVisibility');
      if (!action) throw new Error('stand-in: the form has no button');
      if (action.type === 'Action.Execute' && inline) return execute(user, inline, action, fields, 'manual');
      if (action.type !== 'Action.Submit') throw new Error('stand-in: a dialog submits by Action.Submit');
      const answer = await deliver(
        activity('invoke', user, conversation, {
          name: 'task/submit',
          id: `f:${randomUUID()}`,
          value: { data: { ...action.data, ...fields }, context: { theme: 'default' } },
        }),
      );
      if (answer.status !== 0) dialogAnswer(user, conversation, answer.body);
    },
    cardOf,
    visible,
    settleRefresh: async (): Promise<void> => {
      await Promise.all(refreshing);
    },
    async close(): Promise<void> {
      for (const server of [http, login]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}
export type Standin = Awaited<ReturnType<typeof startStandin>>;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}
