import { createHash } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { configSchema } from '../../src/roster/schema.ts';
import { listen } from '../../src/web/listen.ts';
import { localPath } from '../../src/web/local-path.ts';
import { writeCursor } from '../../src/web/talk.ts';
import { CHROMIUM, launchBrowser, WITHOUT_CHROMIUM } from '../support/browser.ts';
import { TWO_CUSTOMERS, type WebDesk, webDesk } from '../support/web-desk.ts';
import { bare, type Member, member, memberOf, ORIGIN, tokenOf } from './member.ts';
import { OpenPage } from './open-page.ts';

/** Sets a mark on the page when a browser runs any of it. */
const HOSTILE = `"><img src=x onerror="window.broken=1"><script>window.broken=2</script><svg onload=window.broken=3>' onmouseover='window.broken=4`;
const SHA = 'ab'.repeat(32);

let here: WebDesk;
let room: string;
let duty: Member;
let ops: Member;
async function opened(config = TWO_CUSTOMERS): Promise<void> {
  here = await webDesk(config);
  await here.desk.say('ops', '/应急 开启 社保核心系统全部节点报错');
  room = `/i/${(await here.desk.incident()).code}`;
  duty = await member(here.web, 'duty');
  ops = await member(here.web, 'ops');
}
const guestPath = async (): Promise<string> => {
  const answer = await (await duty.post(`${room}/say`, { text: '/应急 访客 数据库厂商' })).text();
  return /\/guest\/[\w-]+/.exec(answer)?.[0] ?? '';
};

describe('guessing', () => {
  beforeEach(() => opened());
  afterEach(() => here.desk.close());

  it.each([
    ['a log-in token', (n: number) => bare(here.web, `/login?token=guess-${n}`)],
    ['a guest link', (n: number) => bare(here.web, `/guest/guess-${n}`)],
    ['a link to judge by', (n: number) => bare(here.web, `/judge/guess-${n}`)],
  ])('%s is slowed down, and other doors with it', async (_what, guess) => {
    const statuses: number[] = [];
    for (let n = 0; n < 10; n += 1) statuses.push((await guess(n)).status);
    expect(statuses.slice(0, 8).every((one) => one === 403 || one === 404)).toBe(true);
    expect(statuses.slice(8)).toEqual([429, 429]);
    for (const door of ['/login?token=x', '/guest/x', '/judge/x'])
      expect((await bare(here.web, door)).status).toBe(429);
  });

  it('a secret of a session, cut, lengthened or turned, is none', async () => {
    const secret = duty.cookie.split('=')[1] ?? '';
    for (const guess of [secret.slice(0, -1), `${secret}A`, [...secret].reverse().join(''), '', '%00', '"'])
      expect((await bare(here.web, room, { headers: { cookie: `warroom=${guess}` } })).status).toBe(303);
  });
});

describe('using something again', () => {
  beforeEach(() => opened());
  afterEach(() => here.desk.close());

  it('a session that was logged out of, a token that was spent, a link that was opened or revoked', async () => {
    const token = await tokenOf(here.web);
    const spend = () =>
      bare(here.web, '/login', {
        method: 'POST',
        headers: { origin: ORIGIN },
        body: new URLSearchParams({ token, person: 'rd1' }),
      });
    expect([(await spend()).status, (await spend()).status]).toEqual([303, 403]);

    const path = await guestPath();
    const enter = () =>
      bare(here.web, path, {
        method: 'POST',
        headers: { origin: ORIGIN },
        body: new URLSearchParams({ name: '王工' }),
      });
    const guest = await memberOf(here.web, await enter(), room);
    expect((await enter()).status).toBe(403);
    await duty.post(`${room}/say`, { text: '/应急 收回 数据库厂商 结束' });
    expect([(await enter()).status, (await guest.get(room)).status]).toEqual([403, 401]);

    await duty.post('/logout', {});
    expect((await duty.get(room)).status).toBe(303);
    expect((await duty.post(`${room}/say`, { text: '还在' })).status).toBe(401);
  });

  it('a secret that was planted before the log-in is not the one after it', async () => {
    const entered = await bare(here.web, '/login', {
      method: 'POST',
      headers: { origin: ORIGIN, cookie: 'warroom=planted' },
      body: new URLSearchParams({ token: await tokenOf(here.web), person: 'duty' }),
    });
    const cookie = entered.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^warroom=[\w-]{43};/);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect((await bare(here.web, '/', { headers: { cookie: 'warroom=planted' } })).status).toBe(303);
    // The session that the browser had before is over.
    const first = await member(here.web, 'duty');
    await bare(here.web, '/login', {
      method: 'POST',
      headers: { origin: ORIGIN, cookie: first.cookie },
      body: new URLSearchParams({ token: await tokenOf(here.web), person: 'rd1' }),
    });
    expect((await first.get('/')).status).toBe(303);
  });
});

