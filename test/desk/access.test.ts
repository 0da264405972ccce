import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Block, Button, Message } from '../../src/chat/message.ts';
import { plainText } from '../../src/chat/message.ts';
import type { Reply } from '../../src/chat/port.ts';
import { messageSchema } from '../../src/chat/schema.ts';
import { BOT } from '../../src/incident/events.ts';
import type { Side } from '../../src/incident/visibility.ts';
import { webDeps } from '../../src/view/index.ts';
import { SETTINGS, type TestDesk, testDesk } from '../support/desk.ts';
import { warroom } from '../support/run.ts';

let room: TestDesk;
afterEach(() => room.close());

async function opened(): Promise<TestDesk> {
  room = await testDesk();
  await room.say('ops', '/应急 开启 社保核心系统 打不开');
  await room.say('duty', '/应急 应答');
  return room;
}

const headline = (reply: Reply): string => plainText(reply.toAsker?.headline ?? '');

function buttonsIn(blocks: readonly Block[]): readonly Button[] {
  return blocks.flatMap((block) =>
    block.block === 'buttons' ? block.buttons : block.block === 'fold' ? buttonsIn(block.blocks) : [],
  );
}

async function refusals() {
  const { id } = await room.incident();
  const events = await room.desk.store.events(id);
  return events.flatMap(({ body }) => (body.type === 'AccessRefused' ? [body] : []));
}

/** The cards of the room as somebody reads them in a browser. */
async function cardsFor(person: string): Promise<readonly Message[]> {
  const { config } = SETTINGS;
  const known = config.people.find((one) => one.id === person);
  const side: Side | null = config.organisations.find((one) => one.id === known?.org)?.side ?? null;
  if (!known) throw new Error(`nobody is called ${person}`);
  const { id } = await room.incident();
  const deps = webDeps(room.desk, {
    newId: () => 'id',
    metricsToken: null,
    environment: {},
    failed: () => {},
  });
  const talk = await deps.talk(
    id,
    {
      person: { id: person, name: known.name, org: known.org, orgName: known.org, side, posts: [] },
      language: 'zh',
    },
    null,
  );
  return talk
    .filter((one) => one.author.id === BOT.id && one.text !== '')
    .map((one) => messageSchema.parse(JSON.parse(one.text)));
}

describe('somebody who may not', () => {
  it('hears who may, calls them with one press, and nothing else happened', async () => {
    await opened();
    const reply = await room.say('ops', '/应急 误报 自己好了');
    expect(headline(reply)).toBe(
      '“解决、关闭、关联”由这些人来做：应急保障负责人（应急保障负责人、应急保障副职）；系统主管（系统主管、系统副主管）；当前主责人（值班工程师）；值班工程师（值班工程师、备班工程师）。',
    );
    expect((await room.incident()).status).toBe('open');
    const [ask] = buttonsIn(reply.toAsker?.blocks ?? []);
    expect(ask).toMatchObject({ label: '请 应急保障负责人 来做', command: 'page' });
    await room.press('ops', ask?.command ?? '', ask?.args);
    expect((await room.incident()).pages.at(-1)).toMatchObject({
      person: 'emergency-lead',
      because: '请您来做：解决、关闭、关联',
    });
  });

  it('is in the record once, however often they try, and the chain verifies', async () => {
    await opened();
    for (let again = 0; again < 20; again += 1) await room.say('ops', '/应急 误报 自己好了');
    expect(await refusals()).toEqual([
      { type: 'AccessRefused', person: 'ops', command: 'close', roles: ['customer-staff', 'observer'] },
    ]);
    expect(await room.desk.store.verify()).toMatchObject({ ok: true });
    expect((await room.heard()).join()).not.toContain('无权');
  });

  it('is let in again by the same words once the role is theirs', async () => {
    await opened();
    expect(headline(await room.say('dba', '/应急 状态'))).toContain('这里还没有事件');
    await room.say('duty', '/应急 呼叫 高级DBA');
    expect(headline(await room.say('dba', '/应急 状态'))).not.toContain('这里还没有事件');
  });
});

