import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '../../src/chat/message.ts';
import { alertsOf, buttonsOf, wordsOf } from './kit.ts';
import { DUTY, type FeishuRoom, feishuRoom, GROUP, GUEST, OPS, PLACE } from './room.ts';

let room: FeishuRoom;
beforeEach(async () => {
  room = await feishuRoom();
});
afterEach(() => room.close());

const say = (headline: Message['headline'], more: Partial<Message> = {}): Message => ({
  headline,
  blocks: [],
  tone: 'plain',
  card: null,
  ...more,
});
const cards = () => room.feishu.visible(OPS, GROUP);

describe('what leaves for Feishu', () => {
  it('a card is changed where it stands, pinned once, and said anew when somebody recalled it', async () => {
    const status = (text: string) => say(text, { card: 'status' });
    const first = await room.platform.post(PLACE, status('待定级'), { key: 'i1:1' });
    await room.platform.post(PLACE, status('黄色'), { key: 'i1:2' });
    expect(cards().map((one) => [one.updates, one.card?.header.title.content])).toEqual([[1, '黄色']]);
    expect(room.feishu.pins).toEqual([first.ok && first.messageId]);
    const [gone] = cards();
    if (gone) await room.feishu.recalls(gone);
    await room.platform.post(PLACE, status('橙色'), { key: 'i1:3' });
    expect(cards().map((one) => one.card?.header.title.content)).toEqual(['橙色']);
  });

  it('a card that Feishu changes no more, after fourteen days, is posted anew', async () => {
    await room.platform.post(PLACE, say('待定级', { card: 'status' }), { key: 'i1:1' });
    room.feishu.trouble('PATCH /open-apis/im/v1/messages', 400, { code: 230031, msg: 'message expired' });
    expect(await room.platform.post(PLACE, say('黄色', { card: 'status' }), { key: 'i1:2' })).toMatchObject({
      ok: true,
    });
    await room.platform.post(PLACE, say('橙色', { card: 'status' }), { key: 'i1:3' });
    expect(cards().map((one) => one.card?.header.title.content)).toEqual(['待定级', '橙色']);
  });

  it('two incidents of one group have two cards', async () => {
    await room.platform.post(PLACE, say('一', { card: 'status' }), { key: 'i1:1' });
    await room.platform.post(PLACE, say('二', { card: 'status' }), { key: 'i2:1' });
    expect(cards()).toHaveLength(2);
  });

  it('a mention of the roster alerts that person; words of people alert nobody', async () => {
    const hostile = '<at id=all></at> **粗** [x](http://evil.example) `\n<at id=ou_ops></at>';
    await room.platform.post(
      PLACE,
      say(hostile, {
        blocks: [
          {
            block: 'text',
            text: ['请 ', { mention: { person: 'duty', name: '值班工程师' } }, ` 看 ${hostile}`],
          },
          { block: 'note', text: hostile },
          { block: 'list', ordered: true, items: [hostile, [{ strong: hostile }, { mono: hostile }]] },
          { block: 'fields', fields: [{ label: hostile, value: hostile }] },
          { block: 'code', code: `\`\`\`\n${hostile}`, startLine: 7, marked: [8] },
          { block: 'fold', summary: hostile, blocks: [{ block: 'text', text: hostile }] },
        ],
      }),
      { key: 'i1:1' },
    );
    const [card] = cards().flatMap((one) => (one.card ? [one.card] : []));
    if (!card) throw new Error('nothing was posted');
    expect(alertsOf(card)).toEqual([DUTY]);
    expect(wordsOf(card)).toContain('<at id=all></at>');
  });

  it('a headline that leads somewhere is the title, with the link below it once', async () => {
    const to = { platform: 'feishu', conversation: 'oc_new', name: 'INC-1-社保' };
    await room.platform.post(PLACE, say(['在这里处理：', { room: to }]), { key: 'i1:1' });
    // This stand-in is an installation of its own, whose client has no address that opens a group.
    expect(room.shown()).toBe('在这里处理：#INC-1-社保');
    await room.platform.post(PLACE, say(['详情见 ', { link: { label: '网页房间', path: '/i/INC-1' } }]), {
      key: 'i1:2',
    });
    expect(room.shown()).toContain('详情见 网页房间\n网页房间 (https://warroom.example/i/INC-1)');
  });

  it('an answer longer than one card is several, in order, and none is refused', async () => {
    const lines = Array.from({ length: 900 }, (_, at) => `第 ${at} 行 "引号" \\ 反斜杠 ${'文'.repeat(60)}`);
    await room.platform.post(PLACE, say('长', { blocks: lines.map((text) => ({ block: 'text', text })) }), {
      key: 'i1:1',
    });
    expect(cards().length).toBeGreaterThan(2);
    const text = room.shown();
    expect(lines.every((line) => text.includes(line))).toBe(true);
  });

  it('a button that holds more than Feishu carries still knows what it stands for', async () => {
    const args = { text: '长'.repeat(5000) };
    await room.platform.post(
      PLACE,
      say('卡', {
        blocks: [
          {
            block: 'buttons',
            buttons: [{ label: '记录', command: 'note', args, style: 'primary', confirm: '确定吗' }],
          },
        ],
      }),
      { key: 'i1:1' },
    );
    const [button] = cards().flatMap((one) => (one.card ? buttonsOf(one.card) : []));
    expect(JSON.stringify(button?.value).length).toBeLessThan(200);
    await room.feishu.press(OPS, GROUP, '记录');
    expect(room.received.at(-1)).toMatchObject({ kind: 'action', command: 'note', args, incident: 'i1' });
  });

  it('too fast: as long as Feishu says; busy and down: later; each in its own way of saying so', async () => {
    const send = 'POST /open-apis/im/v1/messages';
    const limit = { code: 99991400, msg: 'request trigger frequency limit' };
    room.feishu.trouble(send, 429, limit, { 'x-ogw-ratelimit-reset': '7' });
    expect(await room.platform.post(PLACE, say('一'), { key: 'i1:1' })).toMatchObject({
      ok: false,
      permanent: false,
      retryAfterMs: 7000,
    });
    // The same within HTTP 400, and a limit of the group within HTTP 200.
    room.feishu.trouble(send, 400, limit, { 'x-ogw-ratelimit-reset': '3' });
    expect(await room.platform.post(PLACE, say('一'), { key: 'i1:1' })).toMatchObject({ retryAfterMs: 3000 });
    room.feishu.trouble(send, 200, { code: 230020, msg: 'This operation triggers the frequency limit.' });
    expect(await room.platform.post(PLACE, say('一'), { key: 'i1:1' })).toMatchObject({
      ok: false,
      permanent: false,
    });
    room.feishu.trouble(send, 503, null);
    expect(await room.platform.post(PLACE, say('一'), { key: 'i1:1' })).toMatchObject({
      ok: false,
      permanent: false,
    });
    expect(await room.platform.post(PLACE, say('一'), { key: 'i1:1' })).toMatchObject({ ok: true });
    expect(cards()).toHaveLength(1);
  });

  it('an error code within HTTP 200 is an error, with what to do', async () => {
    room.feishu.trouble('POST /open-apis/im/v1/messages', 200, { code: 230035, msg: 'no permission' });
    expect(await room.platform.post(PLACE, say('一'), { key: 'i1:1' })).toMatchObject({
      ok: false,
      permanent: true,
      error: expect.stringContaining('发言权限'),
    });
  });

  it('an answer that was lost: the repeat says it once', async () => {
    room.feishu.lose('POST /open-apis/im/v1/messages');
    expect(await room.platform.post(PLACE, say('只说一次'), { key: 'i1:1' })).toMatchObject({
      ok: false,
      permanent: false,
      uncertain: true,
    });
    expect(await room.platform.post(PLACE, say('只说一次'), { key: 'i1:1' })).toMatchObject({ ok: true });
    expect(cards()).toHaveLength(1);
  });

  it('a token that was withdrawn is fetched anew, without anybody noticing', async () => {
    await room.platform.post(PLACE, say('一'), { key: 'i1:1' });
    room.feishu.expireTokens();
    expect(await room.platform.post(PLACE, say('二'), { key: 'i1:2' })).toMatchObject({ ok: true });
  });

  it('a missing permission is named, and a bot that is not in the group says where to add it', async () => {
    room.feishu.revoke('im:message', 'im:message:send_as_bot');
    expect(await room.platform.post(PLACE, say('一'), { key: 'i1:1' })).toMatchObject({
      permanent: true,
      error: expect.stringContaining('im:message'),
    });
    room.feishu.grant('im:message');
    room.feishu.group('oc_away', [OPS], { bot: false });
    expect(
      await room.platform.post({ ...PLACE, conversation: 'oc_away' }, say('一'), { key: 'i1:1' }),
    ).toMatchObject({
      permanent: true,
      error: expect.stringContaining('群机器人'),
    });
  });

  it('an answer is seen by its asker alone; in a group of topics it comes to them directly', async () => {
    room.answer({ toAsker: say('只给你', { blocks: [{ block: 'text', text: '详情' }] }) });
    await room.feishu.says(OPS, GROUP, '状态', { mention: true });
    await room.until(() => room.shown(OPS).includes('只给你'));
    expect(room.shown(DUTY)).not.toContain('只给你');

    room.feishu.group('oc_topics', [OPS], { topics: true });
    await room.feishu.says(OPS, 'oc_topics', '状态', { mention: true });
    await room.until(() => room.feishu.visible(OPS, `oc_p2p_${OPS}`).length === 1);
  });

  it('the links of a private answer log their reader in, those of a public one and of a guest do not', async () => {
    await room.close();
    room = await feishuRoom({
      personalLink: async (person, path) => `https://warroom.example/login?token=${person}&to=${path}`,
    });
    const linked = say(['见 ', { link: { label: '网页房间', path: '/i/INC-1' } }]);
    room.answer({ toAsker: linked });
    await room.feishu.says(OPS, GROUP, '状态', { mention: true });
    await room.until(() => room.shown(OPS).includes('token=ops'));
    await room.feishu.says(GUEST, GROUP, '状态', { mention: true });
    await room.until(() => room.shown(GUEST).includes('https://warroom.example/i/INC-1'));
    expect(room.shown(GUEST)).not.toContain('token=');
    await room.platform.post(PLACE, linked, { key: 'i1:1' });
    expect(room.shown(DUTY)).not.toContain('token=');
  });

  it('files of an answer are sent to the conversation', async () => {
    const bytes = new TextEncoder().encode('报告');
    room.answer({ attachments: [{ name: '报告.md', type: 'text/markdown', bytes: async () => bytes }] });
    await room.feishu.says(OPS, GROUP, '报告', { mention: true });
    await room.until(() => cards().some((one) => one.type === 'file'));
    expect([...room.feishu.files.values()].at(-1)?.name).toBe('报告.md');
  });
});

