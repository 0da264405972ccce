import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import { GATEWAY_URL, TOPIC_CARD, TOPIC_ROBOT } from 'dingtalk-stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import {
  batchMessage,
  type CardForm,
  cardButtons,
  cardForm,
  createAndDeliver,
  groupMessage,
  hookMessage,
  paramOf,
  updateCard,
} from './kit.ts';

export const SECRET = 'standin-client-secret';
export const HOOK_TOKEN = 'standin-hook-token';
export const HOOK_SECRET = 'SECstandin-hook-secret';
export const TEMPLATES = { card: 'card.schema', form: 'form.schema' };

/** A message that stands in a conversation, or in the single chat with one person. */
export interface Posted {
  readonly order: number;
  readonly conversation: string | null;
  readonly user: string | null;
  readonly by: 'robot' | 'session' | 'signed';
  readonly text: string;
  /** Those whose phones ring: named in the text and in the list. */
  readonly alerts: readonly string[];
  readonly file: { readonly name: string; readonly bytes: Buffer } | null;
  /** How a quote names it: what the send was answered with; null where that named nothing. */
  readonly key: string | null;
}

export interface Card {
  readonly order: number;
  readonly track: string;
  readonly template: string;
  readonly conversation: string | null;
  readonly user: string | null;
  readonly only: readonly string[] | null;
  readonly alerts: readonly string[];
  params: Readonly<Record<string, string>>;
  readonly own: Map<string, Readonly<Record<string, string>>>;
  /** How a quote names it. */
  readonly carrier: string;
  updates: number;
}

/** What somebody quotes: a message of a person, or one of the robot's by what its send was answered with. */
export type Quote = { readonly person: string } | { readonly robot: string };

/** …/receive-message: observed of `text.repliedMsg`, whose content is left out here. */
const repliedTo = (quote: Quote) => ({
  msgType: 'person' in quote ? 'text' : 'interactiveCard',
  msgId: 'person' in quote ? quote.person : `msg${randomUUID()}`,
  senderId: 'person' in quote ? '$:LWCP_v1:$somebody' : '$:LWCP_v1:$bot',
  createdAt: 1_764_000_000_000,
});
const named = (quote: Quote) =>
  'person' in quote ? { originalMsgId: quote.person } : { originalProcessQueryKey: quote.robot };

interface Connection {
  readonly socket: WebSocket;
  readonly topics: readonly string[];
  /** DingTalk said that it closes it: nothing more is sent on it, and answers are still taken. */
  leaving: boolean;
  /** Half open: nothing passes either way. */
  deaf: boolean;
}

interface Framed {
  readonly messageId: string;
  readonly topic: string;
  readonly data: string;
}

class Refused extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(String(body.code ?? body.errcode));
    this.status = status;
    this.body = body;
  }
}

const opening = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  subscriptions: z.array(z.object({ type: z.string(), topic: z.string() })),
});
const ack = z.object({
  code: z.literal(200),
  headers: z.object({ messageId: z.string() }),
  data: z.string(),
});
const answer = z.object({
  response: z.looseObject({
    userPrivateData: z.object({ cardParamMap: z.record(z.string(), z.string()) }).optional(),
  }),
});

/**
 * DingTalk, as far as the real SDK and the server-side interface see it: gateway, stream, OpenAPI, older interface,
 * session webhook and signed robot on one local port. Each behaviour names the page or the SDK's type it is taken from;
 * a call it does not know is an error that the test sees. A group's robot is told of what addresses it and of nothing
 * else.
 */