describe('reaching into another incident', () => {
  beforeEach(() => opened());
  afterEach(() => here.desk.close());

  it('a file is had through its own incident, by those who may see its message', async () => {
    const bytes = Buffer.from('customer’s own');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await duty.post(`${room}/say`, { text: '', file: new File([bytes], 'x.txt') });
    await here.desk.advance(0);
    const file = /\/files\/([0-9a-f]{64})/.exec(await duty.text(room))?.[1] ?? '';
    expect(file).toBe(sha256);
    const water = await member(here.web, 'water-ops');
    await water.post('/say', { text: '/应急 开启 水费计费系统登录失败' });
    const theirs = /\/i\/INC-[\d-]+/.exec(await water.text('/'))?.[0] ?? '';
    expect((await duty.get(`${room}/files/${file}`)).status).toBe(200);
    expect((await duty.get(`${theirs}/files/${file}`)).status).toBe(404);
    expect((await water.get(`${theirs}/files/${file}`)).status).toBe(404);
    expect((await water.get(`${room}/files/${file}`)).status).toBe(404);
  });

  it('a read position that was made up opens no other stream, and numbers tell of no hidden words', async () => {
    await duty.post(`${room}/say`, { text: '我方内部一', audience: 'own' });
    await duty.post(`${room}/say`, { text: '大家好' });
    await duty.post(`${room}/say`, { text: '我方内部二', audience: 'own' });
    await here.desk.advance(0);
    const cursor = writeCursor({ joint: 0, 'org:apusic': 0, 'customer+vendor': 0 });
    const page = new OpenPage(await ops.get(`${room}/live?cursor=${cursor}`, { 'last-event-id': cursor }));
    await page.until((one) => one.event === 'reports');
    const heard = page.heard
      .map((one) => `${one.data} ${Buffer.from(one.id, 'base64url').toString()}`)
      .join();
    await page.close();
    expect(heard).toContain('大家好');
    expect(heard).not.toMatch(/我方内部|org:apusic/);
    const html = await ops.text(room);
    const position = /cursor=([\w-]+)/.exec(html)?.[1] ?? '';
    expect(Buffer.from(position, 'base64url').toString()).not.toContain('apusic');
    // What is counted is what the reader sees.
    const count = (text: string) => text.match(/<article class="item/g)?.length ?? 0;
    expect(count(await ops.text(`${room}/earlier?before=${count(html)}`))).toBe(count(html));
    expect(count(await duty.text(room))).toBe(count(html) + 2);
  });
});

describe('acting through somebody else’s browser', () => {
  beforeEach(() => opened());
  afterEach(() => here.desk.close());

  const forged = async (headers: Record<string, string>, csrf: string | null, type?: string) => {
    const form = new URLSearchParams({ text: '伪造', command: 'close', person: 'ops' });
    if (csrf !== null) form.set('_csrf', csrf);
    const statuses: number[] = [];
    for (const path of [
      '/say',
      '/act',
      `${room}/say`,
      `${room}/act`,
      `${room}/delete`,
      '/identity',
      '/logout',
      '/invite',
      '/language',
    ]) {
      const answer = await bare(here.web, path, {
        method: 'POST',
        headers: {
          cookie: duty.cookie,
          'content-type': type ?? 'application/x-www-form-urlencoded',
          ...headers,
        },
        body: form.toString(),
      });
      statuses.push(answer.status);
    }
    return [...new Set(statuses)];
  };

  it('is refused without the page’s token, with another session’s, and from another site', async () => {
    expect(await forged({ origin: ORIGIN }, null)).toEqual([403]);
    expect(await forged({ origin: ORIGIN }, ops.csrf)).toEqual([403]);
    expect(await forged({ origin: ORIGIN }, '')).toEqual([403]);
    expect(await forged({ origin: 'https://evil.example' }, duty.csrf)).toEqual([403]);
    expect(await forged({ origin: 'null' }, duty.csrf)).toEqual([403]);
    expect(await forged({ origin: `${ORIGIN}.evil.example` }, duty.csrf)).toEqual([403]);
    expect(await forged({ 'sec-fetch-site': 'cross-site' }, duty.csrf)).toEqual([403]);
    expect(await forged({ 'sec-fetch-site': 'same-site', origin: ORIGIN }, duty.csrf)).toEqual([403]);
    // What a form of another site may send without asking: plain text that looks like a form.
    expect(await forged({ origin: ORIGIN }, duty.csrf, 'text/plain')).toEqual([400]);
    expect((await here.desk.incident()).status).toBe('open');
    expect((await duty.get(room)).status).toBe(200);
  });

  it('is not done by a link: what changes something is never got', async () => {
    for (const path of [
      '/logout',
      '/identity?person=ops',
      `${room}/act?command=close`,
      `${room}/say?text=x`,
      '/invite',
    ])
      expect([path, [200, 404].includes((await duty.get(path)).status)]).toEqual([path, true]);
    expect((await duty.get(room)).status).toBe(200);
    expect((await here.desk.incident()).status).toBe('open');
  });
});

describe('leading people away', () => {
  const AWAY = [
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'evil.example',
    '',
  ];
  it.each(AWAY)('"%s" is no page of this server', (next) => {
    expect(localPath(next)).toBeNull();
  });
  it.each(['/i/INC-1?a=b', '/%2f%2fevil.example', '/@evil.example', '/oncall#x'])('"%s" is one', (next) => {
    const path = localPath(next) ?? '';
    expect(new URL(path, ORIGIN).origin).toBe(ORIGIN);
  });

  it('neither the log-in, nor the way back, nor a made-up address of this server', async () => {
    await opened();
    for (const next of AWAY) {
      const body = new URLSearchParams({ token: await tokenOf(here.web), person: 'duty', next });
      const entered = await bare(here.web, '/login', { method: 'POST', headers: { origin: ORIGIN }, body });
      expect(entered.headers.get('location')).toBe('/');
    }
    for (const referer of ['https://evil.example//evil.example', 'https://evil.example/.//evil.example/x'])
      expect((await duty.post('/language', {}, { referer })).headers.get('location')).toBe('/');
    // `//evil.example/…` as the address that was asked for.
    const asked = await here.web.fetch(
      new Request(`${ORIGIN}//evil.example/x`, { headers: { host: '127.0.0.1:8080' }, redirect: 'manual' }),
    );
    expect(asked.headers.get('location') ?? '').not.toMatch(/^(?:https?:)?\/\/|next=%2F%2F/);
    await here.desk.close();
  });
});

describe('sending too much', () => {
  beforeEach(() => opened());
  afterEach(() => here.desk.close());

  /** Never ends; counts what was taken of it. */
  const endless = () => {
    const piece = new Uint8Array(256 * 1024).fill(120);
    const taken = { bytes: 0 };
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        taken.bytes += piece.byteLength;
        controller.enqueue(piece);
      },
    });
    return { stream, taken };
  };
  const send = (path: string, body: ReadableStream<Uint8Array>, headers: Record<string, string> = {}) =>
    bare(here.web, path, {
      method: 'POST',
      headers: { origin: ORIGIN, 'accept-language': 'zh-CN', ...headers },
      body,
      duplex: 'half',
    } as RequestInit);
  const MIB = 1024 * 1024;

  it('ends where the limit is, in words, however long it says it is', async () => {
    const { stream, taken } = endless();
    const answer = await send(`${room}/say`, stream, { cookie: duty.cookie });
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain('50.0 MB');
    expect(taken.bytes).toBeLessThan(52 * MIB);
    const lied = await bare(here.web, `${room}/say`, {
      method: 'POST',
      headers: { origin: ORIGIN, cookie: duty.cookie, 'content-length': '99999999999' },
      body: 'x',
    });
    expect(lied.status).toBe(413);
  });

  it('fills no memory before anybody is known', async () => {
    const guest = await guestPath();
    for (const path of ['/login', guest, '/judge/x', '/reports/sms/token']) {
      const { stream, taken } = endless();
      const answer = await send(path, stream);
      expect([path, answer.status >= 400]).toEqual([path, true]);
      expect([path, taken.bytes < 2 * MIB]).toEqual([path, true]);
    }
    const { stream, taken } = endless();
    expect((await send(`${room}/say`, stream)).status).toBe(401);
    expect(taken.bytes).toBeLessThan(2 * MIB);
  });

  it('many at once share what there is: the others are asked to come again, and then are heard', async () => {
    const hanging = Array.from({ length: 8 }, () => {
      let end = (): void => {};
      const piece = new Uint8Array(4 * MIB).fill(120);
      let left = 11;
      const stream = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          left -= 1;
          if (left >= 0) {
            controller.enqueue(piece);
            return;
          }
          return new Promise<void>((resolve) => {
            end = () => {
              controller.close();
              resolve();
            };
          });
        },
      });
      return { stream, end: () => end() };
    });
    const answers = hanging.map(({ stream }) => send(`${room}/say`, stream, { cookie: duty.cookie }));
    const first = await Promise.race(answers);
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await first.text()).toContain('同时上传');
    // Those that hang let go; whoever was turned away has ended already.
    for (const one of hanging) one.end();
    const statuses = (await Promise.all(answers)).map((one) => one.status);
    expect(statuses.filter((one) => one === 503).length).toBeGreaterThanOrEqual(2);
    expect((await duty.post(`${room}/say`, { text: '又能发了' })).status).toBe(200);
  });
});

