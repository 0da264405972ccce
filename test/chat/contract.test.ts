import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import type { Message } from '../../src/chat/message.ts';
import type { Attachment, Receipt } from '../../src/chat/port.ts';
import { CONTENDERS } from './contenders.ts';
import {
  type Ability,
  incidentOf,
  incidentsOf,
  type Shared,
  type Shown,
  type Stage,
  talkOf,
  until,
  type Words,
} from './stage.ts';

/** What issue trackers and consoles hand over: enough for a finding that everybody knows. */
const POOL = [
  'javax.resource.ResourceException: Error in allocating a connection. Cause: In-use connections equal max-pool-size and expired max-wait-time. Cannot allocate more connections.',
  'RAR5117 : Failed to obtain/create connection from connection pool [ FeePool ]. Reason : In-use connections equal max-pool-size and expired max-wait-time.',
].join('\n');
const TITLE = '社保核心系统全部节点报错，窗口无法办理业务';
const HEAP = new TextEncoder().encode('java.lang.OutOfMemoryError: Java heap space\n');
const FITS_IN_A_TEST = 64 * 1024 * 1024;
/** The smallest picture there is: one pixel. */
const PIXEL = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=',
    'base64',
  ),
);
/** Every byte there is, so that nothing on the way may take them for text. */
const BINARY = new Uint8Array(Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256));
/** What the writing of one platform or another takes for an alarm, a link, or its own marks. */
const HOSTILE = [
  '<!channel> <!here> <@U0DUTY> <http://evil.example|点我>',
  '<at user_id="all">所有人</at> <at id=all></at> <at id=ou_duty></at> <at>duty</at>',
  '@all @所有人 @channel [点我](http://evil.example) **粗** `码` &lt;!channel&gt;',
];
/** As many as are asked for; the run of the project's own checks sends all of them. */
const MUTATIONS = Number(process.env.WARROOM_MUTATIONS ?? 10_000);

