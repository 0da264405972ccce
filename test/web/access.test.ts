import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configSchema } from '../../src/roster/schema.ts';
import { SETTINGS, testDesk } from '../support/desk.ts';
import { TWO_CUSTOMERS, type WebDesk, webDesk } from '../support/web-desk.ts';
import { type Member, member } from './member.ts';

/** Errors over ten minutes of a log that is large enough to be drawn. */
const LOG = Array.from({ length: 10 }, (_, minute) => {
  const at = `2026-11-24 03:1${minute}:00,000`;
  const quiet = `${at} INFO [exec-1] order booked in 3 ms\n`.repeat(3000);
  return quiet + `${at} ERROR [exec-1] java.io.IOException: Too many open files\n`.repeat(20);
}).join('');

/** Everything that can be asked about an incident. */
const PATHS = [
  '',
  '/live',
  '/earlier?before=1',
  '/timeline',
  '/timeline?part=1',
  '/print',
  '/report/handling',
  '/report/handling/html',
  '/report/handling/md',
  '/document/handling/1/md',
];

describe('an incident is there for whom it concerns', () => {
  let here: WebDesk;
  let code: string;
  let id: string;
  let excerpt: string;
  const as = new Map<string, Member>();
  const who = async (person: string): Promise<Member> => {
    const known = as.get(person) ?? (await member(here.web, person));
    as.set(person, known);
    return known;
  };

  beforeAll(async () => {
    here = await webDesk();
    await here.desk.say('ops', '/应急 开启 社保核心系统全部节点报错');
    await here.desk.drop('ops', 'server.log', Buffer.from(LOG));
    await here.desk.press('duty', 'document', { document: 'handling' });
    ({ code, id } = await here.desk.incident());
    excerpt = (await here.desk.incident()).diagnoses.at(-1)?.excerpt ?? '';
    expect(excerpt).not.toBe('');
  });
  afterAll(() => here.desk.close());

  it.each(['duty', 'ops', 'gm'])('%s, of ours or of the customer, sees it everywhere', async (person) => {
    const one = await who(person);
    expect(await one.text('/')).toContain(code);
    for (const path of PATHS.filter((each) => each !== '/live' && !each.startsWith('/document')))
      expect([path, (await one.get(`/i/${code}${path}`)).status]).toEqual([path, 200]);
    expect((await one.get(`/i/${code}/chart/${excerpt}.svg`)).status).toBe(200);
  });

  it.each(['dba', 'water-ops', 'builder-eng'])(
    '%s finds no trace of it: the same answer as to an incident that never was',
    async (person) => {
      const one = await who(person);
      const never = 'INC-20991231-99';
      expect(await one.text('/')).not.toContain(code);
      expect(await one.text('/new')).not.toContain('社保核心系统');
      for (const name of [code, code.toLowerCase(), id]) {
        for (const path of [...PATHS, `/chart/${excerpt}.svg`, `/files/${'ab'.repeat(32)}`]) {
          const [theirs, nobodys] = [await one.get(`/i/${name}${path}`), await one.get(`/i/${never}${path}`)];
          expect([path, theirs.status]).toEqual([path, 404]);
          expect(await theirs.text()).toBe(await nobodys.text());
        }
        for (const [path, fields] of [
          ['say', { text: '在吗' }],
          ['act', { command: 'close', 'arg.reason': '误报' }],
          ['delete', { message: 'm' }],
        ] as const) {
          const [theirs, nobodys] = [
            await one.post(`/i/${name}/${path}`, fields),
            await one.post(`/i/${never}/${path}`, fields),
          ];
          expect([path, theirs.status]).toEqual([path, 404]);
          expect(await theirs.text()).toBe(await nobodys.text());
        }
      }
      expect((await here.desk.incident()).status).toBe('open');
    },
  );

  it('somebody who is called is in, with their company; removed, they are out', async () => {
    const dba = await who('dba');
    await here.desk.press('duty', 'page', { who: 'senior-dba' });
    expect(await dba.text('/')).toContain(code);
    expect((await dba.get(`/i/${code}`)).status).toBe(200);
    expect((await (await who('cloud-eng')).get(`/i/${code}`)).status).toBe(404);
    const { by } = { by: { id: 'emergency-lead', name: '应急保障负责人', org: 'customer' } };
    const removed = await here.desk.desk.handle(id, {
      by,
      at: null,
      backdateReason: null,
      sources: [],
      body: { type: 'remove-organisation', org: 'dbvendor', reason: '数据库无异常' },
    });
    expect(removed.ok).toBe(true);
    expect(await dba.text('/')).not.toContain(code);
    expect((await dba.get(`/i/${code}`)).status).toBe(404);
  });

  it('private talk and the files in it are for their own organisation', async () => {
    const bytes = Buffer.from('withheld');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const { store } = here.desk.desk;
    await store.putFile({ sha256, bytes: new Uint8Array(bytes), at: here.desk.clock.now() });
    const entry = {
      incident: id,
      stream: 'org:apusic',
      author: { id: 'duty', name: '值班工程师', org: 'apusic' },
      occurred: here.desk.clock.now(),
      recorded: here.desk.clock.now(),
      text: '只给自己人看的附件',
      platform: 'web',
      form: 'text',
      message: 'withheld-1',
      file: { sha256, name: '内部.txt', type: 'text/plain', size: bytes.length },
    } as const;
    await store.say([{ ...entry, kind: 'said' }]);
    const [duty, ops] = [await who('duty'), await who('ops')];
    expect(await (await duty.get(`/i/${code}/files/${sha256}`)).text()).toBe('withheld');
    expect((await ops.get(`/i/${code}/files/${sha256}`)).status).toBe(404);
    expect(await ops.text(`/i/${code}`)).not.toContain('只给自己人看');
    await store.say([{ ...entry, kind: 'deleted' }]);
    expect((await duty.get(`/i/${code}/files/${sha256}`)).status).toBe(404);
  });

  it('nobody ties their own incident to another organisation’s', async () => {
    const water = await who('water-ops');
    await water.post('/say', { text: '/应急 开启 水费计费系统登录失败' });
    const own = /INC-\d+-\d+/.exec(await water.text('/'))?.[0] ?? '';
    expect(own).not.toBe('');
    const theirs = await (await water.post(`/i/${own}/say`, { text: `/应急 关联 ${code}` })).text();
    const nobodys = await (await water.post(`/i/${own}/say`, { text: '/应急 关联 INC-20991231-99' })).text();
    expect(theirs.replaceAll(`“${code}”`, '')).toBe(nobodys.replaceAll('“INC-20991231-99”', ''));
    expect((await here.desk.incident()).links).toEqual([]);
  });

  it('figures over all incidents are for those who run the desk', async () => {
    expect((await (await who('duty')).get('/metrics')).status).toBe(200);
    for (const person of ['ops', 'dba', 'water-ops']) {
      expect((await (await who(person)).get('/metrics')).status).toBe(401);
      expect(await (await (await who(person)).get('/health')).json()).toEqual({ ok: true });
    }
  });
});