describe('names of files, and paths', () => {
  beforeEach(() => opened());
  afterEach(() => here.desk.close());

  it.each([
    ['a header of its own', 'a.txt"\r\nSet-Cookie: warroom=evil\r\n\r\n<script>'],
    ['half a character', 'a\ud800b.txt'],
    ['a path', '../../../../etc/passwd'],
    ['a Windows path', 'C:\\Windows\\win.ini'],
    ['letters that turn the line around', 'a\u202etxt.exe'],
    ['nothing', ' '],
  ])('%s in a name goes into no header and no folder', async (_what, name) => {
    const { id } = await here.desk.incident();
    const bytes = new Uint8Array(Buffer.from(`content of ${name}`));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await here.desk.desk.store.putFile({ sha256, bytes, at: here.desk.clock.now() });
    await here.desk.desk.store.say([
      {
        incident: id,
        stream: 'joint',
        kind: 'said',
        message: 'm-file',
        author: { id: 'ops', name: '客户运维', org: 'customer' },
        occurred: here.desk.clock.now(),
        recorded: here.desk.clock.now(),
        text: '📎',
        platform: 'feishu',
        form: 'text',
        file: { sha256, name, type: 'text/plain', size: bytes.length },
      },
    ]);
    const file = await duty.get(`${room}/files/${sha256}`);
    expect(file.status).toBe(200);
    expect(file.headers.get('set-cookie')).toBeNull();
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; filename="[\w.-]*"; filename\*=UTF-8''[\w.~!*'()%-]*$/,
    );
    expect(file.headers.get('content-type')).toBe('application/octet-stream');
    expect((await duty.get(room)).status).toBe(200);
  });

  it.each([
    `/files/..%2f..%2f..%2fetc%2fpasswd`,
    `/files/${SHA}%00`,
    `/files/${SHA.toUpperCase()}`,
    `/files/${SHA}/../../../package.json`,
    `/files/%2e%2e`,
    `/chart/..%2f..%2fpackage.json.svg`,
    `/report/..%2f/html`,
    `/document/handling/-1/md`,
  ])('%s is nothing', async (path) => {
    const answer = await here.web.fetch(
      new Request(`${ORIGIN}${room}${path}`, { headers: { cookie: duty.cookie, host: '127.0.0.1:8080' } }),
    );
    expect([400, 404]).toContain(answer.status);
    expect(await answer.text()).not.toMatch(/root:|"dependencies"/);
  });
});

