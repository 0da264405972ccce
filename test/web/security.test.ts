import { describe, expect, it } from 'vitest';
import type { Person } from '../../src/web/deps.ts';
import { personalLogin } from '../../src/web/session.ts';
import { actor, createFixture, NOTHING } from './fixture.ts';
import { bare, member, ORIGIN, tokenOf } from './member.ts';
import { stories, yellowStory } from './story.ts';

const ROOM = '/i/INC-20261124-03';
const HOSTILE = `"><img src=x onerror=alert(1)><script>alert(2)</script>' onmouseover='alert(3)`;

/** What a browser would make of the page: every start tag that somebody could have smuggled in. */
function smuggled(html: string): readonly string[] {
  const tags = html.match(/<(?:script|img|svg|iframe)\b[^>]*>/gi) ?? [];
  return tags.filter(
    (tag) => /onerror|alert|src=x/.test(tag) || /<script(?![^>]* src="\/assets\/)/.test(tag),
  );
}

/** Attributes that would run something; what stands inside an attribute's quotes is only a value. */
function handlers(html: string): readonly string[] {
  const bare = html.replace(/"[^"]*"/g, '""');
  return bare.match(/<[a-z][^<>]*\son[a-z]+=[^<>]*>/gi) ?? [];
}

describe('text from people stays text', () => {
  it('in messages, logs, file names and bot cards', async () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    fixture.say(room, { text: HOSTILE });
    fixture.say(room, { text: `${HOSTILE}\n${HOSTILE}`, form: 'log' });
    fixture.say(room, { text: `📎 ${HOSTILE}.log (3 KiB)\nline`, form: 'log' });
    fixture.bot(room, {
      headline: [
        HOSTILE,
        { strong: HOSTILE },
        { mention: { person: HOSTILE, name: HOSTILE } },
        { link: { label: HOSTILE, path: `javascript:${HOSTILE}` } },
        { link: { label: HOSTILE, path: '//evil.example/x' } },
      ],
      blocks: [
        { block: 'fields', fields: [{ label: HOSTILE, value: HOSTILE }] },
        { block: 'code', code: HOSTILE, startLine: 1, marked: [1] },
        { block: 'fold', summary: HOSTILE, blocks: [{ block: 'list', ordered: true, items: [HOSTILE] }] },
        {
          block: 'buttons',
          buttons: [
            {
              label: HOSTILE,
              command: HOSTILE,
              args: { [HOSTILE]: HOSTILE },
              style: 'danger',
              confirm: HOSTILE,
            },
          ],
        },
      ],
      tone: 'plain',
      card: HOSTILE,
    });
    const duty = await member(fixture.web, 'duty');
    for (const page of [ROOM, `${ROOM}/print`, `${ROOM}/timeline`]) {
      const html = await duty.text(page);
      expect(smuggled(html)).toEqual([]);
      expect(handlers(html)).toEqual([]);
      expect(html).not.toMatch(/href="(?:javascript:|\/\/evil)/);
    }
    expect((await duty.text(ROOM)).match(/class="link" href="\/"/g)).toHaveLength(2);
    expect((await duty.text(ROOM)).includes('&lt;script&gt;alert(2)&lt;/script&gt;')).toBe(true);
  });

  it('in names of people and organisations, titles and systems', async () => {
    const room = yellowStory();
    const people: Person[] = [
      { id: 'duty', name: HOSTILE, org: 'apusic', orgName: HOSTILE, side: 'vendor', posts: [HOSTILE] },
    ];
    room.incident = { ...room.incident, title: HOSTILE, system: { id: null, name: HOSTILE } };
    const fixture = createFixture([room], { people });
    const duty = await member(fixture.web, 'duty');
    const who = await (await bare(fixture.web, `/login?token=${await tokenOf(fixture.web)}`)).text();
    for (const html of [
      who,
      await duty.text('/'),
      await duty.text(ROOM),
      await duty.text('/identity'),
      await duty.text(`${ROOM}/print`),
    ]) {
      expect(smuggled(html)).toEqual([]);
      expect(html).toContain('&lt;img src=x');
    }
  });

  it('in what the asker gets back', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    fixture.reply = { ...NOTHING, toAsker: { headline: HOSTILE, blocks: [], tone: 'warn', card: null } };
    expect(smuggled(await (await duty.post(`${ROOM}/say`, { text: 'x' })).text())).toEqual([]);
    fixture.reply = {
      ...NOTHING,
      form: {
        title: HOSTILE,
        command: HOSTILE,
        args: { [HOSTILE]: HOSTILE },
        submit: HOSTILE,
        fields: [
          {
            name: HOSTILE,
            label: HOSTILE,
            type: 'paragraph',
            required: true,
            value: `</textarea>${HOSTILE}`,
          },
        ],
      },
    };
    const form = await (await duty.post(`${ROOM}/say`, { text: 'x' })).text();
    expect(smuggled(form)).toEqual([]);
    expect(form.match(/<\/textarea>/g)).toHaveLength(1);
  });

  it('a file name keeps no path and no hidden characters', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    await duty.post(`${ROOM}/say`, { text: '', file: new File(['x'], '../../etc/\u202epasswd.log') });
    expect(fixture.received[0]).toMatchObject({ kind: 'file', name: 'passwd.log' });
  });
});