describe('the roster', () => {
  const config = configSchema.parse({
    ...TWO_CUSTOMERS,
    tiers: { ...TWO_CUSTOMERS.tiers, '2': ['rd1', 'builder-eng'] },
    rotations: { '2': { every: 'day', people: ['rd1', 'builder-eng'], since: '2026-11-24' } },
  });
  let here: WebDesk;
  beforeAll(async () => {
    here = await webDesk(config);
  });
  afterAll(() => here.desk.close());

  it('tells the one who comes from another company of its own incidents only, at the change of turn', async () => {
    const told: string[] = [];
    const desk = await testDesk({
      settings: {
        ...SETTINGS,
        config: configSchema.parse({
          ...config,
          people: config.people.map((one) =>
            ['rd1', 'builder-eng'].includes(one.id)
              ? { ...one, contacts: [{ method: 'email', address: `${one.id}@example.com` }] }
              : one,
          ),
        }),
      },
      contact: async (contact, call) => {
        if (contact.method === 'email') told.push(`${contact.address} ${call.text}`);
        return { ok: true, detail: '' };
      },
    });
    desk.desk.handover.start();
    await desk.say('ops', '/应急 开启 社保核心系统全部节点报错');
    const { code } = await desk.incident();
    await desk.press('duty', 'ack');
    await desk.say('duty', '/应急 原因 已确认 连接池配置错误');
    await desk.say('duty', '/应急 业务恢复');
    await desk.say('duty', '/应急 解决');
    expect((await desk.incident()).status).toBe('resolved');
    await desk.advance(6 * 60);
    desk.desk.handover.stop();
    await desk.close();
    const of = (person: string) => told.filter((one) => one.startsWith(person)).join();
    expect(of('rd1')).toContain(code);
    expect(of('builder-eng')).not.toBe('');
    expect(of('builder-eng')).not.toMatch(/社保/);
  });

  it('shows a partner nobody but their own people, on the page and by command', async () => {
    const ours = await (await member(here.web, 'duty')).text('/oncall');
    expect(ours).toContain('核心研发甲');
    const builder = await member(here.web, 'builder-eng');
    const others = config.people.filter((one) => one.org !== 'builder').map((one) => one.name);
    const page = await builder.text('/oncall');
    const answer = await (await builder.post('/say', { text: '/应急 值班' })).text();
    for (const text of [page, answer]) {
      expect(others.filter((name) => text.includes(name))).toEqual([]);
      expect(text).toContain('集成商工程师');
    }
    expect(page).toContain('其他单位');
    const dba = await member(here.web, 'dba');
    expect(await dba.text('/oncall')).not.toMatch(/研发|值班工程师|集成商工程师/);
  });
});
