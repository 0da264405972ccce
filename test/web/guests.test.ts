import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueSurvey } from '../../src/survey.ts';
import { listen } from '../../src/web/listen.ts';
import { CHROMIUM, launchBrowser, WITHOUT_CHROMIUM } from '../support/browser.ts';
import { type WebDesk, webDesk } from '../support/web-desk.ts';
import { bare, type Member, member, memberOf, ORIGIN } from './member.ts';
import { OpenPage } from './open-page.ts';

const HOUR = 60;

describe('a guest link', () => {
  let here: WebDesk;
  let code: string;
  let duty: Member;
  beforeEach(async () => {
    here = await webDesk();
    await here.desk.say('ops', '/应急 开启 社保核心系统全部节点报错');
    await here.desk.say('ops', '所有人都能看到的话');
    await here.desk.say('ops', '//客户内部的话');
    await here.desk.say('ops', '//+只给客户与我方的话');
    ({ code } = await here.desk.incident());
    duty = await member(here.web, 'duty');
  });
  afterEach(() => here.desk.close());

  const give = async (line = '/应急 访客 数据库厂商'): Promise<string> => {
    const answer = await (await duty.post(`/i/${code}/say`, { text: line })).text();
    const path = /\/guest\/[\w-]+/.exec(answer)?.[0];
    if (path === undefined) throw new Error(answer);
    return path;
  };
  const open = (path: string, name = '王工', headers: Record<string, string> = {}) =>
    bare(here.web, path, {
      method: 'POST',
      headers: { origin: ORIGIN, 'accept-language': 'zh-CN', ...headers },
      body: new URLSearchParams({ name }),
    });
  const guestOf = async (path: string, name?: string): Promise<Member> => {
    const entered = await open(path, name);
    expect([entered.status, entered.headers.get('location')]).toEqual([303, `/i/${code}`]);
    return memberOf(here.web, entered, `/i/${code}`);
  };
  const handle = (body: Parameters<typeof here.desk.desk.handle>[1]['body']) =>
    here.desk.incident().then(({ id }) =>
      here.desk.desk.handle(id, {
        by: { id: 'emergency-lead', name: '应急保障负责人', org: 'customer' },
        at: null,
        backdateReason: null,
        sources: [],
        body,
      }),
    );

  it('shows whose room it is and asks for a name; looking at it, as a preview does, opens nothing', async () => {
    const path = await give();
    for (const _look of [1, 2]) {
      const page = await bare(here.web, path);
      expect(page.status).toBe(200);
      expect(page.headers.get('referrer-policy')).toBe('same-origin');
      expect(page.headers.get('cache-control')).toBe('no-store');
      const html = await page.text();
      expect(html).toContain('战情室 邀请 数据库厂商 进入应急房间');
      expect(html).not.toContain('社保');
    }
    expect((await here.desk.incident()).guests[0]?.name).toBeNull();
    expect((await open(path, '  ')).status).toBe(403);
    expect((await here.desk.incident()).guests[0]?.name).toBeNull();
  });

  it('is one press away from an invitation', async () => {
    const lead = await member(here.web, 'emergency-lead');
    const invited = await (await lead.post(`/i/${code}/say`, { text: '/应急 邀请 云平台厂商' })).text();
    const form = /<form[^>]*>(?:(?!<\/form>).)*访客链接/s.exec(invited)?.[0] ?? '';
    const fields = Object.fromEntries(
      [...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map((one) => [one[1] ?? '', one[2] ?? '']),
    );
    expect(fields).toMatchObject({ command: 'guest', 'arg.org': 'cloud' });
    const given = await (await lead.post(`/i/${code}/act`, { command: 'guest', 'arg.org': 'cloud' })).text();
    expect(given).toMatch(/\/guest\/[\w-]{32}/);
  });

  it('lets one person into one incident, with their organisation’s eyes and nothing else', async () => {
    await here.desk.say('ops', '/应急 开启 非税收缴系统缴费中断');
    const other = (await here.desk.incident()).code;
    const guest = await guestOf(await give());
    const room = await guest.text(`/i/${code}`);
    expect(room).toContain('所有人都能看到的话');
    expect(room).not.toMatch(/客户内部的话|只给客户与我方的话/);
    expect(room).toContain('王工');
    expect(room).toContain('数据库厂商');
    expect(room).not.toContain(other);
    expect(room).not.toMatch(/href="\/(new|oncall|identity)?"/);
    for (const path of [
      '/oncall',
      '/new',
      '/identity',
      '/metrics',
      '/live',
      `/i/${other}`,
      `/i/${other}/live`,
    ])
      expect([path, [401, 404].includes((await guest.get(path)).status)]).toEqual([path, true]);
    expect((await guest.get('/')).headers.get('location')).toBe(`/i/${code}`);
    for (const path of ['/say', '/act', '/identity', '/invite'])
      expect([path, (await guest.post(path, { text: '/应急 开启 x', command: 'open' })).status]).toEqual([
        path,
        404,
      ]);
    for (const text of ['/应急 开启 另一个事件', '/应急 值班', '/应急 交班 偷看'])
      expect(await (await guest.post(`/i/${code}/say`, { text })).text()).toContain('只能用于这一个事件');

    await guest.post(`/i/${code}/say`, { text: '数据库侧连接数正常' });
    await here.desk.advance(0);
    const ours = await duty.text(`/i/${code}`);
    expect(ours).toContain('数据库侧连接数正常');
    expect(ours).toContain('王工（数据库厂商）用访客链接 G1 进入');
    await guest.post(`/i/${code}/say`, { text: '/应急 疑似原因 数据库连接数打满' });
    await here.desk.advance(0);
    for (const path of [`/i/${code}`, `/i/${code}/timeline`, `/i/${code}/report/handling/md`])
      expect([path, (await duty.text(path)).includes('guest:')]).toEqual([path, false]);
    expect(await duty.text(`/i/${code}/timeline`)).toMatch(/数据库连接数打满.*王工/s);
    await guest.post(`/i/${code}/say`, { text: '//只给本单位' });
    expect(await duty.text(`/i/${code}`)).not.toContain('只给本单位');
    expect(await (await member(here.web, 'dba')).text(`/i/${code}`)).toContain('只给本单位');
  });

  it('belongs to the browser that opened it: elsewhere it opens nothing, and says so', async () => {
    const path = await give();
    const guest = await guestOf(path);
    expect((await guest.get(path)).headers.get('location')).toBe(`/i/${code}`);
    const elsewhere = await bare(here.web, path, { headers: { 'accept-language': 'zh-CN' } });
    expect(elsewhere.status).toBe(403);
    expect(await elsewhere.text()).toContain('已在另一台设备上打开');
    const again = await open(path, '冒充的人');
    expect(again.status).toBe(403);
    expect(again.headers.get('set-cookie')).toBeNull();
  });

  it('opened by two at once, lets in one of them', async () => {
    const path = await give();
    const entered = await Promise.all(['甲', '乙', '丙', '丁'].map((name) => open(path, name)));
    expect(entered.map((one) => one.status).sort()).toEqual([303, 403, 403, 403]);
  });

  it('revoked, ends what is open at once: pages, live streams, posts', async () => {
    const path = await give();
    const guest = await guestOf(path);
    const page = new OpenPage(await guest.get(`/i/${code}/live`));
    await page.until((one) => one.event === 'clocks');
    await duty.post(`/i/${code}/say`, { text: '/应急 收回 G1 发错人了' });
    await page.until((one) => one.event === 'reload');
    for (;;) if ((await page.next()) === null) break;
    const sent = page.heard.map((one) => one.data).join();
    expect(sent).not.toContain('发错人了');
    const out = await guest.get(`/i/${code}`);
    expect(out.status).toBe(401);
    expect(await out.text()).toContain('访客链接已结束');
    expect((await guest.post(`/i/${code}/say`, { text: '还在吗' })).status).toBe(401);
    const back = await open(path);
    expect(back.status).toBe(403);
    expect(await back.text()).toContain('已被收回');
  });

  it('ends with its hours, and with its organisation’s removal', async () => {
    const short = await guestOf(await give('/应急 访客 数据库厂商 2'));
    await here.desk.advance(2 * HOUR - 1);
    expect((await short.get(`/i/${code}`)).status).toBe(200);
    await here.desk.advance(1);
    expect([401, 303]).toContain((await short.get(`/i/${code}`)).status);

    const guest = await guestOf(await give());
    expect((await handle({ type: 'remove-organisation', org: 'dbvendor', reason: '无关' })).ok).toBe(true);
    expect((await guest.get(`/i/${code}`)).status).toBe(401);
  });

  it('cannot be guessed: attempts are slowed down, and a wrong one tells nothing', async () => {
    const path = await give();
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1)
      statuses.push((await bare(here.web, `/guest/guess-${attempt}`)).status);
    expect([statuses[0], statuses.at(-1)]).toEqual([404, 429]);
    expect((await bare(here.web, path)).status).toBe(429);
    await here.desk.clock.advance(60_001);
    expect((await bare(here.web, path)).status).toBe(200);
  });

  it('is kept as a digest only, and shown to nobody but the asker', async () => {
    const path = await give();
    const token = path.split('/').at(-1) ?? '';
    const { readFileSync } = await import('node:fs');
    const { join } = await import('node:path');
    for (const name of ['test.db', 'test.db-wal'])
      expect([name, readFileSync(join(here.desk.folder, name)).includes(token)]).toEqual([name, false]);
    expect(await duty.text(`/i/${code}`)).not.toContain(token);
  });

  it('another site’s form opens nothing, and a guest’s forms want their own token', async () => {
    const path = await give();
    const foreign = await open(path, '王工', { origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
    expect(foreign.headers.get('set-cookie')).toBeNull();
    const guest = await guestOf(path);
    expect((await guest.post(`/i/${code}/say`, { text: 'x', _csrf: duty.csrf })).status).toBe(403);
  });

  it('does not drown the room: a guest who sends like a machine is slowed down', async () => {
    const guest = await guestOf(await give());
    const statuses = new Set<number>();
    for (let count = 0; count < 62; count += 1)
      statuses.add((await guest.post(`/i/${code}/say`, { text: '' })).status);
    expect([...statuses]).toEqual([400, 429]);
  });

  it('a name is words, whatever is typed as one', async () => {
    const guest = await guestOf(await give(), '<img src=x onerror=alert(1)>');
    await here.desk.advance(0);
    const html = await duty.text(`/i/${code}`);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html + (await guest.text(`/i/${code}`))).not.toContain('<img src=x');
  });
});

describe.skipIf(CHROMIUM === null)(`in a real browser (${CHROMIUM ?? WITHOUT_CHROMIUM})`, () => {
  it('a guest opens the link, gives a name, speaks, and is out the moment it is revoked', async () => {
    const here = await webDesk();
    const browser = await launchBrowser();
    const server = await listen(here.web.fetch, '127.0.0.1', 0);
    try {
      await here.desk.say('ops', '/应急 开启 社保核心系统全部节点报错');
      const given = await here.desk.press('duty', 'guest', { org: 'dbvendor' });
      const path = given.toAsker?.blocks.flatMap((one) => (one.block === 'code' ? [one.code] : []))[0] ?? '';
      const page = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
      await page.goto(server.url + path);
      await page.getByLabel('你的姓名').fill('王工');
      await page.getByRole('button', { name: '确认并进入' }).click();
      await page.locator('.link-state.live').waitFor({ state: 'attached' });
      await page.fill('#say', '数据库侧在查');
      await page.keyboard.press('Enter');
      await page.locator('.item.own', { hasText: '数据库侧在查' }).waitFor();
      expect(await page.locator('.column.list').count()).toBe(0);
      // The same link in another browser.
      const other = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
      await other.goto(server.url + path);
      await other.getByText('已在另一台设备上打开').waitFor();
      await here.desk.press('duty', 'revoke', { what: 'G1 结束' });
      await page.getByText('访客链接已结束').waitFor();
    } finally {
      await browser.close();
      await server.close();
      await here.desk.close();
    }
  }, 60_000);

  it('the form behind a link to judge by is known as one of our own', async () => {
    const here = await webDesk();
    const browser = await launchBrowser();
    const server = await listen(here.web.fetch, '127.0.0.1', 0);
    try {
      await here.desk.say('ops', '/应急 开启 社保核心系统全部节点报错');
      const { id } = await here.desk.incident();
      const token = await issueSurvey(
        here.desk.desk.store,
        { incident: id, person: 'owner' },
        here.desk.clock.now(),
      );
      const page = await (await browser.newContext({ locale: 'zh-CN' })).newPage();
      await page.goto(`${server.url}/judge/${token}`);
      await page.locator('input[name=score]').first().check({ force: true });
      const [answer] = await Promise.all([
        page.waitForResponse((one) => one.request().method() === 'POST'),
        page.locator('button[type=submit]').first().click(),
      ]);
      // It is too early to judge, which the rules say; the form itself is taken for what it is.
      expect(answer.status()).toBe(400);
    } finally {
      await browser.close();
      await server.close();
      await here.desk.close();
    }
  }, 60_000);
});
