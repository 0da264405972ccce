import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { buttonsOf, type KitBlock, type KitView, messageBlocks, modalView } from './kit.ts';

export const BOT_TOKEN = 'xoxb-standin';
export const APP_TOKEN = 'xapp-standin';
export const SIGNING_SECRET = 'standin-signing-secret';
export const TEAM = 'T0STANDIN';
export const BOT_USER = 'U0BOT';
const BOT_ID = 'B0BOT';

export interface Posted {
  readonly channel: string;
  readonly ts: string;
  readonly thread: string | null;
  /** The one person who sees it (chat.postEphemeral), or null. */
  readonly only: string | null;
  readonly text: string;
  readonly blocks: readonly KitBlock[];
  readonly files: Spoken['files'];
  /** An answer in a thread that is shown in the channel as well. */
  readonly broadcast: boolean;
  readonly updates: number;
}

export interface Spoken {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly thread: string | null;
  readonly files: readonly { readonly id: string; readonly name: string; readonly bytes: Uint8Array }[];
}

interface Channel {
  readonly id: string;
  readonly isPrivate: boolean;
  archived: boolean;
  botIsMember: boolean;
  readonly name: string;
  readonly creator: string | null;
  topic: string;
  readonly members: Set<string>;
}

type Params = Readonly<Record<string, string>>;
type Answer = Record<string, unknown>;
type Kind = 'events_api' | 'slash_commands' | 'interactive';

/** How often the same delivery is sent: the real service repeats what it believes lost. */
export interface Delivering {
  readonly times?: number;
  readonly attempt?: number;
}

class Refused extends Error {
  readonly code: string;
  readonly more: Answer;
  constructor(code: string, more: Answer = {}) {
    super(code);
    this.code = code;
    this.more = more;
  }
}

/** docs.slack.dev/messaging/working-with-files, "Uploading files": raw bytes, or the part of a form. */
function uploadedBytes(type: string, body: Buffer): Buffer {
  const boundary = /boundary=([^;]+)/.exec(type)?.[1];
  if (boundary === undefined) return body;
  const start = body.indexOf('\r\n\r\n') + 4;
  return body.subarray(start, body.lastIndexOf(`\r\n--${boundary}`));
}

/**
 * Slack, as far as the real SDK sees it: Web API, Socket Mode and signed HTTP deliveries on one local port. Each
 * behaviour names the page or the SDK's type it is taken from; a call it does not know is an error that the test
 * sees. It delivers only what the real service would: events of conversations the bot is a member of.
 */
