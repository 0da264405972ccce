import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/chat/message.ts';
import type { Reply } from '../../src/chat/port.ts';
import { contactMethods } from '../../src/contact/index.ts';
import { versionFile } from '../../src/view/documents.ts';
import { SETTINGS, type TestDesk, testDesk } from '../support/desk.ts';

let room: TestDesk;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await room.close();
  for (const close of closing.splice(0)) await close();
});

const answer = (reply: Reply): string => plainText(reply.toAsker?.headline ?? '');

/** A real mail server; it refuses recipients of the domain `gone.example`. */
async function postOffice() {
  const mails: { readonly to: string; readonly raw: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) =>
      address.endsWith('@gone.example')
        ? done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }))
        : done(),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo[0]?.address ?? '';
        mails.push({ to, raw: Buffer.concat(chunks).toString('utf8') });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  const address: AddressInfo | string | null = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the mail server has no port');
  return { mails, port: address.port };
}

/** A resolved incident at a desk that has e-mail; the emergency lead's address is on the roster. */
async function resolved() {
  const { mails, port } = await postOffice();
  const { config } = SETTINGS;
  const people = config.people.map((one) =>
    one.id === 'emergency-lead'
      ? { ...one, contacts: [{ method: 'email' as const, address: 'lead@customer.example' }] }
      : one,
  );
  const smtp = { host: '127.0.0.1', port, secure: false, from: 'warroom@vendor.example' };
  const settings = {
    ...SETTINGS,
    config: { ...config, people, delivery: { ...config.delivery, gateways: [], smtp } },
  };
  const contact = contactMethods(settings.config, {}, []);
  room = await testDesk({
    settings,
    contact: async (to, call) => (to.method === 'email' ? contact(to, call) : { ok: true, detail: 'noted' }),
  });
  await room.say('ops', '/应急 开启 社保核心系统全部节点报错，窗口无法办理业务');
  await room.say('duty', '/应急 应答');
  await room.say('ops', '/应急 影响 8 个窗口停办');
  await room.say('ops', '/应急 恢复');
  await room.say('duty', '/应急 原因 报表模块没有归还连接');
  await room.say('duty', '/应急 解决');
  mails.length = 0;
  return mails;
}

const settle = async (until: () => boolean | Promise<boolean>): Promise<void> => {
  await expect
    .poll(
      async () => {
        await room.advance(0);
        return until();
      },
      { timeout: 20_000 },
    )
    .toBe(true);
};

