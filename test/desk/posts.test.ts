import { afterEach, describe, expect, it } from 'vitest';
import type { Button, Message } from '../../src/chat/message.ts';
import { plainText } from '../../src/chat/message.ts';
import type { Reply } from '../../src/chat/port.ts';
import { webDeps } from '../../src/view/index.ts';
import { SETTINGS, type TestDesk, testDesk } from '../support/desk.ts';

let room: TestDesk;
afterEach(() => room.close());

const buttonsOf = (message: Message | null): readonly Button[] =>
  (message?.blocks ?? []).flatMap((one) => (one.block === 'buttons' ? one.buttons : []));
const headline = (reply: Reply): string => plainText(reply.toAsker?.headline ?? '');

async function open(settings = SETTINGS): Promise<TestDesk> {
  const desk = await testDesk({ settings });
  await desk.say('ops', '/应急 开启 社保核心系统数据库连接超时');
  await desk.say('duty', '/应急 应答');
  return desk;
}

const postsFor = async (person: string) => {
  const deps = webDeps(room.desk, {
    newId: () => 'id',
    metricsToken: null,
    environment: {},
    failed: () => {},
  });
  const known = (await deps.people('zh')).find((one) => one.id === person);
  if (!known) throw new Error(`nobody is called ${person}`);
  const { incident } = { incident: await room.incident() };
  return (await deps.room(incident.id, { person: known, language: 'zh' }))?.posts ?? [];
};

describe('/应急 需要', () => {
  it.each(['数据库高级DBA', 'senior-dba', 'dba', '高级DBA'])(
    '%s calls the contact of the organisation that holds the post',
    async (words) => {
      room = await open();
      await room.say('ops', `/应急 需要 ${words} 锁等待无法定位`);
      const { pages, needs } = await room.incident();
      expect(pages.at(-1)).toMatchObject({ person: 'dba2', post: 'senior-dba', org: 'dbvendor' });
      expect(needs).toMatchObject([{ reason: '锁等待无法定位' }]);
    },
  );

  it('the room hears who is wanted, that their company is in it now, and what is still empty', async () => {
    room = await open();
    await room.say('ops', '/应急 需要 DBA');
    const heard = (await room.heard()).join('\n');
    expect(heard).toContain('需要 数据库高级DBA（数据库厂商）');
    expect(heard).toMatch(/仍空缺：.*网络工程师/);
    expect(heard).toContain('数据库厂商 加入联合处置');
    const empty = (await postsFor('ops')).filter((one) => one.state === 'empty').map((one) => one.title);
    expect(empty).toContain('网络工程师');
    expect(empty).not.toContain('数据库高级DBA');
  });

  it('an ambiguous word asks which post, and one press calls it', async () => {
    room = await open();
    const reply = await room.say('ops', '/应急 需要 工程师');
    expect(headline(reply)).toContain('哪个岗位');
    const button = buttonsOf(reply.toAsker).find((one) => one.args.post === 'cloud-engineer');
    await room.press('ops', 'need', { ...button?.args });
    expect((await room.incident()).pages.at(-1)?.person).toBe('cloud-eng');
  });

  it('a post that two organisations hold asks which, and one press calls it', async () => {
    const { config } = SETTINGS;
    const organisations = config.organisations.map((one) =>
      one.id === 'cloud'
        ? { ...one, posts: { 'senior-dba': { holder: 'cloud-eng', deputies: [], hours: [] } } }
        : one,
    );
    room = await open({ ...SETTINGS, config: { ...config, organisations } });
    const reply = await room.say('ops', '/应急 需要 DBA');
    expect(buttonsOf(reply.toAsker).map((one) => one.label)).toEqual(['数据库厂商', '云平台厂商']);
    await room.press('ops', 'need', { ...buttonsOf(reply.toAsker)[1]?.args });
    expect((await room.incident()).pages.at(-1)?.person).toBe('cloud-eng');
    const named = await room.say('ops', '/应急 需要 DBA 数据库厂商');
    expect(named.toAsker).toBeNull();
    expect((await room.incident()).pages.at(-1)?.person).toBe('dba2');
  });

  it('people and tiers are still called by the same word', async () => {
    room = await open();
    await room.say('ops', '/应急 需要 CTO');
    expect((await room.incident()).pages.at(-1)?.person).toBe('cto');
  });

  it('alone it shows who is where, what is empty, and which posts nobody could be called for', async () => {
    room = await open();
    const shown = JSON.stringify((await room.say('ops', '/应急 岗位')).toAsker);
    expect(shown).toContain('中间件工程师');
    expect(shown).toContain('没有单位登记联系人');
    expect(JSON.stringify((await room.say('ops', '/应急 值班')).toAsker)).toContain('机房硬件工程师');
  });

  it('a page that nobody answers goes up the ladder of that organisation', async () => {
    room = await open();
    await room.say('ops', '/应急 需要 DBA');
    await room.advance(45);
    const theirs = (await room.incident()).pages.filter((one) => one.org === 'dbvendor');
    expect([...new Set(theirs.map((one) => one.person))]).toEqual(['dba2', 'db-manager', 'db-director']);
    expect((await room.heard()).join('\n')).toContain('数据库厂商 升级到本单位第 1 级');
  });
});
