import { afterEach, describe, expect, it } from 'vitest';
import type { ContactMethod } from '../../src/contact/port.ts';
import type { Config } from '../../src/roster/schema.ts';
import { webDeps } from '../../src/view/index.ts';
import { createWeb } from '../../src/web/app.tsx';
import { SETTINGS, type TestDesk, testDesk } from '../support/desk.ts';

const DAILY: Config['rotations'] = {
  '1': { every: 'day', people: ['duty', 'duty2'], since: '2026-11-23', handover: '09:00' },
};

function settingsWith(parts: Partial<Config> = {}) {
  const people = SETTINGS.config.people.map((one) =>
    one.id === 'duty' || one.id === 'duty2'
      ? {
          ...one,
          contacts: [
            { method: 'webhook' as const, gateway: 'voice', address: '138' },
            { method: 'email' as const, address: `${one.id}@example.com` },
          ],
        }
      : one,
  );
  const config: Config = { ...SETTINGS.config, people, rotations: DAILY, ...parts };
  return { ...SETTINGS, config };
}

let room: TestDesk;
const opened: TestDesk[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) {
    one.desk.handover.stop();
    await one.close();
  }
});

interface Mail {
  readonly to: string;
  readonly text: string;
  readonly at: string;
}
const mails: Mail[] = [];
let rang = 0;
const contact: ContactMethod = async (one, call) => {
  if (one.method === 'email')
    mails.push({
      to: one.address,
      text: call.text,
      at: new Date(room.clock.now() + 8 * 3_600_000).toISOString().slice(11, 16),
    });
  else rang += 1;
  return { ok: true, detail: one.method };
};

/** It is 03:12; the turn changes at nine. */
async function night(parts: Partial<Config> = {}): Promise<void> {
  mails.length = 0;
  rang = 0;
  room = await testDesk({ settings: settingsWith(parts), contact });
  opened.push(room);
  room.desk.handover.start();
  await room.advance(0);
}

const SIX_HOURS = 6 * 60;