describe('a document leaves in a version that a person approved', () => {
  it('put down, approved, mailed as Word and PDF; the service report stops its clock', async () => {
    const mails = await resolved();
    await room.say('duty', '/应急 定稿 服务报告');
    expect(answer(await room.say('duty', '/应急 定稿 服务报告 发送'))).toContain('还没有人批准');
    await room.say('emergency-lead', '/应急 定稿 服务报告 批准');
    await room.say('duty', '/应急 定稿 服务报告 发送 应急保障负责人');
    await settle(() => mails.some((mail) => mail.to === 'lead@customer.example'));
    const { raw } = mails.find((mail) => mail.to === 'lead@customer.example') ?? { raw: '' };
    // What a zip and what a PDF begin with, as mail carries it.
    const parts = raw.split('\r\n\r\n').map((part) => part.slice(0, 7));
    expect(parts.some((part) => part.startsWith('UEsDB'))).toBe(true);
    expect(parts).toContain('JVBERi0');
    await settle(async () => (await room.incident()).moments['service-report-delivered'] !== undefined);
    expect((await room.incident()).documents[0]).toMatchObject({
      document: 'service',
      version: 1,
      status: 'approved',
      mailed: [{ to: 'emergency-lead', outcome: 'accepted' }],
    });
  });

  it('another document stops no clock of the service report', async () => {
    const mails = await resolved();
    for (const words of ['', ' 批准', ' 发送']) await room.say('duty', `/应急 定稿 故障处理报告${words}`);
    await settle(() => mails.length > 0);
    await settle(async () => (await room.incident()).moments['handling-report-delivered'] !== undefined);
    expect((await room.incident()).moments['service-report-delivered']).toBeUndefined();
  });

  it('the same text makes no second version; a new fact does, and it wants an approval of its own', async () => {
    await resolved();
    await room.say('duty', '/应急 定稿 服务报告');
    expect(answer(await room.say('duty', '/应急 定稿 服务报告'))).toContain('与第 1 版相同');
    await room.say('emergency-lead', '/应急 定稿 服务报告 批准');
    await room.say('ops', '/应急 影响 42 个窗口停办');
    await room.say('duty', '/应急 定稿 服务报告');
    expect(answer(await room.say('duty', '/应急 定稿 服务报告 发送'))).toContain('第 2 版还没有人批准');
    const incident = await room.incident();
    const texts = await Promise.all(
      incident.documents.map(
        async (one) => (await versionFile(room.desk, incident, one, 'md'))?.body.toString() ?? '',
      ),
    );
    expect(texts[0]).toContain('8 个窗口');
    expect(texts[0]).not.toContain('42 个窗口');
    expect(texts[1]).toContain('42 个窗口');
    expect(texts[0]).not.toContain('草稿');
    expect(texts[1]).toContain('草稿');
  });

  it('a returned one says why and is made anew', async () => {
    await resolved();
    await room.say('duty', '/应急 定稿 服务报告');
    await room.say('emergency-lead', '/应急 定稿 服务报告 退回 缺少影响人数');
    expect((await room.heard()).at(-1)).toContain('缺少影响人数');
    expect(answer(await room.say('duty', '/应急 定稿 服务报告 发送'))).toContain('没有人批准');
  });

  it('a mailbox that refuses is told to the room; nobody on the roster is asked for', async () => {
    await resolved();
    for (const words of ['', ' 批准', ' 发送 boss@gone.example'])
      await room.say('duty', `/应急 定稿 服务报告${words}`);
    await settle(async () =>
      (await room.heard()).some((line) => line.includes('没有发到 boss@gone.example')),
    );
    expect((await room.incident()).moments['service-report-delivered']).toBeUndefined();
    expect(answer(await room.say('duty', '/应急 定稿 服务报告 发送 张三丰'))).toContain('张三丰');
  });

  it('a text that was changed behind its digest is not handed out', async () => {
    await resolved();
    await room.say('duty', '/应急 定稿 服务报告');
    const incident = await room.incident();
    const [version] = incident.documents;
    if (!version) throw new Error('no version');
    const key = `document:${version.sha256}`;
    const note = (await room.desk.store.getNote(key)) ?? '';
    await room.desk.store.putNote(key, note.replace('8 个窗口', '80 个窗口'));
    expect(await versionFile(room.desk, incident, version, 'md')).toBeNull();
  });
});

describe('the minutes and the joint report', () => {
  it('hold the meeting, the published lessons, the actions with their proof, the judgement, cited', async () => {
    await resolved();
    await room.say('duty', '/应急 复盘 明天 10:00 三楼会议室');
    await room.say('duty', '/应急 教训 好：先取证再处理');
    await room.say('duty', '/应急 复盘 公布');
    await room.say('emergency-lead', '/应急 整改 加会话数告警 @值班工程师 11月27日');
    await room.say('duty', '/应急 整改 F1 完成 变更单 CHG-118');
    await room.say('emergency-lead', '/应急 满意度 4 报告再早些');
    await room.advance(31 * 60);
    await room.say('duty', '/应急 复盘 已开');
    for (const [index, kind] of ['会议纪要', '联合报告'].entries()) {
      await room.say('duty', `/应急 定稿 ${kind}`);
      const incident = await room.incident();
      const version = incident.documents[index];
      const file = version && (await versionFile(room.desk, incident, version, 'md'));
      const text = file?.body.toString() ?? '';
      for (const words of ['先取证再处理', '加会话数告警', 'CHG-118']) expect(text).toContain(words);
      if (kind === '会议纪要')
        for (const words of ['三楼会议室', '报告再早些']) expect(text).toContain(words);
      else expect(text).toContain('参与单位');
    }
  });
});
