import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { commandNamed } from '../../commands/index.ts';
import { FEISHU_PATH, feishuPlatform } from '../../src/chat/feishu/platform.ts';
import { alertsOf, linksOf, wordsOf } from '../feishu/kit.ts';
import {
  APP_ID,
  APP_SECRET,
  BOT,
  ENCRYPT_KEY,
  type Said,
  startStandin,
  TENANT,
  VERIFICATION_TOKEN,
} from '../feishu/standin.ts';
import { SETTINGS } from '../support/desk.ts';
import { atOnce, mutations } from './mutate.ts';
import {
  type Attempt,
  backstage,
  type House,
  type Shared,
  type Stage,
  shuffled,
  type Words,
} from './stage.ts';

const LOBBY = 'oc_lobby';
const LUNCH = 'oc_lunch';
const LARGEST = 1024 * 1024;

/** The account of a person of the roster. */
const feishuUser = (person: string): string => `ou_${person.replaceAll('-', '_')}`;

const settings = {
  ...SETTINGS,
  config: {
    ...SETTINGS.config,
    people: SETTINGS.config.people.map((one) => ({ ...one, accounts: { feishu: feishuUser(one.id) } })),
  },
};

/** Feishu through its real SDK, by the long connection or by signed HTTP, with a group for each incident. */
export async function feishuStage(
  mode: 'socket' | 'http',
  hears: 'everything' | 'addressed',
  house: House = backstage,
): Promise<Stage> {
  const feishu = await startStandin();
  for (const person of settings.config.people) feishu.user(feishuUser(person.id), person.name);
  feishu.group(
    LOBBY,
    settings.config.people.map((one) => feishuUser(one.id)),
  );
  feishu.group(LUNCH, [feishuUser('ops')]);
  if (hears === 'addressed') feishu.revoke('im:message.group_msg');
  const back = await house({
    settings,
    platforms: (store, logged) => [
      feishuPlatform({
        app: { appId: APP_ID, appSecret: APP_SECRET, domain: feishu.domain },
        door:
          mode === 'socket'
            ? { mode }
            : { mode, encryptKey: ENCRYPT_KEY, verificationToken: VERIFICATION_TOKEN },
        hears,
        rooms: 'private',
        archive: 'rename',
        people: settings.config.people,
        language: 'zh',
        org: 'apusic',
        publicUrl: 'https://warroom.example',
        personalLink: null,
        maxFileBytes: LARGEST,
        now: Date.now,
        isCommand: (word) => commandNamed(word) !== null,
        log: (what, detail) => logged.push({ what, detail }),
        remember: (key, value) => store.putNote(`feishu:${key}`, value),
        recall: (key) => store.getNote(`feishu:${key}`),
        isRoom: async (place) => (await store.openIncidentAt(place)) !== null,
      }),
    ],
  });
  const [platform] = back.platforms;
  if (!platform?.attach) throw new Error('no platform');
  let server: Server | null = null;
  if (platform.door) {
    const listening = createServer(platform.door.listener);
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    feishu.deliverTo(`http://127.0.0.1:${(listening.address() as AddressInfo).port}${FEISHU_PATH}`);
    server = listening;
  }
  await platform.start(back.receive);

  const room = (): string =>
    [...feishu.chats.values()].findLast((one) => !one.direct && ![LOBBY, LUNCH].includes(one.id))?.id ??
    LOBBY;
  const find = (words: Words): Said => {
    const found = feishu.messages.get(words.id);
    if (!found) throw new Error(`nobody said ${words.id}`);
    return found;
  };
  type More = NonNullable<Parameters<typeof feishu.says>[3]>;
  const says = async (person: string, text: string, more: More = {}): Promise<Words> => {
    const said = await feishu.says(feishuUser(person), room(), text, more);
    return { id: said.id, author: person, text };
  };
  /** Where the bot hears only what mentions it, a file reaches it in the direct conversation alone. */
  const hands = async (person: string, more: More): Promise<void> => {
    const chat = hears === 'everything' ? room() : feishu.directChat(feishuUser(person));
    await feishu.says(feishuUser(person), chat, '', more);
  };
  const carried = ({ type, content }: Said) => {
    const key = /"(?:file|image)_key":"([^"]+)"/.exec(content)?.[1];
    const file = key === undefined || type === 'interactive' ? undefined : feishu.files.get(key);
    return file === undefined ? [] : [file];
  };
  const standing = () =>
    [...feishu.messages.values()]
      .filter((one) => one.chat === room() && one.author === BOT && one.only === null && !one.gone)
      .map((one) => ({
        id: one.id,
        text: one.card ? wordsOf(one.card) : '',
        files: carried(one),
        answers: one.parent,
        alerts: one.card ? alertsOf(one.card) : [],
        links: one.card ? linksOf(one.card) : [],
      }));
  const mention = async (person: string, text: string): Promise<void> => {
    await feishu.says(feishuUser(person), room(), text, { mention: true });
  };

  const header = {
    event_id: 'genuine-1',
    event_type: 'im.message.receive_v1',
    create_time: '1764000000000',
    token: VERIFICATION_TOKEN,
    app_id: APP_ID,
    tenant_key: TENANT,
  };
  const genuine = {
    schema: '2.0',
    header,
    event: {
      sender: { sender_id: { open_id: feishuUser('ops') }, sender_type: 'user' },
      message: {
        message_id: 'om_genuine',
        create_time: '1764000000000',
        chat_id: LOBBY,
        chat_type: 'group',
        message_type: 'text',
        content: JSON.stringify({ text: '@_user_1 开启 伪造的事件' }),
        mentions: [{ key: '@_user_1', id: { open_id: BOT }, name: '战情室' }],
      },
    },
  };
  const pressed = {
    schema: '2.0',
    header: { ...header, event_type: 'card.action.trigger' },
    event: {
      operator: { open_id: feishuUser('ops') },
      action: { value: { press: { command: 'open', args: {}, incident: null, place: null } }, tag: 'button' },
      context: { open_message_id: 'om_genuine', open_chat_id: LOBBY },
    },
  };
  const forged = (
    what: string,
    wanted: number,
    body: unknown,
    more: Parameters<typeof feishu.post>[1] = {},
  ): Attempt => ({
    what,
    wanted,
    send: async () => (await feishu.post(JSON.stringify(body), more)).status,
  });
  const stamp = (offset: number): Record<string, string> => ({
    'x-lark-request-timestamp': String(Math.floor(Date.now() / 1000) + offset),
  });

  return {
    platform,
    get desk() {
      return back.desk;
    },
    received: back.received,
    logged: back.logged,
    secrets: [APP_SECRET, ENCRYPT_KEY, VERIFICATION_TOKEN, 'secret-ticket'],
    // Feishu knows no slash commands: the bot's name and its word are the native way.
    command: (person, text) => mention(person, `应急 ${text}`),
    mention,
    say: (person, text) => says(person, text),
    edit: async (words, text) => feishu.edits(find(words), text),
    remove: (words) => feishu.recalls(find(words)),
    drop: (person, name, bytes) => hands(person, { file: { name, bytes } }),
    picture: (person, picture) => hands(person, { picture }),
    answer: (person, parent, text) => says(person, text, { parent, mention: hears === 'addressed' }),
    ...(hears === 'everything'
      ? {
          caption: (person: string, illustrated: Shared, text: string) => says(person, text, { illustrated }),
        }
      : {}),
    shown: async () => standing(),
    attach: platform.attach,
    refuseFile: (how) => {
      const call = 'POST /open-apis/im/v1/files';
      if (how === 'rate') feishu.trouble(call, 429, { code: 99991400, msg: 'frequency limit' });
      else if (how === 'outage') feishu.trouble(call, 503, null);
      else
        feishu.trouble(call, 400, {
          code: 99991672,
          msg: 'Access denied. One of the following scopes is required: [im:resource, im:resource:upload].',
        });
    },
    loseFile: () => feishu.lose('POST /open-apis/im/v1/messages', 'file'),
    largest: LARGEST,
    press: (person, label) => feishu.press(feishuUser(person), room(), label),
    submit: (person, fields) => feishu.submit(feishuUser(person), room(), fields),
    fields: (person) => feishu.form(feishuUser(person), room()),
    seen: async (person) => {
      const user = feishuUser(person);
      const cards = [...feishu.visible(user, LOBBY), ...feishu.inSight(user, room())].flatMap((one) =>
        one.card ? [[one.id, wordsOf(one.card)] as const] : [],
      );
      const told = feishu.toasts.filter((one) => one.user === user).map((one) => one.text);
      return [...new Map(cards).values(), ...told].join('\n');
    },
    ...(hears === 'everything'
      ? { react: (person: string, words: Words) => feishu.reacts(feishuUser(person), find(words), 'Pin') }
      : {}),
    bots: async (text) => {
      // The service keeps these back; were they delivered, nothing should come of them.
      for (const [author, type] of [
        [BOT, 'app'],
        ['ou_builds', 'app'],
        [BOT, 'user'],
      ] as const) {
        const { message } = genuine.event;
        await feishu.deliver('im.message.receive_v1', {
          sender: { sender_id: { open_id: author }, sender_type: type },
          message: {
            ...message,
            message_id: `om_${randomUUID()}`,
            chat_id: room(),
            content: JSON.stringify({ text: `@_user_1 ${text}` }),
          },
        });
      }
    },
    elsewhere: async (person, text) => {
      await feishu.says(feishuUser(person), LUNCH, text);
    },
    async storm(work) {
      feishu.hold();
      await work();
      const sends = feishu.letGo().flatMap((send) => Array.from({ length: 5 }, () => send));
      await Promise.all(shuffled(sends, 20_261_124).map((send) => send()));
    },
    refuse: (how) => {
      const call = 'POST /open-apis/im/v1/messages';
      if (how === 'rate')
        feishu.trouble(
          call,
          429,
          { code: 99991400, msg: 'request trigger frequency limit' },
          {
            'x-ogw-ratelimit-limit': '1000',
            'x-ogw-ratelimit-reset': '1',
          },
        );
      else feishu.trouble(call, 503, null);
    },
    forbid: () => {
      feishu.revoke('im:chat', 'im:chat:create');
      return 'im:chat';
    },
    ...(mode === 'http'
      ? {
          intruders: [
            forged('a wrong signature', 401, genuine, { headers: { 'x-lark-signature': '0'.repeat(64) } }),
            forged('no signature', 401, genuine, { headers: { 'x-lark-signature': '' } }),
            forged('a time that is none', 401, genuine, {
              headers: { 'x-lark-request-timestamp': 'yesterday' },
            }),
            forged('a genuine request replayed after six minutes', 401, genuine, { headers: stamp(-360) }),
            forged('a request dated ahead', 401, genuine, { headers: stamp(3600) }),
            forged('not encrypted', 400, genuine, { bare: true }),
            forged('encrypted with another key', 400, genuine, { key: 'another-key' }),
            forged('another verification token', 403, {
              ...genuine,
              header: { ...header, token: 'another' },
            }),
            forged('another app', 403, { ...genuine, header: { ...header, app_id: 'cli_fedcba9876543210' } }),
            forged('a challenge with another token', 403, {
              type: 'url_verification',
              token: 'another',
              challenge: 'x',
            }),
          ],
        }
      : {}),
    async mutate(count, seed) {
      const texts = mutations([genuine, pressed], {
        count,
        seed,
        // Whom the event names by the way, and words: another value there is as good.
        harmless: [
          ...['content', 'create_time', 'tenant_key', 'event_type', 'mentions', 'tag', 'value'],
          ...['message_type', 'chat_type', 'sender_type'],
          // What came through a connection that this side opened carries no proof of its own.
          ...(mode === 'socket' ? ['token'] : []),
        ],
      });
      if (mode === 'http') return atOnce(texts, 8, async (text) => (await feishu.post(text)).status);
      // On the long connection a frame is taken or not; there is no status. The connection has to outlive them.
      for (const text of texts) feishu.send(Buffer.from(text));
      return new Set([0]);
    },
    settle: () => settled(),
    close: async () => {
      await platform.stop();
      if (server) {
        server.closeAllConnections();
        await new Promise((resolve) => server?.close(resolve));
      }
      await back.close();
      await feishu.close();
      if (feishu.unsupported.length > 0) throw new Error(`unsupported: ${feishu.unsupported.join(' | ')}`);
    },
  };

  /** Everything that was delivered has been worked off; the connection stays. */
  async function settled(): Promise<void> {
    await platform?.stop();
  }
}
