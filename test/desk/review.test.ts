import { afterEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/chat/message.ts';
import type { Reply } from '../../src/chat/port.ts';
import { webDeps } from '../../src/view/index.ts';
import { renderReport } from '../../src/view/report.ts';
import { createWeb } from '../../src/web/app.tsx';
import { SETTINGS, type TestDesk, testDesk } from '../support/desk.ts';

let room: TestDesk;
afterEach(() => room.close());

const ADDRESS = 'http://warroom.test';
const shown = (reply: Reply): string => JSON.stringify(reply);
const report = async (): Promise<string> =>
  String((await renderReport(room.desk, await room.incident(), 'handling', 'md', 'zh')).body);

async function over(): Promise<TestDesk> {
  const { config } = SETTINGS;
  const settings = { ...SETTINGS, config: { ...config, desk: { ...config.desk, publicUrl: ADDRESS } } };
  const desk = await testDesk({ settings });
  await desk.say('ops', '/应急 开启 社保核心系统全部节点报错，窗口无法办理业务');
  await desk.say('duty', '/应急 应答');
  await desk.say('ops', '/应急 恢复');
  await desk.say('duty', '/应急 解决 连接泄漏，已回退');
  return desk;
}

describe('lessons are private until they are published', () => {
  it('another organisation sees neither the words nor how many there are; then everybody does', async () => {
    room = await over();
    const before = shown(await room.say('ops', '/应急 复盘'));
    await room.say('duty', '/应急 教训 差：我方告警阈值太高，没有人看见');
    await room.say('duty', '/应急 教训 好：先取证再处理');
    expect(shown(await room.say('ops', '/应急 复盘'))).toBe(before);
    expect(shown(await room.say('duty', '/应急 复盘'))).toContain('告警阈值太高');
    expect((await room.heard()).join()).not.toContain('告警阈值');
    expect(await room.talk()).not.toContain('差：我方告警阈值太高，没有人看见');
    expect(await report()).not.toContain('告警阈值太高');

    await room.say('ops', '/应急 复盘 公布');
    expect(await report()).not.toContain('告警阈值太高');
    await room.say('duty', '/应急 复盘 公布');
    expect(await report()).toContain('告警阈值太高');
    const again = await room.say('duty', '/应急 复盘 公布');
    expect(plainText(again.toAsker?.headline ?? '')).toContain('没有未公布');
  });
});

describe('the review, from its time to its proof', () => {
  it('is told, reminded, held; its actions are reminded until somebody shows that they are done', async () => {
    room = await over();
    await room.say('duty', '/应急 复盘 明天 10:00 三楼会议室');
    expect((await room.heard()).at(-1)).toContain('三楼会议室');
    await room.say('emergency-lead', '/应急 整改 加会话数告警 @值班工程师 11月27日');
    const { followUps } = await room.incident();
    expect(followUps[0]).toMatchObject({ text: '加会话数告警', due: '11月27日' });
    await room.advance(30 * 60);
    expect((await room.heard()).some((line) => line.includes('复盘会将于'))).toBe(true);
    await room.say('duty', '/应急 复盘 已开');
    await room.advance(3 * 24 * 60);
    expect((await room.heard()).some((line) => line.includes('整改 F1 已逾期'))).toBe(true);
    await room.say('duty', '/应急 整改 F1 完成 变更单 CHG-118，演练已触发');
    expect((await room.incident()).followUps[0]?.proof).toBe('变更单 CHG-118，演练已触发');
  });
});

describe('the customer judges by a link', () => {
  const ask = async () => {
    await room.say('duty', '/应急 满意度 请');
    await room.advance(1);
    const text = room.called.map((one) => one.text).find((one) => one.includes('/judge/')) ?? '';
    return /https?:\/\/\S+/.exec(text)?.[0] ?? '';
  };
  const web = () =>
    createWeb(
      webDeps(room.desk, { newId: () => 'id', metricsToken: null, environment: {}, failed: () => {} }),
    );
  const post = (link: string, fields: Record<string, string>) =>
    web().fetch(
      new Request(link, {
        method: 'POST',
        headers: { origin: ADDRESS, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields),
      }),
    );

  it('without a login, once, and nothing of the link is kept in the record', async () => {
    room = await over();
    const link = await ask();
    const page = await web().fetch(new Request(link));
    expect(page.status).toBe(200);
    expect(await page.text()).toContain((await room.incident()).code);

    expect((await post(link, { score: '9', text: '' })).status).toBe(400);
    expect((await post(link, { score: '4', text: '响应快，报告再早些' })).status).toBe(200);
    expect((await room.incident()).satisfaction).toMatchObject({ score: 4, person: 'emergency-lead' });
    expect((await post(link, { score: '1', text: '' })).status).toBe(404);
    const record = JSON.stringify(await room.desk.store.events((await room.incident()).id));
    expect(record).not.toContain(new URL(link).pathname.split('/').at(-1));
  });

  it('a made-up link, or one sent from elsewhere, does nothing', async () => {
    room = await over();
    const link = await ask();
    expect((await web().fetch(new Request(`${ADDRESS}/judge/made-up`))).status).toBe(404);
    const foreign = await web().fetch(
      new Request(link, {
        method: 'POST',
        headers: { origin: 'http://elsewhere.test', 'content-type': 'application/x-www-form-urlencoded' },
        body: 'score=1',
      }),
    );
    expect(foreign.status).toBe(403);
    expect((await room.incident()).satisfaction).toBeNull();
  });

  it('the vendor cannot judge itself', async () => {
    room = await over();
    const reply = await room.say('duty', '/应急 满意度 5 很好');
    expect(plainText(reply.toAsker?.headline ?? '')).toContain('客户');
  });
});