describe('somebody of a company that is not in the incident', () => {
  it('hears the same as in a place without one, whatever they ask', async () => {
    await opened();
    const lines = [
      '状态',
      '时限',
      '呼叫记录',
      '时间线',
      '报告',
      '类似',
      '应答',
      '升级 急',
      '关闭',
      '批准 A1',
    ];
    for (const line of lines) {
      const reply = await room.say('dba', `/应急 ${line}`);
      expect([line, headline(reply), reply.form]).toEqual([
        line,
        '这里还没有事件。开启一个：/应急 开启 发生了什么',
        null,
      ]);
    }
    expect(await refusals()).toEqual([{ type: 'AccessRefused', person: 'dba', command: 'look', roles: [] }]);
  });
});

describe('help', () => {
  it('begins with what the asker may do, and folds the rest away', async () => {
    await opened();
    const split = async (person: string): Promise<readonly [string, string]> => {
      const [mine, others] = (await room.say(person, '/应急 帮助')).toAsker?.blocks ?? [];
      return [JSON.stringify(mine), JSON.stringify(others ?? null)];
    };
    const [duty] = await split('duty');
    expect(duty).toContain('定级');
    const [ops, others] = await split('ops');
    expect(ops).toContain('升级');
    expect(ops).not.toContain('给出建议');
    expect(others).toContain('定级');
    for (const one of [duty, ops]) expect(one).toContain('状态');
  });
});

describe('a card in the web room', () => {
  it('has the buttons that are the reader’s, and names who may press the others', async () => {
    await opened();
    await room.say('duty', '/应急 提议 重启 server1');
    const actionFor = async (person: string): Promise<Message> => {
      const card = (await cardsFor(person)).findLast((one) => one.card === 'action:A1');
      if (!card) throw new Error('no card');
      return card;
    };
    const lead = await actionFor('emergency-lead');
    expect(buttonsIn(lead.blocks).map((one) => one.label)).toEqual(['批准', '驳回…', '破例批准…']);
    const ops = await actionFor('ops');
    expect(buttonsIn(ops.blocks).map((one) => one.label)).toEqual(['驳回…']);
    expect(JSON.stringify(ops.blocks)).toContain(
      '“批准操作”由这些人来做：应急保障负责人（应急保障负责人、应急保障副职）',
    );
  });
});

describe('warroom audit', () => {
  it('lists who did what by which role, and who was refused', async () => {
    await opened();
    await room.say('ops', '/应急 误报 自己好了');
    await room.say('emergency-lead', '/应急 定级 红 全网');
    const { code } = await room.incident();
    const data = join(room.folder, 'warroom.db');
    for (const end of ['', '-wal', '-shm'])
      if (existsSync(join(room.folder, `test.db${end}`)))
        copyFileSync(join(room.folder, `test.db${end}`), `${data}${end}`);

    const all = await warroom(['audit', code, '--data', room.folder]);
    expect(all.code).toBe(0);
    const lines = all.out
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    const of = (what: string) => lines.find((line) => line[4] === what)?.slice(2);
    expect(of('IncidentReported')).toEqual([
      '允许',
      '客户运维 (ops, customer)',
      'IncidentReported',
      '在场的每个人',
    ]);
    expect(of('SeveritySet')).toEqual([
      '允许',
      '应急保障负责人 (emergency-lead, customer)',
      'SeveritySet',
      '应急保障负责人',
    ]);
    expect(of('close')).toEqual(['拒绝', '客户运维 (ops, customer)', 'close', '客户人员、在场的每个人']);

    const refused = await warroom(['audit', code, '--data', room.folder, '--refused', '--language', 'en']);
    expect(refused.out.trim().split('\n')).toHaveLength(1);
    expect(refused.out).toContain('refused');
    const unknown = await warroom(['audit', 'INC-19990101-01', '--data', room.folder]);
    expect([unknown.code, unknown.out]).toEqual([1, '']);
    expect(unknown.err).toContain('没有事件');
  });
});