describe('a request from elsewhere changes nothing', () => {
  it.each([
    ['another origin', { origin: 'https://evil.example', 'hx-request': 'true' }],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site', origin: ORIGIN }],
    ['a sandboxed frame', { origin: 'null' }],
  ])('from %s', async (_name, headers) => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    const answer = await duty.post(`${ROOM}/say`, { text: '/应急 关闭' }, headers);
    expect(answer.status).toBe(403);
    expect(fixture.received).toEqual([]);
  });

  it('without the form token, with a wrong one, or with somebody else’s', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    const other = await member(fixture.web, 'ops');
    for (const token of ['', 'guess', other.csrf]) {
      const answer = await duty.post(`${ROOM}/act`, { _csrf: token, command: 'close' });
      expect(answer.status).toBe(403);
    }
    for (const path of ['/logout', '/identity', '/language', '/invite', '/say', '/act', `${ROOM}/delete`]) {
      expect((await duty.post(path, { _csrf: 'guess', person: 'ops', text: 'x', command: 'x' })).status).toBe(
        403,
      );
    }
    expect(fixture.received).toEqual([]);
    expect((await duty.get('/')).status).toBe(200);
  });
});

describe('nobody gets in without a session', () => {
  it.each([
    '/',
    '/new',
    ROOM,
    `${ROOM}/print`,
    `${ROOM}/timeline`,
    `${ROOM}/earlier?before=3`,
    `${ROOM}/report/handling`,
    `${ROOM}/report/handling/docx`,
    '/identity',
  ])('%s leads to the login', async (path) => {
    const fixture = createFixture(stories());
    const answer = await bare(fixture.web, path);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')?.split('?')[0]).toBe('/login');
    expect(await answer.text()).not.toContain('社保');
  });

  it.each(['/live', `${ROOM}/live`, '/metrics'])('%s is refused', async (path) => {
    const fixture = createFixture(stories());
    const answer = await bare(fixture.web, path);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain('INC-');
  });

  it.each([
    '/say',
    '/act',
    `${ROOM}/say`,
    `${ROOM}/act`,
    `${ROOM}/delete`,
    '/identity',
    '/invite',
    '/logout',
  ])('posting to %s is refused', async (path) => {
    const fixture = createFixture(stories());
    const answer = await bare(fixture.web, path, {
      method: 'POST',
      headers: { origin: ORIGIN, cookie: 'warroom=guess' },
      body: new URLSearchParams({ command: 'close', text: 'x' }),
    });
    expect(answer.status).toBe(401);
    expect(fixture.received).toEqual([]);
  });

  it('a session ends at once when its owner logs out, and a page that is open hears nothing more', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    await duty.post('/logout', {});
    expect((await duty.get('/')).status).toBe(303);
  });

  it('a person who left the roster is out', async () => {
    const people: Person[] = [
      { id: 'duty', name: '甲', org: 'apusic', orgName: '乙', side: 'vendor', posts: [] },
    ];
    const fixture = createFixture(stories(), { people });
    const duty = await member(fixture.web, 'duty');
    people.length = 0;
    expect((await duty.get('/')).status).toBe(303);
  });

  it('health says whether it runs, and the details only to who may know', async () => {
    const fixture = createFixture(stories());
    expect(await (await bare(fixture.web, '/health')).json()).toEqual({ ok: true });
    const duty = await member(fixture.web, 'duty');
    expect(await (await duty.get('/health')).json()).toMatchObject({ detail: { openIncidents: '4' } });
    const collector = { headers: { authorization: 'Bearer collector' } };
    expect((await bare(fixture.web, '/metrics', collector)).status).toBe(200);
    const guess = { headers: { authorization: 'Bearer guess' } };
    expect((await bare(fixture.web, '/metrics', guess)).status).toBe(401);
  });
});