describe('what a browser is told', () => {
  beforeEach(() => opened());
  afterEach(() => here.desk.close());

  it('no page with anything private is framed elsewhere, kept, sniffed or told of to others', async () => {
    const guest = await guestPath();
    for (const path of [
      '/',
      room,
      `${room}/timeline`,
      `${room}/print`,
      `${room}/report/handling`,
      `${room}/report/handling/md`,
      `${room}/report/handling/html?show=1`,
      `${room}/files/${SHA}`,
      '/oncall',
      '/identity',
      '/i/INC-0',
      guest,
      '/login?token=x',
    ]) {
      const { headers } = await duty.get(path);
      expect([path, headers.get('cache-control')]).toEqual([path, 'no-store']);
      expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
      const policy = headers.get('content-security-policy') ?? '';
      expect([path, /frame-ancestors '(none|self)'/.test(policy)]).toEqual([path, true]);
      expect([path, policy.includes("default-src 'none'")]).toEqual([path, true]);
      expect([path, /^(DENY|SAMEORIGIN)$/.test(headers.get('x-frame-options') ?? '')]).toEqual([path, true]);
      expect([path, /^(same-origin|no-referrer)$/.test(headers.get('referrer-policy') ?? '')]).toEqual([
        path,
        true,
      ]);
    }
  });
});

