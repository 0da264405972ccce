import { afterEach, describe, expect, it } from 'vitest';
import type { Document } from '../../src/summary/document.ts';
import { type DocumentFormat, writeDocument } from '../../src/summary/write/index.ts';
import { DocumentNotWritten } from '../../src/summary/write/worker/writer.ts';
import { alertsOf, wordsOf } from './kit.ts';
import { ROOM, type SlackRoom, slackRoom, slackUser } from './room.ts';
import { BOT_USER } from './standin.ts';

let room: SlackRoom;
afterEach(() => room.close());

const ops = slackUser('ops');
const duty = slackUser('duty');
const TITLE = '社保核心系统登录失败';

async function opened(mode: 'socket' | 'http' = 'socket', more = {}): Promise<SlackRoom> {
  const made = await slackRoom(mode, more);
  await made.slack.slash(ops, ROOM, `开启 ${TITLE}`);
  await made.until(() => made.shown().includes('[业务中断：是]'));
  return made;
}

describe.each(['socket', 'http'] as const)('a storm of repeats, by %s', (mode) => {
  it('each delivery five times acts once', async () => {
    room = await slackRoom(mode);
    const { slack, until } = room;
    const five = { times: 5 };
    await slack.slash(ops, ROOM, `开启 ${TITLE}`, five);
    await until(() => room.shown().includes('[业务中断：是]'));
    const bytes = new TextEncoder().encode('INFO nothing to see here\n');
    const message = await slack.says(ops, ROOM, '现场两台都重启过', five);
    await slack.says(ops, ROOM, '', { ...five, files: [{ id: 'F1', name: 'server.log', bytes }] });
    await slack.edits(message, '现场只重启了一台', five);
    await slack.reacts(duty, message, 'pushpin', five);
    await slack.press(ops, ROOM, '业务中断：是', five);
    await slack.says(duty, ROOM, `<@${BOT_USER}> 取证 取证及时`, five);
    await slack.deletes(message, five);
    await until(async () => (await room.talk()).some((one) => one.kind === 'deleted'));
    await room.settle();

    const kinds = room.received.map((one) => one.kind);
    const count = (kind: string): number => kinds.filter((one) => one === kind).length;
    expect(await room.incidents()).toHaveLength(1);
    expect([count('text'), count('file'), count('edited'), count('deleted')]).toEqual([3, 1, 1, 1]);
    // The pin and the button.
    expect(count('action')).toBe(2);
    expect((await room.talk()).map((one) => one.kind)).toEqual(['said', 'said', 'edited', 'deleted']);
    const events = await room.desk.store.events((await room.incident()).id);
    expect(events.filter((one) => one.body.type === 'EvidenceCaptured')).toHaveLength(1);
  });
});