export async function startStandin() {
  const channels = new Map<string, Channel>();
  const users = new Map<string, { name: string; bot: boolean; locale: string; team: string }>();
  const posted: Posted[] = [];
  const spoken: Spoken[] = [];
  const views: { readonly id: string; readonly user: string; readonly view: KitView }[] = [];
  const pins: { channel: string; timestamp: string }[] = [];
  const calls: { readonly method: string; readonly params: Params; readonly at: number }[] = [];
  const unsupported: string[] = [];
  const uploads: {
    readonly id: string;
    readonly name: string;
    readonly length: number;
    bytes: Buffer | null;
    channel: string | null;
  }[] = [];
  const triggers = new Map<string, { readonly user: string; used: boolean }>();
  const troubles: {
    readonly method: string;
    /** `lost`: it is carried out, and no answer comes. */
    readonly answer: 'limit' | 'lost' | Refused;
    readonly seconds: number;
    /** How many calls of the method pass before it. */
    after: number;
  }[] = [];
  /** The statuses that the next uploads of bytes are answered with. */
  const uploadTroubles: number[] = [];
  const sockets = new Set<WebSocket>();
  const acks = new Map<string, () => void>();
  let connections = 0;
  let clock = 1_764_000_000;
  /** Messages that their authors took back. */
  const gone = new Set<string>();
  /** How often files.info is asked before a file that was shared is shown: Slack takes its time. */
  let sharesAfter = 0;
  /** The bot's own doings that are being told to it. */
  const echoes = new Set<Promise<void>>();
  let httpTarget: string | null = null;
  let scopes: readonly string[] = [];
  let held: ((attempt: number) => Promise<void>)[] | null = null;

  const nextTs = (): string => {
    clock += 1;
    return `${clock}.000100`;
  };
  const channelOf = (id: string | undefined): Channel => {
    // docs.slack.dev/reference/methods/chat.postMessage, "Errors": a private channel the bot is not in is not found.
    const found = channels.get(id ?? '');
    if (!found || (found.isPrivate && !found.botIsMember)) throw new Refused('channel_not_found');
    return found;
  };
  const addChannel = (id: string, more: Partial<Omit<Channel, 'id'>> = {}): void => {
    const fresh = { isPrivate: false, archived: false, botIsMember: true, creator: null, topic: '' };
    channels.set(id, { id, name: id.toLowerCase(), members: new Set(), ...fresh, ...more });
  };
  const channelObject = (channel: Channel) => ({
    id: channel.id,
    name: channel.name,
    creator: channel.creator ?? 'U0ADMIN',
    is_private: channel.isPrivate,
    is_archived: channel.archived,
    topic: { value: channel.topic },
  });
  const inRange = (ts: string, params: Params): boolean => Number(ts) > Number(params.oldest || '0');
  /** Everything that stands in a channel for everybody, people's and the bot's. */
  const standing = (channel: string): readonly Spoken[] =>
    [
      ...spoken,
      ...posted.filter((one) => one.only === null).map((one) => ({ ...one, user: BOT_USER })),
    ].filter((one) => one.channel === channel && !gone.has(`${channel}:${one.ts}`));
  /**
   * …/chat.postMessage, `thread_ts`: "Avoid using a reply's ts value; use its parent instead". What answers a message
   * that is gone is un-threaded without a word (slack-go/slack issue 1571).
   */
  const threadOf = (channel: string, ts: string | undefined): string | null => {
    if (ts === undefined) return null;
    const parent = standing(channel).find((one) => one.ts === ts);
    if (parent?.thread) throw new Error(`stand-in: ${ts} is an answer and begins no thread`);
    return parent ? ts : null;
  };
  const saidObject = (one: Spoken) => {
    const answers = standing(one.channel).filter((other) => other.thread === one.ts);
    return {
      type: 'message',
      user: one.user,
      text: one.text,
      ts: one.ts,
      ...(one.user === BOT_USER ? { bot_id: BOT_ID, app_id: 'A0STANDIN' } : {}),
      ...(one.thread ? { thread_ts: one.thread } : {}),
      ...(one.files.length > 0 ? { subtype: 'file_share', files: one.files.map(fileObject) } : {}),
      ...(answers.length > 0 ? { reply_count: answers.length, latest_reply: answers.at(-1)?.ts } : {}),
    };
  };
  const speakable = (id: string | undefined): Channel => {
    const channel = channelOf(id);
    if (channel.archived) throw new Refused('is_archived');
    if (!channel.botIsMember) throw new Refused('not_in_channel');
    return channel;
  };
  const blocksOf = (params: Params): readonly KitBlock[] => {
    const read = messageBlocks.safeParse(params.blocks === undefined ? [] : JSON.parse(params.blocks));
    // …/chat.postMessage, "Errors": invalid_blocks; the details come in response_metadata.messages.
    if (!read.success)
      throw new Refused('invalid_blocks', { response_metadata: { messages: [read.error.message] } });
    if (read.data.length === 0 && !params.text) throw new Refused('no_text');
    return read.data;
  };
  const keep = (
    channel: string,
    only: string | null,
    params: Params,
    files: Spoken['files'] = [],
  ): Posted => {
    const blocks = files.length > 0 ? [] : blocksOf(params);
    const thread = only === null ? threadOf(channel, params.thread_ts) : (params.thread_ts ?? null);
    const made: Posted = {
      channel,
      ts: nextTs(),
      only,
      thread,
      text: params.text ?? '',
      blocks,
      files,
      broadcast: thread !== null && params.reply_broadcast === 'true',
      updates: 0,
    };
    posted.push(made);
    if (only === null) echo(ownEvent(made));
    return made;
  };
  /**
   * docs.slack.dev/reference/events/message: a bot that hears a channel hears itself there, by its `bot_id`; an
   * answer that is shown in the channel comes as thread_broadcast.
   */
  const ownEvent = (made: Posted): Answer => ({
    ...saidObject({ ...made, user: BOT_USER }),
    ...(made.broadcast ? { subtype: 'thread_broadcast' } : {}),
    blocks: made.blocks,
    channel: made.channel,
    channel_type: typeOf(made.channel),
    event_ts: made.ts,
  });
  function echo(inner: Answer): void {
    if (httpTarget === null && sockets.size === 0) return;
    // At the end of a test nobody is there to hear it any more.
    const told = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => event(inner))
      .catch(() => {})
      .finally(() => echoes.delete(told));
    echoes.add(told);
  }

  /** One method a page of docs.slack.dev/reference/methods; answers as in its "Example responses". */
  const methods: Readonly<Record<string, (params: Params) => Answer>> = {
    'auth.test': () => ({
      team_id: TEAM,
      user_id: BOT_USER,
      bot_id: BOT_ID,
      team: 'stand-in',
      user: 'warroom',
    }),
    'apps.connections.open': () => ({ url: `ws://127.0.0.1:${port()}/link/?ticket=${randomUUID()}` }),
    'chat.postMessage': (params) => {
      const { channel, ts, thread, text } = keep(speakable(params.channel).id, null, params);
      const message = { type: 'message', text, ts, ...(thread === null ? {} : { thread_ts: thread }) };
      return { channel, ts, message };
    },
    'chat.postEphemeral': (params) => {
      if (!users.has(params.user ?? '')) throw new Refused('user_not_found');
      return { message_ts: keep(speakable(params.channel).id, params.user ?? '', params).ts };
    },
    'chat.update': (params) => {
      const channel = speakable(params.channel);
      const at = posted.findIndex((one) => one.channel === channel.id && one.ts === params.ts && !one.only);
      const before = posted[at];
      if (!before) throw new Refused('message_not_found');
      const blocks = blocksOf(params);
      const after = { ...before, text: params.text ?? '', blocks, updates: before.updates + 1 };
      posted[at] = after;
      const said = (one: Posted) => ({ ...saidObject({ ...one, user: BOT_USER }), blocks: one.blocks });
      const ts = nextTs();
      echo({
        type: 'message',
        subtype: 'message_changed',
        channel: channel.id,
        channel_type: typeOf(channel.id),
        ts,
        event_ts: ts,
        message: { ...said(after), edited: { user: BOT_USER, ts } },
        previous_message: said(before),
      });
      return { channel: channel.id, ts: before.ts };
    },
    'views.open': (params) => {
      // …/views.open, "Errors": a trigger works once, for three seconds.
      const trigger = triggers.get(params.trigger_id ?? '');
      if (!trigger) throw new Refused('invalid_trigger_id');
      if (trigger.used) throw new Refused('exchanged_trigger_id');
      const read = modalView.safeParse(JSON.parse(params.view ?? 'null'));
      if (!read.success)
        throw new Refused('invalid_arguments', { response_metadata: { messages: [read.error.message] } });
      trigger.used = true;
      const id = `V${views.length + 1}`;
      views.push({ id, user: trigger.user, view: read.data });
      return { view: { id, ...read.data } };
    },
    'users.info': (params) => {
      const user = users.get(params.user ?? '');
      if (!user) throw new Refused('user_not_found');
      return {
        user: {
          id: params.user,
          name: user.name,
          is_bot: user.bot,
          locale: user.locale,
          // docs.slack.dev/apis/slack-connect: a user of another workspace is named with that one's id.
          team_id: user.team,
          is_stranger: user.team !== TEAM,
          profile: { display_name: user.name, real_name: user.name },
        },
      };
    },
    'conversations.join': (params) => {
      const channel = channelOf(params.channel);
      if (channel.isPrivate) throw new Refused('method_not_supported_for_channel_type');
      channel.botIsMember = true;
      return { channel: { id: channel.id } };
    },
    'conversations.open': (params) => {
      if (!users.has(params.users ?? '')) throw new Refused('user_not_found');
      const id = `D${params.users}`;
      addChannel(id, { isPrivate: true });
      return { channel: { id } };
    },
    'conversations.create': (params) => {
      const name = params.name ?? '';
      // …/conversations.create, "Errors" and "Naming".
      if (!/^[a-z0-9_-]{1,80}$/.test(name)) throw new Refused('invalid_name_specials');
      if ([...channels.values()].some((one) => one.name === name)) throw new Refused('name_taken');
      const id = `C${channels.size + 1}MADE`;
      addChannel(id, { name, isPrivate: params.is_private === 'true', creator: BOT_USER });
      return { channel: channelObject(channelOf(id)) };
    },
    'conversations.invite': (params) => {
      const channel = speakable(params.channel);
      const wanted = (params.users ?? '').split(',');
      const errors = wanted.flatMap((user) => {
        if (user === BOT_USER) return [{ user, ok: false, error: 'cant_invite_self' }];
        if (channel.members.has(user)) return [{ user, ok: false, error: 'already_in_channel' }];
        if (!users.has(user)) return [{ user, ok: false, error: 'user_not_found' }];
        channel.members.add(user);
        return [];
      });
      // …/conversations.invite, "Errors": `errors` names each; without `force`, or with nobody left, it fails.
      const [first] = errors;
      if (first && (params.force !== 'true' || errors.length === wanted.length))
        throw new Refused(first.error, { errors });
      return { channel: channelObject(channel) };
    },
    'conversations.setTopic': (params) => {
      const channel = speakable(params.channel);
      if ((params.topic ?? '').length > 250) throw new Refused('too_long');
      channel.topic = params.topic ?? '';
      return { channel: channelObject(channel) };
    },
    'conversations.archive': (params) => {
      const channel = channelOf(params.channel);
      if (channel.archived) throw new Refused('already_archived');
      channel.archived = true;
      return {};
    },
    'conversations.list': (params) => {
      // …/conversations.list: a page may hold fewer than asked for; the cursor is empty on the last.
      const all = [...channels.values()].filter(
        (one) =>
          one.isPrivate === (params.types === 'private_channel') &&
          !(params.exclude_archived === 'true' && one.archived),
      );
      const from = Number(params.cursor || '0');
      const next = from + 2 < all.length ? String(from + 2) : '';
      return {
        channels: all.slice(from, from + 2).map(channelObject),
        response_metadata: { next_cursor: next },
      };
    },
    'conversations.replies': (params) => {
      const channel = speakable(params.channel);
      const found = standing(channel.id).find((one) => one.ts === params.ts);
      if (!found) throw new Refused('thread_not_found');
      // …/conversations.replies: the parent comes first, whatever `oldest` says; an answer is found by its own ts.
      const answers = standing(channel.id).filter(
        (one) => one.thread === found.ts && inRange(one.ts, params),
      );
      return { messages: [found, ...answers].map(saidObject), has_more: false };
    },
    'conversations.history': (params) => {
      const channel = speakable(params.channel);
      // …/conversations.history: newest first, without the answers in threads; `oldest` itself is left out.
      const all = spoken
        .filter((one) => one.channel === channel.id && one.thread === null && inRange(one.ts, params))
        .filter((one) => !gone.has(`${channel.id}:${one.ts}`))
        .reverse();
      const from = Number(params.cursor || '0');
      const to = from + Math.min(Number(params.limit ?? '15'), 999);
      return {
        messages: all.slice(from, to).map(saidObject),
        has_more: to < all.length,
        response_metadata: { next_cursor: to < all.length ? String(to) : '' },
      };
    },
    'files.info': (params) => {
      const message = [...spoken, ...posted].find((one) => one.files.some(({ id }) => id === params.file));
      const file = message?.files.find((one) => one.id === params.file);
      if (!message || !file) throw new Refused('file_not_found');
      const late = sharesAfter > 0;
      if (late) sharesAfter -= 1;
      // The SDK's `FilesInfoResponse`: where a file stands, by the kind of the channel; empty until it does.
      const kind = channels.get(message.channel)?.isPrivate ? 'private' : 'public';
      const where = { ts: message.ts, ...(message.thread ? { thread_ts: message.thread } : {}) };
      const shares = late ? {} : { [kind]: { [message.channel]: [where] } };
      return { file: { ...fileObject(file), shares } };
    },
    'files.getUploadURLExternal': (params) => {
      // …/files.getUploadURLExternal: a place to send the bytes to, of the length that was announced.
      const id = `FUP${uploads.length + 1}`;
      uploads.push({
        id,
        name: params.filename ?? '',
        length: Number(params.length),
        bytes: null,
        channel: null,
      });
      return { upload_url: `http://127.0.0.1:${port()}/upload/${id}`, file_id: id };
    },
    'files.completeUploadExternal': (params) => {
      const channel = speakable(params.channel_id);
      const listed = z.array(z.object({ id: z.string() })).parse(JSON.parse(params.files ?? '[]'));
      const files = listed.map(({ id }) => {
        const one = uploads.find((upload) => upload.id === id);
        if (!one?.bytes || one.bytes.byteLength !== one.length) throw new Refused('file_upload_incomplete');
        one.channel = channel.id;
        return { id, name: one.name, bytes: new Uint8Array(one.bytes) };
      });
      const { ts } = keep(channel.id, null, params, files);
      // docs.slack.dev/reference/events/file_shared: comes beside the message that carries the file.
      for (const { id } of files)
        echo({
          type: 'file_shared',
          file_id: id,
          user_id: BOT_USER,
          channel_id: channel.id,
          event_ts: ts,
          file: { id },
        });
      return { files: listed };
    },
    'pins.add': (params) => {
      const channel = speakable(params.channel);
      pins.push({ channel: channel.id, timestamp: params.timestamp ?? '' });
      return {};
    },
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      unsupported.push(String(error));
      response.writeHead(500).end();
    });
  });
  const port = (): number => (server.address() as AddressInfo).port;
  const fileObject = (file: Spoken['files'][number]) => ({
    id: file.id,
    name: file.name,
    size: file.bytes.byteLength,
    url_private_download: `http://127.0.0.1:${port()}/files/${file.id}`,
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    if (path.startsWith('/files/')) {
      const wanted = path.slice('/files/'.length);
      const file = [...spoken, ...posted].flatMap((one) => one.files).find((one) => one.id === wanted);
      // docs.slack.dev/messaging/working-with-files: without the token the download is the login page.
      if (!file || token !== BOT_TOKEN) {
        response.writeHead(302, { location: 'https://slack.com/' }).end();
        return;
      }
      const type = file.name.endsWith('.png') ? 'image/png' : 'text/plain';
      response.writeHead(200, { 'content-type': type }).end(Buffer.from(file.bytes));
      return;
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    if (path.startsWith('/upload/')) {
      const refused = uploadTroubles.shift();
      if (refused !== undefined) {
        response.writeHead(refused, refused === 429 ? { 'retry-after': '1' } : {}).end();
        return;
      }
      const upload = uploads.find((one) => one.id === path.slice('/upload/'.length));
      if (upload) upload.bytes = uploadedBytes(request.headers['content-type'] ?? '', Buffer.concat(parts));
      response.writeHead(upload ? 200 : 404).end('OK');
      return;
    }
    const params = Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString('utf8')));
    const name = path.replace('/api/', '');
    calls.push({ method: name, params, at: Date.now() });
    const reply = (answer: Answer): void => {
      // WebAPICallResult of @slack/web-api: response_metadata.scopes is read from this header.
      response
        .writeHead(200, { 'content-type': 'application/json', 'x-oauth-scopes': scopes.join(',') })
        .end(JSON.stringify(answer));
    };
    // …/api.test takes no token.
    if (name === 'api.test') return reply({ ok: true });
    const wanted = name === 'apps.connections.open' ? APP_TOKEN : BOT_TOKEN;
    if (token !== wanted) return reply({ ok: false, error: 'invalid_auth' });
    const at = troubles.findIndex((one) => one.method === name && one.after === 0);
    for (const one of troubles) if (one.method === name && one.after > 0) one.after -= 1;
    const [trouble] = at === -1 ? [] : troubles.splice(at, 1);
    if (trouble?.answer === 'limit') {
      // docs.slack.dev/apis/web-api/rate-limits: HTTP 429 with Retry-After in seconds.
      response
        .writeHead(429, { 'retry-after': String(trouble.seconds) })
        .end('{"ok":false,"error":"ratelimited"}');
      return;
    }
    const method = methods[name];
    if (!method) {
      unsupported.push(name);
      return reply({ ok: false, error: 'unknown_method' });
    }
    try {
      if (trouble && trouble.answer !== 'lost') throw trouble.answer;
      const answer = method(params);
      if (trouble) {
        response.destroy();
        return;
      }
      reply({ ok: true, ...answer });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      reply({ ok: false, error: error.code, ...error.more });
    }
  }

  const ackFrame = z.object({ envelope_id: z.string() });
  const wss = new WebSocketServer({ server, path: '/link/' });
  wss.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('message', (data) => {
      const frame = ackFrame.parse(JSON.parse(String(data)));
      acks.get(frame.envelope_id)?.();
    });
    // docs.slack.dev/apis/events-api/using-socket-mode, "Connecting": the first frame is hello.
    socket.send(JSON.stringify({ type: 'hello', num_connections: sockets.size, connection_info: {} }));
  });

  /** …/using-socket-mode, "Receiving events": an envelope with an id, acknowledged by that id. */
  function bySocket(kind: Kind, payload: unknown, attempt: number): Promise<void> {
    const [socket] = sockets;
    if (!socket) throw new Error('stand-in: no socket is open');
    const id = randomUUID();
    const acked = new Promise<void>((resolve) => acks.set(id, resolve));
    socket.send(
      JSON.stringify({
        envelope_id: id,
        type: kind,
        payload,
        accepts_response_payload: kind !== 'events_api',
        ...(attempt > 0 ? { retry_attempt: attempt, retry_reason: 'timeout' } : {}),
      }),
    );
    return acked;
  }

  /** docs.slack.dev/authentication/verifying-requests-from-slack: v0, HMAC-SHA256 over `v0:time:body`. */
  async function byHttp(kind: Kind, payload: Record<string, unknown>, attempt: number): Promise<number> {
    const form = (value: Record<string, string>) => new URLSearchParams(value).toString();
    const [type, body] =
      kind === 'events_api'
        ? ['application/json', JSON.stringify(payload)]
        : [
            'application/x-www-form-urlencoded',
            kind === 'interactive'
              ? form({ payload: JSON.stringify(payload) })
              : form(Object.fromEntries(Object.entries(payload).map(([key, one]) => [key, String(one)]))),
          ];
    return request(type ?? '', body ?? '', attempt > 0 ? { 'x-slack-retry-num': String(attempt) } : {});
  }

  async function request(type: string, body: string, more: Record<string, string> = {}): Promise<number> {
    if (httpTarget === null) throw new Error('stand-in: no request URL');
    const stamp = more['x-slack-request-timestamp'] ?? String(Math.floor(Date.now() / 1000));
    const signature = `v0=${createHmac('sha256', SIGNING_SECRET).update(`v0:${stamp}:${body}`).digest('hex')}`;
    const response = await fetch(httpTarget, {
      method: 'POST',
      body,
      headers: {
        'content-type': type,
        'x-slack-request-timestamp': stamp,
        'x-slack-signature': signature,
        ...more,
      },
    });
    await response.arrayBuffer();
    return response.status;
  }

  async function deliver(
    kind: Kind,
    payload: Record<string, unknown>,
    options: Delivering = {},
  ): Promise<void> {
    if (held) {
      held.push((attempt) => deliver(kind, payload, { attempt }));
      return;
    }
    const first = options.attempt ?? 0;
    for (let attempt = first; attempt < first + (options.times ?? 1); attempt += 1) {
      if (httpTarget === null) await bySocket(kind, payload, attempt);
      else {
        const status = await byHttp(kind, payload, attempt);
        if (status !== 200) throw new Error(`stand-in: HTTP ${status} for ${JSON.stringify(payload)}`);
      }
    }
  }

  /** docs.slack.dev/apis/events-api, "Receiving events": the outer event. */
  async function event(inner: Record<string, unknown>, options?: Delivering): Promise<void> {
    const payload = {
      type: 'event_callback',
      team_id: TEAM,
      api_app_id: 'A0STANDIN',
      event_id: `Ev${randomUUID()}`,
      event_time: clock,
      authorizations: [{ team_id: TEAM, user_id: BOT_USER, is_bot: true, is_enterprise_install: false }],
      event: inner,
    };
    await deliver('events_api', payload, options);
  }

  const hears = (channel: string): boolean => channels.get(channel)?.botIsMember === true;
  const trigger = (user: string): string => {
    const id = `${triggers.size + 1}.${randomUUID()}`;
    triggers.set(id, { user, used: false });
    return id;
  };
  const typeOf = (channel: string): string => (channel.startsWith('D') ? 'im' : 'channel');

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  users.set(BOT_USER, { name: '战情室', bot: true, locale: 'zh-CN', team: TEAM });

  return {
    apiUrl: `http://127.0.0.1:${port()}/api/`,
    posted,
    spoken,
    views,
    pins,
    calls,
    unsupported,
    uploads,
    standing,
    /** All that the bot did has been told to it. */
    async echoed(): Promise<void> {
      while (echoes.size > 0) await Promise.all(echoes);
    },
    /** The next file is shown where it was shared only when it is asked for the `times`-th time. */
    shareLate: (times: number) => {
      sharesAfter = times;
    },
    /** The next upload of bytes is answered with this status. */
    failUpload: (status: number) => uploadTroubles.push(status),
    connections: () => connections,
    openSockets: () => sockets.size,
    deliverTo: (url: string) => {
      httpTarget = url;
    },
    request,
    /** Keeps what would be delivered, until it is let go in any order, as often as wanted. */
    hold: () => {
      held = [];
    },
    letGo: (): readonly ((attempt: number) => Promise<void>)[] => {
      const kept = held ?? [];
      held = null;
      return kept;
    },
    /** A frame as it is on the socket, whatever it holds. */
    frame: (text: string) => {
      for (const socket of sockets) socket.send(text);
    },
    /** The scopes of the bot token. */
    grant: (granted: readonly string[]) => {
      scopes = granted;
    },
    target: (): string => httpTarget ?? '',
    user: (id: string, name: string, more: { bot?: boolean; locale?: string; team?: string } = {}) =>
      users.set(id, {
        name,
        bot: more.bot ?? false,
        locale: more.locale ?? 'zh-CN',
        team: more.team ?? TEAM,
      }),
    /** docs.slack.dev/reference/events/member_joined_channel: the bot itself came into a channel. */
    botJoins: (channel: string) =>
      event({
        type: 'member_joined_channel',
        user: BOT_USER,
        channel,
        channel_type: 'C',
        team: TEAM,
        event_ts: nextTs(),
      }),
    channel: addChannel,
    channels,
    /** The next call of the method, or the one `after` that many good ones, is over the limit. */
    limit: (method: string, seconds: number, after = 0) =>
      troubles.push({ method, answer: 'limit', seconds, after }),
    /** The next call of the method fails with this code. */
    fail: (method: string, code: string, more: Answer = {}) =>
      troubles.push({ method, answer: new Refused(code, more), seconds: 0, after: 0 }),
    /** The next call of the method is carried out, and the connection breaks before its answer. */
    lose: (method: string) => troubles.push({ method, answer: 'lost', seconds: 0, after: 0 }),
    /** …/using-socket-mode, "Disconnecting": the container is recycled, a new connection has to be opened. */
    sendDisconnect: () => {
      for (const socket of sockets)
        socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: {} }));
    },
    cutSockets: () => {
      for (const socket of sockets) socket.terminate();
    },

    async says(
      user: string,
      channel: string,
      text: string,
      more: Delivering & {
        thread?: string;
        files?: Spoken['files'];
        botId?: string;
        subtype?: string;
        /** The message itself is never delivered, what comes beside it is. */
        lost?: boolean;
      } = {},
    ): Promise<Spoken> {
      const message: Spoken = {
        channel,
        ts: nextTs(),
        user,
        text,
        thread: more.thread ?? null,
        files: more.files ?? [],
      };
      spoken.push(message);
      if (!hears(channel)) return message;
      const common = {
        channel,
        user,
        text,
        ts: message.ts,
        event_ts: message.ts,
        user_team: users.get(user)?.team ?? TEAM,
        ...(more.subtype ? { subtype: more.subtype } : {}),
        ...(message.thread ? { thread_ts: message.thread } : {}),
        ...(more.botId ? { bot_id: more.botId } : {}),
      };
      // docs.slack.dev/reference/events/message: subtype file_share carries the files; file_shared comes beside it.
      const files =
        message.files.length > 0 ? { subtype: 'file_share', files: message.files.map(fileObject) } : {};
      if (!more.lost)
        await event({ type: 'message', channel_type: typeOf(channel), ...common, ...files }, more);
      // docs.slack.dev/reference/events/app_mention: a second event about the same message.
      if (text.includes(`<@${BOT_USER}>`)) await event({ type: 'app_mention', ...common }, more);
      for (const file of message.files)
        await event(
          {
            type: 'file_shared',
            file_id: file.id,
            user_id: user,
            channel_id: channel,
            event_ts: message.ts,
            file: { id: file.id },
          },
          more,
        );
      return message;
    },
    /** docs.slack.dev/reference/events/message/message_changed. */
    async edits(message: Spoken, text: string, more: Delivering = {}): Promise<void> {
      const ts = nextTs();
      const said = saidObject(message);
      await event(
        {
          type: 'message',
          subtype: 'message_changed',
          channel: message.channel,
          channel_type: typeOf(message.channel),
          ts,
          event_ts: ts,
          message: { ...said, text, edited: { user: message.user, ts } },
          previous_message: said,
        },
        more,
      );
    },
    /** docs.slack.dev/reference/events/message/message_deleted. */
    async deletes(message: Spoken, more: Delivering = {}): Promise<void> {
      const ts = nextTs();
      gone.add(`${message.channel}:${message.ts}`);
      await event(
        {
          type: 'message',
          subtype: 'message_deleted',
          channel: message.channel,
          channel_type: typeOf(message.channel),
          ts,
          event_ts: ts,
          deleted_ts: message.ts,
          previous_message: saidObject(message),
        },
        more,
      );
    },
    /** docs.slack.dev/reference/events/reaction_added. */
    async reacts(user: string, message: Spoken, reaction: string, more: Delivering = {}): Promise<void> {
      await event(
        {
          type: 'reaction_added',
          user,
          reaction,
          item_user: message.user,
          item: { type: 'message', channel: message.channel, ts: message.ts },
          event_ts: nextTs(),
        },
        more,
      );
    },
    /** docs.slack.dev/interactivity/implementing-slash-commands, "Preparing your app to receive commands". */
    async slash(user: string, channel: string, text: string, more: Delivering = {}): Promise<void> {
      const payload = {
        command: '/incident',
        text,
        user_id: user,
        user_name: users.get(user)?.name ?? user,
        team_id: TEAM,
        team_domain: 'stand-in',
        channel_id: channel,
        channel_name: 'ops',
        api_app_id: 'A0STANDIN',
        trigger_id: trigger(user),
        response_url: `http://127.0.0.1:${port()}/response`,
      };
      await deliver('slash_commands', payload, more);
    },
    /** Presses a button one can see; …/reference/interaction-payloads/block_actions-payload. */
    async press(user: string, channel: string, label: string, more: Delivering = {}): Promise<void> {
      const shown = posted
        .filter((one) => one.channel === channel && (one.only === null || one.only === user))
        .reverse()
        .flatMap((one) => buttonsOf(one.blocks).map((button) => ({ one, button })))
        .find(({ button }) => button.text.text === label);
      if (!shown) throw new Error(`stand-in: nobody sees a button "${label}" in ${channel}`);
      const { one, button } = shown;
      await deliver(
        'interactive',
        {
          type: 'block_actions',
          user: { id: user, username: user, team_id: TEAM },
          team: { id: TEAM, domain: 'stand-in' },
          api_app_id: 'A0STANDIN',
          trigger_id: trigger(user),
          container: {
            type: 'message',
            message_ts: one.ts,
            channel_id: channel,
            is_ephemeral: one.only !== null,
            ...(one.thread ? { thread_ts: one.thread } : {}),
          },
          channel: { id: channel, name: 'ops' },
          actions: [
            {
              type: 'button',
              block_id: 'b1',
              action_id: button.action_id,
              value: button.value,
              text: button.text,
              action_ts: nextTs(),
            },
          ],
        },
        more,
      );
    },
    /** Fills in the newest modal of a person and sends it; …/view-interactions-payload. */
    async submit(
      user: string,
      typed: Readonly<Record<string, string>>,
      more: Delivering = {},
    ): Promise<void> {
      const open = views.filter((one) => one.user === user).at(-1);
      if (!open) throw new Error(`stand-in: ${user} has no form open`);
      const values: Record<string, unknown> = {};
      for (const block of open.view.blocks) {
        if (block.type !== 'input') continue;
        const { element } = block;
        const initial =
          element.type === 'plain_text_input' ? element.initial_value : element.initial_option?.value;
        const value = typed[block.block_id] ?? initial ?? null;
        // The client does not send a form whose required fields are empty.
        if (value === null && block.optional !== true)
          throw new Error(`stand-in: the field ${block.block_id} is required`);
        if (
          element.type === 'static_select' &&
          value !== null &&
          !element.options.some((o) => o.value === value)
        )
          throw new Error(`stand-in: ${block.block_id} offers no ${value}`);
        values[block.block_id] = {
          [element.action_id]:
            element.type === 'plain_text_input'
              ? { type: element.type, value }
              : { type: element.type, selected_option: value === null ? null : { value } },
        };
      }
      const unknown = Object.keys(typed).filter((name) => !(name in values));
      if (unknown.length > 0) throw new Error(`stand-in: the form has no field ${unknown.join(', ')}`);
      await deliver(
        'interactive',
        {
          type: 'view_submission',
          user: { id: user, username: user, team_id: TEAM },
          team: { id: TEAM, domain: 'stand-in' },
          api_app_id: 'A0STANDIN',
          trigger_id: trigger(user),
          view: { id: open.id, ...open.view, hash: 'h1', state: { values } },
        },
        more,
      );
    },
    /** …/reference/interaction-payloads/shortcuts-interaction-payload, message shortcuts. */
    async shortcut(user: string, callback: string, message: Spoken): Promise<void> {
      await deliver('interactive', {
        type: 'message_action',
        callback_id: callback,
        user: { id: user, username: user, team_id: TEAM },
        team: { id: TEAM, domain: 'stand-in' },
        trigger_id: trigger(user),
        channel: { id: message.channel, name: 'ops' },
        message_ts: message.ts,
        message: { type: 'message', user: message.user, ts: message.ts, text: message.text },
        response_url: `http://127.0.0.1:${port()}/response`,
      });
    },
    /** …/shortcuts-interaction-payload, global shortcuts: no conversation is named. */
    async anywhere(user: string, callback: string): Promise<void> {
      await deliver('interactive', {
        type: 'shortcut',
        callback_id: callback,
        user: { id: user, username: user, team_id: TEAM },
        team: { id: TEAM, domain: 'stand-in' },
        trigger_id: trigger(user),
        action_ts: nextTs(),
        is_enterprise_install: false,
      });
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.terminate();
      wss.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type Standin = Awaited<ReturnType<typeof startStandin>>;
