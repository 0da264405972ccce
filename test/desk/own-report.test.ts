import { afterEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/chat/message.ts';
import type { DocumentKind } from '../../src/incident/events.ts';
import { webDeps } from '../../src/view/index.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';

let room: TestDesk;
afterEach(() => room.close());

const deps = () =>
  webDeps(room.desk, { newId: () => 'id', metricsToken: null, environment: {}, failed: () => {} });

const readerOf = async (id: string) => {
  const person = (await deps().people('zh')).find((one) => one.id === id);
  if (!person) throw new Error(`nobody is called ${id}`);
  return { person, language: 'zh' as const };
};

const report = async (person: string, kind: DocumentKind): Promise<string> => {
  const { id } = await room.incident();
  const file = await deps().report(id, kind, 'md', await readerOf(person));
  return file === null || file === 'not-written' ? '' : String(file.body);
};

/** Our company, the customer and two vendors; each notes something for itself. */
const joint = async (): Promise<void> => {
  room = await testDesk();
  await room.say('ops', '/应急 开启 社保核心系统数据库连接超时');
  await room.say('emergency-lead', '/应急 定级 橙 业务中断');
  await room.say('duty', '/应急 应答');
  await room.say('ops', '/应急 需要 DBA 锁等待无法定位');
  await room.advance(2);
  await room.say('dba2', '/应急 应答');
  await room.say('ops', '/应急 需要 云平台工程师');
  await room.say('cloud-eng', '/应急 应答');
  await room.advance(20);
  await room.say('dba2', '/应急 到场');
  await room.say('dba2', '/应急 建议 释放会话 118 并调大锁超时');
  await room.say('dba2', '//数据库内部标记-甲 补丁 7 有已知缺陷');
  await room.say('cloud-eng', '//云平台内部标记-乙 存储时延异常');
  await room.say('duty', '//我方内部标记-丙 连接池参数有误');
  await room.say('ops', '//客户内部标记-丁 考虑索赔');
};

const MARKS: Readonly<Record<string, string>> = {
  dba2: '数据库内部标记-甲',
  'cloud-eng': '云平台内部标记-乙',
  duty: '我方内部标记-丙',
  ops: '客户内部标记-丁',
};

describe("L247–310 each organisation's own report, from the same events", () => {
  it('says what it was asked, when it answered and came, what it advised, and its own clocks', async () => {
    await joint();
    const own = await report('dba2', 'vendor');
    expect(own).toContain('单位处置报告（数据库厂商）');
    expect(own).toContain('锁等待无法定位');
    expect(own).toContain('数据库工程师 应答');
    expect(own).toContain('释放会话 118 并调大锁超时');
    expect(own).toContain('应答呼叫');
    expect(own).toContain('到达现场');
    expect(own).not.toContain('各级响应到位');
  });

  it('holds the notes of its own people and of nobody else; every other report holds none', async () => {
    await joint();
    for (const [person, mark] of Object.entries(MARKS)) {
      const own = await report(person, 'vendor');
      expect(own).toContain(mark);
      for (const other of Object.values(MARKS)) if (other !== mark) expect(own).not.toContain(other);
    }
    for (const kind of ['handling', 'service', 'parts', 'joint', 'minutes'] as const) {
      for (const person of ['ops', 'duty']) {
        const shared = await report(person, kind);
        expect(shared).not.toBe('');
        for (const mark of Object.values(MARKS)) expect(shared).not.toContain(mark);
      }
    }
  });

  it('the reports that are due are for the customer and us; the joint one names no promise of ours', async () => {
    await joint();
    await room.advance(180);
    for (const kind of ['handling', 'service', 'parts'] as const) expect(await report('dba2', kind)).toBe('');
    const together = await report('dba2', 'joint');
    expect(together).toContain('联合处置报告');
    expect(together).not.toContain('时限已过：恢复业务');
    expect(together).not.toContain('时限已过：到达现场');
    expect(await report('ops', 'service')).toContain('到达现场');
  });

  it('an arrival of one organisation is stated in its own report and is nobody else’s', async () => {
    await joint();
    const arrival = (text: string): string => /^\|\s*到场\s*\|(.*)$/m.exec(text)?.[1] ?? 'no such row';
    expect(arrival(await report('dba2', 'vendor'))).toContain('2026-');
    expect(arrival(await report('ops', 'service'))).toContain('未说明');
    expect(arrival(await report('cloud-eng', 'vendor'))).toContain('未说明');
    await room.say('duty', '/应急 到场');
    expect(arrival(await report('ops', 'service'))).toContain('2026-');
  });

  it('is asked for by its own people alone; who may is said', async () => {
    await joint();
    const refused = await room.say('duty', '/应急 报告 单位 数据库厂商');
    expect(plainText(refused.toAsker?.headline ?? '')).toContain('只有 数据库厂商 自己的人');
    const shown = await room.say('dba2', '/应急 报告 单位 数据库厂商');
    expect(plainText(shown.toAsker?.headline ?? '')).toContain('单位处置报告（数据库厂商）');
    expect(JSON.stringify(shown.toAsker)).toContain('/report/vendor/docx');
  });

  it('is put down, approved and sent like the others, and nobody else hears or reads of it', async () => {
    await joint();
    await room.say('dba2', '/应急 定稿 单位报告');
    await room.say('dba', '/应急 定稿 单位报告 批准');
    const [version] = (await room.incident()).documents;
    expect(version).toMatchObject({ document: 'vendor', organisation: 'dbvendor', status: 'approved' });
    const { id } = await room.incident();
    const kept = async (person: string): Promise<unknown> =>
      deps().version(id, 'vendor', 1, 'md', await readerOf(person));
    expect(JSON.stringify(await kept('dba2'))).toContain('数据库内部标记-甲');
    expect(await kept('ops')).toBeNull();
    expect(await kept('cloud-eng')).toBeNull();
    const listed = async (person: string): Promise<number> =>
      (await deps().room(id, await readerOf(person)))?.reports.find((one) => one.report === 'vendor')
        ?.versions.length ?? 0;
    expect(await listed('dba2')).toBe(1);
    expect(await listed('ops')).toBe(0);
    expect((await room.heard()).join('\n')).not.toContain('单位处置报告');
    expect(JSON.stringify(await deps().timeline(id, await readerOf('ops')))).not.toContain('单位处置报告');
    // Another organisation's first version is a first one, and its approval touches no other.
    await room.say('ops', '/应急 定稿 单位报告');
    expect((await room.incident()).documents.at(-1)).toMatchObject({
      organisation: 'customer',
      version: 1,
      status: 'draft',
    });
    const unnamed = await room.say('dba', '/应急 定稿 单位报告 发送');
    expect(unnamed.form?.fields.map((one) => one.name)).toEqual(['to']);
  });

  it('only the service report stops the twelve hours', async () => {
    await joint();
    await room.say('ops', '/应急 恢复');
    await room.say('duty', '/应急 解决 锁超时，已调整');
    await room.say('dba2', '/应急 定稿 单位报告');
    await room.say('dba', '/应急 定稿 单位报告 批准');
    await room.say('dba', '/应急 定稿 单位报告 发送 dba2');
    const { moments } = await room.incident();
    expect(moments['service-report-delivered']).toBeUndefined();
  });
});
