import { afterEach, describe, expect, it } from 'vitest';
import { BASE, CLOUD, CUSTOMER, HOUSE, type JointDesk, jointDesk } from './joint-desk.ts';
import { placeOf } from './recorder.ts';

let room: JointDesk | undefined;
afterEach(async () => {
  await room?.close();
  room = undefined;
});

const WEB = placeOf('web', 'lobby', 'cloud');

describe('what is said in one place', () => {
  it('appears in every other place with its author and organisation, in order, and not where it was said', async () => {
    room = await jointDesk();
    await room.says('dba', BASE, '监听日志正常');
    await room.says('ops', CUSTOMER, '窗口还是打不开');
    await room.says('cloud-eng', WEB, '宿主机无告警');
    await room.advance(60);
    const all = [
      '高级DBA · 数据库厂商\n监听日志正常',
      '客户运维 · 市人社局\n窗口还是打不开',
      '云平台工程师 · 云平台厂商\n宿主机无告警',
    ];
    expect(room.slack.said('C1')).toEqual(all);
    expect(room.teams.said('19:cloud')).toEqual(all);
    expect(room.feishu.said('oc_db')).toEqual(all.slice(1));
    expect(room.dingtalk.said('cid')).toEqual([all[0], all[2]]);
  });

  it('a private note is shown only where its organisation is among itself', async () => {
    room = await jointDesk();
    await room.says('duty', HOUSE, '// 先别说是补丁');
    await room.says('ops', CUSTOMER, '//+ 领导在问');
    await room.says('cloud-eng', WEB, '// 存储有过抖动');
    await room.advance(60);
    expect(room.slack.said('C1')).toEqual([]);
    expect(room.feishu.said('oc_db')).toEqual([]);
    expect(room.dingtalk.said('cid')).toEqual([]);
    expect(room.teams.said('19:cloud')).toEqual(['🔒 仅本单位 · 云平台工程师 · 云平台厂商\n存储有过抖动']);
  });

  it('a stranger in an organisation’s own conversation ends its private notes there', async () => {
    room = await jointDesk();
    await room.says('dba', CLOUD, '我也在这个群');
    await room.says('cloud-eng', WEB, '// 存储有过抖动');
    await room.advance(60);
    expect(room.teams.said('19:cloud').join('\n')).not.toContain('存储有过抖动');
    expect(
      room.teams
        .shows('19:cloud')
        .map((one) => one.text)
        .join('\n'),
    ).toContain('有其他单位的人');
  });

  it('an edit changes it in place, or goes out as a correction where nothing can be changed', async () => {
    room = await jointDesk();
    const words = await room.says('dba', BASE, '重启了两台');
    await room.edits(words, '重启了一台');
    expect(room.slack.said('C1')).toEqual(['高级DBA · 数据库厂商\n重启了一台']);
    const [first, second] = room.dingtalk.said('cid');
    expect(first).toContain('重启了两台');
    expect(second).toMatch(/更正.*\n重启了一台/);
    expect(room.feishu.said('oc_db')).toEqual([]);
  });

  it('what was taken back reads so, or its withdrawal is told', async () => {
    room = await jointDesk();
    const words = await room.says('dba', BASE, '口误');
    await room.removes(words);
    expect(room.slack.said('C1')).toEqual(['高级DBA · 数据库厂商\n🗑 已撤回']);
    expect(room.dingtalk.said('cid').at(-1)).toContain('撤回');
  });

  it('nobody changes another’s words', async () => {
    room = await jointDesk();
    const words = await room.says('dba', BASE, '重启了两台');
    await room.edits(words, '什么都没做', 'cloud-eng');
    expect(room.slack.said('C1')).toEqual(['高级DBA · 数据库厂商\n重启了两台']);
  });

  it('an answer stands with what it answers, on both sides of the bridge', async () => {
    room = await jointDesk();
    const asked = await room.says('dba', BASE, '几台受影响');
    const carried = room.slack.shows('C1').find((one) => one.text.includes('几台受影响'));
    await room.says('duty', HOUSE, '三台', { replyTo: carried?.id ?? '' });
    const answer = room.feishu.shows('oc_db').find((one) => one.text.includes('三台'));
    expect(answer?.replyTo).toBe(asked.id);
    const elsewhere = room.teams.shows('19:cloud');
    expect(elsewhere.find((one) => one.text.includes('三台'))?.replyTo).toBe(
      elsewhere.find((one) => one.text.includes('几台受影响'))?.id,
    );
  });

  it('an answer to a private note quotes nothing of it', async () => {
    room = await jointDesk();
    const note = await room.says('cloud-eng', CLOUD, '// 存储有过抖动');
    await room.says('cloud-eng', CLOUD, '可以公开', { replyTo: note.id });
    await room.advance(60);
    expect(room.slack.said('C1').join('\n')).toContain('可以公开');
    expect(JSON.stringify(room.slack.shows('C1'))).not.toContain('抖动');
  });

  it('a mark on what was carried puts the original on the timeline, with its author', async () => {
    room = await jointDesk();
    const words = await room.says('dba', BASE, '锁等待是批处理引起的');
    const carried = room.slack.shows('C1').find((one) => one.text.includes('锁等待'));
    const args = { message: carried?.id ?? '', text: carried?.text ?? '', author: 'warroom' };
    await room.presses('duty', HOUSE, 'pin', args);
    const { id } = await room.incident();
    const pinned = (await room.desk.desk.store.events(id)).find(({ body }) => body.type === 'MessagePinned');
    expect(pinned?.body).toMatchObject({
      message: words.id,
      text: '锁等待是批处理引起的',
      author: '高级DBA',
    });
  });

  it('a picture goes along where the platform takes files, and a link where it does not', async () => {
    room = await jointDesk();
    const png = Buffer.from('\x89PNG\r\n\x1a\n screenshot', 'latin1');
    await room.drops('dba', BASE, '界面.png', png);
    await room.advance(60);
    const shown = room.slack.shows('C1');
    expect(shown.find((one) => one.file)?.file).toEqual({ name: '界面.png', bytes: new Uint8Array(png) });
    expect(shown.find((one) => one.text.includes('界面.png'))?.text).toContain('高级DBA · 数据库厂商');
    expect(room.teams.said('19:cloud').at(-1)).toContain('打开文件');
    expect(room.feishu.shows('oc_db').filter((one) => one.file)).toEqual([]);
  });
});

