import { unzipSync } from 'fflate';
import { commandNamed, nearest } from '../../commands/index.ts';
import { dingtalkPlatform } from '../../src/chat/dingtalk/platform.ts';
import { type Quote, SECRET, type Standin, startStandin, TEMPLATES } from '../dingtalk/standin.ts';
import { SETTINGS } from '../support/desk.ts';
import { mutations } from './mutate.ts';
import { backstage, type House, type Shared, type Shown, type Stage, shuffled } from './stage.ts';

const ROOM = 'cidROOM==';
const LUNCH = 'cidLUNCH==';
const SEND = '/v1.0/robot/groupMessages/send';
const LARGEST = 1024 * 1024;
/** As written where the sign itself would be obeyed, and as read. */
const SIGNS: Readonly<Record<string, string>> = {
  '＜': '<',
  '＞': '>',
  '［': '[',
  '］': ']',
  '＊': '*',
  '＃': '#',
  '＿': '_',
  '～': '~',
  '＆': '&',
  ˋ: '`',
};

/** The DingTalk user of a person of the roster. */
export const dingUser = (person: string): string => `ding-${person}`;
const single = (person: string): string => `cid-${dingUser(person)}`;

export const dingSettings = {
  ...SETTINGS,
  config: {
    ...SETTINGS.config,
    people: SETTINGS.config.people.map((one) => ({ ...one, accounts: { dingtalk: dingUser(one.id) } })),
  },
};

export function dingOptions(standin: Standin) {
  return {
    clientId: standin.client,
    clientSecret: SECRET,
    apiUrl: standin.apiUrl,
    oapiUrl: standin.apiUrl,
    robot: standin.client,
    templates: TEMPLATES,
    robots: new Map(),
    people: dingSettings.config.people,
    language: 'zh',
    org: 'apusic',
    publicUrl: 'https://warroom.example',
    signIn: null,
    isCommand: (word: string) => commandNamed(word) !== null,
    resembles: (word: string) => nearest(word).length > 0,
    claim: null,
    now: Date.now,
    fileHosts: [standin.fileHost],
    retryMs: 20,
    maxFileBytes: LARGEST,
  } as const;
}