describe('login tokens', () => {
  it('log in once, and looking at the link does not spend it', async () => {
    const fixture = createFixture(stories());
    const token = await tokenOf(fixture.web);
    expect((await bare(fixture.web, `/login?token=${token}`)).status).toBe(200);
    expect((await bare(fixture.web, `/login?token=${token}`)).status).toBe(200);
    const enter = () =>
      bare(fixture.web, '/login', {
        method: 'POST',
        headers: { origin: ORIGIN },
        body: new URLSearchParams({ token, person: 'duty' }),
      });
    const first = await enter();
    expect(first.status).toBe(303);
    expect(first.headers.get('set-cookie')).toMatch(/HttpOnly/);
    expect(first.headers.get('set-cookie')).toMatch(/SameSite=Lax/);
    const second = await enter();
    expect(second.status).toBe(403);
    expect(second.headers.get('set-cookie')).toBeNull();
    expect(await second.text()).toContain('登录链接');
  });

  it('that were made for one person let nobody else in, and lead where that person wanted to go', async () => {
    const fixture = createFixture(stories());
    const notes = { now: fixture.deps.now, putNote: fixture.deps.putNote };
    const link = new URL(await personalLogin(notes, ORIGIN, { person: 'duty', path: '/i/INC-1' }));
    const token = link.searchParams.get('token') ?? '';
    const page = await (await bare(fixture.web, `/login?token=${token}`)).text();
    expect(page).toContain('value="duty"');
    expect(page).not.toContain('value="ops"');
    const enter = (person: string) =>
      bare(fixture.web, '/login', {
        method: 'POST',
        headers: { origin: ORIGIN },
        body: new URLSearchParams({ token, person }),
      });
    expect((await enter('ops')).status).toBe(403);
    const entered = await enter('duty');
    expect([entered.status, entered.headers.get('location')]).toEqual([303, '/i/INC-1']);
    expect((await enter('duty')).status).toBe(403);
    const late = new URL(await personalLogin(notes, ORIGIN, { person: 'duty', path: '/' }));
    fixture.now += 16 * 60_000;
    expect((await bare(fixture.web, `/login${late.search}`)).status).toBe(403);
  });

  it('are too old after a day', async () => {
    const fixture = createFixture(stories());
    const token = await tokenOf(fixture.web);
    fixture.now += 24 * 60 * 60_000 + 1;
    expect((await bare(fixture.web, `/login?token=${token}`)).status).toBe(403);
  });

  it('cannot be guessed at any pace: attempts are slowed down, then heard again', async () => {
    const fixture = createFixture(stories());
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1)
      statuses.push((await bare(fixture.web, `/login?token=guess${attempt}`)).status);
    expect(statuses[0]).toBe(403);
    expect(statuses.at(-1)).toBe(429);
    const good = await tokenOf(fixture.web);
    const blocked = await bare(fixture.web, `/login?token=${good}`);
    expect(blocked.status).toBe(429);
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
    fixture.now += 60_001;
    expect((await bare(fixture.web, `/login?token=${good}`)).status).toBe(200);
  });

  it('show the roster to nobody who has none', async () => {
    const fixture = createFixture(stories());
    expect(await (await bare(fixture.web, '/login')).text()).not.toContain('值班工程师');
    expect(await (await bare(fixture.web, '/login?token=x')).text()).not.toContain('值班工程师');
  });

  it('and sessions are kept as digests only', async () => {
    const kept: string[] = [];
    const fixture = createFixture(stories());
    const put = fixture.deps.putNote;
    const { createWeb } = await import('../../src/web/app.tsx');
    const web = createWeb({
      ...fixture.deps,
      putNote: (key, value) => {
        kept.push(`${key} ${value ?? ''}`);
        return put(key, value);
      },
    });
    const token = await tokenOf(web);
    const duty = await member(web, 'duty');
    const secret = duty.cookie.split('=')[1] ?? '';
    expect(secret.length).toBeGreaterThan(30);
    expect(kept.filter((one) => one.includes(secret) || one.includes(token))).toEqual([]);
  });
});