describe('a direct message', () => {
  const page = say('请立即应答', { tone: 'bad' });
  const duty = { id: 'duty', address: DUTY };

  it.each(['app', 'sms', 'phone'] as const)('rings by 加急 %s', async (urgency) => {
    const sent = await room.platform.direct(duty, page, urgency);
    expect(sent).toMatchObject({ ok: true });
    expect(room.feishu.urgents).toEqual([
      { kind: urgency, message: sent.ok && sent.messageId, users: [DUTY] },
    ]);
  });

  it('does not ring unless that was asked for', async () => {
    await room.platform.direct(duty, page);
    expect(room.feishu.urgents).toEqual([]);
  });

  it('whom the alarm does not reach was not paged, though Feishu calls it a success', async () => {
    room.feishu.trouble('urgent_phone', 200, { code: 0, msg: 'ok', data: { invalid_user_id_list: [DUTY] } });
    expect(await room.platform.direct(duty, page, 'phone')).toMatchObject({
      ok: false,
      permanent: true,
      error: expect.stringContaining('额度'),
    });
  });

  it('an alarm that was too fast rings on the next attempt, for the message that lies there', async () => {
    room.feishu.trouble('urgent_app', 429, { code: 99991400, msg: '' }, { 'x-ogw-ratelimit-reset': '1' });
    expect(await room.platform.direct(duty, page, 'app')).toMatchObject({ ok: false, retryAfterMs: 1000 });
    expect(await room.platform.direct(duty, page, 'app')).toMatchObject({ ok: true });
    expect(room.feishu.visible(DUTY, `oc_p2p_${DUTY}`)).toHaveLength(1);
    // A later page is another message.
    await room.platform.direct(duty, page, 'app');
    expect(room.feishu.visible(DUTY, `oc_p2p_${DUTY}`)).toHaveLength(2);
  });

  it('the permission for the alarm is named', async () => {
    room.feishu.revoke('im:message.urgent:phone');
    expect(await room.platform.direct(duty, page, 'phone')).toMatchObject({
      permanent: true,
      error: expect.stringContaining('im:message.urgent:phone'),
    });
  });

  it('that it was read is told', async () => {
    const sent = await room.platform.direct(duty, page, 'app');
    await room.feishu.reads(DUTY);
    await room.until(() => room.received.length === 1);
    expect(room.received[0]).toMatchObject({
      kind: 'seen',
      messageId: sent.ok && sent.messageId,
      author: { id: 'duty' },
    });
  });

  it('somebody outside the availability of the app is told apart', async () => {
    room.feishu.unreachable.add(DUTY);
    expect(await room.platform.direct(duty, page)).toMatchObject({
      permanent: true,
      error: expect.stringContaining('可用范围'),
    });
  });
});