/** DingTalk through the real stream SDK: a group whose robot hears what mentions it, and single chats. */
export async function dingtalkStage(house: House = backstage): Promise<Stage> {
  const ding = await startStandin();
  for (const person of dingSettings.config.people) ding.user(dingUser(person.id), person.name);
  ding.group(ROOM);
  ding.group(LUNCH);
  const back = await house({
    settings: dingSettings,
    platforms: (store, logged) => {
      const platform = dingtalkPlatform({
        ...dingOptions(ding),
        log: (what, detail) => logged.push({ what, detail }),
        remember: (key, value) => store.putNote(`dingtalk:${key}`, value),
        recall: (key) => store.getNote(`dingtalk:${key}`),
        isRoom: async (place) => (await store.openIncidentAt(place)) !== null,
      });
      // Twenty messages a minute would make a story of forty last for minutes; the pace has tests of its own.
      return [{ ...platform, limits: { ...platform.limits, perMinute: 6000, overallPerMinute: 6000 } }];
    },
  });
  const [platform] = back.platforms;
  if (!platform) throw new Error('no platform');
  await platform.start(back.receive);

  const mention = async (person: string, text: string): Promise<void> => {
    await ding.says(dingUser(person), ROOM, text, { mention: true });
  };
  const nameOf = (id: string): string => `${ROOM}:${id}`;
  const quoteOf = (name: string): Quote => {
    const id = name.slice(name.indexOf(':') + 1);
    const own =
      ding.messages.some((one) => one.key === id) ||
      [...ding.cards.values()].some((one) => one.carrier === id);
    return own ? { robot: id } : { person: id };
  };
  /** What stands in the group; the full-width likenesses of signs are read as the signs. */
  const standing = (): readonly Shown[] => {
    const said = ding.messages
      .filter((one) => one.conversation === ROOM && one.key !== null)
      .map((one) => ({ ...one, id: one.key ?? '', files: one.file ? [one.file] : [] }));
    const drawn = [...ding.cards.values()]
      .filter((one) => one.conversation === ROOM && one.only === null)
      .map((one) => ({ ...one, id: one.carrier, text: one.params.content ?? '', files: [] }));
    return [...said, ...drawn]
      .sort((one, other) => one.order - other.order)
      .map(({ id, text, files, alerts }) => ({
        id: nameOf(id),
        text: text.replace(/[＜＞［］＊＃＿～＆ˋ]/g, (sign) => SIGNS[sign] ?? sign),
        files,
        answers: null,
        alerts,
        links: linksOf(text),
      }));
  };
  const nothingFollowed = async (): Promise<never> => {
    throw new Error('what is not said to the robot is not heard');
  };

  return {
    platform,
    get desk() {
      return back.desk;
    },
    received: back.received,
    logged: back.logged,
    secrets: [SECRET, 'standin-token-', 'sendBySession'],
    // No slash commands in DingTalk: the robot's name and a word are the native way.
    command: (person, text) => mention(person, `应急 ${text}`),
    mention,
    say: nothingFollowed,
    edit: nothingFollowed,
    remove: nothingFollowed,
    drop: (person, name, bytes) => ding.sendsFile(dingUser(person), single(person), name, bytes),
    picture: async (person, { bytes }) => {
      await ding.sendsPictures(dingUser(person), single(person), [bytes]);
    },
    caption: async (person, { bytes }, text) => {
      const id = await ding.sendsPictures(dingUser(person), ROOM, [bytes], text);
      return { id: nameOf(id), author: person, text };
    },
    answer: async (person, message, text) => {
      const more = { mention: true, quote: quoteOf(message) };
      return { id: nameOf(await ding.says(dingUser(person), ROOM, text, more)), author: person, text };
    },
    shown: async () => standing(),
    unpack,
    attach: (place, file, posting) => {
      if (!platform.attach) throw new Error('no attach');
      return platform.attach(place, file, posting);
    },
    refuseFile: (how) => {
      if (how === 'rate') ding.trouble(SEND, 400, { code: '130101', message: 'send too fast' });
      else if (how === 'outage') ding.trouble(SEND, 503, { code: 'ServiceUnavailable', message: 'later' });
      else
        ding.trouble(SEND, 403, {
          code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
          message: '没有调用该接口的权限',
          accessdenieddetail: { requiredScopes: ['qyapi_robot_sendmsg'] },
        });
    },
    largest: LARGEST,
    press: (person, label) => ding.press(dingUser(person), ROOM, label),
    submit: (person, fields) => ding.submit(dingUser(person), ROOM, fields),
    fields: (person) => ding.form(dingUser(person), ROOM),
    seen: async (person) => ding.visible(dingUser(person), ROOM).join('\n'),
    elsewhere: async (person, text) => {
      await ding.says(dingUser(person), LUNCH, text);
    },
    async storm(work) {
      ding.hold();
      await work();
      const sends = ding.letGo().flatMap((send) => Array.from({ length: 5 }, () => send));
      await Promise.all(shuffled(sends, 20_261_124).map((send) => send()));
    },
    refuse: (how) => {
      if (how === 'rate')
        ding.trouble(SEND, 403, { code: 'Forbidden.AccessDenied.QpsLimitForApi', message: 'QPS' });
      else ding.trouble(SEND, 503, { code: 'ServiceUnavailable', message: 'later' });
    },
    forbid: () => {
      ding.trouble('/v1.0/card/instances/createAndDeliver', 403, {
        code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
        message: '没有调用该接口的权限',
        accessdenieddetail: { requiredScopes: ['Card.Instance.Write'] },
      });
      return 'Card.Instance.Write';
    },
    async mutate(count, seed) {
      const genuine = ding.message(dingUser('ops'), ROOM, {
        msgtype: 'text',
        text: { content: ' 开启 社保核心系统报错' },
      });
      const harmless = [
        'content',
        'chatbotCorpId',
        'chatbotUserId',
        'senderNick',
        'senderStaffId',
        'isAdmin',
        'senderCorpId',
        'createAt',
        'isInAtList',
        'robotCode',
        'sessionWebhook',
        'sessionWebhookExpiredTime',
      ];
      const topic = '/v1.0/im/bot/messages/get';
      const headers = { messageId: 'm', topic };
      const half = Math.floor(count / 3);
      const card = {
        outTrackId: 'warroom-x',
        userId: dingUser('ops'),
        content: '{"cardPrivateData":{"params":{}}}',
      };
      const cardTopic = '/v1.0/card/instances/callback';
      const frames = [
        ...mutations([card], { count: half, seed, harmless: [] }).map((data, at) =>
          JSON.stringify({ type: 'CALLBACK', headers: { topic: cardTopic, messageId: `c${at}` }, data }),
        ),
        ...mutations([genuine], { count: half, seed, harmless }).map((data, at) =>
          JSON.stringify({ type: 'CALLBACK', headers: { topic, messageId: `m${at}` }, data }),
        ),
        ...mutations([{ type: 'CALLBACK', headers, data: JSON.stringify(genuine) }], {
          count: count - 2 * half,
          seed,
          harmless: ['messageId'],
        }),
      ];
      for (const [at, frame] of frames.entries()) {
        ding.frame(frame);
        // The connection has to outlive them; an answer to a ping says that all before it was read.
        if (at % 500 === 499) await ding.ping();
      }
      await ding.ping();
      return new Set([0]);
    },
    settle: () => platform.stop(),
    close: async () => {
      await platform.stop();
      await back.close();
      await ding.close();
      if (ding.unsupported.length > 0) throw new Error(`unsupported: ${ding.unsupported.join(' | ')}`);
    },
  };
}

/** What a click opens: the clients read markdown, and the tags of links and pictures. */
function linksOf(markdown: string): readonly string[] {
  const marked = [...markdown.matchAll(/\]\(([^)]*)\)/g)].map(([, url = '']) => url);
  const tagged = [...markdown.matchAll(/<(?:a|img)\s[^>]*>/gi)].map(([tag]) => tag);
  return [...marked, ...tagged];
}

/** Robots send few kinds of file; the others arrive packed. */
function unpack(file: Shared): Shared {
  if (!file.name.endsWith('.bin.zip')) return file;
  const [entry] = Object.entries(unzipSync(new Uint8Array(file.bytes)));
  return entry ? { name: entry[0], bytes: entry[1] } : file;
}