describe('what the server sends', () => {
  it('carries the headers that keep a browser safe', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    for (const path of ['/', ROOM, '/nowhere', '/assets/room.css']) {
      const { headers } = await duty.get(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('same-origin');
    }
    expect((await duty.get(ROOM)).headers.get('cache-control')).toBe('no-store');
  });

  it('has no script, style or handler in the page itself', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    for (const path of ['/', ROOM, '/new', '/identity', `${ROOM}/print`]) {
      const html = await duty.text(path);
      expect(html.match(/<style|\sstyle="|<script(?![^>]*\ssrc=)|javascript:/gi)).toBeNull();
      expect(handlers(html)).toEqual([]);
    }
  });

  it('a report can be framed by the room alone and runs nothing', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    const shown = await duty.get(`${ROOM}/report/handling/html?show=1`);
    expect(shown.headers.get('content-security-policy')).toMatch(/sandbox/);
    expect(shown.headers.get('content-security-policy')).not.toMatch(/script-src/);
    expect(shown.headers.get('content-disposition')).toMatch(/^inline/);
    const saved = await duty.get(`${ROOM}/report/handling/docx`);
    expect(saved.headers.get('content-disposition')).toMatch(
      /^attachment; filename="[ -~]+"; filename\*=UTF-8''%E6/,
    );
  });

  it.each([
    '/assets/../deps.ts',
    '/assets/..%2fdeps.ts',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/room.css%00',
    '/assets//etc/passwd',
    '/assets/__proto__',
    '/assets/constructor',
  ])('no file but its own: %s', async (path) => {
    const fixture = createFixture(stories());
    const answer = await bare(fixture.web, path);
    expect([303, 404]).toContain(answer.status);
    expect(await answer.text()).not.toMatch(/WebDeps|"dependencies"|root:/);
  });
});

describe('who may see and change what', () => {
  it('a private note is shown to its own side only, on the page, on paper and live', async () => {
    const fixture = createFixture(stories());
    const vendor = await member(fixture.web, 'duty');
    const customer = await member(fixture.web, 'ops');
    expect(await vendor.text(ROOM)).toContain('节点 2 的监听昨晚巡检是好的');
    expect(await customer.text(ROOM)).not.toContain('节点 2 的监听昨晚巡检是好的');
    expect(await vendor.text(`${ROOM}/print`)).not.toContain('节点 2 的监听昨晚巡检是好的');
  });

  it('nobody changes another person’s words; one’s own are, where they were said', async () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    const duty = await member(fixture.web, 'duty');
    fixture.say(room, { message: 'theirs', text: '客户说的', author: actor('ops') });
    fixture.say(room, { message: 'mine', text: '我说的', author: actor('duty') });
    fixture.say(room, { message: 'secret', text: '内部', author: actor('duty'), stream: 'org:apusic' });
    fixture.say(room, { message: 'hidden', text: '内部', author: actor('ops'), stream: 'org:customer' });
    for (const message of ['theirs', 'hidden', 'card:severity', 'none']) {
      expect((await duty.post(`${ROOM}/say`, { edit: message, text: '改写' })).status).toBe(403);
      expect((await duty.post(`${ROOM}/delete`, { message })).status).toBe(403);
    }
    expect(fixture.received).toEqual([]);
    expect((await duty.post(`${ROOM}/say`, { edit: 'mine', text: '改好' })).status).toBe(200);
    expect((await duty.post(`${ROOM}/delete`, { message: 'secret' })).status).toBe(200);
    expect(fixture.received).toMatchObject([
      { kind: 'edited', messageId: 'mine', text: '改好' },
      { kind: 'deleted', messageId: 'secret' },
    ]);
  });

  it('acting as somebody else needs the switchable mode', async () => {
    const locked = createFixture(stories(), { switchable: false });
    const duty = await member(locked.web, 'duty');
    expect((await duty.post('/identity', { person: 'owner' })).status).toBe(403);
    const open = createFixture(stories());
    const demo = await member(open.web, 'duty');
    expect((await demo.post('/identity', { person: 'nobody' })).status).toBe(403);
    expect((await demo.post('/identity', { person: 'owner' })).status).toBe(303);
    // The page of the former identity is still open somewhere: it may not act as the new one.
    expect((await demo.post(`${ROOM}/say`, { text: '批了' })).status).toBe(403);
    const fresh = /name="_csrf" value="([^"]+)"/.exec(await demo.text(ROOM))?.[1] ?? '';
    await demo.post(`${ROOM}/say`, { text: '批了', _csrf: fresh });
    expect(open.received.map((one) => one.author)).toEqual([actor('owner')]);
    expect(await demo.text('/')).toContain('演示');
  });

  it('leads nowhere else after a change of language', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    const answer = await duty.post('/language', {}, { referer: 'https://evil.example//evil.example/x' });
    expect(answer.headers.get('location')).toBe('/');
  });
});