describe('talk', () => {
  it('edits and deletions are followed, a thread keeps its answers', async () => {
    room = await opened();
    const said = await room.slack.says(ops, ROOM, '数据库 &lt;主库&gt; 连不上 <http://db.local|db.local>');
    await room.slack.edits(said, '数据库主库能连上');
    await room.slack.deletes(said);
    await room.until(async () => (await room.talk()).length === 3);
    expect(await room.talk()).toEqual([
      { kind: 'said', author: 'ops', text: '数据库 <主库> 连不上 db.local' },
      { kind: 'edited', author: 'ops', text: '数据库主库能连上' },
      { kind: 'deleted', author: 'ops', text: '' },
    ]);
    await room.slack.says(ops, ROOM, `<@${BOT_USER}> aprove A1`, { thread: said.ts });
    await room.until(() => room.shown('ops').includes('approve'));
    expect(room.slack.posted.filter((one) => one.only === ops).at(-1)?.thread).toBe(said.ts);
  });

  it('an edit or a deletion that overtakes its message holds', async () => {
    room = await opened();
    const { slack } = room;
    slack.hold();
    const changed = await slack.says(ops, ROOM, '两台都重启过');
    const gone = await slack.says(ops, ROOM, '发错群了');
    await slack.edits(changed, '只重启了一台');
    await slack.deletes(gone);
    for (const send of [...slack.letGo()].reverse()) await send(0);
    await room.settle();
    expect((await room.talk()).map((one) => one.text)).toEqual(['只重启了一台']);
  });

  it('of two edits the newer one holds, whichever comes first', async () => {
    room = await opened();
    const { slack } = room;
    const said = await slack.says(ops, ROOM, '一');
    slack.hold();
    await slack.edits(said, '二');
    await slack.edits(said, '三');
    for (const send of [...slack.letGo()].reverse()) await send(0);
    await room.settle();
    expect((await room.talk()).at(-1)?.text).toBe('三');
  });

  it('never answers itself or another bot', async () => {
    room = await opened();
    const before = room.received.length;
    await room.slack.says(BOT_USER, ROOM, `<@${BOT_USER}> 解决`);
    await room.slack.says('U0OTHERBOT', ROOM, `<@${BOT_USER}> 解决`);
    await room.slack.says(ops, ROOM, `<@${BOT_USER}> 解决`, { botId: 'B0OTHER' });
    await room.settle();
    expect(room.received).toHaveLength(before);
  });

  it('in a channel without an incident only words for the bot are heard', async () => {
    room = await opened();
    room.slack.channel('C0LUNCH');
    const before = room.received.length;
    await room.slack.says(ops, 'C0LUNCH', '中午吃什么');
    await room.slack.says(ops, 'C0LUNCH', `<@${BOT_USER}> 应急 帮助`);
    await room.until(() => room.slack.posted.some((one) => one.channel === 'C0LUNCH'));
    await room.settle();
    expect(room.received.slice(before).map((one) => one.kind === 'text' && one.text)).toEqual([
      '@战情室 帮助',
    ]);
  });

  it('a guest is an observer of the organisation slack, answered in their own language', async () => {
    room = await opened();
    await room.slack.slash('U0GUEST', ROOM, 'aprove A1');
    await room.until(() => room.slack.posted.some((one) => one.only === 'U0GUEST'));
    const heard = room.received.at(-1);
    expect(heard).toMatchObject({
      language: 'en',
      author: { id: 'slack:U0GUEST', name: '路人', org: 'slack' },
    });
  });

  it('a pinned message is on the timeline, with its author and its time', async () => {
    room = await opened();
    const said = await room.slack.says(ops, ROOM, '02:55 开始报错');
    await room.slack.reacts(duty, said, 'thumbsup');
    await room.slack.reacts(duty, said, 'pushpin');
    await room.until(() => room.received.some((one) => one.kind === 'action'));
    await room.settle();
    expect(room.received.filter((one) => one.kind === 'action')).toMatchObject([
      {
        command: 'pin',
        author: { id: 'duty' },
        args: {
          text: '02:55 开始报错',
          author: '客户运维',
          saidAt: String(Math.round(Number(said.ts) * 1000)),
        },
      },
    ]);
  });

  it('a message shortcut diagnoses what somebody wrote elsewhere in the room', async () => {
    room = await opened();
    const said = await room.slack.says(ops, ROOM, 'java.lang.OutOfMemoryError: Metaspace');
    await room.slack.shortcut(duty, 'diagnose', said);
    await room.until(async () =>
      (await room.incident()).diagnoses.some((one) => one.findings[0]?.fault === 'oom-metaspace'),
    );
  });
});

describe('commands', () => {
  it('of one channel act in the order in which they came', async () => {
    room = await opened();
    const lessons = Array.from({ length: 8 }, (_, index) => `第 ${index} 条`);
    for (const lesson of lessons)
      await room.slack.slash(lesson.includes('3') ? ops : duty, ROOM, `取证 ${lesson}`);
    await room.settle();
    const events = await room.desk.store.events((await room.incident()).id);
    const noted = events.flatMap((one) => (one.body.type === 'EvidenceCaptured' ? [one.body.what] : []));
    expect(noted).toEqual(lessons);
  });
});

describe('files', () => {
  it('are fetched with the token and diagnosed', async () => {
    room = await opened();
    const bytes = new TextEncoder().encode('java.lang.OutOfMemoryError: Java heap space\n');
    await room.slack.says(ops, ROOM, '日志', { files: [{ id: 'F7', name: 'server.log', bytes }] });
    await room.until(async () =>
      (await room.incident()).diagnoses.some((one) => one.findings[0]?.fault === 'oom-heap'),
    );
  });

  it('over the limit are refused with what to do', async () => {
    room = await opened('socket', { maxFileBytes: 1024 * 1024 });
    const bytes = new Uint8Array(1024 * 1024 + 1);
    await room.slack.says(ops, ROOM, '', { files: [{ id: 'F8', name: 'huge.log', bytes }] });
    await room.until(() => room.shown('ops').includes('huge.log 超过 1 MiB'));
    await room.settle();
    expect(room.received.some((one) => one.kind === 'file')).toBe(false);
  });
});

