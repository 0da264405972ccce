import { afterEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/port.ts';
import { BASE, CLOUD, HOUSE, type JointDesk, jointDesk } from './joint-desk.ts';
import { placeOf, textOf } from './recorder.ts';

let room: JointDesk | undefined;
afterEach(async () => {
  await room?.close();
  room = undefined;
});

/** The conversation as its platform tells of it: it does not know whose it is. */
const FEISHU = placeOf('feishu', 'oc_db', 'customer');
const LUNCH = placeOf('feishu', 'oc_lunch', 'customer');

const words = (reply: Reply): string => (reply.toAsker ? textOf(reply.toAsker) : '');

async function invited(desk: JointDesk, org = '数据库厂商'): Promise<string> {
  const reply = await desk.types('duty', HOUSE, `/应急 邀请 ${org}`);
  return /接入 ([0-9A-Z-]{14})/.exec(words(reply))?.[1] ?? '';
}

const places = async (desk: JointDesk): Promise<readonly string[]> =>
  (await desk.incident()).places
    .filter((one) => one.platform !== 'web')
    .map((one) => `${one.platform} ${one.org} ${one.audience ?? 'mixed'}`);

describe('an invitation', () => {
  it('gives its asker a code, which links the conversation where it is said, and tells nobody else', async () => {
    room = await jointDesk({ linked: [] });
    const code = await invited(room);
    expect(code).not.toBe('');
    await room.advance(30);
    expect(JSON.stringify(room.slack.shows('C1'))).not.toContain(code);
    await room.types('dba', FEISHU, `/应急 接入 ${code}`);
    await room.advance(30);
    expect(await places(room)).toContain('feishu dbvendor org');
    await room.says('duty', HOUSE, '请看监听');
    expect(room.feishu.said('oc_db')).toEqual(['值班工程师 · 金蝶天燕\n请看监听']);
  });

  it('a code is good once, for a day, and however people write it', async () => {
    room = await jointDesk({ linked: [] });
    const first = await invited(room);
    await room.types('dba', FEISHU, `/incident here ${first.toLowerCase().replaceAll('-', ' ')}`);
    expect(await places(room)).toContain('feishu dbvendor org');
    expect(words(await room.types('dba', LUNCH, `/应急 接入 ${first}`))).toContain('无效');

    const second = await invited(room, 'cloud');
    await room.advance(24 * 60 * 60 + 1);
    expect(words(await room.types('cloud-eng', LUNCH, `/应急 接入 ${second}`))).toContain('无效');
    expect(words(await room.types('cloud-eng', LUNCH, '/应急 接入 AAAA-BBBB-CCCC'))).toContain('无效');
    expect(await places(room)).toHaveLength(2);
  });

  it('the code itself is kept nowhere', async () => {
    room = await jointDesk({ linked: [] });
    const code = await invited(room);
    const { store } = room.desk.desk;
    const { id } = await room.incident();
    const kept = JSON.stringify([await store.events(id), await store.talk(id, ['joint', 'org:apusic'])]);
    expect(kept).not.toContain(code);
    expect(kept).not.toContain(code.replaceAll('-', ''));
  });

  it('said by somebody else, the conversation is not taken for the organisation’s own', async () => {
    room = await jointDesk({ linked: [] });
    const code = await invited(room);
    await room.types('duty', FEISHU, `/应急 接入 ${code}`);
    expect(await places(room)).toContain('feishu dbvendor mixed');
  });

  it('with a conversation named, a card asks there, and whoever presses it links it', async () => {
    room = await jointDesk({ linked: [] });
    const reply = await room.types('duty', HOUSE, '/应急 邀请 数据库厂商 feishu:oc_db');
    expect(words(reply)).toContain('确认卡片');
    const [card] = room.feishu.shows('oc_db');
    expect(card?.text).toContain('邀请 数据库厂商');
    // What it is about is told to those who are in it.
    expect(card?.text).not.toContain('打不开');
    expect(await places(room)).toHaveLength(1);
    const button = card?.buttons[0];
    await room.presses('dba', FEISHU, button?.command ?? '', { ...button?.args });
    expect(await places(room)).toContain('feishu dbvendor org');
  });

  it('one conversation works on one incident at a time', async () => {
    room = await jointDesk({ linked: [BASE] });
    const code = await invited(room, 'cloud');
    expect(words(await room.types('cloud-eng', BASE, `/应急 接入 ${code}`))).toContain('已接入');
    expect(await places(room)).toHaveLength(2);
  });

  it('after a removal the code is good no more, the conversation is cut off and hears nothing', async () => {
    room = await jointDesk({ linked: [CLOUD] });
    await room.types('duty', HOUSE, '/应急 邀请 云平台厂商');
    const code = await invited(room, '云平台厂商');
    await room.types('emergency-lead', HOUSE, '/应急 移出 云平台厂商 与本次故障无关');
    await room.says('duty', HOUSE, '内部结论');
    await room.advance(60);
    expect(await places(room)).toEqual(['slack apusic mixed']);
    expect(room.teams.said('19:cloud')).toEqual([]);
    expect(words(await room.types('cloud-eng', CLOUD, `/应急 接入 ${code}`))).toContain('无效');
  });

  it('a conversation can be cut off from within, and says so', async () => {
    room = await jointDesk({ linked: [BASE] });
    await room.types('duty', BASE, '/应急 断开');
    await room.says('duty', HOUSE, '还在看');
    await room.advance(60);
    expect(await places(room)).toEqual(['slack apusic mixed']);
    expect(room.feishu.said('oc_db')).toEqual([]);
    expect(room.feishu.shows('oc_db').at(-1)?.text).toContain('不再同步');
  });
});
