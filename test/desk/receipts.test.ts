import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ContactMethod } from '../../src/contact/port.ts';
import { gatewaySchema, type Person } from '../../src/roster/schema.ts';
import { webDeps } from '../../src/view/index.ts';
import { createWeb } from '../../src/web/app.tsx';
import { SETTINGS, type TestDesk, testDesk } from '../support/desk.ts';

const ENVIRONMENT = { WARROOM_REPORT_TOKEN: 'a-long-token' };
const gateway = (id: string) =>
  gatewaySchema.parse({
    id,
    url: 'http://127.0.0.1:9/never',
    reports: {
      tokenEnv: 'WARROOM_REPORT_TOKEN',
      id: ['ref', 'call'],
      status: 'state',
      delivered: ['delivered'],
      seen: ['answered'],
      failed: ['failed'],
      answer: '{"code":0}',
    },
  });
const contacts: Person['contacts'] = [
  { method: 'webhook', gateway: 'sms', address: '13800000000' },
  { method: 'webhook', gateway: 'voice', address: '13800000000' },
];
const settings = {
  ...SETTINGS,
  config: {
    ...SETTINGS.config,
    people: SETTINGS.config.people.map((one) => (one.id === 'duty' ? { ...one, contacts } : one)),
    delivery: { gateways: [gateway('sms'), gateway('voice')] },
  },
};

const healthShape = z.looseObject({
  detail: z.looseObject({
    lanes: z.array(z.looseObject({ lane: z.string() })),
    sends: z.array(z.unknown()),
    missed: z.array(z.unknown()),
  }),
});

let room: TestDesk;
afterEach(() => room.close());

async function opened(contact: ContactMethod = async () => ({ ok: true, detail: '', messageId: 'call-7' })) {
  const tried: string[] = [];
  room = await testDesk({
    settings,
    contact: async (one, call) => {
      if (one.method === 'webhook') tried.push(one.gateway);
      return contact(one, call);
    },
  });
  const deps = webDeps(room.desk, {
    newId: randomUUID,
    metricsToken: 'collector',
    environment: ENVIRONMENT,
    failed: (_number, error) => {
      throw error;
    },
  });
  const web = createWeb(deps);
  await room.say('ops', '/应急 开启 社保核心系统无法访问');
  await room.advance(1);
  const page = (await room.incident()).pages.find((one) => one.person === 'duty');
  if (!page) throw new Error('the duty engineer was not paged');
  const report = (body: unknown, address = 'sms/a-long-token', method = 'POST'): Promise<Response> =>
    web.fetch(
      new Request(`http://desk/reports/${address}`, {
        method,
        ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
      }),
    );
  const trail = async (): Promise<readonly string[]> =>
    ((await room.incident()).pages.find((one) => one.id === page.id)?.deliveries ?? []).map(
      (one) => `${one.method} ${one.outcome}`,
    );
  const metrics = async (): Promise<string> =>
    (
      await web.fetch(new Request('http://desk/metrics', { headers: { authorization: 'Bearer collector' } }))
    ).text();
  const health = async () => {
    const headers = { authorization: 'Bearer collector' };
    const answer = await web.fetch(new Request('http://desk/health', { headers }));
    return healthShape.parse(await answer.json());
  };
  return { deps, page, report, trail, tried, metrics, health };
}

