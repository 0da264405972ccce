import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { NEEDS } from '../../src/chat/feishu/scopes.ts';
import { PROJECT } from '../../src/config.ts';
import { decodeFrame, encodeFrame } from './frame.ts';
import { buttonsOf, cardSchema, formOf, type KitCard, wordsOf } from './kit.ts';

export const APP_ID = 'cli_0123456789abcdef';
export const APP_SECRET = 'standin-app-secret';
export const ENCRYPT_KEY = 'standin-encrypt-key';
export const VERIFICATION_TOKEN = 'standin-verification-token';
export const TENANT = 'tenant-standin';
export const BOT = 'ou_bot';

type Answer = Record<string, unknown>;
type Query = URLSearchParams;

export interface Said {
  readonly id: string;
  readonly chat: string;
  /** The `open_id` of its author; the bot's own messages have the bot's. */
  readonly author: string;
  readonly type: string;
  readonly content: string;
  /** What it answers, by its id; within a tree of answers also what began that. */
  readonly parent: string | null;
  readonly root: string | null;
  readonly mentions: readonly { readonly key: string; readonly id: string; readonly name: string }[];
  readonly at: number;
  /** The one person who sees it (ephemeral/v1/send), or null. */
  readonly only: string | null;
  readonly card: KitCard | null;
  readonly updates: number;
  readonly gone: boolean;
}

interface Chat {
  readonly id: string;
  readonly direct: boolean;
  name: string;
  description: string;
  readonly members: Set<string>;
  bot: boolean;
  dissolved: boolean;
  /** A group of topics: nothing can be shown to one person there. */
  topics: boolean;
}

interface Trouble {
  readonly call: string;
  readonly status: number;
  readonly body: Answer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** It is carried out, and no answer comes. */
  readonly lost: boolean;
  /** Only for a message of this kind. */
  readonly type?: string;
}

/** open.feishu.cn/document/server-docs/api-call-guide/generic-error-code: a code, in a status that may even be 200. */
class Refused extends Error {
  readonly code: number;
  readonly status: number;
  readonly more: Answer;
  constructor(code: number, msg: string, status = 400, more: Answer = {}) {
    super(msg);
    this.code = code;
    this.status = status;
    this.more = more;
  }
}

/** The permissions that a guide of docs/ has people paste (…/application-scope, "Batch import"). */
export function documentedScopes(file: string): readonly string[] {
  const guide = readFileSync(join(PROJECT, 'docs', file), 'utf8');
  const json: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? '');
  return z.object({ scopes: z.object({ tenant: z.array(z.string()) }) }).parse(json).scopes.tenant;
}

