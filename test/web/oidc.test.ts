import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { oidc as doctorOidc } from '../../src/doctor/oidc.ts';
import { configSchema } from '../../src/roster/schema.ts';
import { webDeps } from '../../src/view/index.ts';
import { oidcDoor } from '../../src/view/sign-in.ts';
import { createWeb, type Web } from '../../src/web/app.tsx';
import { listen } from '../../src/web/listen.ts';
import { oidcProvider } from '../../src/web/oidc/provider.ts';
import { OIDC_CALLBACK } from '../../src/web/oidc/routes.tsx';
import { personalLogin } from '../../src/web/session.ts';
import { CHROMIUM, launchBrowser, WITHOUT_CHROMIUM } from '../support/browser.ts';
import { SETTINGS, type TestDesk, testDesk } from '../support/desk.ts';
import { type Account, type IdentityProvider, identityProvider } from '../support/identity-provider.ts';
import { Walker } from '../support/walker.ts';

const ACCOUNTS: readonly Account[] = [
  { sub: 'u-duty', email: 'Duty@Vendor.example', email_verified: true },
  { sub: 'u-ops', email: 'ops@customer.example' },
  { sub: 'u-liar', email: 'duty@vendor.example', email_verified: false },
  { sub: 'u-stranger', email: 'stranger@elsewhere.example', email_verified: true },
  { sub: 'u-bare' },
  { sub: '4711', email: 'shared@customer.example' },
];
const HOUR = 60 * 60_000;

interface Place {
  readonly url: string;
  readonly web: Web;
  readonly desk: TestDesk;
  readonly provider: IdentityProvider;
  readonly log: string[];
  /** The same desk and store, as it was before accounts were asked for. */
  readonly open: Web;
  readonly config: ReturnType<typeof configSchema.parse>;
  close(): Promise<void>;
}

async function place(claim: string, ask?: string): Promise<Place> {
  let fetchOf: Web['fetch'] = async () => new Response('not yet', { status: 503 });
  const server = await listen((request) => fetchOf(request), '127.0.0.1', 0);
  const provider = await identityProvider(ACCOUNTS, new URL(OIDC_CALLBACK, server.url).href);
  const emails: Readonly<Record<string, string>> = {
    duty: 'duty@vendor.example',
    ops: 'ops@customer.example',
    head: 'shared@customer.example',
    owner: 'shared@customer.example',
  };
  const config = configSchema.parse({
    ...SETTINGS.config,
    desk: { ...SETTINGS.config.desk, publicUrl: server.url },
    people: SETTINGS.config.people.map((one) => ({
      ...one,
      contacts: emails[one.id]
        ? [...one.contacts, { method: 'email', address: emails[one.id] }]
        : one.contacts,
      accounts: one.id === 'dba' ? { oidc: '4711' } : {},
    })),
    web: { oidc: { issuer: provider.issuer, claim, ...(ask === undefined ? {} : { ask }) } },
  });
  const environment = {
    WARROOM_OIDC_CLIENT_ID: provider.clientId,
    WARROOM_OIDC_CLIENT_SECRET: provider.clientSecret,
  };
  const desk = await testDesk({ settings: { ...SETTINGS, config } });
  const log: string[] = [];
  const options = {
    newId: () => crypto.randomUUID(),
    metricsToken: null,
    environment: {},
    failed: (_number: string, error: unknown) => {
      throw error;
    },
  };
  const door = oidcDoor(config, environment, (what, detail) => log.push(`${what} ${JSON.stringify(detail)}`));
  const web = createWeb(webDeps(desk.desk, { ...options, oidc: door }));
  fetchOf = web.fetch;
  return {
    url: server.url,
    web,
    desk,
    provider,
    log,
    config,
    open: createWeb(webDeps(desk.desk, options)),
    close: async () => {
      await server.close();
      await provider.close();
      await desk.close();
    },
  };
}

/** From the log-in page to the moment at which the provider sends the browser back. */
async function comingBack(walker: Walker, start: string, account: string | null): Promise<string> {
  let url = start;
  for (let step = 0; step < 10; step += 1) {
    const answer = await walker.get(url);
    const next = Walker.to(answer, url);
    if (next !== null) {
      if (new URL(next).pathname === OIDC_CALLBACK) return next;
      url = next;
      continue;
    }
    const action = /<form method="post" action="([^"]+)"/.exec(await answer.text())?.[1];
    if (action === undefined) throw new Error(`${url} asks nothing: ${answer.status}`);
    const fields: Record<string, string> = account === null ? { no: '1' } : { account };
    const sent = await walker.post(new URL(action, url).href, fields);
    const after = Walker.to(sent, url);
    if (after === null) throw new Error(`${url} leads nowhere: ${sent.status} ${await sent.text()}`);
    if (new URL(after).pathname === OIDC_CALLBACK) return after;
    url = after;
  }
  throw new Error('the provider never sends the browser back');
}

