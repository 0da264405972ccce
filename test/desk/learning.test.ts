import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/chat/message.ts';
import type { Reply } from '../../src/chat/port.ts';
import { startBackfill } from '../../src/learning/backfill.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';

let room: TestDesk;
afterEach(() => room.close());

const said = (reply: Reply): string => (reply.toAsker ? plainText(reply.toAsker.headline) : '');

/** A fault that no shipped entry knows; hosts, numbers and times are an occurrence's own. */
function log(host: string, time: string, behind: number, pid: number): string {
  return [
    `2026-11-${time}:05,113 INFO [sched-${pid % 7}] cn.city.ledger.SettleJob - batch ${behind + 7} opened on ${host}`,
    `2026-11-${time}:06,201 ERROR [sched-${pid % 7}] cn.city.ledger.SettleJob - settlement window closed while ledger was ${behind} entries behind`,
    `cn.city.ledger.LedgerBehindException: ledger of region ${pid} is ${behind} entries behind its journal`,
    `\tat cn.city.ledger.SettleJob.close(SettleJob.java:${pid % 300})`,
    `\tat cn.city.ledger.SettleJob.run(SettleJob.java:${behind % 200})`,
    `2026-11-${time}:07,000 WARN [sched-${pid % 7}] cn.city.ledger.SettleJob - 结算批次 ${behind} 已挂起`,
  ].join('\n');
}
const FIRST = log('zw-app-03', '24 03:20', 8_412, 3301);
const AGAIN = log('core-db-11', '25 14:05', 77, 911);

async function resolvedIncident(text = FIRST): Promise<void> {
  room = await testDesk();
  await room.say('ops', '/应急 开启 社保核心系统日终结算挂起');
  await room.say('duty', text);
  await room.say('duty', '/应急 提议 重放账务流水后重开结算窗口');
  await room.press('emergency-lead', 'approve', { action: 'A1' });
  await room.press('owner', 'approve', { action: 'A1' });
  await room.press('duty', 'done', { action: 'A1', outcome: 'succeeded' });
  await room.press('ops', 'restore');
  await room.say('duty', '/应急 原因 账务流水积压，结算窗口先关了');
  await room.say('duty', '/应急 解决');
}

async function drafted(change: Record<string, string> = {}): Promise<Reply> {
  const opened = await room.say('duty', '/应急 沉淀');
  const form = opened.form;
  if (!form) throw new Error(`no form: ${said(opened)}`);
  const values = Object.fromEntries(form.fields.map((one) => [one.name, one.value ?? '']));
  return room.press('duty', 'learn', { ...form.args, ...values, ...change });
}

async function nextIncident(title = '社保核心系统结算又挂起'): Promise<string> {
  const reply = await room.say('ops', `/应急 开启 ${title}`);
  return reply.incident ?? '';
}