describe('the hand-over at a change of turn', () => {
  it('tells the one who goes and the one who comes what is open and due, by a way that rings nobody', async () => {
    await night();
    await room.say('ops', '/应急 开启 社保核心系统无法访问');
    await room.say('emergency-lead', '/应急 定级 黄 中断');
    await room.say('duty', '/应急 应答');
    await room.say('duty', '/应急 整改 增加连接池告警');
    mails.length = 0;
    const before = rang;
    await room.advance(SIX_HOURS);
    expect(mails.map((one) => [one.to, one.at])).toEqual([
      ['duty@example.com', '09:00'],
      ['duty2@example.com', '09:00'],
    ]);
    const [mail] = mails;
    expect(mail?.text).toContain('值班工程师 → 备班工程师');
    expect(mail?.text).toContain('未结事件 1 起');
    expect(mail?.text).toMatch(/黄色 INC-20261124-01 社保核心系统.*下一时限/);
    expect(mail?.text).toContain('增加连接池告警');
    // What rang meanwhile were pages and no note.
    const pages = (await room.incident()).pages.filter((one) => one.person.startsWith('duty')).length;
    expect(rang - before).toBeLessThanOrEqual(pages);
  });

  it('carries what people left for the next shift, once, and says when it will', async () => {
    await night();
    const reply = await room.say('duty', '/应急 交班 客户九点半来电，密码: Secret123456');
    expect(JSON.stringify(reply.toAsker)).toContain('09:00');
    await room.say('rd1', '/应急 交班 二级的事');
    await room.advance(SIX_HOURS);
    expect(mails[1]?.text).toContain('值班工程师 03:12：客户九点半来电');
    expect(mails[1]?.text).not.toContain('Secret123456');
    expect(mails[1]?.text).not.toContain('二级的事');
    mails.length = 0;
    await room.advance(24 * 60);
    expect(mails.length).toBe(2);
    expect(mails[1]?.text).not.toContain('客户九点半来电');
    expect(mails[1]?.text).toContain('备班工程师 → 值班工程师');
  });

  it('comes exactly once although two instances look, and across a restart', async () => {
    await night();
    const second = await testDesk({
      settings: settingsWith(),
      contact,
      folder: room.folder,
      clock: room.clock,
    });
    second.desk.handover.start();
    await room.advance(SIX_HOURS);
    expect(mails.length).toBe(2);
    second.desk.handover.stop();
    await second.desk.engine.stop();
    await second.desk.store.close();
    room.desk.handover.stop();
    const again = await room.reopen();
    opened.splice(0, 1, again);
    room = again;
    again.desk.handover.start();
    await again.advance(60);
    expect(mails.length).toBe(2);
  });

  it('is made up for when nobody was running at nine', async () => {
    await night();
    room.desk.handover.stop();
    await room.desk.engine.stop();
    await room.advance(SIX_HOURS + 30);
    const again = await room.reopen();
    opened.splice(0, 1, again);
    room = again;
    again.desk.handover.start();
    await again.advance(1);
    expect(mails.map((one) => one.to)).toEqual(['duty@example.com', 'duty2@example.com']);
    expect(mails[0]?.text).toContain('09:00：值班工程师 → 备班工程师');
  });

  it('is shown on the on-call page with what waits for the next, to those who have the duty', async () => {
    await night();
    await room.say('duty', '/应急 交班 客户九点半来电');
    await room.advance(SIX_HOURS);
    await room.say('duty2', '/应急 交班 备件在库房');
    const reader = (id: string, org: string) => ({
      person: {
        id,
        name: id,
        org,
        orgName: org,
        side: org === 'apusic' ? ('vendor' as const) : ('customer' as const),
        posts: [],
      },
      language: 'zh' as const,
    });
    const deps = webDeps(room.desk, {
      newId: () => 'n',
      metricsToken: null,
      environment: {},
      failed: () => {},
    });
    const [first] = (await deps.onCall(reader('duty2', 'apusic'))).tiers;
    expect(first?.handover?.lines.join('\n')).toContain('客户九点半来电');
    expect(first?.waiting.map((one) => one.text)).toEqual(['备件在库房']);
    const [theirs] = (await deps.onCall(reader('ops', 'customer'))).tiers;
    expect(theirs).toMatchObject({ handover: null, waiting: [], person: '备班工程师' });
    const web = createWeb(deps);
    const link = await web.loginLink('http://desk');
    const token = new URL(link).searchParams.get('token') ?? '';
    const asked = await web.fetch(new Request(`http://desk/login?token=${token}`));
    expect(asked.status).toBeLessThan(400);
  });
});

describe('a swap', () => {
  const swaps: Config['swaps'] = [
    {
      tier: 1,
      from: '2026-11-24T09:00:00+08:00',
      to: '2026-11-26T09:00:00+08:00',
      people: ['duty', 'duty2'],
      reason: '换班',
    },
  ];

  it('gives each the other’s turns for its time, and is shown as one', async () => {
    await night({ swaps });
    const reply = await room.say('duty', '/应急 值班 今天 20:00');
    expect(JSON.stringify(reply.toAsker?.blocks)).toContain('值班工程师（换班）');
    await room.advance(SIX_HOURS);
    // The swap lets the engineer of the night stay: nothing changes hands at nine.
    expect(mails).toEqual([]);
    await room.advance(24 * 60);
    expect(mails[0]?.text).toContain('值班工程师 → 备班工程师');
  });
});