describe('user text', () => {
  it('cannot mention anybody or mark anything up', async () => {
    room = await slackRoom('socket');
    const evil = '<!channel> <@U0HEAD> *粗* `code` @here &lt;!everyone&gt; <https://evil.example|点我>';
    await room.slack.slash(ops, ROOM, `开启 社保核心系统 ${evil}`);
    await room.until(() => room.shown().includes('[业务中断：是]'));
    await room.settle();
    const alerts = room.slack.posted.flatMap((one) => alertsOf(one.text, one.blocks));
    // The plan itself notifies the department's head and calls the person on duty; nobody else.
    const called = new Set([slackUser('head'), slackUser('duty')].map((one) => `@${one}`));
    expect(alerts.filter((one) => !called.has(one))).toEqual([]);
    const shown = room.slack.posted.map((one) => wordsOf(one.blocks)).join('\n');
    expect(shown).toContain('*粗* `code`');
  });
});

describe('forms', () => {
  it('the intake form opens at once, and what it says opens the incident', async () => {
    room = await slackRoom('socket');
    await room.slack.slash(ops, ROOM, '开启');
    await room.until(() => room.slack.views.length === 1);
    await room.slack.submit(ops, {
      title: '窗口打不开',
      system: '社保核心系统',
      caller: '王工',
      down: 'yes',
    });
    await room.until(async () => (await room.incidents()).length === 1);
    expect(await room.incident()).toMatchObject({ title: '窗口打不开', systemDown: true });
  });

  it('after a plain message, or when the trigger is used up, a button opens the form', async () => {
    room = await slackRoom('socket');
    await room.slack.says(ops, ROOM, `<@${BOT_USER}> 应急 开启`);
    await room.until(() => room.shown('ops').includes('[打开表单]'));
    expect(room.slack.views).toHaveLength(0);
    await room.slack.press(ops, ROOM, '打开表单');
    await room.until(() => room.slack.views.length === 1);

    room.slack.fail('views.open', 'expired_trigger_id');
    await room.slack.slash(duty, ROOM, '开启');
    await room.until(() => room.shown('duty').includes('[打开表单]'));
  });
});

describe('the report', () => {
  it('arrives as Word and PDF in the channel, with links to the web room where that has an address', async () => {
    room = await opened('socket', { publicUrl: 'https://warroom.example' });
    await room.slack.slash(duty, ROOM, '报告');
    // Word and PDF are written for real.
    await expect
      .poll(() => room.slack.uploads.filter((one) => one.channel === ROOM).length, { timeout: 50_000 })
      .toBe(2);
    const [docx, pdf] = room.slack.uploads;
    const { code } = await room.incident();
    expect(room.slack.uploads.map((one) => one.name)).toEqual([
      `${code}-故障处理报告.docx`,
      `${code}-故障处理报告.pdf`,
    ]);
    expect(docx?.bytes?.subarray(0, 2).toString()).toBe('PK');
    expect(pdf?.bytes?.subarray(0, 5).toString()).toBe('%PDF-');
    const links = JSON.stringify(room.slack.posted.filter((one) => one.only === duty).at(-1)?.blocks);
    expect(links).toContain(`https://warroom.example/i/${code}/report/handling/docx`);
  }, 60_000);

  it('says where to get it when the permission to send files is missing', async () => {
    room = await opened();
    room.slack.fail('files.getUploadURLExternal', 'missing_scope', { needed: 'files:write', provided: '' });
    await room.slack.slash(duty, ROOM, '报告');
    await expect.poll(() => room.shown('duty').includes('files:write'), { timeout: 50_000 }).toBe(true);
  }, 60_000);

  it('a file whose writing broke off is named, and the other one arrives', async () => {
    room = await opened('socket', {
      write: async (document: Document, format: DocumentFormat) => {
        if (format === 'pdf') throw new DocumentNotWritten('the thread broke off');
        return writeDocument(document, format);
      },
    });
    await room.slack.slash(duty, ROOM, '报告');
    await expect
      .poll(() => room.shown('duty').includes('故障处理报告.pdf 没有写成'), { timeout: 50_000 })
      .toBe(true);
    await expect
      .poll(() => room.slack.uploads.map((one) => one.name.split('.').at(-1)), { timeout: 50_000 })
      .toEqual(['docx']);
  }, 60_000);
});
