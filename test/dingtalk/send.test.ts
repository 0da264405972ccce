import { afterEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/port.ts';
import { createPace } from '../../src/engine/pace.ts';
import { type Bench, bench, message, PLACE, ROOM } from './bench.ts';
import { HOOK_SECRET, HOOK_TOKEN, startStandin } from './standin.ts';

let room: Bench;
afterEach(() => room.close());

const HEARD: Reply = { toAsker: null, form: null, incident: null };
const ROBOT = new Map([[ROOM, { token: HOOK_TOKEN, secret: HOOK_SECRET }]]);
const SEND = '/v1.0/robot/groupMessages/send';
const MINUTE = 60_000;

const post = (said: ReturnType<typeof message>, key = 'i1:1:x') => room.platform.post(PLACE, said, { key });
const says = (text: string, goodFor?: number): Promise<string> =>
  room.ding.says('ding-duty', ROOM, text, { mention: true, ...(goodFor === undefined ? {} : { goodFor }) });
const button = (label: string, more = {}) => ({
  block: 'buttons' as const,
  buttons: [{ label, command: 'approve', args: { action: 'A1' }, style: 'primary' as const, ...more }],
});
const duty = { mention: { person: 'duty', name: '值班工程师' } } as const;
const lastCard = () => [...room.ding.cards.values()].at(-1);

describe('what is said in a group', () => {
  it('a card is created once and changed where it stands; two incidents have a card each', async () => {
    room = await bench();
    await post(message('待定级', { card: 'status' }), 'i1:1:status');
    await post(message('黄色', { card: 'status', blocks: [button('批准')] }), 'i1:2:status');
    await post(message('另一起', { card: 'status' }), 'i2:1:status');
    const cards = [...room.ding.cards.values()];
    expect(cards.map((one) => [one.params.title, one.updates])).toEqual([
      ['黄色', 1],
      ['另一起', 0],
    ]);
    expect(cards[0]?.params.buttons).toContain('批准');
  });

  it('a card that is gone is said anew, and a send whose answer was lost is not said twice', async () => {
    room = await bench();
    await post(message('待定级', { card: 'status' }), 'i1:1:status');
    room.ding.cards.clear();
    expect(await post(message('黄色', { card: 'status' }), 'i1:2:status')).toMatchObject({ ok: true });
    expect(room.ding.cards.size).toBe(1);
    room.notes.clear();
    expect(await post(message('黄色', { card: 'status' }), 'i1:2:status')).toMatchObject({ ok: true });
    expect(room.ding.cards.size).toBe(1);
  });

  it('a mention alerts the person: by the id in the text and in `at`, or on the card', async () => {
    room = await bench();
    await room.platform.start();
    await says('取证 一');
    await post(message(['请 ', duty, ' 应答']));
    expect(room.ding.messages.at(-1)).toMatchObject({ by: 'session', alerts: ['ding-duty'] });
    expect(room.ding.messages.at(-1)?.text).toContain('@ding-duty');
    await post(message(['请 ', duty, ' 应答'], { blocks: [button('应答')] }), 'i1:2:x');
    expect(lastCard()).toMatchObject({ alerts: ['ding-duty'] });
    expect(lastCard()?.params.content).toContain('**@值班工程师**');
  });

  it('an address that has expired is not used: the card alerts instead', async () => {
    let now = Date.now();
    room = await bench({ clock: () => now });
    await room.platform.start();
    await says('取证 一', MINUTE);
    now += MINUTE;
    await post(message(['请 ', duty, ' 应答']));
    expect(room.ding.messages).toEqual([]);
    expect(lastCard()).toMatchObject({ alerts: ['ding-duty'] });
    expect(room.ding.calls.map((one) => one.path)).not.toContain('/robot/sendBySession');
  });

  it('words that people wrote alert nobody, lead nowhere and draw nothing', async () => {
    room = await bench();
    await room.platform.start();
    await says('取证 一');
    const hostile =
      '@all @ding-ops [点我](https://evil.example) ![x](https://evil.example/x.png) <a href=x> `x` **x**\n# x\n> x';
    await post(
      message([hostile, duty], {
        blocks: [{ block: 'code', code: 'a```\n[b](c)', startLine: 7, marked: [7] }],
      }),
    );
    const said = room.ding.messages.at(-1);
    expect(said?.alerts).toEqual(['ding-duty']);
    const [before, fenced = ''] = (said?.text ?? '').split('```\n');
    expect(before).not.toMatch(/\]\(|<a|`|\*\*x|^# x|^> x/m);
    expect(fenced).toContain('▶ 7 aˋˋˋ');
  });

  it('what is folded away is read in the web room; where there is none, it follows open', async () => {
    room = await bench();
    const inner = [{ block: 'text' as const, text: '每条规则与分值' }, button('改为橙色…')];
    const folded = message('诊断', { blocks: [{ block: 'fold', summary: '为什么', blocks: inner }] });
    await post(folded);
    expect(lastCard()?.params.content).toContain('▸ [为什么](https://warroom.example/i/i1)');
    expect(lastCard()?.params.content).not.toContain('分值');
    expect(lastCard()?.params.buttons).toContain('改为橙色…');
    await room.another({ publicUrl: null }).post(PLACE, folded, { key: 'i1:2:x' });
    expect(lastCard()?.params.content).toContain('每条规则与分值');
  });

  it('a long answer is several messages, each within what DingTalk takes, and all of it', async () => {
    room = await bench();
    const lines = Array.from({ length: 900 }, (_, at) => `第 ${at} 行：连接池耗尽 [FeePool] "x"`);
    expect(
      await post(message('日志', { blocks: lines.map((text) => ({ block: 'text' as const, text })) })),
    ).toMatchObject({ ok: true });
    expect(room.ding.messages.length).toBeGreaterThan(1);
    const all = room.ding.messages.map((one) => one.text).join('\n');
    for (const at of [0, 449, 899]) expect(all).toContain(`第 ${at} 行`);
    const code = lines.join('\n');
    await post(
      message('卡片', { card: 'diagnosis:1', blocks: [{ block: 'code', code, startLine: 1, marked: [] }] }),
      'i1:2:x',
    );
    expect(lastCard()?.params.content).toContain('其余见网页房间');
  });
});

describe('when the robot may not', () => {
  const denied = {
    code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
    message: 'no',
    accessdenieddetail: { requiredScopes: ['qyapi_robot_sendmsg'] },
  };

  it('a missing permission is named, with where to grant it', async () => {
    room = await bench();
    room.ding.trouble(SEND, 403, denied);
    const receipt = await post(message('进展'));
    expect(receipt).toMatchObject({ ok: false, permanent: true });
    expect(JSON.stringify(receipt)).toMatch(/qyapi_robot_sendmsg.*权限管理/);
  });

  it('the address that came with a message says it, and why; then the signed robot of the group', async () => {
    let now = Date.now();
    room = await bench({ clock: () => now, robots: ROBOT });
    room.ding.signedRobot(ROOM);
    await room.platform.start();
    await says('取证 一', MINUTE);
    room.ding.trouble(SEND, 403, denied);
    expect(await post(message('进展一'), 'i1:1:x')).toMatchObject({ ok: true });
    now += MINUTE;
    room.ding.trouble(SEND, 403, denied);
    expect(await post(message('进展二'), 'i1:2:x')).toMatchObject({ ok: true });
    expect(room.ding.messages.map((one) => one.by)).toEqual(['session', 'signed']);
    for (const one of room.ding.messages) expect(one.text).toContain('qyapi_robot_sendmsg');
  });

  it('a signature that is not believed is an error, though it comes as HTTP 200', async () => {
    room = await bench({ robots: new Map([[ROOM, { token: HOOK_TOKEN, secret: 'SECwrong' }]]) });
    room.ding.signedRobot(ROOM);
    room.ding.trouble(SEND, 403, denied);
    expect(await post(message('进展'))).toMatchObject({ ok: false, permanent: true });
    expect(JSON.stringify(room.logged)).toContain('310000');
    expect(JSON.stringify(room.logged)).not.toContain('SECwrong');
  });

  it('an error code inside HTTP 200 is an error: a card that was not delivered, a person who does not exist', async () => {
    room = await bench();
    const nowhere = { ...PLACE, conversation: 'cidNOWHERE==' };
    expect(
      await room.platform.post(nowhere, message('x', { card: 'status' }), { key: 'i1:1:x' }),
    ).toMatchObject({
      ok: false,
      permanent: true,
    });
    expect(await room.platform.direct({ id: 'x', address: 'ding-nobody' }, message('呼叫'))).toMatchObject({
      ok: false,
      permanent: true,
      error: expect.stringContaining('UserID'),
    });
  });

  it('trouble that passes is tried again, a wrong secret is not', async () => {
    room = await bench();
    room.ding.trouble(SEND, 403, { code: 'Forbidden.AccessDenied.QpsLimitForApi', message: 'QPS' });
    expect(await post(message('一'))).toMatchObject({ ok: false, permanent: false, retryAfterMs: null });
    room.ding.trouble(SEND, 401, { code: 'InvalidAuthentication', message: 'expired' });
    expect(await post(message('二'))).toMatchObject({ ok: true });
    const stranger = room.another({ clientSecret: 'wrong-secret' });
    const receipt = await stranger.post(PLACE, message('三'), { key: 'i1:3:x' });
    expect(receipt).toMatchObject({ ok: false, permanent: true });
    expect(JSON.stringify(receipt)).not.toContain('wrong-secret');
  });
});

describe('twenty messages a minute', () => {
  it('past them nothing is taken for ten minutes, and the receipt says so', async () => {
    let now = Date.now();
    room = await bench({ clock: () => now });
    room.ding.quota();
    const receipts = [];
    for (let at = 0; at < 21; at += 1) receipts.push(await post(message(`第 ${at} 条`), `i1:${at}:x`));
    expect(receipts.slice(0, 20).every((one) => one.ok)).toBe(true);
    expect(receipts.at(-1)).toMatchObject({ ok: false, permanent: false, retryAfterMs: 10 * MINUTE });
    now += 9 * MINUTE;
    expect(await post(message('太早'), 'i1:30:x')).toMatchObject({ ok: false });
    now += MINUTE;
    expect(await post(message('到时'), 'i1:31:x')).toMatchObject({ ok: true });
  });

  it('the signed robot of the group has twenty of its own', async () => {
    room = await bench({ robots: ROBOT });
    room.ding.signedRobot(ROOM);
    for (let at = 0; at < 2; at += 1) {
      room.ding.trouble(SEND, 400, { code: '130101', message: 'send too fast' });
      expect(await post(message(`急 ${at}`), `i1:${at}:x`)).toMatchObject({ ok: true });
    }
    expect(room.ding.messages.map((one) => one.by)).toEqual(['signed', 'signed']);
  });

  it('the pace of the lanes keeps to them: a flood is never blocked', async () => {
    let now = Date.now();
    const ding = await startStandin({ now: () => now });
    room = await bench({ clock: () => now, ding });
    ding.quota();
    const notes = new Map<string, string>();
    const pace = createPace(
      {
        getNote: async (key) => notes.get(key) ?? null,
        putNote: async (key, value) => {
          notes.set(key, value ?? '');
        },
      },
      () => room.platform.limits,
    );
    for (let at = 0; at < 70; at += 1) {
      for (let from = await pace.admit(`room:dingtalk:${ROOM}`, now); from > now; ) {
        now = from;
        from = await pace.admit(`room:dingtalk:${ROOM}`, now);
      }
      expect(await post(message(`第 ${at} 条`), `i1:${at}:x`)).toMatchObject({ ok: true });
    }
    expect(room.ding.messages).toHaveLength(70);
  });
});

describe('what is said to one person', () => {
  it('an answer in a group is a card that nobody else sees, and its link lets in the one who asked, once', async () => {
    const asked: string[] = [];
    room = await bench({
      signIn: async (person, path) => {
        asked.push(`${person} ${path}`);
        return 'https://warroom.example/login?token=once';
      },
    });
    const headline = [{ link: { label: '打开网页房间', path: '/i/INC-1' } }];
    room.receive = async () => ({ ...HEARD, toAsker: message(headline) });
    await room.platform.start();
    await says('取证 一');
    await room.until(() => room.ding.cards.size === 1);
    expect(lastCard()).toMatchObject({ only: ['ding-duty'] });
    expect(lastCard()?.params.content).toContain('(https://warroom.example/login?token=once)');
    expect(asked).toEqual(['duty /i/INC-1']);
    expect(room.ding.visible('ding-ops', ROOM)).toEqual([]);
  });

  it('a guest gets the link without a login, and somebody outside the organisation is sent to the web room', async () => {
    room = await bench({ signIn: async () => 'https://warroom.example/login?token=once' });
    room.ding.user('ding-guest', '访客');
    room.receive = async () => ({
      ...HEARD,
      toAsker: message([{ link: { label: '网页', path: '/i/INC-1' } }]),
    });
    await room.platform.start();
    await room.ding.says('ding-guest', ROOM, '取证 一', { mention: true });
    await room.until(() => room.ding.cards.size === 1);
    expect(lastCard()?.params.content).toContain('(https://warroom.example/i/INC-1)');
    await room.ding.says('outsider', ROOM, '取证 二', { mention: true });
    await room.until(() => room.ding.messages.length === 1);
    expect(room.ding.messages[0]).toMatchObject({ by: 'session' });
    expect(room.ding.messages[0]?.text).not.toContain('token');
    expect(room.received.map((one) => one.author.id)).toEqual([
      'dingtalk:ding-guest',
      'dingtalk:$:LWCP_v1:$outsider',
    ]);
  });

  it('what cannot be undone asks the one who pressed, and is done after the second press', async () => {
    room = await bench();
    await room.platform.start();
    await post(message('A1', { blocks: [button('执行', { confirm: '停止全部节点？' })] }));
    await room.ding.press('ding-duty', ROOM, '执行');
    await room.until(() => room.ding.cards.size === 2);
    expect(room.received).toEqual([]);
    expect(lastCard()).toMatchObject({ only: ['ding-duty'] });
    await room.ding.press('ding-duty', ROOM, '确认执行');
    expect(room.received).toMatchObject([
      { kind: 'action', command: 'approve', incident: 'i1', args: { action: 'A1' } },
    ]);
  });

  it('what a client made up itself is no button', async () => {
    room = await bench();
    await room.platform.start();
    await post(message('A1', { blocks: [button('批准')] }));
    const forged = JSON.stringify({
      command: 'resolve',
      args: {},
      incident: 'i1',
      conversation: ROOM,
      confirm: null,
    });
    for (const press of [forged, 'press:0123', 'hook:cidROOM==', 7, null])
      await room.ding.forge('ding-duty', press);
    expect(room.received).toEqual([]);
    expect(room.ding.unacked.size).toBe(0);
  });

  it('without the permission for cards an answer goes into the single chat, and a form into the web room', async () => {
    room = await bench();
    const denied = {
      code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
      message: 'no',
      accessdenieddetail: { requiredScopes: ['Card.Instance.Write'] },
    };
    const form = { title: '来电登记', command: 'open', args: {}, fields: [], submit: '登记' };
    room.receive = async () => ({ ...HEARD, toAsker: message('您是一级值班'), form });
    await room.platform.start();
    for (let at = 0; at < 3; at += 1) room.ding.trouble('/v1.0/card/instances/createAndDeliver', 403, denied);
    await says('取证 一');
    await room.until(() => room.ding.messages.length === 2);
    expect(room.ding.messages.map((one) => one.user)).toEqual(['ding-duty', 'ding-duty']);
    expect(room.ding.messages[0]?.text).toMatch(/来电登记：.*在网页房间填写/);
    expect(JSON.stringify(room.logged)).toContain('Card.Instance.Write');
  });

  it('without card templates all is text: buttons are named with where they can be pressed', async () => {
    room = await bench({ templates: null });
    expect(room.platform.capabilities.updatesMessages).toBe(false);
    await post(message('待定级', { card: 'status', blocks: [button('批准')] }));
    expect(room.ding.cards.size).toBe(0);
    expect(room.ding.messages[0]?.text).toContain('▫️ 批准（[在网页房间操作](https://warroom.example/i/i1)）');
  });

  it('the callback of a card that comes again is answered as before and acts once', async () => {
    room = await bench();
    await room.platform.start();
    await post(message('A1', { blocks: [button('批准')] }));
    room.ding.hold();
    await room.ding.press('ding-duty', ROOM, '批准');
    const [send] = room.ding.letGo();
    await Promise.all([send?.(), send?.()]);
    await send?.();
    expect(room.received).toHaveLength(1);
    expect(room.ding.unacked.size).toBe(0);
  });

  it('a page goes into the single chat', async () => {
    room = await bench();
    const receipt = await room.platform.direct(
      { id: 'duty', address: 'ding-duty' },
      message('呼叫：社保核心系统', { tone: 'bad' }),
    );
    expect(receipt).toMatchObject({ ok: true });
    expect(room.ding.messages).toMatchObject([
      { user: 'ding-duty', alerts: ['ding-duty'], text: expect.stringContaining('呼叫') },
    ]);
  });

  it('files that DingTalk takes go into the conversation; the others are left to the link', async () => {
    room = await bench();
    const attachments = ['report.docx', 'report.md'].map((name) => ({
      name,
      type: 'application/octet-stream',
      bytes: async () => new TextEncoder().encode(`bytes of ${name}`),
    }));
    room.receive = async () => ({ ...HEARD, attachments });
    await room.platform.start();
    await says('取证 一');
    await room.until(() => room.ding.messages.length === 1);
    expect(room.ding.messages[0]?.file).toMatchObject({ name: 'report.docx' });
    expect(room.ding.messages[0]?.file?.bytes.toString()).toBe('bytes of report.docx');
  });
});

describe('what is heard', () => {
  it('a file of a single chat goes to the room its sender spoke in last, and they are told so', async () => {
    room = await bench({ maxFileBytes: 100 });
    await room.platform.start();
    await says('取证 一');
    await room.ding.sendsFile('ding-duty', 'cid-duty', 'gc.log', new Uint8Array(50));
    expect(room.received.at(-1)).toMatchObject({
      kind: 'file',
      name: 'gc.log',
      place: { conversation: ROOM },
    });
    await room.until(() => room.ding.visible('ding-duty', 'cid-duty').join().includes('gc.log 已交给'));
    await room.ding.sendsFile('ding-duty', 'cid-duty', 'heap.log', new Uint8Array(500));
    await room.until(() => room.ding.visible('ding-duty', 'cid-duty').join().includes('heap.log 超过'));
    expect(room.received).toHaveLength(2);
  });

  it('talk that is said to the robot is talk, and a command is a command', async () => {
    room = await bench();
    await room.platform.start();
    for (const text of [
      '取证 线程转储',
      '现场两台都重启过',
      '应急 随便',
      'java.lang.OutOfMemoryError\n\tat a.b',
    ])
      await says(text);
    expect(room.received.map((one) => (one.kind === 'text' ? one.text : ''))).toEqual([
      '@战情室 取证 线程转储',
      '现场两台都重启过',
      '@战情室 随便',
      'java.lang.OutOfMemoryError\n\tat a.b',
    ]);
    await room.ding.says('ding-duty', ROOM, '没有 @ 的话');
    expect(room.received).toHaveLength(4);
  });
});