describe('a swap by command', () => {
  it('exchanges two turns, tells both, is shown, and survives a restart', async () => {
    await night();
    // duty has Friday the 27th, duty2 Saturday the 28th.
    const reply = await room.say('duty', '/应急 换班 备班工程师 周五 周六');
    expect(JSON.stringify(reply.toAsker)).toContain('11-27 09:00–11-28 09:00 由 备班工程师 值');
    expect(mails.map((one) => one.to)).toEqual(['duty@example.com', 'duty2@example.com']);
    expect(mails[1]?.text).toContain('换班');
    const shown = async (text: string): Promise<string> =>
      JSON.stringify((await room.say('duty', `/应急 值班 ${text}`)).toAsker);
    expect(await shown('周五 10:00')).toContain('"备班工程师（换班）');
    expect(await shown('周六 10:00')).toContain('"值班工程师（换班）');
    expect(await shown('周四 10:00')).toContain('"备班工程师，');
    room.desk.handover.stop();
    const again = await room.reopen();
    opened.splice(0, 1, again);
    room = again;
    expect(await shown('周五 10:00')).toContain('"备班工程师（换班）');
    await room.say('duty2', '/应急 换班 值班工程师 周五 周六');
    expect(await shown('周五 10:00')).toContain('"值班工程师，');
  });

  it('calls whoever has the turn now', async () => {
    await night();
    // The night of the 24th is duty's; the next one duty2's.
    await room.say('duty', '/应急 换班 备班工程师 今天 04:00 明天 04:00');
    await room.say('ops', '/应急 开启 社保核心系统无法访问');
    expect((await room.incident()).pages[0]?.person).toBe('duty2');
  });

  it.each([
    ['换班 备班工程师 周六 周五', '第一个时间不是您的班'],
    ['换班 备班工程师 周五 周日', '第二个时间不是对方的班'],
    ['换班 核心研发甲 周五 周六', '不在同一级'],
    ['换班 王五 周五 周六', '名册上没有'],
    ['换班 备班工程师 2026-11-21 周六', '过去的班'],
  ])('%s: is refused with the reason', async (line, reason) => {
    await night();
    const reply = await room.say('duty', `/应急 ${line}`);
    expect(JSON.stringify(reply.toAsker)).toContain(reason);
  });

  it('asks for what is missing', async () => {
    await night();
    expect((await room.say('duty', '/应急 换班')).form?.command).toBe('swap');
  });
});

describe('who is on call', () => {
  const answer = async (text: string): Promise<string> =>
    JSON.stringify((await room.say('duty', `/应急 值班 ${text}`)).toAsker);

  it('now and next, at 03:00 on Saturday, tomorrow, and on a date', async () => {
    await night();
    expect(await answer('')).toMatch(/值班工程师，至 09:00 由 备班工程师 接/);
    // Saturday the 28th at three still belongs to Friday's shift.
    expect(await answer('周六 03:00')).toMatch(/11-28 03:00 值班.*"值班工程师，至 09:00/);
    expect(await answer('星期六 10:00')).toMatch(/11-28 10:00 值班.*"备班工程师/);
    expect(await answer('明天 10:00')).toMatch(/11-25 10:00 值班.*"值班工程师/);
    expect(await answer('下周六 10:00')).toContain('12-05 10:00 值班');
    expect(await answer('今晚 8点')).toContain('"20:00 值班');
    expect(await answer('02:00')).toContain('11-25 02:00 值班');
    expect(await answer('2026-12-01 10:00')).toMatch(/12-01 10:00 值班.*"值班工程师/);
    const english = await room.desk.receive({
      kind: 'text',
      id: 'en',
      messageId: 'en',
      place: { platform: 'web', workspace: 'local', conversation: 'lobby', language: 'en', org: 'apusic' },
      incident: null,
      author: { id: 'duty', name: '值班工程师', org: 'apusic' },
      at: room.clock.now(),
      language: 'en',
      text: '/incident oncall saturday 03:00',
    });
    expect(JSON.stringify(english.toAsker)).toContain('On call at 11-28 03:00');
  });

  it('gaps and double turns within fourteen days are said before they hurt', async () => {
    const hours = { from: '09:00', to: '21:00' };
    const first = DAILY['1'];
    if (!first) throw new Error('no rotation');
    await night({
      rotations: { '1': { ...first, hours } },
      tiers: { ...SETTINGS.config.tiers, '2': ['rd1'], '3': ['rd1'] },
    });
    const said = await answer('');
    expect(said).toMatch(/⚠️ 空档/);
    expect(said).toMatch(/核心研发甲 .*起同时值/);
  });
});