describe('log-in with an account of one’s own company', () => {
  let here: Place;
  beforeAll(async () => {
    here = await place('email');
    await here.desk.say('ops', '/应急 开启 社保核心系统全部节点报错');
  });
  afterAll(() => here.close());

  const logIn = async (account: string | null, next = '/'): Promise<{ walker: Walker; answer: Response }> => {
    const walker = new Walker();
    const start = `${here.url}/login/oidc?${new URLSearchParams({ next }).toString()}`;
    const back = await comingBack(walker, start, account);
    return { walker, answer: await walker.get(back) };
  };

  it('leads from a page through the provider back to it, as the person whom the address reaches', async () => {
    const { code } = await here.desk.incident();
    const walker = new Walker();
    const asked = await walker.get(`${here.url}/i/${code}`);
    const loginPage = Walker.to(asked, here.url) ?? '';
    const page = await (await walker.get(loginPage)).text();
    expect(page).toContain('用单位账号登录');
    expect(page).not.toContain('name="token"');
    const start = /href="(\/login\/oidc[^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const back = await comingBack(walker, new URL(start, here.url).href, 'u-duty');
    const entered = await walker.get(back);
    expect([entered.status, Walker.to(entered, here.url)]).toEqual([303, `${here.url}/i/${code}`]);
    const room = await (await walker.get(`${here.url}/i/${code}`)).text();
    expect(room).toContain('<span class="identity-name">值班工程师</span>');
    // The journey is over: nothing of it stays in the browser.
    expect(walker.cookie(`${here.url}/login/oidc`, 'warroom-oidc')).toBeNull();
  });

  it('nobody acts as somebody else, and nobody hands out a link that does', async () => {
    const { walker } = await logIn('u-duty');
    const home = await (await walker.get(here.url)).text();
    expect(home).not.toContain('演示');
    const csrf = /name="_csrf" value="([^"]+)"/.exec(home)?.[1] ?? '';
    expect((await walker.post(`${here.url}/identity`, { _csrf: csrf, person: 'ops' })).status).toBe(403);
    expect((await walker.post(`${here.url}/invite`, { _csrf: csrf })).status).toBe(403);
    expect(await (await walker.get(`${here.url}/identity`)).text()).not.toContain('value="ops"');
    expect(new URL(await here.web.loginLink(here.url)).search).toBe('');
  });

  it('a link that lets its holder be anybody, and a session that began with one, are worth nothing now', async () => {
    const link = new URL(await here.open.loginLink(here.url));
    const token = link.searchParams.get('token') ?? '';
    const walker = new Walker();
    expect((await walker.get(link.href)).status).toBe(403);
    const old = await here.open.fetch(
      new Request(`${here.url}/login`, {
        method: 'POST',
        body: new URLSearchParams({ token, person: 'duty' }),
      }),
    );
    const cookie = old.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(cookie).toMatch(/^warroom=.{20}/);
    const spent = await walker.get(here.url, { cookie });
    expect([spent.status, Walker.to(spent, here.url)]).toEqual([303, `${here.url}/login`]);
  });

  it('a one-time link of one’s own, asked for in a chat, still leads in when the provider is down', async () => {
    const { now } = here.desk.clock;
    const putNote = (key: string, value: string | null) => here.desk.desk.store.putNote(`web:${key}`, value);
    const link = new URL(await personalLogin({ now, putNote }, here.url, { person: 'rd1', path: '/oncall' }));
    const walker = new Walker();
    expect(await (await walker.get(link.href)).text()).toContain('value="rd1"');
    const token = link.searchParams.get('token') ?? '';
    const entered = await walker.post(`${here.url}/login`, { token, person: 'rd1' });
    expect(Walker.to(entered, here.url)).toBe(`${here.url}/oncall`);
  });

  it.each([
    ['an account that nobody has', 'u-stranger', 'stranger@elsewhere.example', 403],
    ['an address that the provider never verified', 'u-liar', 'duty@vendor.example', 403],
    ['an account without an address', 'u-bare', '没有带来', 403],
    ['an address of two people', '4711', '不止一个人', 403],
    ['somebody who cancels', null, '没有放行', 403],
  ] as const)('%s is refused, in words', async (_what, account, words, status) => {
    const { walker, answer } = await logIn(account);
    expect(answer.status).toBe(status);
    const page = await answer.text();
    expect(page).toContain(words);
    if (account !== null) expect(page).toContain('应急负责人');
    expect(walker.cookie(here.url, 'warroom')).toBeNull();
    expect(Walker.to(await walker.get(here.url), here.url)).toBe(`${here.url}/login`);
  });

  it('a way back that is used twice, borrowed, forged or late opens nothing', async () => {
    const walker = new Walker();
    const back = await comingBack(walker, `${here.url}/login/oidc`, 'u-duty');
    const journey = walker.cookie(`${here.url}/login/oidc`, 'warroom-oidc') ?? '';
    const borrowed = new Walker();
    expect((await borrowed.get(back)).status).toBe(400);
    const other = new Walker();
    await comingBack(other, `${here.url}/login/oidc`, 'u-ops');
    // Another browser's journey with this one's way back: the states differ.
    expect((await other.get(back)).status).toBe(403);
    const forged = new Walker();
    forged.keep(here.url, 'warroom-oidc', `${journey.slice(0, -4)}AAAA`, '/login/oidc');
    expect((await forged.get(back)).status).toBe(400);

    const entered = await walker.get(back);
    expect(entered.status).toBe(303);
    walker.keep(here.url, 'warroom-oidc', journey, '/login/oidc');
    expect((await walker.get(back)).status).toBe(403);

    const late = new Walker();
    const lateBack = await comingBack(late, `${here.url}/login/oidc`, 'u-duty');
    await here.desk.advance(20);
    expect((await late.get(lateBack)).status).toBe(400);
    expect(late.cookie(here.url, 'warroom')).toBeNull();
  });

  it('an answer made for another log-in does not stand the checks: nonce and PKCE', async () => {
    const provider = oidcProvider({
      issuer: here.provider.issuer,
      clientId: here.provider.clientId,
      clientSecret: here.provider.clientSecret,
      redirectUri: new URL(OIDC_CALLBACK, here.url).href,
      scope: 'openid email',
    });
    for (const wrong of [{ nonce: 'another' }, { verifier: 'x'.repeat(43) }, { state: 'another' }, {}]) {
      const begun = await provider.begin();
      if ('unreachable' in begun) throw new Error('the provider is up');
      const back = await comingBack(new Walker(), begun.to, 'u-duty');
      const finished = await provider.finish(new URL(back).searchParams, { ...begun.journey, ...wrong });
      expect([wrong, finished.ok]).toEqual([wrong, Object.keys(wrong).length === 0]);
    }
  });

  it('a secret that somebody planted in the browser before the log-in is worth nothing after it', async () => {
    const walker = new Walker();
    walker.keep(here.url, 'warroom', 'planted-by-somebody-else');
    const back = await comingBack(walker, `${here.url}/login/oidc`, 'u-duty');
    await walker.get(back);
    expect(walker.cookie(here.url, 'warroom')).not.toBe('planted-by-somebody-else');
    const thief = new Walker();
    thief.keep(here.url, 'warroom', 'planted-by-somebody-else');
    expect((await thief.get(here.url)).status).toBe(303);

    // Who logs in anew in the same browser ends the session before.
    const before = walker.cookie(here.url, 'warroom') ?? '';
    await walker.get(await comingBack(walker, `${here.url}/login/oidc`, 'u-duty'));
    const old = new Walker();
    old.keep(here.url, 'warroom', before);
    expect((await old.get(here.url)).status).toBe(303);
    expect((await walker.get(here.url)).status).toBe(200);
  });

  it('logging out ends the session, and offers to leave the provider too', async () => {
    const { walker } = await logIn('u-ops');
    const secret = walker.cookie(here.url, 'warroom') ?? '';
    const home = await (await walker.get(here.url)).text();
    const csrf = /name="_csrf" value="([^"]+)"/.exec(home)?.[1] ?? '';
    const out = await walker.post(`${here.url}/logout`, { _csrf: csrf });
    expect(Walker.to(out, here.url)).toBe(`${here.url}/goodbye`);
    const goodbye = await (await walker.get(`${here.url}/goodbye`)).text();
    expect(goodbye).toContain('已退出登录');
    const leave = /href="(http[^"]+)"/.exec(goodbye)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(leave.startsWith(here.provider.issuer)).toBe(true);
    expect((await walker.get(leave)).status).toBe(200);
    walker.keep(here.url, 'warroom', secret);
    expect((await walker.get(here.url)).status).toBe(303);
  });

  it('sessions end after their hours', async () => {
    const { walker } = await logIn('u-ops');
    await here.desk.clock.advance(11 * HOUR);
    expect((await walker.get(here.url)).status).toBe(200);
    await here.desk.clock.advance(1 * HOUR + 1);
    expect((await walker.get(here.url)).status).toBe(303);
  });

  it('no name of a host that is smuggled in as the page to go to is followed', async () => {
    for (const next of [
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      '/.//evil.example',
      'https://evil.example',
    ]) {
      const { answer } = await logIn('u-duty', next);
      expect([next, Walker.to(answer, here.url)]).toEqual([next, `${here.url}/`]);
    }
  });

  it('warroom doctor finds the provider, and says who could not log in', async () => {
    const environment = {
      WARROOM_OIDC_CLIENT_ID: here.provider.clientId,
      WARROOM_OIDC_CLIENT_SECRET: here.provider.clientSecret,
    };
    const settings = { ...SETTINGS, config: here.config };
    const [first, second] = await doctorOidc(settings, environment);
    expect([first?.state, first?.detail]).toEqual([
      'ok',
      `${here.provider.issuer} · email · ${here.url}${OIDC_CALLBACK}`,
    ]);
    expect(second?.state).toBe('warn');
    expect(second?.detail).toContain('核心研发甲');
    expect(second?.detail).not.toContain('高级DBA');
    const [unset] = await doctorOidc(settings, {});
    expect([unset?.state, unset?.detail]).toEqual([
      'bad',
      expect.stringContaining('WARROOM_OIDC_CLIENT_SECRET'),
    ]);
    expect(() => oidcDoor(here.config, {}, () => {})).toThrow('WARROOM_OIDC_CLIENT_ID');
  });
});