export async function startStandin(options: { readonly now?: () => number } = {}) {
  const now = options.now ?? Date.now;
  const client = `ding${randomUUID().slice(0, 12)}`;
  const token = `standin-token-${randomUUID()}`;
  const groups = new Set<string>();
  const users = new Map<string, string>();
  const messages: Posted[] = [];
  const cards = new Map<string, Card>();
  const files = new Map<string, { readonly name: string; readonly bytes: Uint8Array }>();
  const uploads = new Map<
    string,
    { readonly name: string; readonly bytes: Buffer; readonly type: 'image' | 'file' }
  >();
  const sessions = new Map<string, { readonly conversation: string; readonly until: number }>();
  const hooks = new Map<string, string>([[HOOK_TOKEN, '']]);
  const calls: { readonly path: string; readonly at: number }[] = [];
  const unsupported: string[] = [];
  const connections = new Set<Connection>();
  const tickets = new Map<string, readonly string[]>();
  const waiting = new Map<string, (data: unknown) => void>();
  /** Sent and not acknowledged: DingTalk sends them again within a minute. */
  const unacked = new Map<string, Framed>();
  /** Messages that came while nobody was connected are told to nobody. */
  const lost: Framed[] = [];
  const troubles: { readonly path: string; readonly refused: Refused }[] = [];
  const quota = { on: false, sent: [] as number[], blockedUntil: 0 };
  let held: Framed[] | null = null;
  let order = 0;
  let opened = 0;
  let closedGateway = false;

  const next = (): number => {
    order += 1;
    return order;
  };

  /**
   * open.dingtalk.com/document/orgapp/custom-robot-access: twenty messages a minute, each robot; past them nothing is
   * taken for ten minutes.
   */
  function counted(shape: 'api' | 'hook'): void {
    if (!quota.on) return;
    const at = now();
    const recent = quota.sent.filter((one) => one > at - 60_000);
    quota.sent.splice(0, quota.sent.length, ...recent);
    if (recent.length >= 20 && at >= quota.blockedUntil) quota.blockedUntil = at + 10 * 60_000;
    const message = 'send too fast, exceed 20 times per minute';
    if (at < quota.blockedUntil)
      throw shape === 'hook'
        ? new Refused(200, { errcode: 130101, errmsg: message })
        : new Refused(400, { code: '130101', message });
    quota.sent.push(at);
  }

  const parsed = <T>(shape: z.ZodType<T>, body: unknown): T => {
    const read = shape.safeParse(body);
    if (!read.success) throw new Refused(400, { code: 'param.error', message: read.error.message });
    return read.data;
  };
  const robot = (code: string): void => {
    if (code !== client) throw new Refused(400, { code: 'robotNotExist', message: 'robot 不存在' });
  };
  const group = (id: string): string => {
    if (!groups.has(id)) throw new Refused(400, { code: 'resource.not.found', message: 'group not found' });
    return id;
  };

  function speak(
    to: { conversation: string | null; user: string | null },
    key: 'sampleMarkdown' | 'sampleFile' | 'sampleImageMsg',
    param: string,
  ): string {
    const read = paramOf(key, param);
    if (!read) throw new Refused(400, { code: 'invalidParameter.msgParam', message: 'msgParam' });
    const media = 'mediaId' in read ? read.mediaId : 'photoURL' in read ? read.photoURL : null;
    const file = media === null ? undefined : uploads.get(media);
    const wanted = 'photoURL' in read ? 'image' : 'file';
    if (media !== null && file?.type !== wanted)
      throw new Refused(400, { code: 'invalidParameter.mediaId', message: 'mediaId' });
    const processQueryKey = randomUUID();
    counted('api');
    const text = 'text' in read ? read.text : '';
    // A robot's own messages alert nobody in a group (types-of-messages-sent-by-robots has no list for it).
    messages.push({
      order: next(),
      ...to,
      by: 'robot',
      text,
      alerts: to.user === null ? [] : [to.user],
      file: file ?? null,
      key: processQueryKey,
    });
    return processQueryKey;
  }

  /** One page of the interface each; answers as in its "Response example". */
  const api: Readonly<Record<string, (body: unknown) => unknown>> = {
    'POST /v1.0/robot/groupMessages/send': (body) => {
      const said = parsed(groupMessage, body);
      robot(said.robotCode);
      const to = { conversation: group(said.openConversationId), user: null };
      return { processQueryKey: speak(to, said.msgKey, said.msgParam) };
    },
    'POST /v1.0/robot/oToMessages/batchSend': (body) => {
      const said = parsed(batchMessage, body);
      robot(said.robotCode);
      const known = said.userIds.filter((one) => users.has(one));
      const keys = known.map((user) => speak({ conversation: null, user }, said.msgKey, said.msgParam));
      // …/chatbots-send-one-on-one-chat-messages-in-batches: success, and the lists say who got nothing.
      return {
        processQueryKey: keys[0] ?? randomUUID(),
        invalidStaffIdList: said.userIds.filter((one) => !users.has(one)),
        flowControlledStaffIdList: [],
      };
    },
    'POST /v1.0/card/instances/createAndDeliver': (body) => {
      const made = parsed(createAndDeliver, body);
      if (!Object.values(TEMPLATES).includes(made.cardTemplateId))
        throw new Refused(400, { code: 'param.templateNotExist', message: 'template' });
      if (cards.has(made.outTrackId))
        throw new Refused(400, { code: 'param.outTrackIdDuplicate', message: 'outTrackId' });
      readCard(made.cardTemplateId, made.cardData.cardParamMap);
      const [, kind = '', id = ''] = /IM_(GROUP|ROBOT)\.(.+)$/.exec(made.openSpaceId) ?? [];
      const deliver = kind === 'GROUP' ? made.imGroupOpenDeliverModel : made.imRobotOpenDeliverModel;
      if (!deliver) throw new Refused(400, { code: 'param.openDeliverModelEmpty', message: 'deliver model' });
      robot(deliver.robotCode);
      const reached = kind === 'GROUP' ? groups.has(id) : users.has(id);
      const carrierId = randomUUID();
      const result = (success: boolean) => ({
        success: true,
        result: {
          outTrackId: made.outTrackId,
          deliverResults: [
            {
              spaceType: `IM_${kind}`,
              spaceId: id,
              success,
              ...(success ? { errorMsg: '', carrierId } : { errorMsg: 'spaceId is illegal' }),
            },
          ],
        },
      });
      // …/create-and-deliver-cards: success for the card, failure for its delivery.
      if (!reached) return result(false);
      counted('api');
      const at = Object.keys(made.imGroupOpenDeliverModel?.atUserIds ?? {}).filter((one) => users.has(one));
      cards.set(made.outTrackId, {
        order: next(),
        track: made.outTrackId,
        template: made.cardTemplateId,
        conversation: kind === 'GROUP' ? id : null,
        user: kind === 'ROBOT' ? id : null,
        only: made.imGroupOpenDeliverModel?.recipients ?? null,
        alerts: kind === 'ROBOT' ? [id] : at,
        params: made.cardData.cardParamMap,
        own: new Map(),
        carrier: carrierId,
        updates: 0,
      });
      return result(true);
    },
    'PUT /v1.0/card/instances': (body) => {
      const changed = parsed(updateCard, body);
      const card = cards.get(changed.outTrackId);
      if (!card) throw new Refused(400, { code: 'param.outTrackIdNotExist', message: 'outTrackId' });
      readCard(card.template, { ...card.params, ...changed.cardData.cardParamMap });
      card.params = { ...card.params, ...changed.cardData.cardParamMap };
      card.updates += 1;
      return { success: true, result: true };
    },
    'POST /v1.0/robot/messageFiles/download': (body) => {
      const asked = parsed(z.strictObject({ downloadCode: z.string(), robotCode: z.string() }), body);
      robot(asked.robotCode);
      if (!files.has(asked.downloadCode))
        throw new Refused(400, { code: 'invalidParameter.downloadCode', message: 'downloadCode' });
      return { downloadUrl: `${base()}/file/${asked.downloadCode}` };
    },
  };

  function readCard(template: string, params: Readonly<Record<string, string>>): void {
    if (template === TEMPLATES.card) parsed(cardButtons, JSON.parse(params.buttons ?? 'null'));
    else parsed(cardForm, JSON.parse(params.form ?? 'null'));
  }

  /** open.dingtalk.com/document/orgapp/api-error-codes: the older interface says its errors inside HTTP 200. */
  const old: Readonly<Record<string, (url: URL, body: Buffer, type: string) => unknown>> = {
    '/topapi/v2/user/get': (_url, body) => {
      const { userid } = parsed(z.object({ userid: z.string() }), JSON.parse(body.toString()));
      const name = users.get(userid);
      if (name === undefined) throw new Refused(200, { errcode: 60121, errmsg: '找不到该用户' });
      return { errcode: 0, errmsg: 'ok', result: { userid, name } };
    },
    '/media/upload': (_url, body, type) => {
      const boundary = /boundary=(.+)$/.exec(type)?.[1] ?? '';
      const parts = body.toString('latin1').split(`--${boundary}`);
      const media = parts.find((one) => one.includes('name="media"')) ?? '';
      const bytes = Buffer.from(media.slice(media.indexOf('\r\n\r\n') + 4, -2), 'latin1');
      const name = Buffer.from(/filename="([^"]*)"/.exec(media)?.[1] ?? '', 'latin1').toString('utf8');
      const asked = parts.find((one) => one.includes('name="type"'))?.includes('image') ? 'image' : 'file';
      // …/upload-media-files: 20 MB, and nothing that is empty.
      if (bytes.byteLength === 0 || bytes.byteLength > 20 * 1024 * 1024)
        throw new Refused(200, { errcode: 40006, errmsg: '不合法的文件大小' });
      const id = `@media${uploads.size + 1}`;
      uploads.set(id, { name, bytes, type: asked });
      return { errcode: 0, errmsg: 'ok', media_id: id, type: asked };
    },
  };

  function byHook(by: 'session' | 'signed', conversation: string, body: Buffer): unknown {
    const said = hookMessage.safeParse(JSON.parse(body.toString()));
    if (!said.success) throw new Refused(200, { errcode: 40035, errmsg: said.error.message });
    if (by === 'signed') counted('hook');
    const { text } = said.data.markdown;
    // …/robot-message-types-and-data-format: only who stands in the text and in `at` is alerted.
    const alerts = said.data.at.atUserIds.filter((one) => users.has(one) && text.includes(`@${one}`));
    messages.push({ order: next(), conversation, user: null, by, text, alerts, file: null, key: null });
    return { errcode: 0, errmsg: 'ok' };
  }

  const tokenless: Readonly<Record<string, (url: URL, body: Buffer) => unknown>> = {
    '/v1.0/gateway/connections/open': (_url, body) => {
      const asked = parsed(opening, JSON.parse(body.toString()));
      if (asked.clientId !== client || asked.clientSecret !== SECRET)
        throw new Refused(401, { code: 'authFailed', message: '鉴权失败' });
      if (closedGateway) throw new Refused(503, { code: 'ServiceUnavailable', message: 'later' });
      opened += 1;
      const ticket = randomUUID();
      tickets.set(
        ticket,
        asked.subscriptions.flatMap((one) => (one.type === 'CALLBACK' ? [one.topic] : [])),
      );
      return { endpoint: `${base().replace('http', 'ws')}/connect`, ticket };
    },
    '/v1.0/oauth2/accessToken': (_url, body) => {
      const asked = parsed(
        z.strictObject({ appKey: z.string(), appSecret: z.string() }),
        JSON.parse(body.toString()),
      );
      if (asked.appKey !== client || asked.appSecret !== SECRET)
        throw new Refused(400, {
          code: 'invalidClientIdOrSecret',
          message: '无效的clientId或者clientSecret',
        });
      return { accessToken: token, expireIn: 7200 };
    },
    '/robot/sendBySession': (url, body) => {
      const session = sessions.get(url.searchParams.get('session') ?? '');
      // …/receive-message: the address is good until `sessionWebhookExpiredTime`.
      if (!session || session.until <= now())
        throw new Refused(200, { errcode: 300005, errmsg: 'session 已过期' });
      return byHook('session', session.conversation, body);
    },
    '/robot/send': (url, body) => {
      const conversation = hooks.get(url.searchParams.get('access_token') ?? '');
      if (conversation === undefined)
        throw new Refused(200, { errcode: 300001, errmsg: 'token is not exist' });
      const timestamp = url.searchParams.get('timestamp') ?? '';
      const signed = createHmac('sha256', HOOK_SECRET)
        .update(`${timestamp}\n${HOOK_SECRET}`)
        .digest('base64');
      // …/customize-robot-security-settings: the time may be off by an hour at most.
      if (Math.abs(Number(timestamp) - now()) > 3_600_000 || url.searchParams.get('sign') !== signed)
        throw new Refused(200, { errcode: 310000, errmsg: 'sign not match' });
      return byHook('signed', conversation, body);
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', base());
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const body = Buffer.concat(parts);
    const send = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    calls.push({ path: url.pathname, at: now() });
    if (request.method === 'HEAD') return send(200, {});
    const file = files.get(url.pathname.replace('/file/', ''));
    if (file) {
      response.end(file.bytes);
      return;
    }
    try {
      const trouble = troubles.findIndex((one) => one.path === url.pathname);
      const [due] = trouble >= 0 ? troubles.splice(trouble, 1) : [];
      if (due) throw due.refused;
      const open = tokenless[url.pathname];
      if (open) return send(200, open(url, body));
      const older = old[url.pathname];
      if (older) {
        if (url.searchParams.get('access_token') !== token)
          throw new Refused(200, { errcode: 40014, errmsg: '不合法的access_token' });
        return send(200, older(url, body, request.headers['content-type'] ?? ''));
      }
      const method = api[`${request.method} ${url.pathname}`];
      if (!method) {
        unsupported.push(`${request.method} ${url.pathname}`);
        return send(404, { code: 'InvalidAction.NotFound', message: 'no such interface' });
      }
      if (request.headers['x-acs-dingtalk-access-token'] !== token)
        throw new Refused(401, { code: 'InvalidAuthentication', message: '不合法的access_token' });
      send(200, method(JSON.parse(body.toString())));
    } catch (error) {
      if (error instanceof Refused) return send(error.status, error.body);
      unsupported.push(`${url.pathname}: ${String(error)}`);
      send(500, { code: 'system.error', message: String(error) });
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => unsupported.push(String(error)));
  });
  const sockets = new WebSocketServer({ server, path: '/connect' });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  // developerpedia/docs/learn/stream/protocol: the ticket is good for one connection.
  sockets.on('connection', (socket, request) => {
    const ticket = new URL(request.url ?? '/', base()).searchParams.get('ticket') ?? '';
    const topics = tickets.get(ticket);
    tickets.delete(ticket);
    if (!topics) {
      socket.close(1008);
      return;
    }
    const connection: Connection = { socket, topics, leaving: false, deaf: false };
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
    socket.on('message', (raw) => {
      const read = ack.safeParse(JSON.parse(String(raw)));
      if (!read.success || connection.deaf) return;
      const { messageId } = read.data.headers;
      unacked.delete(messageId);
      waiting.get(messageId)?.(JSON.parse(read.data.data));
      waiting.delete(messageId);
    });
    void system(connection, 'CONNECTED');
    void system(connection, 'REGISTERED');
  });

  function raw(connection: Connection, type: string, framed: Framed): void {
    const headers = {
      appId: 'standin',
      connectionId: 'standin',
      contentType: 'application/json',
      messageId: framed.messageId,
      time: String(now()),
      topic: framed.topic,
    };
    connection.socket.send(JSON.stringify({ specVersion: '1.0', type, headers, data: framed.data }));
  }
  function system(connection: Connection, topic: string): Promise<unknown> {
    const messageId = randomUUID();
    const done = new Promise((resolve) => waiting.set(messageId, resolve));
    raw(connection, 'SYSTEM', { messageId, topic, data: JSON.stringify({ opaque: messageId }) });
    return done;
  }

  /** Each delivery goes to one of the connections that asked for its topic. */
  function listener(topic: string): Connection | undefined {
    return [...connections].findLast((one) => one.topics.includes(topic) && one.socket.readyState === 1);
  }
  function push(framed: Framed): Promise<unknown> {
    const connection = listener(framed.topic);
    if (!connection || connection.deaf || connection.leaving) {
      lost.push(framed);
      return Promise.resolve(null);
    }
    const before = waiting.get(framed.messageId);
    const done = new Promise((resolve) => {
      waiting.set(framed.messageId, (data) => {
        before?.(data);
        resolve(data);
      });
    });
    unacked.set(framed.messageId, framed);
    raw(connection, 'CALLBACK', framed);
    return done;
  }
  async function deliver(topic: string, data: object): Promise<unknown> {
    const framed = { messageId: randomUUID(), topic, data: JSON.stringify(data) };
    if (held) {
      held.push(framed);
      return null;
    }
    return push(framed);
  }

  function sessionOf(conversation: string, goodFor: number) {
    const session = randomUUID();
    const until = now() + goodFor;
    sessions.set(session, { conversation, until });
    return {
      sessionWebhook: `${base()}/robot/sendBySession?session=${session}`,
      sessionWebhookExpiredTime: until,
    };
  }

  /** …/receive-message, "HTTP body". */
  function message(user: string, conversation: string, content: object, goodFor = 5_400_000) {
    const name = users.get(user);
    return {
      conversationId: conversation,
      conversationType: groups.has(conversation) ? '2' : '1',
      chatbotCorpId: 'dingstandin',
      chatbotUserId: '$:LWCP_v1:$bot',
      msgId: `msg${randomUUID()}`,
      senderNick: name ?? 'somebody',
      isAdmin: false,
      ...(name === undefined ? {} : { senderStaffId: user }),
      senderCorpId: 'dingstandin',
      createAt: now(),
      senderId: `$:LWCP_v1:$${user}`,
      isInAtList: groups.has(conversation),
      robotCode: client,
      ...sessionOf(conversation, goodFor),
      ...content,
    };
  }

  async function carry(card: Card, user: string, params: object): Promise<void> {
    const data = {
      type: 'actionCallback',
      outTrackId: card.track,
      userId: user,
      corpId: 'dingstandin',
      spaceId: card.conversation ?? card.user,
      spaceType: card.conversation === null ? 'IM_ROBOT' : 'IM_GROUP',
      content: JSON.stringify({ cardPrivateData: { actionIds: ['press'], params } }),
    };
    const read = answer.safeParse(await deliver(TOPIC_CARD, data));
    const own = read.success ? read.data.response.userPrivateData?.cardParamMap : undefined;
    if (own) card.own.set(user, own);
  }

  const sees = (card: Card, user: string, conversation: string): boolean =>
    card.conversation === null
      ? card.user === user
      : card.conversation === conversation && (card.only === null || card.only.includes(user));
  const shown = (user: string, conversation: string): readonly Card[] =>
    [...cards.values()].filter((card) => sees(card, user, conversation));
  const buttonsOf = (card: Card) =>
    card.template === TEMPLATES.card ? cardButtons.parse(JSON.parse(card.params.buttons ?? '[]')) : [];
  const formOf = (user: string, conversation: string): { card: Card; form: CardForm } | null => {
    const card = shown(user, conversation).findLast((one) => one.template === TEMPLATES.form);
    if (!card || card.own.get(user)?.form_status === 'disabled') return null;
    return { card, form: cardForm.parse(JSON.parse(card.params.form ?? 'null')) };
  };

  // The SDK's gateway address is a constant; its HTTP client is told another one.
  const interceptor = axios.interceptors.request.use((config) => {
    const asked: unknown = config.data;
    const own = typeof asked === 'object' && asked !== null && Reflect.get(asked, 'clientId') === client;
    if (config.url === GATEWAY_URL && own) config.url = `${base()}/v1.0/gateway/connections/open`;
    return config;
  });

  return {
    client,
    apiUrl: base(),
    fileHost: new URL(base()).host,
    messages,
    cards,
    calls,
    unsupported,
    unacked,
    lost,
    connections,
    get opened() {
      return opened;
    },
    group: (id: string) => groups.add(id),
    user: (id: string, name: string) => users.set(id, name),
    /** The group's own signed robot. */
    signedRobot: (conversation: string) => hooks.set(HOOK_TOKEN, conversation),
    quota: () => {
      quota.on = true;
    },
    trouble: (path: string, status: number, body: Readonly<Record<string, unknown>>) =>
      troubles.push({ path, refused: new Refused(status, body) }),
    gateway: (open: boolean) => {
      closedGateway = !open;
    },
    message,
    sessionOf,

    /** In a group only what mentions the robot is told to it, and without the mention. */
    async says(
      user: string,
      conversation: string,
      text: string,
      more: { readonly mention?: boolean; readonly goodFor?: number; readonly quote?: Quote } = {},
    ): Promise<string> {
      const told = `msg${randomUUID()}`;
      if (groups.has(conversation) && !more.mention) return told;
      const { quote } = more;
      const content = {
        msgtype: 'text',
        msgId: told,
        text: {
          content: groups.has(conversation) ? ` ${text}` : text,
          ...(quote ? { isReplyMsg: true, repliedMsg: repliedTo(quote) } : {}),
        },
        ...(quote ? named(quote) : {}),
      };
      await deliver(TOPIC_ROBOT, message(user, conversation, content, more.goodFor));
      return told;
    },
    /** A picture on its own, or several within a text that mentions the robot. */
    async sendsPictures(
      user: string,
      conversation: string,
      pictures: readonly Uint8Array[],
      text: string | null = null,
    ): Promise<string> {
      const told = `msg${randomUUID()}`;
      if (groups.has(conversation) && text === null) return told;
      const codes = pictures.map((bytes) => {
        const code = randomUUID();
        files.set(code, { name: 'picture', bytes });
        return { type: 'picture', downloadCode: code };
      });
      const content =
        text === null
          ? { msgtype: 'picture', content: { downloadCode: codes[0]?.downloadCode } }
          : { msgtype: 'richText', content: { richText: [{ text }, ...codes] } };
      await deliver(TOPIC_ROBOT, message(user, conversation, { msgId: told, ...content }));
      return told;
    },
    /** Files cannot mention anybody: they are told of in single chats only. */
    async sendsFile(user: string, conversation: string, name: string, bytes: Uint8Array): Promise<void> {
      if (groups.has(conversation)) return;
      const downloadCode = `code-${files.size + 1}`;
      files.set(downloadCode, { name, bytes });
      const content = {
        msgtype: 'file',
        content: { fileName: name, downloadCode, spaceId: '1', fileId: '1' },
      };
      await deliver(TOPIC_ROBOT, message(user, conversation, content));
    },
    async press(user: string, conversation: string, label: string): Promise<void> {
      for (const card of [...shown(user, conversation)].sort((a, b) => b.order - a.order)) {
        const button = buttonsOf(card).find((one) => one.text === label);
        if (button) return carry(card, user, { press: button.press });
      }
      throw new Error(`no button ${label}`);
    },
    /** A client that sends back what no button of the newest card stands for. */
    async forge(user: string, press: unknown): Promise<void> {
      const card = [...cards.values()].at(-1);
      if (card) await carry(card, user, { press });
    },
    form: (user: string, conversation: string) =>
      formOf(user, conversation)
        ?.form.fields.filter((one) => !('hidden' in one && one.hidden))
        .map((one) => one.name) ?? [],
    async submit(
      user: string,
      conversation: string,
      filled: Readonly<Record<string, string>>,
    ): Promise<void> {
      const open = formOf(user, conversation);
      if (!open) throw new Error('no form');
      const values: Record<string, unknown> = {};
      for (const field of open.form.fields) {
        const given = filled[field.name];
        if (given === undefined) {
          if (field.defaultValue !== undefined) values[field.name] = field.defaultValue;
          else if ('required' in field && field.required) throw new Error(`${field.name} is required`);
        } else if (field.type === 'SELECT') {
          const index = field.options.findIndex((one) => one.value === given);
          if (index < 0) throw new Error(`no option ${given}`);
          values[field.name] = { index, value: given };
        } else values[field.name] = given;
      }
      await carry(open.card, user, { form: values, current_form: open.form });
    },
    /** All that a person sees, oldest first: the conversation, what only they see in it, and their single chat. */
    visible(user: string, conversation: string): readonly string[] {
      const said = messages
        .filter((one) => one.conversation === conversation || one.user === user)
        .map((one) => ({ order: one.order, text: one.text }));
      const drawn = shown(user, conversation).map((card) => {
        const labels = buttonsOf(card).map((one) => `[${one.text}]`);
        const { title = '', content = '' } = card.params;
        return { order: card.order, text: [title, content, ...labels].join('\n') };
      });
      return [...said, ...drawn].sort((a, b) => a.order - b.order).map((one) => one.text);
    },

    hold: () => {
      held = [];
    },
    letGo: (): readonly (() => Promise<void>)[] => {
      const frames = held ?? [];
      held = null;
      return frames.map((framed) => async () => {
        await push(framed);
      });
    },
    /** …DWClient.socketCallBackResponse: what is not acknowledged within a minute is sent again. */
    async redeliver(): Promise<void> {
      await Promise.all([...unacked.values()].map(push));
    },
    /** A frame as it is, well-formed or not. */
    frame: (text: string) => listener(TOPIC_ROBOT)?.socket.send(text),
    ping: async () => {
      const connection = listener(TOPIC_ROBOT);
      if (connection) await system(connection, 'ping');
    },
    /** DingTalk says that it is going to close the connection, and sends nothing more on it. */
    async leave(): Promise<void> {
      const connection = listener(TOPIC_ROBOT);
      if (!connection) return;
      void system(connection, 'disconnect');
      connection.leaving = true;
    },
    /** Open to look at, and dead: what is sent on it reaches nobody. */
    halfOpen: () => {
      const connection = listener(TOPIC_ROBOT);
      if (connection) connection.deaf = true;
    },
    drop: () => {
      for (const one of connections) one.socket.terminate();
    },
    async close(): Promise<void> {
      axios.interceptors.request.eject(interceptor);
      for (const one of sockets.clients) one.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type Standin = Awaited<ReturnType<typeof startStandin>>;