describe('an incident teaches', () => {
  it('unknown log → learn → second person → known in the next incident; the old one is unchanged', async () => {
    await resolvedIncident();
    const first = await room.incident();
    expect(first.diagnoses[0]?.findings).toEqual([]);

    const form = (await room.say('duty', '/应急 沉淀')).form;
    const value = (name: string): string => form?.fields.find((one) => one.name === name)?.value ?? '';
    expect(value('entry')).toBe('learnt-ledger-behind');
    expect(value('lines')).toContain(
      'cn.city.ledger.LedgerBehindException: ledger of region * is * entries behind',
    );
    expect(value('lines')).not.toMatch(/8412|3301/);
    expect(value('steps')).toBe('重放账务流水后重开结算窗口');
    expect(value('cause')).toBe('账务流水积压，结算窗口先关了');

    await drafted();
    const [draft] = (await room.incident()).drafts;
    expect(draft).toMatchObject({ id: 'K1', status: 'drafted', version: 1, owner: '值班工程师' });
    expect(draft?.trial).toMatchObject({ alarms: [] });
    expect(draft?.trial.samples).toBeGreaterThan(100);
    expect((await room.heard()).at(-1)).toContain('请 值班工程师 以外的人复核');

    expect(said(await room.say('duty', '/应急 沉淀 批准 K1'))).toContain('第二个人');
    await room.press('rd1', 'learn', { do: 'approve', draft: 'K1' });
    expect((await room.incident()).drafts[0]).toMatchObject({ status: 'approved', reviewer: 'rd1' });
    expect((await room.heard()).at(-1)).toContain('已生效');

    // The incident that taught keeps the knowledge it began with.
    await room.say('duty', AGAIN);
    expect((await room.incident()).diagnoses.at(-1)?.findings).toEqual([]);

    await room.advance(24 * 60);
    await nextIncident();
    await room.say('duty', AGAIN);
    const next = await room.incident();
    expect(next.pinned.knowledge).not.toBe(first.pinned.knowledge);
    expect(next.diagnoses[0]?.findings[0]).toMatchObject({ fault: 'learnt-ledger-behind' });
    expect(next.diagnoses[0]?.findings[0]?.confidence).toBeGreaterThanOrEqual(0.5);

    room = await room.reopen();
    await room.say('duty', FIRST);
    expect((await room.incident()).diagnoses.at(-1)?.findings[0]?.fault).toBe('learnt-ledger-behind');
    expect(await room.desk.store.verify()).toMatchObject({ ok: true });
  });

  it('that would take another incident’s log for its own never becomes active, and says which log', async () => {
    await resolvedIncident();
    const taught = (await room.incident()).id;
    await nextIncident('社保核心系统另一个批处理报错');
    const other = await room.incident();
    await room.say(
      'duty',
      '2026-11-24 03:40:00,000 ERROR [x-1] cn.city.fee.Exporter - settlement window closed while exporter was restarting',
    );
    room = await backTo(taught);
    await drafted({ lines: 'settlement window closed while' });
    expect((await room.incident()).drafts[0]?.trial.alarms[0]).toMatchObject({ where: other.code });
    await room.press('rd1', 'learn', { do: 'approve', draft: 'K1' });
    expect((await room.incident()).drafts[0]?.status).toBe('false-alarm');
    expect((await room.heard()).at(-1)).toContain('误报');
    expect(await room.desk.store.learnt()).toEqual([]);

    // A more specific line is a new revision, tried and reviewed anew.
    const change = (await room.press('duty', 'learn', { do: 'change', draft: 'K1' })).form;
    const values = Object.fromEntries((change?.fields ?? []).map((one) => [one.name, one.value ?? '']));
    const lines = 'LedgerBehindException: ledger of region * is * entries behind its journal';
    await room.press('duty', 'learn', { ...change?.args, ...values, lines });
    await room.press('rd1', 'learn', { do: 'approve', draft: 'K1' });
    expect((await room.incident()).drafts[0]).toMatchObject({ revision: 2, status: 'approved' });
  });

  it('that the shipped samples contradict is refused with file and line', async () => {
    await resolvedIncident(
      'ERROR [a] cn.city.Tool - In-use connections equal max-pool-limit of the tool box\n',
    );
    await drafted({ lines: 'In-use connections equal max-pool' });
    expect((await room.incident()).drafts[0]?.trial.alarms[0]?.where).toMatch(
      /^knowledge\/samples\/[\w-]+\.txt:\d+$/,
    );
  });

  it('an entry that another site exported is tried and reviewed here as well', async () => {
    await resolvedIncident();
    await drafted();
    await room.press('rd1', 'learn', { do: 'approve', draft: 'K1' });
    const [row] = await room.desk.store.learnt();
    await room.close();
    room = await testDesk();
    await room.say('ops', '/应急 开启 社保核心系统报错');
    await room.press('ops', 'restore');
    await room.say('duty', `/应急 沉淀 ${row?.text}`);
    expect((await room.incident()).drafts[0]).toMatchObject({
      entry: 'learnt-ledger-behind',
      status: 'drafted',
    });
    await room.press('rd1', 'learn', { do: 'approve', draft: 'K1' });
    await nextIncident();
    await room.say('duty', AGAIN);
    expect((await room.incident()).diagnoses[0]?.findings[0]?.fault).toBe('learnt-ledger-behind');
    const broken = await room.say('duty', '/应急 沉淀 fault:\n  id: half\n');
    expect(JSON.stringify(broken.toAsker ?? '')).toContain('处理中');
  });

  it('a reviewer refuses with a reason; without one it is asked for', async () => {
    await resolvedIncident();
    await drafted();
    const asked = await room.press('rd1', 'learn', { do: 'refuse', draft: 'K1' });
    expect(asked.form?.fields[0]?.name).toBe('reason');
    await room.press('rd1', 'learn', { ...asked.form?.args, reason: '处置步骤要写明回退' });
    expect((await room.incident()).drafts[0]).toMatchObject({
      status: 'refused',
      reason: '处置步骤要写明回退',
    });
    expect(said(await room.say('rd1', '/应急 沉淀 批准 K1'))).toContain('修改后再复核');
    expect(said(await room.say('rd1', '/应急 沉淀 批准 K9'))).toContain('K9');
  });

  it('fields that make no entry come back with what to mend', async () => {
    await resolvedIncident();
    expect((await drafted({ entry: 'Ledger Behind' })).form?.title).toContain('小写');
    expect((await drafted({ lines: '* x *' })).form?.title).toContain('6 个字节');
    expect((await drafted({ steps: ' ' })).form?.title).toContain('处置步骤');
    expect((await drafted({ entry: 'oom-heap' })).form?.title).toContain('换一个名字');
    expect(said(await drafted({ lines: 'nothing of this stands in the log' }))).toContain(
      '认不出它自己的日志',
    );
    expect((await room.incident()).drafts).toEqual([]);
  });

  it('an active entry that misleads is withdrawn by one person, at once and for every incident', async () => {
    await resolvedIncident();
    const taught = await room.incident();
    await drafted();
    await room.press('rd1', 'learn', { do: 'approve', draft: 'K1' });
    await nextIncident();
    await room.say('duty', AGAIN);
    expect((await room.incident()).diagnoses.at(-1)?.findings[0]?.fault).toBe('learnt-ledger-behind');

    // The service is still down: this is when it must go.
    expect(said(await room.say('duty', '/应急 沉淀 撤回 no-such 说错了'))).toContain('没有生效中的学习条目');
    expect(said(await room.say('dba', '/应急 沉淀 撤回 learnt-ledger-behind 与我无关'))).toContain(
      '这里还没有事件',
    );
    const asked = await room.say('duty', '/应急 沉淀 撤回 learnt-ledger-behind');
    expect(asked.form?.fields[0]?.name).toBe('reason');
    const reply = await room.press('duty', 'learn', {
      ...asked.form?.args,
      reason: '把计划内的积压也当成故障，password=Hunter2Secret',
    });
    expect(said(reply)).toContain(taught.code);

    await room.say('duty', FIRST);
    expect((await room.incident()).diagnoses.at(-1)?.findings).toEqual([]);
    const past = await room.desk.store.load(taught.id);
    expect(past?.incident.drafts[0]).toMatchObject({ status: 'withdrawn', reviewer: 'duty' });
    const event = (await room.desk.store.events(taught.id)).at(-1);
    expect(event?.body).toMatchObject({
      type: 'KnowledgeWithdrawn',
      entry: 'learnt-ledger-behind',
      version: 1,
    });
    expect(JSON.stringify(event)).not.toContain('Hunter2Secret');

    // Nor after a restart, though this incident began with it.
    room = await room.reopen();
    await room.say('duty', AGAIN);
    expect((await room.incident()).diagnoses.at(-1)?.findings).toEqual([]);
    expect(said(await room.say('duty', '/应急 沉淀 撤回 learnt-ledger-behind 再来'))).toContain('没有生效中');
    expect(await room.desk.store.verify()).toMatchObject({ ok: true });
  });

  it('not before the service is back, and not without a log', async () => {
    room = await testDesk();
    await room.say('ops', '/应急 开启 社保核心系统报错');
    expect(said(await room.say('duty', '/应急 沉淀'))).toContain('处理中');
    await room.press('ops', 'restore');
    expect(said(await room.say('duty', '/应急 沉淀'))).toContain('先粘贴');
  });
});