describe('an account named on the roster', () => {
  let here: Place;
  beforeEach(async () => {
    here = await place('sub', '张三，分机 8000');
  });
  afterEach(() => here.close());

  it('lets its person in by whatever claim was chosen; the words of the installation say whom to ask', async () => {
    const walker = new Walker();
    await walker.get(await comingBack(walker, `${here.url}/login/oidc`, '4711'));
    expect(await (await walker.get(here.url)).text()).toContain('<span class="identity-name">高级DBA</span>');
    const stranger = new Walker();
    const back = await comingBack(stranger, `${here.url}/login/oidc`, 'u-duty');
    const refused = await (await stranger.get(back, { 'accept-language': 'en' })).text();
    expect(refused).toContain('The account u-duty is not on the roster');
    expect(refused).toContain('张三，分机 8000');
    expect(here.log.join()).toContain('u-duty');
  });

  it('a provider that is down is told in words, here and by the doctor, and it works again once it is back', async () => {
    await here.provider.close();
    const answer = await new Walker().get(`${here.url}/login/oidc`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('暂时连不上');
    const environment = { WARROOM_OIDC_CLIENT_ID: 'x', WARROOM_OIDC_CLIENT_SECRET: 'y' };
    const [found] = await doctorOidc({ ...SETTINGS, config: here.config }, environment);
    expect([found?.state, found?.detail]).toEqual(['bad', expect.stringContaining('ECONNREFUSED')]);
  });
});

describe('the configuration', () => {
  const base = { ...SETTINGS.config, desk: { ...SETTINGS.config.desk, publicUrl: 'https://war.example' } };
  it('takes plain http for a provider on this machine only, and asks for the public address', () => {
    const of = (issuer: string, desk: object = base.desk) =>
      configSchema.safeParse({ ...base, desk, web: { oidc: { issuer } } });
    expect(of('https://id.example').success).toBe(true);
    expect(of('http://127.0.0.1:9000').success).toBe(true);
    expect(of('http://id.example').success).toBe(false);
    expect(of('https://id.example', SETTINGS.config.desk).error?.issues[0]?.message).toContain('publicUrl');
  });
});

describe.skipIf(CHROMIUM === null)(`in a real browser (${CHROMIUM ?? WITHOUT_CHROMIUM})`, () => {
  let browser: Browser;
  let here: Place;
  beforeAll(async () => {
    browser = await launchBrowser();
    here = await place('email');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await here.close();
  });

  it('one logs in at the provider, works in the room, and leaves both', async () => {
    const context = await browser.newContext({ locale: 'zh-CN' });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      // The provider's own pages are not ours to judge.
      if (message.type() === 'error' && message.location().url.startsWith(here.url))
        complaints.push(message.text());
    });
    await page.goto(`${here.url}/oncall`);
    await page.getByRole('link', { name: '用单位账号登录' }).click();
    await page.getByLabel('account').fill('u-duty');
    await page.getByRole('button', { name: 'go on' }).click();
    await page.waitForURL(`${here.url}/oncall`);
    expect(await page.locator('.identity-name').textContent()).toBe('值班工程师');
    await page.locator('.top-menu summary').click();
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.waitForURL(`${here.url}/goodbye`);
    await page.getByRole('link', { name: '也退出单位账号' }).click();
    await page.waitForURL(`${here.provider.issuer}/**`);
    await page.goto(`${here.url}/oncall`);
    await page.getByRole('link', { name: '用单位账号登录' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