export interface Files {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Feishu, as far as the real SDK sees it: the calls, the long connection and signed, encrypted HTTP deliveries on one
 * local port. Each behaviour names the page or the SDK's type it is taken from; a call it does not know is an error
 * that the test sees. It delivers only what the real service would, by the permissions that were granted.
 */
export async function startStandin() {
  const chats = new Map<string, Chat>();
  const users = new Map<string, string>();
  const messages = new Map<string, Said>();
  const files = new Map<string, Files>();
  const uuids = new Map<string, string>();
  const urgents: { readonly kind: string; readonly message: string; readonly users: readonly string[] }[] =
    [];
  const pins: string[] = [];
  const toasts: { readonly user: string; readonly text: string }[] = [];
  const calls: { readonly call: string; readonly body: Answer; readonly at: number }[] = [];
  const unsupported: string[] = [];
  const troubles: Trouble[] = [];
  const tokens = new Set<string>();
  const sockets = new Set<WebSocket>();
  /** Frames that the SDK has not answered yet. */
  const underWay = new Map<
    string,
    { readonly payload: Uint8Array; readonly socket: WebSocket | undefined }
  >();
  const waiting = new Map<string, (answer: Answer) => void>();
  // What the guide has people grant, and nothing beside it.
  const scopes = new Set(documentedScopes('feishu.md'));
  const unreachable = new Set<string>();
  const uploads: string[] = [];
  /** Pictures of an odd kind: each is refused as one. */
  let unshowable = false;
  let deaf = false;
  let connections = 0;
  let turn = 0;
  let target: string | null = null;
  let count = 0;
  let clock = 1_764_000_000_000;
  let held: (() => Promise<unknown>)[] | null = null;

  const next = (prefix: string): string => {
    count += 1;
    return `${prefix}_${String(count).padStart(8, '0')}`;
  };
  const tick = (): number => {
    clock += 1000;
    return clock;
  };
  /** …/generic-error-code, 99991672: "One of the following scopes is required". */
  const need = (...anyOf: readonly string[]): void => {
    if (anyOf.some((scope) => scopes.has(scope))) return;
    throw new Refused(
      99991672,
      `Access denied. One of the following scopes is required: [${anyOf.join(', ')}].`,
      400,
      {
        error: {
          permission_violations: anyOf.map((subject) => ({ type: 'action_scope_required', subject })),
        },
      },
    );
  };
  const messageOf = (id: string | undefined): Said => {
    const found = messages.get(id ?? '');
    if (!found) throw new Refused(230001, 'Your request contains an invalid request parameter.');
    return found;
  };
  /** …/im-v1/message/create, "Error codes". */
  const chatOf = (id: string | undefined): Chat => {
    const found = chats.get(id ?? '');
    if (!found?.bot || found.dissolved) throw new Refused(230002, 'The bot can not be outside the group.');
    return found;
  };
  /** …/im-v1/chat-members/create, …/chat/update, "Error codes". */
  const groupOf = (id: string | undefined): Chat => {
    const found = chats.get(id ?? '');
    if (found?.dissolved)
      throw new Refused(232009, 'Your request specifies a chat which has already been dissolved.');
    if (!found?.bot) throw new Refused(232011, 'Operator can NOT be out of the chat.');
    return found;
  };
  const directChat = (user: string): Chat => {
    const id = `oc_p2p_${user}`;
    const known = chats.get(id);
    if (known) return known;
    const made: Chat = {
      id,
      direct: true,
      name: '',
      description: '',
      members: new Set([user]),
      bot: true,
      dissolved: false,
      topics: false,
    };
    chats.set(id, made);
    return made;
  };
  const cardIn = (content: unknown): KitCard => {
    // …/im-v1/message/create: "cards … must not exceed 30 KB"; 230025 length, 230099 the card.
    if (Buffer.byteLength(JSON.stringify(content)) > 30 * 1024)
      throw new Refused(230025, 'The length of the message content reaches its limit.');
    const read = cardSchema.safeParse(content);
    if (read.success) return read.data;
    throw new Refused(230099, `Failed to create card content: ${z.prettifyError(read.error).slice(0, 300)}`);
  };
  const put = (
    one: Omit<Said, 'id' | 'at' | 'updates' | 'gone' | 'parent' | 'root'>,
    parent: Said | null = null,
  ): Said => {
    const tree = { parent: parent?.id ?? null, root: parent?.root ?? parent?.id ?? null };
    const made: Said = { ...one, ...tree, id: next('om'), at: tick(), updates: 0, gone: false };
    messages.set(made.id, made);
    return made;
  };
  const patch = (id: string, change: Partial<Said>): void => {
    messages.set(id, { ...messageOf(id), ...change });
  };
  const own = (id: string | undefined): Said => {
    const found = messageOf(id);
    if (found.author !== BOT) throw new Refused(230017, 'Bot is NOT the owner of the resource.');
    if (found.gone) throw new Refused(230110, 'Action unavailable as the message has been deleted.');
    return found;
  };

  /** …/im-v1/message/create and …/reply: what a bot says, of the kinds that this one knows. */
  const say = (chat: Chat, body: Answer, parent: Said | null): Answer => {
    // `uuid`: within an hour the same message is sent once; the answer names the one that was.
    const repeated = uuids.get(text(body.uuid));
    if (repeated !== undefined) return { data: { message_id: repeated } };
    if (text(body.uuid).length > 50) throw new Refused(230001, 'uuid is longer than fifty characters');
    const content: unknown = JSON.parse(text(body.content));
    const type = text(body.msg_type);
    const keys = z.looseObject({ file_key: z.string().optional(), image_key: z.string().optional() });
    const { file_key: file, image_key: image } = keys.parse(content);
    if (type === 'file' && !files.has(file ?? '')) throw new Refused(230001, 'no such file_key');
    if (type === 'image' && !files.has(image ?? '')) throw new Refused(230001, 'no such image_key');
    if (!['interactive', 'file', 'image'].includes(type)) throw new Refused(230001, `msg_type ${type}`);
    const card = type === 'interactive' ? cardIn(content) : null;
    const said = put(
      { chat: chat.id, author: BOT, type, content: text(body.content), mentions: [], only: null, card },
      parent,
    );
    if (text(body.uuid) !== '') uuids.set(text(body.uuid), said.id);
    return { data: { message_id: said.id, chat_id: chat.id, msg_type: type } };
  };

  const routes: Readonly<Record<string, (path: readonly string[], body: Answer, query: Query) => Answer>> = {
    // …/bot-v3/bot_info: no `data` around it.
    'GET /open-apis/bot/v3/info': () => ({ bot: { open_id: BOT, app_name: '战情室', activate_status: 2 } }),
    // …/application-v6/scope/list: asks for no permission itself.
    'GET /open-apis/application/v6/scopes': () => ({
      data: {
        scopes: [...new Set(NEEDS.flatMap((one) => one.anyOf))].map((scope_name) => ({
          scope_name,
          grant_status: scopes.has(scope_name) ? 1 : 2,
        })),
      },
    }),
    'POST /open-apis/im/v1/messages': (_path, body, query) => {
      need('im:message', 'im:message:send_as_bot');
      const to = text(body.receive_id);
      if (query.get('receive_id_type') === 'open_id' && (!users.has(to) || unreachable.has(to)))
        throw new Refused(230013, 'Bot has NO availability to this user.');
      return say(query.get('receive_id_type') === 'open_id' ? directChat(to) : chatOf(to), body, null);
    },
    // …/im-v1/message/reply, "Error codes"; it is said where the message stands.
    'POST /open-apis/im/v1/messages/*/reply': ([id], body) => {
      need('im:message', 'im:message:send_as_bot');
      const parent = messageOf(id);
      if (parent.gone) throw new Refused(230011, 'The message was withdrawn.');
      return say(chatOf(parent.chat), body, parent);
    },
    // …/im-v1/message/patch: cards of this bot alone, and those for everybody (update_multi).
    'PATCH /open-apis/im/v1/messages/*': ([id], body) => {
      need('im:message', 'im:message:update', 'im:message:send_as_bot');
      const before = own(id);
      if (!before.card?.config.update_multi || before.only !== null)
        throw new Refused(230054, 'This operation is not supported for this message type.');
      const card = cardIn(JSON.parse(text(body.content)));
      if (!card.config.update_multi) throw new Refused(230099, 'update_multi');
      patch(before.id, { card, updates: before.updates + 1 });
      return { data: {} };
    },
    'DELETE /open-apis/im/v1/messages/*': ([id]) => {
      need('im:message', 'im:message:recall', 'im:message:send_as_bot');
      const before = own(id);
      if (before.only !== null) throw new Refused(230001, 'an ephemeral message has its own call');
      patch(before.id, { gone: true });
      return { data: {} };
    },
    'GET /open-apis/im/v1/messages/*': ([id]) => {
      need('im:message', 'im:message:readonly');
      const found = messageOf(id);
      chatOf(found.chat);
      return {
        data: {
          items: [
            {
              message_id: found.id,
              chat_id: found.chat,
              msg_type: found.type,
              create_time: String(found.at),
              deleted: found.gone,
              sender: {
                id: found.author,
                id_type: found.author === BOT ? 'app_id' : 'open_id',
                sender_type: found.author === BOT ? 'app' : 'user',
              },
              ...(found.parent === null ? {} : { parent_id: found.parent, root_id: found.root }),
              body: { content: found.card ? readCard(found.card) : found.content },
              mentions: found.mentions.map((one) => ({ ...one, id_type: 'open_id' })),
            },
          ],
        },
      };
    },
    'POST /open-apis/im/v1/pins': (_path, body) => {
      need('im:message', 'im:message.pins:write_only');
      pins.push(own(text(body.message_id)).id);
      return { data: {} };
    },
    ...Object.fromEntries(
      (['app', 'sms', 'phone'] as const).map((kind) => [
        // …/im-v1/buzz-messages/urgent_app, …/urgent_sms, …/urgent_phone: only messages of this bot.
        `PATCH /open-apis/im/v1/messages/*/urgent_${kind}`,
        ([id]: readonly string[], body: Answer) => {
          need(kind === 'app' ? 'im:message.urgent' : `im:message.urgent:${kind}`);
          const list = z.array(z.string()).min(1).max(200).parse(body.user_id_list);
          const message = own(id);
          const invalid = list.filter((user) => unreachable.has(user));
          urgents.push({ kind, message: message.id, users: list.filter((user) => !invalid.includes(user)) });
          return { data: { invalid_user_id_list: invalid } };
        },
      ]),
    ),
    'POST /open-apis/im/v1/chats': (_path, body, query) => {
      need('im:chat', 'im:chat:create');
      // …/chat/create, `uuid`: for ten hours the same one makes one group.
      const uuid = `chat:${query.get('uuid') ?? ''}`;
      const repeated = uuids.get(uuid);
      if (repeated !== undefined) return { data: { chat_id: repeated } };
      if (text(body.name).length > 60 || text(body.description).length > 100)
        throw new Refused(
          232001,
          'Your request contains an invalid request parameter, name or description too long.',
        );
      const id = next('oc');
      chats.set(id, {
        id,
        direct: false,
        name: text(body.name),
        description: text(body.description),
        members: new Set(),
        bot: true,
        dissolved: false,
        topics: false,
      });
      uuids.set(uuid, id);
      return { data: { chat_id: id, name: body.name } };
    },
    'GET /open-apis/im/v1/chats': (_path, _body, query) => {
      need('im:chat', 'im:chat:readonly');
      const mine = [...chats.values()].filter((one) => !one.direct && one.bot && !one.dissolved);
      const from = Number(query.get('page_token') ?? 0);
      const size = Number(query.get('page_size') ?? 20);
      const items = mine.slice(from, from + size).map((one) => ({ chat_id: one.id, name: one.name }));
      const more = from + size < mine.length;
      return { data: { items, has_more: more, page_token: more ? String(from + size) : '' } };
    },
    'PUT /open-apis/im/v1/chats/*': ([id], body) => {
      need('im:chat', 'im:chat:update');
      const chat = groupOf(id);
      if (text(body.name).length > 60 || text(body.description).length > 100)
        throw new Refused(232001, 'Your request contains an invalid request parameter.');
      if (body.name !== undefined) chat.name = text(body.name);
      if (body.description !== undefined) chat.description = text(body.description);
      return { data: {} };
    },
    'DELETE /open-apis/im/v1/chats/*': ([id]) => {
      need('im:chat', 'im:chat:delete');
      groupOf(id).dissolved = true;
      return { data: {} };
    },
    // …/chat-members/create, `succeed_type` 1: those who can are added, the others named.
    'POST /open-apis/im/v1/chats/*/members': ([id], body, query) => {
      need('im:chat', 'im:chat.members:write_only');
      const chat = groupOf(id);
      const list = z.array(z.string()).parse(body.id_list);
      if (list.length > 50) throw new Refused(232001, 'more than fifty');
      const invalid = list.filter((user) => !users.has(user) || unreachable.has(user));
      if (invalid.length > 0 && query.get('succeed_type') !== '1')
        throw new Refused(232043, 'Your request contains unavailable ids.');
      for (const user of list) if (!invalid.includes(user)) chat.members.add(user);
      return { data: { invalid_id_list: invalid, not_existed_id_list: [], pending_approval_id_list: [] } };
    },
    'GET /open-apis/contact/v3/users/*': ([id]) => {
      need('contact:user.base:readonly', 'contact:contact:readonly_as_app');
      const name = users.get(id ?? '');
      if (name === undefined) throw new Refused(41050, 'no user authority error');
      return { data: { user: { name, open_id: id } } };
    },
    // …/ephemeral/v1/send: ordinary groups with the bot in them, and a member of it.
    'POST /open-apis/ephemeral/v1/send': (_path, body) => {
      need('im:message', 'im:message:send_as_bot');
      const chat = chatOf(text(body.chat_id));
      if (chat.direct || chat.topics) throw new Refused(18053, 'the chat does not take ephemeral messages');
      const only = text(body.open_id);
      if (!chat.members.has(only)) throw new Refused(18054, 'the user is not in the chat');
      if (body.msg_type !== 'interactive') throw new Refused(10002, 'msg_type');
      const content = JSON.stringify(body.card);
      const said = put({
        chat: chat.id,
        author: BOT,
        type: 'interactive',
        content,
        mentions: [],
        only,
        card: cardIn(body.card),
      });
      return { data: { message_id: said.id } };
    },
    'POST /open-apis/ephemeral/v1/delete': (_path, body) => {
      const found = own(text(body.message_id));
      if (found.only === null) throw new Refused(18055, 'not an ephemeral message');
      patch(found.id, { gone: true });
      return { data: {} };
    },
  };

  const patterns = Object.entries(routes).map(([route, run]) => {
    const [method = '', path = ''] = route.split(' ');
    return { route, method, run, match: new RegExp(`^${path.replaceAll('*', '([^/]+)')}$`) };
  });

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      unsupported.push(String(error));
      response.writeHead(500).end();
    });
  });
  const upgrades = new WebSocketServer({ server, path: '/ws' });
  upgrades.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      pushAgain();
    });
    pushAgain();
    socket.on('message', (data: Buffer) => {
      if (deaf) return;
      const frame = decodeFrame(data);
      if (frame.headers.type === 'ping')
        socket.send(
          encodeFrame({
            method: 0,
            headers: { type: 'pong' },
            payload: Buffer.from(JSON.stringify(clientConfig())),
          }),
        );
      if (frame.method !== 1) return;
      const back = z
        .looseObject({ code: z.number(), data: z.string().optional() })
        .parse(JSON.parse(Buffer.from(frame.payload).toString('utf8')));
      waiting.get(frame.headers.message_id ?? '')?.({
        status: back.code,
        body: back.data === undefined ? null : JSON.parse(Buffer.from(back.data, 'base64').toString('utf8')),
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = (server.address() as AddressInfo).port;

  /** The SDK's `ClientConfig` of /callback/ws/endpoint and of a pong, in seconds; here as short as it goes. */
  function clientConfig() {
    return { PingInterval: 1, ReconnectCount: -1, ReconnectInterval: 1, ReconnectNonce: 0 };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://standin');
    const raw = await bodyOf(request);
    const json = (status: number, value: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
      response.end(JSON.stringify(value));
    };
    if (url.pathname === '/callback/ws/endpoint') {
      const read = JSON.parse(raw.toString('utf8'));
      if (read.AppID !== APP_ID || read.AppSecret !== APP_SECRET)
        return json(200, { code: 514, msg: 'auth failed', data: {} });
      const service = `ws://127.0.0.1:${port}/ws?device_id=${randomUUID()}&access_key=secret-ticket&service_id=1`;
      return json(200, { code: 0, msg: '', data: { URL: service, ClientConfig: clientConfig() } });
    }
    // …/auth-v3/auth/tenant_access_token_internal: errors come in HTTP 200.
    if (url.pathname === '/open-apis/auth/v3/tenant_access_token/internal') {
      const read = JSON.parse(raw.toString('utf8'));
      if (read.app_id !== APP_ID) return json(200, { code: 10003, msg: 'invalid param' });
      if (read.app_secret !== APP_SECRET) return json(200, { code: 10014, msg: 'app secret invalid' });
      const token = `t-${randomUUID()}`;
      tokens.add(token);
      return json(200, { code: 0, msg: 'ok', tenant_access_token: token, expire: 7200 });
    }
    const known = patterns.find((one) => one.method === request.method && one.match.test(url.pathname));
    const call = known?.route ?? `${request.method} ${url.pathname}`;
    const kind = /"msg_type":"(\w+)"/.exec(raw.subarray(0, 5000).toString('utf8'))?.[1];
    const at = troubles.findIndex(
      (one) => call.includes(one.call) && (one.type === undefined || one.type === kind),
    );
    const [trouble] = at === -1 ? [] : troubles.splice(at, 1);
    if (trouble && !trouble.lost) return json(trouble.status, trouble.body ?? {}, { ...trouble.headers });
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    if (token === '') return json(400, { code: 99991661, msg: 'Missing access token for authorization.' });
    if (!tokens.has(token))
      return json(400, { code: 99991663, msg: 'Invalid access token for authorization.' });
    try {
      // An upload whose answer is lost is as good as none: nobody else sees it.
      if (trouble?.lost && !known) return void response.destroy();
      const special = await binary(request, url, raw, response);
      if (special) return;
      if (!known) {
        unsupported.push(call);
        return json(404, { code: 99991000, msg: '404 page not found' });
      }
      const body =
        raw.byteLength === 0 ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(raw.toString('utf8')));
      calls.push({ call, body, at: Date.now() });
      const path = known.match.exec(url.pathname)?.slice(1) ?? [];
      const made = known.run(path, body, url.searchParams);
      if (trouble?.lost) return void response.destroy();
      json(200, { code: 0, msg: 'success', ...made });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      json(error.status, { code: error.code, msg: error.message, ...error.more });
    }
  }

  /** Files go up as a form and come down as they are. */
  async function binary(
    request: IncomingMessage,
    url: URL,
    raw: Buffer,
    response: ServerResponse,
  ): Promise<boolean> {
    const type = request.headers['content-type'] ?? '';
    const boundary = /boundary=([^;]+)/.exec(type)?.[1] ?? '';
    if (request.method === 'POST' && url.pathname === '/open-apis/im/v1/images') {
      need('im:resource', 'im:resource:upload');
      // …/im-v1/image/create: none empty, none over 10 MB, and nothing that is no picture.
      const image = partOf(raw, boundary, 'image');
      if (partOf(raw, boundary, 'image_type').toString('utf8') !== 'message')
        throw new Refused(234001, 'Invalid request param.');
      if (image.byteLength === 0) throw new Refused(234010, "File's size can't be 0.");
      if (image.byteLength > 10 * 1024 * 1024)
        throw new Refused(234006, 'The file size exceed the max value.');
      if (
        !/^(?:\x89PNG|GIF8|BM|\xff\xd8\xff|RIFF)/.test(image.subarray(0, 8).toString('latin1')) ||
        unshowable
      )
        throw new Refused(234011, "Can't recognize image format.");
      const key = next('img_v3');
      files.set(key, { name: '', bytes: new Uint8Array(image) });
      uploads.push(key);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code: 0, msg: 'success', data: { image_key: key } }));
      return true;
    }
    if (request.method === 'POST' && url.pathname === '/open-apis/im/v1/files') {
      need('im:resource', 'im:resource:upload');
      // …/im-v1/file/create: none empty, none over 30 MB.
      const file = partOf(raw, boundary, 'file');
      if (file.byteLength === 0) throw new Refused(234010, "File's size can't be 0.");
      if (file.byteLength > 30 * 1024 * 1024)
        throw new Refused(234006, 'The file size exceed the max value.');
      const key = next('file_v3');
      uploads.push(key);
      files.set(key, {
        name: partOf(raw, boundary, 'file_name').toString('utf8'),
        bytes: new Uint8Array(file),
      });
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code: 0, msg: 'success', data: { file_key: key } }));
      return true;
    }
    const wanted = /^\/open-apis\/im\/v1\/messages\/([^/]+)\/resources\/([^/]+)$/.exec(url.pathname);
    if (request.method !== 'GET' || !wanted) return false;
    need('im:resource', 'im:message', 'im:message:readonly');
    const message = messageOf(wanted[1]);
    chatOf(message.chat);
    const key = wanted[2] ?? '';
    const file = files.get(key);
    if (!file || !message.content.includes(key)) throw new Refused(234003, 'File not in message.');
    // …/message-resource/get, `type`: a picture, also of rich text, is an image; everything else a file.
    const wantedType = key.startsWith('img_') ? 'image' : 'file';
    if (url.searchParams.get('type') !== wantedType) throw new Refused(234001, 'Invalid request param.');
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end(file.bytes);
    return true;
  }

  /** …/event-subscription-guide/overview: a delivery goes to one connection of the app, or to its address. */
  async function deliver(type: string, event: Answer, id: string = randomUUID()): Promise<Answer | null> {
    const header = {
      event_id: id,
      event_type: type,
      create_time: String(tick()),
      token: VERIFICATION_TOKEN,
      app_id: APP_ID,
      tenant_key: TENANT,
    };
    const body = { schema: '2.0', header, event };
    const send = async (): Promise<Answer | null> => {
      if (target !== null) {
        const { status, answer: told } = await post(JSON.stringify(body));
        return { status, body: told };
      }
      return frame(Buffer.from(JSON.stringify(body)));
    };
    if (held === null) return send();
    held.push(send);
    return null;
  }

  /** In pieces where it is long, as the SDK's `DataCache` puts together; answers when the SDK has. */
  async function frame(payload: Uint8Array): Promise<Answer | null> {
    if (sockets.size === 0) return null;
    const message_id = randomUUID();
    const done = new Promise<Answer>((resolve) => waiting.set(message_id, resolve));
    transmit(payload, message_id);
    const told = await done;
    waiting.delete(message_id);
    underWay.delete(message_id);
    return told;
  }

  /** …/event-subscription: what was not answered is pushed again; here as soon as its connection is gone. */
  function pushAgain(): void {
    if (sockets.size === 0) return;
    for (const [message_id, { payload, socket }] of [...underWay])
      if (!socket || !sockets.has(socket)) transmit(payload, message_id);
  }

  function transmit(payload: Uint8Array, message_id: string): void {
    // …/request-url-configuration-case: of several connections of one app one gets it, never all.
    turn += 1;
    const socket = [...sockets][turn % sockets.size];
    underWay.set(message_id, { payload, socket });
    if (!socket) return;
    const size = 2048;
    const sum = Math.max(1, Math.ceil(payload.byteLength / size));
    for (let seq = 0; seq < sum; seq += 1)
      socket.send(
        encodeFrame({
          method: 1,
          headers: { type: 'event', message_id, sum: String(sum), seq: String(seq), trace_id: randomUUID() },
          payload: payload.subarray(seq * size, (seq + 1) * size),
        }),
      );
  }

  /** …/encrypt-key-encryption-configuration-case: AES-256-CBC under the key's sha256, the IV before the text. */
  function encrypted(plain: string, key = ENCRYPT_KEY): string {
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-256-cbc', createHash('sha256').update(key).digest(), iv);
    return Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final()]).toString('base64');
  }

  async function post(
    plain: string,
    more: { readonly headers?: Record<string, string>; readonly key?: string; readonly bare?: boolean } = {},
  ): Promise<{ readonly status: number; readonly answer: unknown }> {
    if (target === null) throw new Error('nobody has entered an address');
    const body = more.bare ? plain : JSON.stringify({ encrypt: encrypted(plain, more.key) });
    const headers: Record<string, string> = {
      'x-lark-request-timestamp': String(Math.floor(Date.now() / 1000)),
      'x-lark-request-nonce': randomUUID(),
      ...more.headers,
    };
    const stamp = headers['x-lark-request-timestamp'] ?? '';
    const nonce = headers['x-lark-request-nonce'] ?? '';
    const signature = createHash('sha256')
      .update(stamp + nonce + ENCRYPT_KEY + body)
      .digest('hex');
    const response = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-lark-signature': signature, ...headers },
      body,
    });
    const words = await response.text();
    return { status: response.status, answer: words.startsWith('{') ? JSON.parse(words) : words };
  }

  const visible = (user: string, chat: string): readonly Said[] =>
    [...messages.values()].filter(
      (one) => one.chat === chat && !one.gone && (one.only === null || one.only === user),
    );
  const inSight = (user: string, chat: string): readonly Said[] => [
    ...visible(user, chat),
    ...visible(user, `oc_p2p_${user}`),
  ];

  async function trigger(user: string, message: Said, value: unknown, fields: Answer | null): Promise<void> {
    // …/feishu-cards/card-callback-communication, "Callback structure".
    const event = {
      operator: { tenant_key: TENANT, open_id: user, union_id: `on_${user}` },
      token: `c-${randomUUID()}`,
      action: { value, tag: 'button', ...(fields === null ? {} : { form_value: fields, name: 'submit' }) },
      host: 'im_message',
      context: { open_message_id: message.id, open_chat_id: message.chat },
    };
    const told = await deliver('card.action.trigger', event);
    const shown = z.looseObject({ toast: z.looseObject({ content: z.string() }) }).safeParse(told?.body);
    if (shown.success) toasts.push({ user, text: shown.data.toast.content });
  }

  return {
    domain: `http://127.0.0.1:${port}`,
    chats,
    messages,
    urgents,
    pins,
    toasts,
    calls,
    unsupported,
    files,
    uploads,
    unreachable,
    refusePictures: () => {
      unshowable = true;
    },
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    user(id: string, name: string): void {
      users.set(id, name);
    },
    group(id: string, members: readonly string[], more: Partial<Pick<Chat, 'topics' | 'bot'>> = {}): void {
      chats.set(id, {
        id,
        direct: false,
        name: id,
        description: '',
        members: new Set(members),
        bot: more.bot ?? true,
        dissolved: false,
        topics: more.topics ?? false,
      });
    },
    grant(...names: readonly string[]): void {
      for (const name of names) scopes.add(name);
    },
    revoke(...names: readonly string[]): void {
      for (const name of names) scopes.delete(name);
    },
    /** Tokens that were handed out count no more, as after a change of the secret. */
    expireTokens(): void {
      tokens.clear();
    },
    deliverTo(url: string): void {
      target = url;
    },
    /** The next call whose route holds `call` is answered so. */
    trouble(call: string, status: number, body: Answer | null, headers: Record<string, string> = {}): void {
      troubles.push({ call, status, body, headers, lost: false });
    },
    /** `type`: only that of a message of this kind. */
    lose(call: string, type?: string): void {
      const only = type === undefined ? {} : { type };
      troubles.push({ call, status: 0, body: null, headers: {}, lost: true, ...only });
    },
    /** The sockets stay open and nothing is read or answered any more. */
    halfOpen(still: boolean): void {
      deaf = still;
    },
    dropSockets(): void {
      for (const socket of sockets) socket.terminate();
    },
    hold(): void {
      held = [];
    },
    letGo(): readonly (() => Promise<unknown>)[] {
      const sends = held ?? [];
      held = null;
      return sends;
    },
    deliver,
    /** Whatever it is, and no answer is waited for. */
    send: (payload: Uint8Array): void => transmit(payload, randomUUID()),
    /** Bytes that are no frame at all. */
    garbage(bytes: Uint8Array): void {
      for (const socket of sockets) socket.send(bytes);
    },
    post,
    visible,
    inSight,
    directChat: (user: string): string => directChat(user).id,

    /**
     * …/im-v1/message/events/receive: in groups what mentions the bot, everything only with im:message.group_msg;
     * direct messages with im:message.p2p_msg. Messages of bots are not delivered.
     */
    async says(
      user: string,
      chat: string,
      words: string,
      more: {
        readonly mention?: boolean;
        readonly file?: Files;
        readonly picture?: Files;
        /** Rich text: the words, and the picture below them. */
        readonly illustrated?: Files;
        readonly voice?: Files;
        readonly film?: Files;
        readonly parent?: string;
      } = {},
    ): Promise<Said> {
      const place = chats.get(chat);
      if (!place || place.dissolved) throw new Error(`no such chat ${chat}`);
      const mentions = more.mention ? [{ key: '@_user_1', id: BOT, name: '战情室' }] : [];
      const picture = more.picture ?? more.illustrated;
      const attached = picture ?? more.file ?? more.voice ?? more.film;
      const key = next(picture ? 'img_v3' : 'file_v3');
      if (attached) files.set(key, attached);
      // …/im-v1/message/events/message_content, one shape a kind.
      const [type, content] = ((): readonly [string, unknown] => {
        if (more.file) return ['file', { file_key: key, file_name: more.file.name }];
        if (more.voice) return ['audio', { file_key: key, duration: 2000 }];
        if (more.film)
          return ['media', { file_key: key, image_key: 'img_cover', file_name: more.film.name, duration: 9 }];
        if (more.picture) return ['image', { image_key: key }];
        const at = more.mention ? [{ tag: 'at', user_id: '@_user_1', user_name: '战情室', style: [] }] : [];
        if (more.illustrated)
          return [
            'post',
            {
              title: '',
              content: [
                [...at, { tag: 'text', text: words, style: [] }],
                [{ tag: 'img', image_key: key, width: 1, height: 1 }],
              ],
            },
          ];
        return ['text', { text: more.mention ? `@_user_1 ${words}` : words }];
      })();
      const said = put(
        { chat, author: user, type, content: JSON.stringify(content), mentions, only: null, card: null },
        more.parent === undefined ? null : messageOf(more.parent),
      );
      const hears = place.direct
        ? scopes.has('im:message.p2p_msg:readonly')
        : scopes.has('im:message.group_msg') ||
          (more.mention && scopes.has('im:message.group_at_msg:readonly'));
      if (place.bot && hears)
        await deliver('im.message.receive_v1', {
          sender: {
            sender_id: { open_id: user, union_id: `on_${user}` },
            sender_type: 'user',
            tenant_key: TENANT,
          },
          message: {
            message_id: said.id,
            ...(said.parent === null ? {} : { parent_id: said.parent, root_id: said.root }),
            create_time: String(said.at),
            update_time: String(said.at),
            chat_id: chat,
            chat_type: place.direct ? 'p2p' : 'group',
            message_type: type,
            content: said.content,
            ...(mentions.length > 0
              ? {
                  mentions: mentions.map((one) => ({
                    ...one,
                    id: { open_id: one.id, union_id: `on_${one.id}` },
                    tenant_key: TENANT,
                  })),
                }
              : {}),
          },
        });
      return said;
    },
    /** Changed by its author: no event tells a bot of it (the SDK's `im.*` events know none). */
    edits(message: Said, words: string): void {
      patch(message.id, { content: JSON.stringify({ text: words }) });
    },
    async recalls(message: Said): Promise<void> {
      patch(message.id, { gone: true });
      if (!chats.get(message.chat)?.bot) return;
      await deliver('im.message.recalled_v1', {
        message_id: message.id,
        chat_id: message.chat,
        recall_time: String(tick()),
        recall_type: 'message_owner',
      });
    },
    async reacts(user: string, message: Said, emoji: string): Promise<void> {
      if (!chats.get(message.chat)?.bot || !scopes.has('im:message.reactions:read')) return;
      await deliver('im.message.reaction.created_v1', {
        message_id: message.id,
        reaction_type: { emoji_type: emoji },
        operator_type: 'user',
        user_id: { open_id: user },
        action_time: String(tick()),
      });
    },
    /** …/events/message_read: direct messages of the bot alone. */
    async reads(user: string): Promise<void> {
      const unread = visible(user, `oc_p2p_${user}`).filter((one) => one.author === BOT);
      if (unread.length === 0) return;
      await deliver('im.message.message_read_v1', {
        reader: { reader_id: { open_id: user }, read_time: String(tick()), tenant_key: TENANT },
        message_id_list: unread.map((one) => one.id),
      });
    },
    async press(user: string, chat: string, label: string): Promise<void> {
      for (const message of [...inSight(user, chat)].reverse()) {
        const button = message.card
          ? buttonsOf(message.card).findLast((one) => one.label === label && !one.form)
          : undefined;
        if (button) return trigger(user, message, button.value, null);
      }
      throw new Error(`nobody sees a button "${label}"`);
    },
    form(user: string, chat: string): readonly string[] {
      const message = inSight(user, chat).findLast((one) => one.card && formOf(one.card));
      const form = message?.card ? formOf(message.card) : null;
      return (form?.elements ?? []).flatMap((one) =>
        one.tag === 'input' || one.tag === 'select_static' ? [one.name] : [],
      );
    },
    /** What is filled in already is sent along; a required field left empty is not sent at all. */
    async submit(user: string, chat: string, fields: Readonly<Record<string, string>>): Promise<void> {
      const message = inSight(user, chat).findLast((one) => one.card && formOf(one.card));
      const form = message?.card ? formOf(message.card) : null;
      if (!message?.card || !form) throw new Error(`${user} has no form open`);
      const values: Record<string, string> = {};
      for (const one of form.elements) {
        if (one.tag !== 'input' && one.tag !== 'select_static') continue;
        const preset = one.tag === 'input' ? one.default_value : one.initial_option;
        values[one.name] = fields[one.name] ?? preset ?? '';
        if (one.required && values[one.name] === '') throw new Error(`${one.name} is required`);
      }
      const button = buttonsOf(message.card).find((one) => one.form);
      await trigger(user, message, button?.value, values);
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.terminate();
      upgrades.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type Standin = Awaited<ReturnType<typeof startStandin>>;

/** A card as it is read back without `card_msg_content_type`: its title, and its words row by row. */
function readCard(card: KitCard): string {
  const [title, ...rows] = wordsOf(card).split('\n');
  return JSON.stringify({ title, elements: rows.map((row) => [{ tag: 'text', text: row }]) });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/** The SDK sends a buffer as a field without a file name: its bytes are taken as they are. */
function partOf(body: Buffer, boundary: string, name: string): Buffer {
  const head = body.indexOf(`name="${name}"`);
  if (head === -1) return Buffer.alloc(0);
  const start = body.indexOf('\r\n\r\n', head) + 4;
  return body.subarray(start, body.indexOf(`\r\n--${boundary}`, start));
}