describe.each(CONTENDERS)('$name', (contender) => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await contender.open();
  });
  afterEach(() => stage.close());

  const sees = (person: string, text: string): Promise<void> =>
    until(stage, async () => (await stage.seen(person)).includes(text));
  /** As soon as the button is there. */
  const press = async (person: string, label: string): Promise<void> => {
    let last: unknown = null;
    const tried = async (): Promise<boolean> => {
      try {
        await stage.press(person, label);
        return true;
      } catch (error) {
        last = error;
        return false;
      }
    };
    await expect
      .poll(tried, { timeout: 8_000, interval: 20 })
      .toBe(true)
      .catch(() => {
        throw last;
      });
  };
  const incident = () => incidentOf(stage);
  const events = async () => stage.desk.store.events((await incident()).id);
  /** The room of the incident on this platform. */
  const place = async () => {
    const found = (await incident()).places.find((one) => one.platform === stage.platform.name);
    if (!found) throw new Error('the incident has no place here');
    return found;
  };
  const relayed = (text: string, card: string | null = null): Message => ({
    headline: text.split('\n', 1)[0] ?? text,
    blocks: text.includes('\n') ? [{ block: 'text', text: text.slice(text.indexOf('\n') + 1) }] : [],
    tone: 'plain',
    card,
  });
  const named = (receipt: Receipt): string => {
    expect(receipt).toMatchObject({ ok: true });
    return receipt.ok ? receipt.messageId : '';
  };
  const post = async (text: string, key: string, more: { card?: string; replyTo?: string } = {}) => {
    const { card, ...rest } = more;
    const whole = { key: `${(await incident()).id}:${key}`, ...rest };
    return stage.platform.post(await place(), relayed(text, card ?? null), whole);
  };
  const fileOf = (name: string, bytes: Uint8Array): Attachment => ({
    name,
    type: name.endsWith('.png') ? 'image/png' : 'application/octet-stream',
    bytes: async () => bytes,
  });
  const holding = async (shown: NonNullable<Stage['shown']>, text: string): Promise<readonly Shown[]> =>
    (await shown()).filter((one) => one.text.includes(text));
  const read = (file: Shared): Shared => stage.unpack?.(file) ?? file;
  const carrying = async (shown: NonNullable<Stage['shown']>, name: string): Promise<readonly Shown[]> =>
    (await shown()).filter((one) => one.files.some((file) => read(file).name === name));
  /** A file of a kind that the platform takes. */
  const ofKind = (name: string): Attachment =>
    stage.platform.limits.fileTypes ? fileOf(`${name}.png`, PIXEL) : fileOf(`${name}.bin`, BINARY);
  const heard = (text: string) =>
    stage.received.find((one) => one.kind === 'text' && one.text.includes(text));
  const count = async (type: string): Promise<number> =>
    (await events()).filter((one) => one.body.type === type).length;
  const opened = async (): Promise<void> => {
    await stage.command('ops', `开启 ${TITLE}`);
    await until(stage, async () => (await incidentsOf(stage)).length === 1);
    await sees('ops', '业务中断：是');
  };
  /** The part of the stage, or the reason why this platform has none of it. */
  const having = <K extends Ability>(context: TestContext, part: K): NonNullable<Stage[K]> => {
    const found = stage[part];
    if (found === undefined) {
      const why = contender.without[part];
      expect(why).toBeTruthy();
      context.skip(why);
    }
    return found as NonNullable<Stage[K]>;
  };

  const hearing = (context: TestContext): void => {
    if (stage.platform.capabilities.hears !== 'everything')
      context.skip('what does not address the bot is not heard here');
  };

  it('plays the main job, from one line to the report', async () => {
    await opened();
    for (const answer of ['业务中断：是', '数据受损：否', '影响全网：否']) await press('ops', answer);
    await until(stage, async () => (await incident()).proposed?.severity === 'yellow');
    await press('emergency-lead', '确认黄色');
    await until(stage, async () => (await incident()).severity === 'yellow');
    await stage.mention('duty', '应答');
    await until(stage, async () => (await incident()).pages.some((page) => page.status === 'acknowledged'));

    await (stage.platform.capabilities.hears === 'everything'
      ? stage.say('duty', POOL)
      : stage.mention('duty', `诊断 ${POOL}`));
    await until(stage, async () =>
      (await incident()).diagnoses.some((one) => one.findings[0]?.fault === 'jdbc-pool-exhausted'),
    );
    await sees('ops', '连接池');

    await stage.command('duty', '提议 停止异常节点');
    await press('emergency-lead', '批准');
    await until(stage, async () => (await incident()).actions[0]?.approvals.length === 1);
    await press('owner', '批准');
    await until(stage, async () => (await incident()).actions[0]?.status === 'approved');
    await stage.command('duty', '完成 A1 成功');
    await until(stage, async () => (await incident()).actions[0]?.status === 'succeeded');

    await stage.command('ops', '恢复');
    await until(stage, async () => (await incident()).status === 'restored');
    await stage.command('duty', '原因 报表模块没有归还连接');
    await until(stage, async () => (await incident()).cause !== null);
    await stage.command('duty', '解决');
    await sees('ops', '已解决');
    await stage.command('ops', '报告');
    await sees('ops', '报告草稿');
    expect(await stage.desk.store.verify()).toMatchObject({ ok: true, incidents: 1 });
  });

  it('takes a command natively and by name, in Chinese and in English', async () => {
    await opened();
    const lessons = [
      () => stage.command('duty', '取证 一'),
      () => stage.command('duty', 'capture 二'),
      () => stage.mention('duty', '取证 三'),
      () => stage.mention('duty', 'capture 四'),
    ];
    for (const [done, lesson] of lessons.entries()) {
      await lesson();
      await until(stage, async () => (await count('EvidenceCaptured')) === done + 1);
    }
    const noted = (await events()).flatMap((one) =>
      one.body.type === 'EvidenceCaptured' ? [one.body.what] : [],
    );
    expect(noted.map((text) => text.at(-1))).toEqual(['一', '二', '三', '四']);
  });

  it('an unknown command is answered to its author with what was probably meant', async () => {
    await opened();
    await stage.mention('duty', 'aprove A1');
    await sees('duty', 'approve');
    expect(await stage.seen('ops')).not.toContain('aprove');
  });

  it('asks for what is missing in a form, and the form opens the incident', async () => {
    await stage.command('ops', '开启');
    await until(stage, () => stage.fields('ops').includes('title'));
    expect(stage.fields('ops')).toEqual(expect.arrayContaining(['title', 'system', 'caller', 'number']));
    await stage.submit('ops', { title: '窗口打不开', system: '社保核心系统', caller: '王工', down: 'yes' });
    await until(stage, async () => (await incidentsOf(stage)).length === 1);
    expect(await incident()).toMatchObject({ title: '窗口打不开', intake: { caller: '王工' } });
  });

  it('asks in forms for the level, and for which report', async () => {
    await opened();
    await stage.command('emergency-lead', '定级');
    await until(stage, () => stage.fields('emergency-lead').includes('level'));
    await stage.submit('emergency-lead', { level: 'orange', reason: '影响三个地市' });
    await until(stage, async () => (await incident()).severity === 'orange');
    await stage.command('ops', '报告');
    await press('ops', '其他报告、格式、语言…');
    await until(stage, () => stage.fields('ops').includes('report'));
    await stage.submit('ops', { report: 'service', format: 'md', language: 'zh' });
    await sees('ops', '服务报告');
  });

  it('asks in forms for the reason of a level and for what is to be done', async () => {
    await opened();
    for (const answer of ['业务中断：是', '数据受损：否', '影响全网：否']) await press('ops', answer);
    await press('emergency-lead', '改为橙色…');
    await until(stage, () => stage.fields('emergency-lead').includes('reason'));
    await stage.submit('emergency-lead', { reason: '影响三个地市' });
    await until(stage, async () => (await incident()).severity === 'orange');

    const before = await count('ActionProposed');
    await stage.command('duty', '提议');
    await until(stage, () => stage.fields('duty').length > 0);
    expect(await count('ActionProposed')).toBe(before);
  });

  it('a room of its own, or the conversation says that there is none', async () => {
    await opened();
    const { capabilities, name, rooms } = stage.platform;
    const { places, code } = await incident();
    const place = places.find((one) => one.platform === name);
    expect(place).toBeDefined();
    if (!capabilities.createsRooms) {
      await sees('ops', '没有单独建群');
      return;
    }
    // The web room is one by its nature; elsewhere it is made, and named after the incident.
    if (rooms) expect(place?.own?.name.toLowerCase()).toContain(code.toLowerCase());
    else expect(place?.conversation).toBe((await incident()).id);
    expect(await stage.seen('ops')).not.toContain('没有单独建群');
  });

  it('the status card says how things stand, in place', async () => {
    await opened();
    await sees('ops', '待定级');
    await stage.command('ops', '恢复');
    await sees('ops', '业务已恢复');
    if (!stage.platform.capabilities.updatesMessages) await sees('ops', '卡片不能原地更新');
  });

  it('edits and deletions are followed, or the room says that they are not', async () => {
    await opened();
    const { hears, followsEdits, followsDeletions, filesHere } = stage.platform.capabilities;
    if (hears === 'addressed') await sees('ops', '只能听到 @ 机器人的消息');
    if (!filesHere) await sees('ops', '收不到发在这里的文件');
    if (!followsEdits) await sees('ops', '改过的消息不会');
    if (!followsDeletions) await sees('ops', '撤回的消息仍在');
    if (hears === 'addressed' || !followsEdits) return;
    const words = await stage.say('ops', '现场两台都重启过');
    await until(stage, async () => (await talkOf(stage)).length === 1);
    await stage.edit(words, '现场只重启了一台');
    await until(stage, async () => (await talkOf(stage)).at(-1)?.text === '现场只重启了一台');
    if (!followsDeletions) return;
    await stage.remove(words);
    await until(stage, async () => (await talkOf(stage)).at(-1)?.kind === 'deleted');
    expect((await talkOf(stage)).map((one) => [one.kind, one.author.id])).toEqual([
      ['said', 'ops'],
      ['edited', 'ops'],
      ['deleted', 'ops'],
    ]);
  });

  it('a file is fetched and diagnosed', async () => {
    await opened();
    await stage.drop('ops', 'server.log', HEAP);
    await until(stage, async () =>
      (await incident()).diagnoses.some((one) => one.findings[0]?.fault === 'oom-heap'),
    );
    expect((await talkOf(stage))[0]).toMatchObject({ author: { id: 'ops', name: '客户运维' }, form: 'log' });
  });

  it('a reaction puts words on the timeline, with their author and their time', async (context) => {
    const react = having(context, 'react');
    await opened();
    const words = await stage.say('ops', '02:55 开始报错');
    await react('duty', words);
    await until(stage, async () => (await count('MessagePinned')) === 1);
    const pinned = (await events()).find((one) => one.body.type === 'MessagePinned');
    expect(pinned?.by.id).toBe('duty');
    expect(pinned?.body).toMatchObject({ text: '02:55 开始报错', author: '客户运维' });
  });

  it('never answers itself or another bot', async (context) => {
    const bots = having(context, 'bots');
    await opened();
    const before = stage.received.length;
    await bots('解决');
    await stage.settle();
    expect(stage.received).toHaveLength(before);
  });

  it('hears nothing in a place without an incident that addresses nobody', async (context) => {
    const elsewhere = having(context, 'elsewhere');
    await opened();
    const before = stage.received.length;
    await elsewhere('ops', '中午吃什么');
    await stage.settle();
    expect(stage.received).toHaveLength(before);
  });

  it('a post has the name by which an answer in its thread and a reaction mean it', async (context) => {
    const answer = having(context, 'answer');
    await opened();
    const id = named(await post('对方工程师：请先看连接池', 'relay-1'));
    await answer('ops', id, '连接池已经满了');
    await until(stage, () => heard('连接池已经满了'));
    expect(heard('连接池已经满了')).toMatchObject({ replyTo: id });
    if (!stage.react) return;
    await stage.react('duty', { id, author: 'bot', text: '' });
    await until(stage, () =>
      stage.received.some((one) => one.kind === 'action' && one.args.message === id && one.command === 'pin'),
    );
  });

  it('words that answer nothing name nothing; those that answer words name these', async (context) => {
    const answer = having(context, 'answer');
    await opened();
    hearing(context);
    const first = await stage.say('ops', '两台都重启过');
    await until(stage, () => heard('两台都重启过'));
    expect(heard('两台都重启过')).toMatchObject({ messageId: first.id });
    expect(heard('两台都重启过')).not.toHaveProperty('replyTo', expect.anything());
    await answer('duty', first.id, '几点重启的');
    await until(stage, () => heard('几点重启的'));
    expect(heard('几点重启的')).toMatchObject({ replyTo: first.id });
  });

  it('a post that answers stands with what it answers, also below an answer', async (context) => {
    context.skip(!stage.platform.capabilities.threads, 'its words say what a post answers');
    const shown = having(context, 'shown');
    const answer = having(context, 'answer');
    await opened();
    const first = named(await post('对方工程师：请先看连接池', 'relay-1'));
    named(await post('对方主管：同意', 'relay-2', { replyTo: first }));
    await until(stage, async () => (await holding(shown, '对方主管：同意')).length === 1);
    expect((await holding(shown, '对方主管：同意'))[0]?.answers).toBe(first);
    const below = await answer('ops', first, '正在看');
    named(await post('对方工程师：谢谢', 'relay-3', { replyTo: below.id }));
    const [thanks] = await holding(shown, '对方工程师：谢谢');
    expect([first, below.id]).toContain(thanks?.answers);
  });

  it('an answer to what is gone is said all the same', async (context) => {
    const shown = having(context, 'shown');
    await opened();
    hearing(context);
    const gone = await stage.say('ops', '说错了');
    await until(stage, () => heard('说错了'));
    await stage.remove(gone);
    named(await post('对方工程师：看到了', 'relay-1', { replyTo: gone.id }));
    await until(stage, async () => (await holding(shown, '对方工程师：看到了')).length === 1);
    expect((await holding(shown, '对方工程师：看到了'))[0]?.answers).toBeNull();
  });

  it('what was relayed is changed where it stands, and its words alert nobody', async (context) => {
    const shown = having(context, 'shown');
    await opened();
    const before = named(await post('对方工程师：原话', 'relay-1', { card: 'said:m1' }));
    const hostile = HOSTILE.join('\n');
    const after = named(await post(`对方工程师：改过 ${hostile}`, 'relay-2', { card: 'said:m1' }));
    if (stage.platform.capabilities.updatesMessages) {
      expect(after).toBe(before);
      expect(await holding(shown, '对方工程师：原话')).toEqual([]);
    }
    const [only, ...more] = await holding(shown, '对方工程师：改过');
    expect(more).toEqual([]);
    for (const line of HOSTILE) expect(only?.text).toContain(line);
    expect(only).toMatchObject({ alerts: [], links: [] });
    const fresh = named(await post(`另一条 ${hostile}`, 'relay-3'));
    const [said] = await holding(shown, '另一条');
    expect(said).toMatchObject({ id: fresh, alerts: [], links: [] });
  });

  it('words as long as the platform declares are one message, and are changed as a whole', async (context) => {
    const shown = having(context, 'shown');
    await opened();
    const { limits, capabilities } = stage.platform;
    const body = (sign: string): string => sign.repeat(limits.textLength - 20);
    named(await post(`对方工程师：\n${body('长')}`, 'relay-1', { card: 'said:m1' }));
    const long = (await shown()).filter((one) => one.text.includes('长长'));
    expect(long.map((one) => one.text.split('长').length - 1)).toEqual([limits.textLength - 20]);
    if (!capabilities.updatesMessages) return;
    named(await post(`对方工程师：\n${body('短')}`, 'relay-2', { card: 'said:m1' }));
    expect((await shown()).filter((one) => /长长/.test(one.text))).toEqual([]);
    expect((await shown()).filter((one) => /短短/.test(one.text))).toHaveLength(1);
  });

  it('a file goes out whole under its name, and its message can be answered', async (context) => {
    const attach = having(context, 'attach');
    const shown = having(context, 'shown');
    const answer = having(context, 'answer');
    await opened();
    const { id: incidentId } = await incident();
    const files = [
      ['现场 dump 1.bin', BINARY],
      ['界面.png', PIXEL],
    ] as const;
    for (const [name, bytes] of files) {
      if (stage.platform.limits.fileTypes && bytes !== PIXEL) {
        const refused = await attach(await place(), fileOf(name, bytes), {
          key: `${incidentId}:relay:${name}`,
        });
        expect(refused).toMatchObject({ ok: false, permanent: true });
        continue;
      }
      const id = named(
        await attach(await place(), fileOf(name, bytes), { key: `${incidentId}:relay:${name}` }),
      );
      const carried = (await shown()).find((one) => one.id === id);
      // A picture has no name of its own on every platform.
      const files = (carried?.files ?? []).map(read);
      expect(files.map((one) => Buffer.from(one.bytes).equals(bytes))).toEqual([true]);
      if (!name.endsWith('.png')) expect(files[0]?.name).toBe(name);
      await answer('ops', id, `看过了 ${name}`);
      await until(stage, () => heard(`看过了 ${name}`));
      expect(heard(`看过了 ${name}`)).toMatchObject({ replyTo: id });
    }
    if (!stage.platform.capabilities.threads) return;
    const below = await attach(await place(), ofKind('answer'), {
      key: `${incidentId}:relay:below`,
      replyTo: named(await post('对方工程师：请发 dump', 'relay-9')),
    });
    const carried = (await shown()).find((one) => one.id === named(below));
    expect((await holding(shown, '请发 dump')).map((one) => one.id)).toContain(carried?.answers);
  });

  it('a file that is sent twice, or whose answer was lost, is there once', async (context) => {
    const attach = having(context, 'attach');
    const shown = having(context, 'shown');
    const loseFile = having(context, 'loseFile');
    await opened();
    const { id } = await incident();
    const send = async (name: string) => attach(await place(), ofKind(name), { key: `${id}:relay:${name}` });
    const first = named(await send('twice'));
    expect(named(await send('twice'))).toBe(first);
    expect(await carrying(shown, ofKind('twice').name)).toHaveLength(1);
    loseFile();
    expect(await send('lost')).toMatchObject({ ok: false, permanent: false, uncertain: true });
    const again = named(await send('lost'));
    expect((await carrying(shown, ofKind('lost').name)).map((one) => one.id)).toEqual([again]);
  });

  it('a file that is refused says why, and whether it is worth another try', async (context) => {
    const attach = having(context, 'attach');
    const shown = having(context, 'shown');
    const refuseFile = having(context, 'refuseFile');
    await opened();
    // What the desk says of its own is not what is to be refused.
    await stage.desk.engine.idle();
    const { id } = await incident();
    const send = async () => attach(await place(), ofKind('refused'), { key: `${id}:relay:refused` });
    refuseFile('rate');
    const rate = await send();
    expect(rate).toMatchObject({ ok: false, permanent: false });
    if (!rate.ok) expect(rate.retryAfterMs).toBeGreaterThan(0);
    refuseFile('outage');
    expect(await send()).toMatchObject({ ok: false, permanent: false });
    refuseFile('forbidden');
    const forbidden = await send();
    expect(forbidden).toMatchObject({ ok: false, permanent: true });
    if (!forbidden.ok) expect(forbidden.error).toMatch(/\p{Script=Han}.*\/ [a-z]/u);
    const empty = await attach(await place(), fileOf(ofKind('empty').name, new Uint8Array()), {
      key: `${id}:relay:empty`,
    });
    expect(empty).toMatchObject({ ok: false, permanent: true });
    expect(await carrying(shown, ofKind('refused').name)).toEqual([]);
    named(await send());
    expect(await carrying(shown, ofKind('refused').name)).toHaveLength(1);
  });

  it('a file beyond the declared size is refused before anything of it is sent', async (context) => {
    const attach = having(context, 'attach');
    const shown = having(context, 'shown');
    const { fileBytes } = stage.platform.limits;
    expect(fileBytes).toBeGreaterThan(0);
    if (fileBytes === undefined || fileBytes > FITS_IN_A_TEST)
      return context.skip('a file of that size fits into no test');
    await opened();
    const large = fileOf('large.bin', new Uint8Array(fileBytes + 1));
    const receipt = await attach(await place(), large, { key: `${(await incident()).id}:relay:large` });
    expect(receipt).toMatchObject({ ok: false, permanent: true });
    if (!receipt.ok) expect(receipt.error).toMatch(/\p{Script=Han}.*\/ .*[a-z]/u);
    expect(await carrying(shown, 'large.bin')).toEqual([]);
  });

  it('a file that could not be made is told as such and may be asked for again', async (context) => {
    const attach = having(context, 'attach');
    await opened();
    const broken: Attachment = {
      ...ofKind('broken'),
      bytes: () => Promise.reject(new Error('the disk is full')),
    };
    const receipt = await attach(await place(), broken, { key: `${(await incident()).id}:relay:broken` });
    expect(receipt).toMatchObject({ ok: false, permanent: false });
  });

  it('whatever is dropped comes in whole, and nobody is told off for it', async () => {
    await opened();
    const dropped = () => stage.received.flatMap((one) => (one.kind === 'file' ? [one] : []));
    await stage.drop('ops', 'core dump.bin', BINARY);
    await until(stage, () => dropped().length === 1);
    expect(dropped()[0]?.name).toBe('core dump.bin');
    expect(Buffer.from(dropped()[0]?.bytes ?? [])).toEqual(Buffer.from(BINARY));
    if (stage.picture) {
      await stage.picture('ops', { name: '界面.png', bytes: PIXEL });
      await until(stage, () => dropped().length === 2);
      expect(Buffer.from(dropped()[1]?.bytes ?? [])).toEqual(Buffer.from(PIXEL));
      expect(dropped()[1]?.name).toMatch(/\.png$/);
    }
    await until(stage, async () => (await talkOf(stage)).length === dropped().length);
    await stage.settle();
    const seen = await stage.seen('ops');
    for (const complaint of ['取不到', '二进制', '不是日志', '没有读完'])
      expect(seen).not.toContain(complaint);
  });

  it('a file with words is both, and each is followed', async (context) => {
    const caption = having(context, 'caption');
    await opened();
    const words = await caption('ops', { name: '界面.png', bytes: PIXEL }, '窗口报错的截图');
    await until(stage, async () => (await talkOf(stage)).length === 2);
    expect(heard('窗口报错的截图')).toMatchObject({ messageId: words.id });
    // Two things, two names: neither hides the other.
    expect(new Set((await talkOf(stage)).map((one) => one.message)).size).toBe(2);
    const { followsEdits, followsDeletions } = stage.platform.capabilities;
    if (followsEdits) {
      await stage.edit(words, '登录窗口报错的截图');
      await until(stage, async () =>
        (await talkOf(stage)).some((one) => one.kind === 'edited' && one.text === '登录窗口报错的截图'),
      );
    }
    if (!followsDeletions) return;
    await stage.remove(words);
    await until(
      stage,
      async () => (await talkOf(stage)).filter((one) => one.kind === 'deleted').length === 2,
    );
  });

  it('what is said in a thread is followed when it is changed or taken back', async (context) => {
    const answer = having(context, 'answer');
    await opened();
    hearing(context);
    const { followsEdits, followsDeletions } = stage.platform.capabilities;
    const id = named(await post('对方工程师：几台受影响', 'relay-1'));
    const words: Words = await answer('ops', id, '两台');
    await until(stage, () => heard('两台'));
    if (followsEdits) {
      await stage.edit(words, '三台');
      await until(stage, async () => (await talkOf(stage)).at(-1)?.text === '三台');
      expect((await talkOf(stage)).at(-1)?.message).toBe(words.id);
    }
    if (!followsDeletions) return;
    await stage.remove(words);
    await until(stage, async () => (await talkOf(stage)).at(-1)?.kind === 'deleted');
    expect((await talkOf(stage)).at(-1)?.message).toBe(words.id);
  });

  it('a file that is too large is answered to its sender, and nothing of it is kept', async (context) => {
    const largest = having(context, 'largest');
    await opened();
    await stage.drop('ops', 'heap.hprof', new Uint8Array(largest + 1).fill(65));
    await sees('ops', '超过');
    expect(await stage.seen('duty')).not.toContain('heap.hprof');
    expect(stage.received.filter((one) => one.kind === 'file')).toEqual([]);
    expect(await talkOf(stage)).toEqual([]);
  });

  it('never hears itself: what it posts, changes and uploads comes in from nobody', async (context) => {
    having(context, 'shown');
    await opened();
    await stage.desk.engine.idle();
    const before = stage.received.length;
    const id = named(await post('对方工程师：请先看连接池', 'relay-1', { card: 'said:m1' }));
    named(await post('对方工程师：请看连接池和线程池', 'relay-2', { card: 'said:m1' }));
    named(await post('对方主管：同意', 'relay-3', { replyTo: id }));
    if (stage.attach) {
      const key = `${(await incident()).id}:relay:own`;
      named(await stage.attach(await place(), ofKind('own'), { key }));
    }
    await stage.settle();
    expect(stage.received).toHaveLength(before);
    expect(await talkOf(stage)).toEqual([]);
  });

  it('a storm of repeats out of order acts once on each', async () => {
    await opened();
    const { hears, followsEdits, followsDeletions } = stage.platform.capabilities;
    const talks = hears === 'everything';
    const [kept, gone] = talks
      ? [await stage.say('ops', '第一句'), await stage.say('ops', '第二句')]
      : [null, null];
    if (talks) await until(stage, async () => (await talkOf(stage)).length === 2);
    await stage.storm(async () => {
      await press('ops', '业务中断：是');
      await stage.mention('duty', '取证 取证及时');
      await stage.command('duty', '整改 换大连接池');
      await stage.drop('ops', 'server.log', HEAP);
      if (talks) await stage.say('duty', '第三句');
      if (kept && followsEdits) await stage.edit(kept, '第一句，改过');
      if (gone && followsDeletions) await stage.remove(gone);
      if (kept && stage.react) await stage.react('duty', kept);
    });
    await until(
      stage,
      async () => (await count('FaultDiagnosed')) > 0 && (await count('EvidenceCaptured')) > 0,
    );
    await stage.settle();
    expect(await incidentsOf(stage)).toHaveLength(1);
    for (const type of ['QuestionAnswered', 'EvidenceCaptured', 'FollowUpAdded', 'FaultDiagnosed'])
      expect([type, await count(type)]).toEqual([type, 1]);
    expect(await count('MessagePinned')).toBe(kept && stage.react ? 1 : 0);
    const kinds = (await talkOf(stage)).map((one) => one.kind);
    const expected = [
      ...(talks ? ['said', 'said', 'said'] : []),
      'said',
      ...(kept && followsEdits ? ['edited'] : []),
      ...(gone && followsDeletions ? ['deleted'] : []),
    ];
    expect([...kinds].sort()).toEqual(expected.sort());
  });

  it('waits as long as the service asks, tries again, and says it once', async (context) => {
    const refuse = having(context, 'refuse');
    await opened();
    for (const how of ['rate', 'outage'] as const) {
      refuse(how);
      await stage.command('ops', `进展 ${how} 之后也到`);
      await sees('ops', `${how} 之后也到`);
    }
    const seen = await stage.seen('ops');
    expect(seen.split('rate 之后也到')).toHaveLength(2);
    expect(seen.split('outage 之后也到')).toHaveLength(2);
  });

  it('a missing permission is named where people read it, and the incident goes on', async (context) => {
    const forbid = having(context, 'forbid');
    const scope = forbid();
    await stage.command('ops', `开启 ${TITLE}`);
    await sees('ops', scope);
    await sees('ops', '业务中断：是');
  });

  it('what does not come from the service is refused, and nothing is done', async (context) => {
    const intruders = having(context, 'intruders');
    const answers = [];
    for (const one of intruders) answers.push([one.what, await one.send()]);
    expect(answers).toEqual(intruders.map((one) => [one.what, one.wanted]));
    await stage.settle();
    expect(stage.received).toEqual([]);
    const log = JSON.stringify(stage.logged);
    for (const secret of stage.secrets) expect(log).not.toContain(secret);
  });

  it(`${MUTATIONS} payloads of the wrong shape: refused, nothing executed, no secret in the log`, async () => {
    const statuses = await stage.mutate(MUTATIONS, 20_261_124);
    expect([...statuses].filter((one) => !contender.statuses.includes(one))).toEqual([]);
    expect(statuses.size).toBeGreaterThan(0);
    // Still there afterwards.
    await opened();
    await stage.settle();
    expect(await incidentsOf(stage)).toHaveLength(1);
    const log = JSON.stringify(stage.logged);
    for (const secret of stage.secrets) expect(log).not.toContain(secret);
  }, 120_000);
});