describe('the same as before', () => {
  it('an unknown log shows the incident that was like it and what fixed it', async () => {
    await resolvedIncident();
    const past = (await room.incident()).code;
    await room.advance(24 * 60);
    await nextIncident();
    await room.say('duty', AGAIN);
    const event = (await room.desk.store.events((await room.incident()).id)).find(
      (one) => one.body.type === 'FaultDiagnosed',
    );
    expect(event?.body).toMatchObject({
      findings: [],
      similar: [{ code: past, cause: '账务流水积压，结算窗口先关了', fixed: ['重放账务流水后重开结算窗口'] }],
    });
    const shown = JSON.stringify((await room.say('duty', '/应急 类似')).toAsker);
    expect(shown).toContain(past);
    expect(shown).toContain('当时的处置：重放账务流水后重开结算窗口');
  });

  it('also finds incidents that were written before there was an index, once it was filled', async () => {
    await resolvedIncident();
    const past = await room.incident();
    const file = join(room.folder, 'test.db');
    await room.advance(1);
    await room.desk.engine.stop();
    await room.desk.store.close();
    const raw = new Database(file);
    raw.exec('delete from excerpts');
    raw.close();
    room = await testDesk({ folder: room.folder, clock: room.clock, incident: past.id });
    expect(await startBackfill(room.desk.store, () => {}, 0).done).toBe(2);
    expect(await startBackfill(room.desk.store, () => {}, 0).done).toBe(0);
    await room.advance(24 * 60);
    await nextIncident();
    await room.say('duty', AGAIN);
    expect(JSON.stringify((await room.say('duty', '/应急 类似')).toAsker)).toContain(past.code);
  });

  it('a partner who took no part in it is not shown it', async () => {
    await resolvedIncident();
    const past = (await room.incident()).code;
    await nextIncident();
    await room.say('duty', AGAIN);
    expect(JSON.stringify((await room.say('dba', '/应急 类似')).toAsker)).not.toContain(past);
    expect(JSON.stringify((await room.say('rd1', '/应急 类似')).toAsker)).toContain(past);
  });

  it('a log that is like none says so', async () => {
    await resolvedIncident();
    await nextIncident();
    await room.say(
      'duty',
      '2026-11-25 ERROR printer tray three reports paper jam at gate seven\nERROR printer stopped',
    );
    expect(said(await room.say('duty', '/应急 类似'))).toContain('没有');
  });
});

async function backTo(incident: string): Promise<TestDesk> {
  // Deliveries are numbered from the desk's start: without this the next ones would be taken for repeated ones.
  await room.advance(1);
  await room.desk.engine.stop();
  await room.desk.store.close();
  return testDesk({ folder: room.folder, clock: room.clock, incident });
}
