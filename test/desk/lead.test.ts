import { afterEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/chat/message.ts';
import type { ChatPlatform } from '../../src/chat/port.ts';
import { BOT, type Place } from '../../src/incident/events.ts';
import { webDeps } from '../../src/view/index.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';

let room: TestDesk;
afterEach(() => room.close());

/** A chat that takes everything; what was posted into each conversation is kept. */
function recording(name: string) {
  const posted: { readonly conversation: string; readonly text: string }[] = [];
  const platform: ChatPlatform = {
    name,
    capabilities: {
      hears: 'everything',
      followsEdits: true,
      followsDeletions: true,
      createsRooms: false,
      updatesMessages: true,
      threads: true,
      filesHere: true,
      urgent: false,
    },
    limits: { textLength: 4000, perMinute: 6000, blockedForMs: 0 },
    start: async () => {},
    stop: async () => {},
    post: async (place, message) => {
      posted.push({ conversation: place.conversation, text: JSON.stringify(message) });
      return { ok: true, messageId: String(posted.length) };
    },
    direct: async () => ({ ok: true, messageId: 'direct' }),
  };
  const inside = (conversation: string): string =>
    posted
      .filter((one) => one.conversation === conversation)
      .map((one) => one.text)
      .join('\n');
  return { platform, inside };
}

const deps = () =>
  webDeps(room.desk, { newId: () => 'id', metricsToken: null, environment: {}, failed: () => {} });

const readerOf = async (id: string) => {
  const person = (await deps().people('zh')).find((one) => one.id === id);
  if (!person) throw new Error(`nobody is called ${id}`);
  return { person, language: 'zh' as const };
};

const clocksFor = async (person: string): Promise<readonly string[]> => {
  const { id } = await room.incident();
  return (await deps().room(id, await readerOf(person)))?.clocks.map((one) => one.id) ?? [];
};

const joint = async (platforms: Parameters<typeof testDesk>[0] = {}): Promise<void> => {
  room = await testDesk(platforms);
  await room.say('ops', '/应急 开启 社保核心系统全部节点报错，窗口无法办理业务');
  await room.say('emergency-lead', '/应急 定级 红 全网无法办理');
  await room.say('duty', '/应急 应答');
  await room.say('ops', '/应急 需要 DBA');
  await room.say('dba2', '/应急 应答');
};

describe('/应急 移交主责', () => {
  it('asks for the reason, keeps what was typed, and tells the room', async () => {
    await joint();
    const asked = await room.say('emergency-lead', '/应急 移交主责 数据库厂商');
    expect(asked.form?.fields.map((one) => one.name)).toEqual(['reason']);
    await room.press('emergency-lead', 'hand-lead', { ...asked.form?.args, reason: '锁等待在数据库内核' });
    expect(await room.incident()).toMatchObject({ lead: 'dbvendor', accountability: 'assist' });
    expect((await room.heard()).join('\n')).toContain('主责由 金蝶天燕 移交 数据库厂商');
    await room.say('emergency-lead', '/incident hand-lead 金蝶天燕 数据库已排除');
    expect(await room.incident()).toMatchObject({ lead: 'apusic', accountability: 'lead' });
  });

  it('an organisation that is not in the room is refused, and how it comes in is said', async () => {
    await joint();
    const reply = await room.say('emergency-lead', '/应急 移交主责 云平台厂商 云盘时延');
    expect(plainText(reply.toAsker?.headline ?? '')).toContain('云平台厂商 现在不在这个事件里');
  });
});

describe('each organisation sees its own clocks and the joint ones', () => {
  it('in the web room: the panel', async () => {
    await joint();
    expect(await clocksFor('ops')).toEqual(expect.arrayContaining(['restore', 'escalation', 'callback']));
    const theirs = await clocksFor('dba2');
    expect(theirs).toEqual(expect.arrayContaining(['callback', 'acknowledgement', 'arrival', 'advice']));
    expect(theirs).not.toContain('restore');
    expect(theirs).not.toContain('escalation');
  });

  it('in answers: status and clocks', async () => {
    await joint();
    const shown = JSON.stringify((await room.say('dba2', '/应急 时限')).toAsker);
    expect(shown).toContain('应答呼叫');
    expect(shown).not.toContain('各级响应到位');
    expect(JSON.stringify((await room.say('duty', '/应急 时限')).toAsker)).toContain('各级响应到位');
  });

  it('in the joint talk and the timeline: what became of our promises stands with the customer and us', async () => {
    await joint();
    await room.advance(130);
    const breach = '时限已过：到达现场';
    const { id } = await room.incident();
    const talk = async (person: string): Promise<string> =>
      JSON.stringify(await deps().talk(id, await readerOf(person), null));
    expect(await talk('dba2')).not.toContain(breach);
    expect(await talk('dba2')).toContain('时限已过：首次联系');
    expect(await talk('ops')).toContain(breach);
    expect(await talk('duty')).toContain(breach);
    const timeline = async (person: string): Promise<string> =>
      JSON.stringify(await deps().timeline(id, await readerOf(person)));
    expect(await timeline('dba2')).not.toContain(breach);
    expect(await timeline('duty')).toContain(breach);
  });

  it('in its own chat: cards name no clock of ours', async () => {
    const chat = recording('feishu');
    await joint({ platforms: [chat.platform] });
    const { id } = await room.incident();
    const open = async (org: string, conversation: string): Promise<void> => {
      const place: Place = {
        platform: 'feishu',
        workspace: 't',
        conversation,
        language: 'zh',
        org,
        audience: 'org',
      };
      const body = { type: 'open-room', place } as const;
      await room.desk.handle(id, { by: BOT, at: null, backdateReason: null, sources: [], body });
    };
    await open('dbvendor', 'theirs');
    await open('customer', 'customers');
    await room.advance(130);
    expect(chat.inside('customers')).toContain('时限已过：到达现场');
    expect(chat.inside('theirs')).toContain('时限已过：首次联系');
    expect(chat.inside('theirs')).not.toContain('时限已过：到达现场');
    expect(chat.inside('theirs')).not.toContain('各级响应到位');
  });
});