describe('trouble', () => {
  it('a place that was down catches up in order, with small talk in few messages', async () => {
    room = await jointDesk();
    room.feishu.down(true);
    for (let at = 0; at < 60; at += 1) await room.says('duty', HOUSE, `第 ${at} 步`);
    await room.advance(600);
    expect(room.feishu.said('oc_db')).toEqual([]);
    room.feishu.down(false);
    await room.advance(600);
    const caught = room.feishu.said('oc_db');
    expect(caught.length).toBeLessThan(10);
    expect(caught.join('\n').match(/第 \d+ 步/g)).toEqual(
      Array.from({ length: 60 }, (_, at) => `第 ${at} 步`),
    );
  });

  it('one of several that stand together is changed where it stands', async () => {
    room = await jointDesk();
    room.feishu.down(true);
    const words = [];
    for (let at = 0; at < 60; at += 1) words.push(await room.says('duty', HOUSE, `第 ${at} 步`));
    room.feishu.down(false);
    await room.advance(600);
    const before = room.feishu.said('oc_db').length;
    const seventh = words[7];
    if (seventh) await room.edits(seventh, '第七步，改过');
    expect(room.feishu.said('oc_db')).toHaveLength(before);
    expect(room.feishu.said('oc_db').join('\n')).toContain('第七步，改过');
    expect(room.feishu.said('oc_db').join('\n')).not.toContain('第 7 步');
  });

  it('a send of unknown outcome is marked, and an edit of it goes out as a correction', async () => {
    room = await jointDesk();
    room.slack.loseAnswer();
    const words = await room.says('dba', BASE, '重启了两台');
    await room.advance(120);
    expect(room.slack.said('C1')).toEqual([
      '高级DBA · 数据库厂商\n重启了两台',
      '（可能重复）高级DBA · 数据库厂商\n重启了两台',
    ]);
    await room.edits(words, '重启了一台');
    await room.advance(10);
    expect(room.slack.said('C1')).toHaveLength(3);
    expect(room.slack.said('C1').at(-1)).toMatch(/更正.*\n重启了一台/);
  });

  it('a place that comes late gets a digest of what was said, and then what is said', async () => {
    room = await jointDesk({ linked: [BASE] });
    for (let at = 0; at < 30; at += 1) await room.says('duty', HOUSE, `第 ${at} 步`);
    await room.says('dba', BASE, '根因确认：连接池被占满');
    await room.link(CLOUD);
    await room.says('dba', BASE, '已扩容');
    await room.advance(60);
    const shown = room.teams.said('19:cloud');
    expect(shown).toHaveLength(2);
    expect(shown[0]).toMatch(/31 条消息/);
    expect(shown[0]).toContain('连接池被占满');
    expect(shown[1]).toBe('高级DBA · 数据库厂商\n已扩容');
  });
});

describe('a slow platform', () => {
  it('merges small talk and never a decision, which waits no longer than its limit demands', async () => {
    room = await jointDesk({ dingtalkPerMinute: 20 });
    for (let at = 0; at < 100; at += 1) {
      await room.says('duty', HOUSE, `第 ${at} 步`);
      await room.advance(0.5);
      if (at === 50) await room.types('duty', HOUSE, '/incident severity orange 影响三个地市');
    }
    const told = room.dingtalk.sends.find((one) => one.text.includes('橙'));
    const decided = (await room.desk.desk.store.events((await room.incident()).id)).find(
      ({ body }) => body.type === 'SeveritySet',
    );
    await room.advance(120);
    // A quota of twenty a minute spreads to one in four seconds; before it stand the status card and one relay.
    expect((told?.at ?? 0) - (decided?.recorded ?? 0)).toBeLessThanOrEqual(13_000);
    for (const [at, one] of room.dingtalk.sends.entries()) {
      const within = room.dingtalk.sends.slice(at).filter((other) => other.at < one.at + 60_000);
      expect(within.length).toBeLessThanOrEqual(20);
    }
    expect(
      room.dingtalk
        .said('cid')
        .join('\n')
        .match(/第 \d+ 步/g),
    ).toHaveLength(100);
    expect(
      room.dingtalk.sends.filter((one) => one.text.includes('橙') && /第 \d+ 步/.test(one.text)),
    ).toEqual([]);
  });
});
