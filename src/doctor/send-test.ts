import type { Message } from '../chat/message.ts';
import type { ChatPlatform } from '../chat/port.ts';
import type { Settings } from '../config.ts';
import { contactMethods } from '../contact/index.ts';
import { openPlatforms } from '../platforms.ts';
import { openStore } from '../store/open.ts';
import { type Check, ok } from './check.ts';

/**
 * Sends one marked test message, because somebody asked for it: to a person by each way that is configured, or
 * into a conversation, `slack:C0123ABCD`.
 */
export async function sendTest(
  to: string,
  options: {
    readonly settings: Settings;
    readonly environment: NodeJS.ProcessEnv;
    /** Where the platforms keep what they remember: the file of SQLite, or `postgres://…`. */
    readonly database: string;
    readonly now: number;
  },
): Promise<readonly Check[]> {
  const { settings, environment } = options;
  const store = await openStore(options.database);
  const noise: string[] = [];
  try {
    const platforms = await openPlatforms(settings, store, environment, (what) => noise.push(what));
    const [platform, conversation] = splitOnce(to, ':');
    const found = platforms.find((one) => one.name === platform);
    if (found && conversation !== '') return [await toPlace(found, conversation, options)];
    const person = settings.config.people.find((one) => one.id === to || one.name === to);
    if (!person)
      return [
        {
          check: `测试消息 test → ${to}`,
          state: 'bad',
          detail: '没有这个人，也没有这个会话 no such person, no such conversation',
          fix: `人员：${settings.config.people
            .slice(0, 8)
            .map((one) => one.id)
            .join(
              '、',
            )}…；会话写成 platform:conversation，例如 slack:C0123ABCD / name a person, or a conversation as platform:id`,
        },
      ];
    return await toPerson(person, platforms, options);
  } finally {
    await store.close();
  }
}

async function toPlace(
  platform: ChatPlatform,
  conversation: string,
  options: { readonly settings: Settings; readonly now: number },
): Promise<Check> {
  const { language } = options.settings.config.desk;
  const place = { platform: platform.name, workspace: '', conversation, language, org: 'warroom' };
  const sent = await platform.post(place, words(language), { key: `doctor-${options.now}:test` });
  return result(`${platform.name}:${conversation}`, sent.ok ? null : sent.error);
}

async function toPerson(
  person: Settings['config']['people'][number],
  platforms: readonly ChatPlatform[],
  options: {
    readonly settings: Settings;
    readonly environment: NodeJS.ProcessEnv;
    readonly now: number;
  },
): Promise<readonly Check[]> {
  const message = words(person.language);
  const text = typeof message.headline === 'string' ? message.headline : '';
  const contact = contactMethods(options.settings.config, options.environment, platforms);
  const rows: Check[] = [];
  for (const way of person.contacts) {
    if (way.method === 'room') continue;
    const name = way.method === 'chat' ? way.platform : way.method === 'webhook' ? way.gateway : way.method;
    const short = { system: '测试 test', level: '-', title: '测试 test', until: '-' };
    const call = { incident: 'doctor', code: 'TEST', page: null, text, subject: text, words: short };
    const sent = await contact(way, call);
    rows.push(result(`${person.name} · ${name}`, sent.ok ? null : sent.detail));
  }
  for (const platform of platforms) {
    const address = person.accounts[platform.name];
    if (address === undefined) continue;
    if (person.contacts.some((way) => way.method === 'chat' && way.platform === platform.name)) continue;
    const sent = await platform.direct({ id: person.id, address }, message);
    rows.push(result(`${person.name} · ${platform.name}`, sent.ok ? null : sent.error));
  }
  if (rows.length > 0) return rows;
  return [
    {
      check: `测试消息 test → ${person.name}`,
      state: 'bad',
      detail: '除了房间没有别的联系方式 no way to reach them but the room',
      fix: '在 warroom.yaml 为其添加 contacts 或 accounts / add contacts or accounts',
    },
  ];
}

function words(language: 'zh' | 'en'): Message {
  const headline = {
    zh: '【战情室】测试消息：收到即说明这条通道可用，无需处理',
    en: '[warroom] test message: this way works; nothing is to be done',
  }[language];
  return { headline, blocks: [], tone: 'plain', card: null };
}

function result(to: string, error: string | null): Check {
  const check = `测试消息 test → ${to}`;
  if (error === null) return ok(check, '已送出 sent');
  return { check, state: 'bad', detail: error, fix: '按提示修正 / mend what is named above' };
}

function splitOnce(text: string, by: string): readonly [string, string] {
  const at = text.indexOf(by);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
