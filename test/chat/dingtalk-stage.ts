import { commandNamed, nearest } from '../../commands/index.ts';
import { dingtalkPlatform } from '../../src/chat/dingtalk/platform.ts';
import { SECRET, type Standin, startStandin, TEMPLATES } from '../dingtalk/standin.ts';
import { SETTINGS } from '../support/desk.ts';
import { mutations } from './mutate.ts';
import { backstage, type Stage, shuffled } from './stage.ts';

const ROOM = 'cidROOM==';
const LUNCH = 'cidLUNCH==';

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
  } as const;
}

/** DingTalk through the real stream SDK: a group whose robot hears what mentions it, and single chats. */
export async function dingtalkStage(): Promise<Stage> {
  const ding = await startStandin();
  for (const person of dingSettings.config.people) ding.user(dingUser(person.id), person.name);
  ding.group(ROOM);
  ding.group(LUNCH);
  const back = await backstage({
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
  const nothingFollowed = async (): Promise<never> => {
    throw new Error('what is not said to the robot is not heard');
  };

  return {
    platform,
    desk: back.desk,
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
      const path = '/v1.0/robot/groupMessages/send';
      if (how === 'rate')
        ding.trouble(path, 403, { code: 'Forbidden.AccessDenied.QpsLimitForApi', message: 'QPS' });
      else ding.trouble(path, 503, { code: 'ServiceUnavailable', message: 'later' });
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