describe.skipIf(CHROMIUM === null)(`in a real browser (${CHROMIUM ?? WITHOUT_CHROMIUM})`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);
  afterAll(() => browser.close());
  afterEach(() => here.desk.close());

  it('nothing that people wrote runs: names, organisations, titles, talk, logs, files, guests', async () => {
    const config = configSchema.parse({
      ...TWO_CUSTOMERS,
      organisations: TWO_CUSTOMERS.organisations.map((one) => ({ ...one, name: `${one.name}${HOSTILE}` })),
      people: TWO_CUSTOMERS.people.map((one) => ({ ...one, name: `${one.name}${HOSTILE}` })),
      systems: TWO_CUSTOMERS.systems.map((one) => ({ ...one, name: `${one.name}${HOSTILE}` })),
    });
    await opened(config);
    await here.desk.say('ops', `社保 ${HOSTILE}`);
    await here.desk.say(
      'ops',
      `${HOSTILE}\njava.io.IOException: Too many open files ${HOSTILE}\n${'x\n'.repeat(20)}`,
    );
    await here.desk.drop(
      'ops',
      `${HOSTILE}.log`,
      Buffer.from(`ERROR ${HOSTILE}\njava.io.IOException: Too many open files\n`),
    );
    await here.desk.press('ops', 'cause', { text: HOSTILE });
    await here.desk.press('duty', 'page', { who: 'senior-dba' });
    const answer = await (await duty.post(`${room}/say`, { text: '/应急 访客 dbvendor' })).text();
    const link = /\/guest\/[\w-]+/.exec(answer)?.[0] ?? '';
    await bare(here.web, link, {
      method: 'POST',
      headers: { origin: ORIGIN },
      body: new URLSearchParams({ name: '<script>window.broken=5</script>' }),
    });
    const second = await (await duty.post(`${room}/say`, { text: '/应急 访客 dbvendor' })).text();
    await here.desk.advance(0);

    const server = await listen(here.web.fetch, '127.0.0.1', 0);
    const context = await browser.newContext();
    const page = await context.newPage();
    const blocked: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy|Refused/.test(message.text())) blocked.push(message.text());
    });
    page.on('dialog', (dialog) => {
      blocked.push(dialog.message());
      dialog.dismiss().catch(() => {});
    });
    await page.goto(await here.web.loginLink(server.url));
    await page.locator('button[value="duty"]').click();
    const paths = [
      '/',
      room,
      `${room}/timeline`,
      `${room}/print`,
      `${room}/report/handling`,
      `${room}/report/handling/html?show=1`,
      '/oncall',
      '/identity',
      '/new',
      /\/guest\/[\w-]+/.exec(second)?.[0] ?? '',
    ];
    for (const path of paths) {
      await page.goto(server.url + path);
      expect([path, await page.evaluate('window.broken')]).toEqual([path, undefined]);
      expect([path, await page.locator('img[src="x"], svg[onload], script:not([src])').count()]).toEqual([
        path,
        0,
      ]);
    }
    // Stopped by the policy would be too late: nothing was there to be stopped.
    expect(blocked).toEqual([]);
    await context.close();
    await server.close();
  }, 60_000);

  it('another site’s page can neither post for somebody who is logged in, nor frame the room', async () => {
    await opened();
    const server = await listen(here.web.fetch, '127.0.0.1', 0);
    const evil = await listen(
      async () =>
        new Response(
          `<!doctype html><iframe id="f" src="${server.url}${room}"></iframe>` +
            `<form id="a" method="post" action="${server.url}${room}/say"><input name="text" value="伪造的话"></form>`,
          { headers: { 'content-type': 'text/html; charset=utf-8' } },
        ),
      '127.0.0.1',
      0,
    );
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(await here.web.loginLink(server.url));
    await page.locator('button[value="duty"]').click();
    // The same machine under another name is another site.
    await page.goto(evil.url.replace('127.0.0.1', 'localhost'));
    expect(await page.frameLocator('#f').locator('#composer').count()).toBe(0);
    await page.evaluate("document.querySelector('#a').submit()");
    await page.waitForURL(`${server.url}${room}/say`);
    const said = await here.desk.talk();
    expect(said.filter((one) => one.includes('伪造'))).toEqual([]);
    await context.close();
    await server.close();
    await evil.close();
  }, 60_000);
});