describe('the receipt trail of a page', () => {
  it('goes on when the gateway reports: on the phone, then seen; by our name or its own', async () => {
    const { page, report, trail } = await opened();
    const answer = await report({ ref: page.id, state: 'delivered' });
    expect([answer.status, await answer.text()]).toEqual([200, '{"code":0}']);
    await report({ call: 'call-7', state: 'answered' });
    expect(await trail()).toEqual(['sms accepted', 'sms delivered', 'sms seen']);
  });

  it('is in the list of pages, and says what is still queued', async () => {
    const { page, report } = await opened();
    await report({ ref: page.id, state: 'answered' });
    const reply = await room.say('duty', '/应急 呼叫记录');
    const shown = JSON.stringify(reply.toAsker?.blocks);
    expect(shown).toContain('短信 已受理');
    expect(shown).toContain('短信 已看到/接听');
  });

  it('is beside the person in the web room, and in the report', async () => {
    const { page, report, deps } = await opened();
    await report({ ref: page.id, state: 'answered' });
    const reader = {
      person: {
        id: 'duty',
        name: '值班工程师',
        org: 'apusic',
        orgName: '金蝶天燕',
        side: 'vendor' as const,
        posts: [],
      },
      language: 'zh' as const,
    };
    const { id } = await room.incident();
    const post = (await deps.room(id, reader))?.posts.find((one) => one.key === 'tier-1');
    expect(post?.trail?.map((line) => line.replace(/ \d\d:\d\d.*/, ''))).toEqual([
      '短信 已受理',
      '短信 已看到/接听',
    ]);
    const printed = await deps.report(id, 'handling', 'md', reader);
    if (printed === null || printed === 'not-written') throw new Error('no report');
    expect(String(printed.body)).toContain('短信 已看到/接听');
  });

  it('reports are taken once, however often the gateway repeats them', async () => {
    const { page, report, trail } = await opened();
    for (let count = 0; count < 3; count += 1) await report([{ ref: page.id, state: 'delivered' }]);
    expect(await trail()).toEqual(['sms accepted', 'sms delivered']);
  });

  it('taken and never delivered: the next way is tried at once, and the room hears of it', async () => {
    const { page, report, trail, tried } = await opened();
    await report({ ref: page.id, state: 'failed' });
    await room.advance(0);
    expect(tried).toEqual(['sms', 'voice']);
    expect(await trail()).toEqual(['sms accepted', 'sms undelivered', 'voice accepted']);
    expect((await room.heard()).some((line) => line.includes('未送达（sms）'))).toBe(true);
  });

  it('nobody is called again for a report that comes after the answer', async () => {
    const { page, report, tried } = await opened();
    await room.say('duty', '/应急 应答');
    await report({ ref: page.id, state: 'failed' });
    await room.advance(0);
    expect(tried).toEqual(['sms']);
  });

  it('without the token nothing is told and nothing is written', async () => {
    const { page, report, trail } = await opened();
    for (const address of ['sms/wrong', 'none/a-long-token', 'sms/']) {
      const answer = await report({ ref: page.id, state: 'answered' }, address);
      expect(answer.status).toBeGreaterThanOrEqual(300);
    }
    expect(await trail()).toEqual(['sms accepted']);
  });

  it('a gateway that reports by GET is understood, nonsense is not', async () => {
    const { page, report, trail } = await opened();
    await report(null, `sms/a-long-token?ref=${page.id}&state=delivered`, 'GET');
    expect(await trail()).toEqual(['sms accepted', 'sms delivered']);
    expect((await report('<xml/>')).status).toBe(400);
    expect((await report({ ref: 'unknown', state: 'delivered' })).status).toBe(200);
  });

  it('a read direct message counts as seen', async () => {
    const { page } = await opened();
    await room.desk.store.putNote(
      'sent:slack:m1',
      JSON.stringify({ incident: (await room.incident()).id, page: page.id }),
    );
    await room.desk.receive({
      kind: 'seen',
      id: 'e1',
      messageId: 'm1',
      place: { platform: 'slack', workspace: 'T', conversation: 'D', language: 'zh', org: 'apusic' },
      incident: null,
      author: { id: 'duty', name: '值班工程师', org: 'apusic' },
      at: room.clock.now(),
      language: 'zh',
    });
    const seen = (await room.incident()).pages.find((one) => one.id === page.id)?.deliveries.at(-1);
    expect(seen).toMatchObject({ method: 'slack', outcome: 'seen' });
  });

  it('says how late a page was since it fell due, although it was tried again and again', async () => {
    let out = true;
    const { page } = await opened(async () =>
      out
        ? { ok: false, permanent: false, retryAfterMs: null, detail: 'outage' }
        : { ok: true, detail: '', messageId: 'x' },
    );
    await room.advance(2);
    out = false;
    await room.advance(2);
    const taken = (await room.incident()).pages
      .find((one) => one.id === page.id)
      ?.deliveries.find((one) => one.outcome === 'accepted');
    expect(taken?.lateMs).toBeGreaterThan(3 * 60_000 - 1000);
  });
});

describe('what a collector reads', () => {
  it('sends and failures by route and kind, lanes by kind and platform, lateness, missed pages', async () => {
    let failures = 1;
    const { metrics, health } = await opened(async (one) => {
      if (one.method === 'webhook' && one.gateway === 'sms' && failures > 0) {
        failures -= 1;
        return { ok: false, permanent: true, retryAfterMs: null, detail: 'no such number' };
      }
      return { ok: true, detail: '' };
    });
    const text = await metrics();
    expect(text).toContain('warroom_sends_total{route="sms",outcome="permanent"} 1');
    expect(text).toContain('warroom_sends_total{route="voice",outcome="accepted"} 1');
    expect(text).toContain('warroom_missed_total{what="page"} 0');
    expect(text).toMatch(/warroom_page_lateness_seconds_bucket\{le="1"\} \d+/);
    expect(text).toContain('warroom_oldest_overdue_seconds 0');
    await room.desk.engine.stop();
    await room.say('emergency-lead', '/应急 定级 红 全网');
    expect(await metrics()).toMatch(/warroom_outbox_waiting\{lane="room:web"\} [1-9]/);
    await room.advance(5);
    expect(await metrics()).toMatch(/warroom_outbox_oldest_seconds\{lane="room:web"\} 300/);
    const detail = (await health()).detail;
    expect(detail.lanes.find((one) => one.lane === 'room:web')).toMatchObject({
      oldestMs: 300_000,
    });
    expect(detail.sends).toContainEqual({ route: 'sms', outcome: 'permanent', value: 1 });
    expect(detail.missed).toContainEqual({ what: 'page', value: 0 });
  });

  it('a stalled engine is unhealthy', async () => {
    const { metrics } = await opened();
    await room.desk.engine.stop();
    await room.advance(10);
    expect(await metrics()).toMatch(/warroom_oldest_overdue_seconds [1-9]/);
  });
});
