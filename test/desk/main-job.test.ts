import { gzipSync, zipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/chat/message.ts';
import type { Reply } from '../../src/chat/port.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';

let room: TestDesk;
afterEach(() => room.close());

const said = (reply: Reply): string => (reply.toAsker ? plainText(reply.toAsker.headline) : '');
const POOL = [
  'javax.resource.ResourceException: Error in allocating a connection. Cause: In-use connections equal max-pool-size and expired max-wait-time. Cannot allocate more connections.',
  'RAR5117 : Failed to obtain/create connection from connection pool [ FeePool ]. Reason : In-use connections equal max-pool-size and expired max-wait-time.',
].join('\n');

async function opened(): Promise<TestDesk> {
  const desk = await testDesk();
  await desk.say('ops', '/应急 开启 社保核心系统全部节点报错，窗口无法办理业务');
  return desk;
}

describe('the main job, from one line to the report clock', () => {
  it('opens, grades, pages, diagnoses, approves, restores, resolves', async () => {
    room = await opened();
    expect(await room.incident()).toMatchObject({
      code: 'INC-20261124-01',
      system: { id: 'social-insurance' },
      systemDown: true,
    });
    expect((await room.heard())[0]).toContain('待定级');

    for (const question of ['业务中断 是', '数据受损 否', '影响全网 否'])
      await room.say('ops', `/应急 回答 ${question}`);
    expect((await room.incident()).proposed?.severity).toBe('yellow');
    await room.press('emergency-lead', 'severity', { level: 'yellow' });
    expect((await room.heard()).some((line) => line.startsWith('🟡 黄色'))).toBe(true);

    await room.say('duty', '/应急 应答');
    await room.say('duty', POOL);
    const found = (await room.incident()).diagnoses[0]?.findings[0];
    expect(found?.fault).toBe('jdbc-pool-exhausted');
    expect(found?.evidence.length).toBeGreaterThan(0);

    const step = found?.steps.find((one) => one.risk !== 'R0' && one.approver === 'lead+owner');
    await room.press('duty', 'propose', { step: step?.id ?? 'raise-pool' });
    await room.press('emergency-lead', 'approve', { action: 'A1' });
    await room.press('owner', 'approve', { action: 'A1' });
    await room.press('duty', 'done', { action: 'A1', outcome: 'succeeded' });
    expect((await room.incident()).actions[0]?.status).toBe('succeeded');

    const offered = await room.say('ops', '窗口能办了');
    expect(offered.toAsker?.blocks[0]).toMatchObject({ block: 'buttons', buttons: [{ command: 'restore' }] });
    await room.press('ops', 'restore');
    await room.say('duty', '/应急 原因 报表模块没有归还连接');
    await room.say('duty', '/应急 解决');
    expect((await room.incident()).status).toBe('resolved');
    expect((await room.heard()).at(-1)).toContain('已解决');
    expect(await room.desk.store.verify()).toMatchObject({ ok: true, incidents: 1 });
  });

  it('a telephone call opens a room through the form', async () => {
    room = await testDesk();
    expect((await room.press('duty', 'open')).form?.fields.map((one) => one.name)).toEqual(
      expect.arrayContaining(['title', 'caller', 'number', 'organisation', 'since']),
    );
    await room.press('duty', 'open', {
      channel: 'phone',
      title: '缴费报错',
      system: '非税收缴系统',
      caller: '王工',
      number: '13800000000',
      organisation: '财政局',
      since: '03:00',
      down: 'no',
    });
    expect(await room.incident()).toMatchObject({
      system: { id: 'tax' },
      intake: { channel: 'phone', caller: '王工' },
      systemDown: false,
    });
  });

  it('numbers the incidents of a day', async () => {
    room = await opened();
    await room.say('ops', '/应急 开启 非税收缴系统报错');
    expect((await room.incident()).code).toBe('INC-20261124-02');
  });
});

describe('pages', () => {
  it('go out when they fall due, again and again, until somebody answers', async () => {
    room = await opened();
    await room.advance(16);
    const pages = room.called.filter((one) => one.text.includes('请于'));
    expect(pages.map((one) => (one.at - (pages[0]?.at ?? 0)) / 60_000)).toEqual([0, 5, 10, 15]);
    await room.say('rd1', '/应急 应答');
    const before = room.called.length;
    await room.advance(30);
    expect(room.called.filter((one) => one.text.includes('请于')).length).toBe(pages.length);
    expect(before).toBeGreaterThan(0);
  });

  it('that came due while nobody was running go out at the next start', async () => {
    room = await opened();
    await room.desk.engine.stop();
    await room.advance(60);
    room = await room.reopen();
    expect((await room.incident()).pages.map((one) => one.status)).toEqual(['timed-out', 'open']);
    expect(room.called.some((one) => one.text.includes('第 2 次呼叫'))).toBe(true);
  });

  it('leave a receipt in the record', async () => {
    room = await opened();
    const events = await room.desk.store.events((await room.incident()).id);
    expect(
      events.some((one) => one.body.type === 'PageDelivered' && one.body.delivery.outcome === 'accepted'),
    ).toBe(true);
  });
});

describe('what people type wrong', () => {
  it('an unknown command suggests the nearest', async () => {
    room = await opened();
    expect(said(await room.say('ops', '/应急 批准了'))).toContain('批准');
    expect(said(await room.say('ops', '/incident aprove A1'))).toContain('approve');
  });

  it('a command in the wrong state says what is possible now', async () => {
    room = await opened();
    const reply = await room.say('duty', '/应急 解决');
    expect(said(reply)).toContain('还没有记为恢复');
    expect(JSON.stringify(reply.toAsker)).toContain('/应急 恢复');
  });

  it('a missing reason is asked for, with everything else kept', async () => {
    room = await opened();
    await room.advance(30);
    const reply = await room.say('duty', '/应急 到场 20 分钟前');
    expect(reply.form).toMatchObject({
      command: 'arrive',
      args: { at: '20 分钟前' },
      fields: [{ name: 'reason' }],
    });
    await room.press('duty', 'arrive', { ...reply.form?.args, reason: '机房没有信号' });
    expect((await room.incident()).moments['on-site']?.at).toBe(room.clock.now() - 20 * 60_000);
  });

  it('talk without a room is answered with how to open one', async () => {
    room = await testDesk();
    expect(said(await room.say('ops', '有人吗'))).toContain('/应急 开启');
  });

  it('the same delivery twice acts once', async () => {
    room = await testDesk();
    await room.say('ops', '/应急 开启 社保核心系统报错', { id: 'same' });
    await room.say('ops', '/应急 开启 社保核心系统报错', { id: 'same' });
    expect(await room.desk.store.incidents()).toHaveLength(1);
    await room.say('duty', '/应急 取证 线程转储', { id: 'twice' });
    const count = async (): Promise<number> =>
      (await room.desk.store.events((await room.incident()).id)).length;
    const before = await count();
    await room.say('duty', '/应急 取证 线程转储', { id: 'twice' });
    expect(await count()).toBe(before);
  });
});

describe('files', () => {
  it('a dropped log, plain, gzipped or zipped, is diagnosed without being told', async () => {
    room = await opened();
    const bytes = new TextEncoder().encode(POOL);
    await room.drop('ops', 'server.log', bytes);
    await room.drop('ops', 'server.log.gz', gzipSync(bytes));
    await room.drop('ops', 'logs.zip', zipSync({ 'server.log': bytes }));
    expect((await room.incident()).diagnoses.map((one) => one.findings[0]?.fault)).toEqual([
      'jdbc-pool-exhausted',
      'jdbc-pool-exhausted',
      'jdbc-pool-exhausted',
    ]);
  });

  it('what cannot be read is answered in a sentence and still recorded', async () => {
    room = await opened();
    const reply = await room.drop(
      'ops',
      'dump.bin',
      new Uint8Array([0, 1, 2, 3, 0, 0, 255, 254, 0, 0, 7, 0]),
    );
    expect(said(reply).length).toBeGreaterThan(10);
    expect((await room.talk()).at(-1)).toContain('dump.bin');
    expect((await room.incident()).diagnoses).toEqual([]);
  });
});

describe('secrets and visibility', () => {
  it('a password is masked before anything is stored, wherever it was typed', async () => {
    room = await opened();
    await room.say('ops', '连接串是 jdbc:oracle:thin:scott/tiger@10.0.0.5:1521/orcl password=Hunter2!x');
    await room.say('duty', '/应急 原因 配置里写了 password=Hunter2!x 被误改');
    const { readFileSync, readdirSync } = await import('node:fs');
    await room.desk.engine.idle();
    for (const file of readdirSync(room.folder)) {
      expect(readFileSync(`${room.folder}/${file}`).includes('Hunter2!x')).toBe(false);
    }
  });

  it('a private note stays with its organisation', async () => {
    room = await opened();
    await room.say('dba', '这个版本我们有已知缺陷', { audience: 'own' });
    expect(await room.talk(['joint'])).not.toContain('这个版本我们有已知缺陷');
    expect(await room.talk(['org:dbvendor'])).toContain('这个版本我们有已知缺陷');
  });

  it('two strokes before a note make it one’s own, wherever it is typed; with a plus it is the customer’s and ours', async () => {
    room = await opened();
    await room.say('dba', '// 内部先查补丁 4711');
    await room.say('duty', '//+ 客户侧先别通知窗口');
    const joint = await room.talk(['joint']);
    expect(joint).not.toContain('4711');
    expect(joint).not.toContain('先别通知窗口');
    expect(await room.talk(['org:dbvendor'])).toContain('内部先查补丁 4711');
    expect(await room.talk(['customer+vendor'])).toContain('客户侧先别通知窗口');
  });
});

describe('other endings', () => {
  it('merging closes one room and tells the other', async () => {
    room = await opened();
    const first = await room.incident();
    await room.say('ops', '/应急 开启 社保核心系统登录失败');
    await room.say('duty', `/应急 关闭 并入 ${first.code} 同一故障`);
    expect(await room.incident()).toMatchObject({
      status: 'closed',
      closedAs: 'merged',
      mergedInto: first.code,
    });
    const target = await room.desk.store.load(first.id);
    expect(target?.incident.links).toEqual([{ to: 'INC-20261124-02', relation: 'merged-from' }]);
  });

  it('a code that does not exist is named', async () => {
    room = await opened();
    expect(said(await room.say('duty', '/应急 关联 INC-20200101-09'))).toContain('INC-20200101-09');
  });
});

describe('proof', () => {
  it('the pages of an incident are shown with their receipts and how late they were', async () => {
    room = await opened();
    await room.desk.engine.stop();
    await room.advance(8);
    room = await room.reopen();
    await room.say('duty', '/应急 应答');
    const shown = JSON.stringify((await room.say('ops', '/应急 呼叫记录')).toAsker);
    expect(shown).toContain('未应答');
    expect(shown).toContain('已应答');
    expect(shown).toContain('房间 已受理');
  });

  it('breaking the glass asks why and is marked', async () => {
    room = await opened();
    await room.say('duty', '/应急 提议 停止异常节点');
    expect((await room.press('duty', 'approve', { action: 'A1', ask: 'glass' })).form?.fields[0]?.name).toBe(
      'breakGlass',
    );
    await room.press('duty', 'approve', { action: 'A1', ask: 'glass', breakGlass: '两位负责人失联' });
    expect((await room.incident()).actions[0]).toMatchObject({
      status: 'approved',
      approvals: [{ breakGlass: true }],
    });
    expect((await room.heard()).some((line) => line.includes('已批准 A1'))).toBe(true);
  });

  it('the layer decides who leads, and the clock follows', async () => {
    room = await opened();
    expect((await room.press('duty', 'lead')).form?.fields[0]?.options?.map((one) => one.value)).toContain(
      'network',
    );
    await room.press('duty', 'lead', { component: 'network' });
    expect(await room.incident()).toMatchObject({ accountability: 'assist', component: 'network' });
    await room.say('duty', '/应急 主责 中间件 定位到应用服务器');
    expect(await room.incident()).toMatchObject({ accountability: 'lead', component: 'middleware' });
  });
});

describe('editing', () => {
  const edit = async (person: string, message: string, text: string, id: string) => {
    const org = person === 'dba' ? 'dbvendor' : 'customer';
    await room.desk.receive({
      kind: 'edited',
      id,
      messageId: message,
      text,
      incident: (await room.incident()).id,
      place: { platform: 'web', workspace: 'local', conversation: 'x', language: 'zh', org },
      author: { id: person, name: person, org },
      at: room.clock.now(),
      language: 'zh',
    });
  };

  it('a private note stays private when it is edited, and nobody edits another’s words', async () => {
    room = await opened();
    await room.say('dba', '已知缺陷', { audience: 'own', id: 'note' });
    await edit('dba', 'm-note', '已知缺陷 4711', 'e1');
    expect(await room.talk(['joint'])).not.toContain('已知缺陷 4711');
    expect(await room.talk(['org:dbvendor'])).toContain('已知缺陷 4711');
    await room.say('ops', '窗口全停了', { id: 'mine' });
    await edit('dba', 'm-mine', '一切正常', 'e2');
    expect(await room.talk()).not.toContain('一切正常');
  });
});
