import { afterEach, describe, expect, it } from 'vitest';
import { rosterProblems } from '../../src/roster/oncall.ts';
import { SETTINGS, START, type TestDesk, testDesk } from '../support/desk.ts';

let room: TestDesk | null = null;
afterEach(async () => {
  await room?.close();
  room = null;
});

describe('what becomes of a page is on record from the first try', () => {
  it('a method that fails is told to the room at once, and the next one is taken', async () => {
    const { config } = SETTINGS;
    const contacts = [
      { method: 'email' as const, address: 'gone@example.com' },
      { method: 'email' as const, address: 'duty@example.com' },
    ];
    const people = config.people.map((one) => (one.id === 'duty' ? { ...one, contacts } : one));
    const desk = await testDesk({
      settings: { ...SETTINGS, config: { ...config, people } },
      contact: async (contact) =>
        contact.method === 'email' && contact.address === 'gone@example.com'
          ? { ok: false, permanent: true, retryAfterMs: null, detail: '550 no such mailbox' }
          : { ok: true, detail: 'taken' },
    });
    room = desk;
    await desk.say('ops', '/应急 开启 社保核心系统全部节点报错');
    await desk.advance(0);
    const [page] = (await desk.incident()).pages;
    expect(page?.deliveries.map((one) => one.outcome)).toEqual(['failed', 'accepted']);
    expect((await desk.heard()).some((line) => line.includes('550 no such mailbox'))).toBe(true);
  });

  it('whoever answers another’s page is shown as the one who did', async () => {
    const desk = await testDesk();
    room = desk;
    await desk.say('ops', '/应急 开启 社保核心系统全部节点报错');
    const { pages } = await desk.incident();
    const called = pages.find((one) => one.status === 'open');
    const other = SETTINGS.config.tiers['1']?.find((one) => one !== called?.person) ?? 'duty2';
    await desk.press(other, 'ack', { page: called?.id ?? '' });
    const answered = (await desk.incident()).pages.find((one) => one.id === called?.id);
    const name = SETTINGS.config.people.find((one) => one.id === other)?.name ?? other;
    expect(answered).toMatchObject({ status: 'acknowledged', answeredBy: { person: other } });
    const pageList = await desk.say('ops', '/应急 呼叫记录');
    expect(JSON.stringify(pageList.toAsker)).toContain(name);
  });

  it('a turn of somebody who cannot be called counts as a gap', () => {
    const { config, plan } = SETTINGS;
    const silent = {
      ...config,
      people: config.people.map((one) => ({ ...one, contacts: [] })),
    };
    expect(rosterProblems(config, START, 1, plan.zone)).not.toEqual(
      rosterProblems(silent, START, 1, plan.zone),
    );
    expect(JSON.stringify(rosterProblems(silent, START, 1, plan.zone))).toContain('gap');
  });
});
