import { afterEach, describe, expect, it } from 'vitest';
import { actor, createFixture } from './fixture.ts';
import { type Member, member } from './member.ts';
import { type Heard, OpenPage } from './open-page.ts';
import { freshStory, redStory, yellowStory } from './story.ts';

const ROOM = '/i/INC-20261124-03';

const pages: OpenPage[] = [];
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
});

async function open(who: Member, path: string, lastEventId?: string): Promise<OpenPage> {
  const page = new OpenPage(
    await who.get(path, lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  );
  pages.push(page);
  return page;
}

/** The address that the room's page connects to. */
async function liveOf(who: Member): Promise<string> {
  return /sse-connect="([^"]+)"/.exec(await who.text(ROOM))?.[1]?.replaceAll('&amp;', '&') ?? '';
}

describe('an open room', () => {
  it('hears what is said, with the name and the side of who said it', async () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    const duty = await member(fixture.web, 'duty');
    const page = await open(duty, await liveOf(duty));
    await page.until((one) => one.event === 'reports');
    fixture.say(room, { text: '窗口能办了', author: actor('ops') });
    const said = await page.until((one) => one.event === 'said');
    expect(said.data).toContain('窗口能办了');
    expect(said.data).toContain('市人社局');
  });

  it('hears of a changed card as a change of what it shows, not as a new message', async () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    const duty = await member(fixture.web, 'duty');
    const page = await open(duty, await liveOf(duty));
    await page.until((one) => one.event === 'reports');
    fixture.bot(room, { headline: '已获双人批准', blocks: [], tone: 'good', card: 'action:A1' });
    const changed = await page.until((one) => one.event === 'changed' || one.event === 'said');
    expect(changed.event).toBe('changed');
    expect(changed.data).toMatch(/id="e-card_20action_3aA1" hx-swap-oob="true"/);
  });

  it('hears nothing anew of what looks the same', async () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    const duty = await member(fixture.web, 'duty');
    const page = await open(duty, await liveOf(duty));
    await page.until((one) => one.event === 'reports');
    const before = page.heard.length;
    fixture.changed({ incident: 'i-yellow' });
    fixture.say(room, { text: '一' });
    await page.until((one) => one.event === 'said');
    expect(page.heard.slice(before).map((one) => one.event)).toEqual(['said']);
  });

  it('hears of the clocks, posts and approvals when the incident changes', async () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    const duty = await member(fixture.web, 'duty');
    const page = await open(duty, await liveOf(duty));
    await page.until((one) => one.event === 'reports');
    room.incident = { ...room.incident, severity: 'red', version: room.incident.version + 1 };
    fixture.changed({ incident: 'i-yellow' });
    const status = await page.until((one) => one.event === 'status');
    expect(status.data).toContain('红色');
  });

  it('after a broken line gets what was said meanwhile, once', async () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    const duty = await member(fixture.web, 'duty');
    const path = await liveOf(duty);
    const first = await open(duty, path);
    await first.until((one) => one.event === 'reports');
    fixture.say(room, { text: '断线之前' });
    const { id } = await first.until((one) => one.event === 'said');
    await first.close();
    fixture.say(room, { text: '断线之中' });
    const second = await open(duty, path, id);
    const missed = await second.until((one) => one.event === 'said');
    expect(missed.data).toContain('断线之中');
    expect(missed.data).not.toContain('断线之前');
  });

  it('with a cursor that was cut gets everything rather than nothing', async () => {
    const fixture = createFixture([yellowStory()]);
    const duty = await member(fixture.web, 'duty');
    const page = await open(duty, `${ROOM}/live?cursor=broken`);
    const said = await page.until((one) => one.event === 'said');
    expect(said.data).toContain('窗口那边从三点开始就办不了业务了');
  });

  it('never hears the private notes of another side', async () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    const ops = await member(fixture.web, 'ops');
    const page = await open(ops, await liveOf(ops));
    await page.until((one) => one.event === 'reports');
    fixture.say(room, { text: '客户还不知道', author: actor('duty'), stream: 'org:apusic' });
    fixture.say(room, { text: '公开的话', author: actor('duty') });
    await page.until((one) => one.data.includes('公开的话'));
    expect(page.heard.filter((one) => one.data.includes('客户还不知道'))).toEqual([]);
  });

  it.each([
    ['logs out', '/logout', {}],
    ['acts as somebody else', '/identity', { person: 'ops' }],
  ])('ends when its reader %s', async (_what, path, fields) => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    const duty = await member(fixture.web, 'duty');
    const page = await open(duty, await liveOf(duty));
    await page.until((one) => one.event === 'reports');
    expect((await duty.post(path, fields)).status).toBe(303);
    fixture.say(room, { text: '之后' });
    const rest: (Heard | null)[] = [];
    for (let next = await page.next(); next !== null; next = await page.next()) rest.push(next);
    expect(rest.map((one) => one?.event)).toEqual(['reload']);
  });

  it('that was made for somebody else, or in another language, is told to load anew', async () => {
    const fixture = createFixture([yellowStory()]);
    const duty = await member(fixture.web, 'duty');
    const path = await liveOf(duty);
    await duty.post('/language', {});
    expect((await (await open(duty, path)).next())?.event).toBe('reload');
  });
});

describe('a store that fails', () => {
  it('ends the stream and reaches the log; the browser comes again by itself', async () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    const duty = await member(fixture.web, 'duty');
    const page = await open(duty, await liveOf(duty));
    await page.until((one) => one.event === 'reports');
    const { rooms } = fixture.deps;
    Object.assign(fixture.deps, { rooms: () => Promise.reject(new Error('disk gone')) });
    fixture.changed();
    for (let next = await page.next(); next !== null; next = await page.next());
    Object.assign(fixture.deps, { rooms });
    expect(fixture.failures).toMatchObject([{ message: 'disk gone' }]);
    expect(page.heard.filter((one) => one.data.includes('disk gone'))).toEqual([]);
  });
});

describe('an open list', () => {
  it('hears of a new incident, and of a page for its reader, wherever it happens', async () => {
    const rooms = [redStory()];
    const fixture = createFixture(rooms);
    const duty = await member(fixture.web, 'duty');
    const page = await open(duty, '/live');
    await page.until((one) => one.event === 'rooms');
    rooms.push(freshStory());
    fixture.changed({ incident: 'i-fresh' });
    expect((await page.until((one) => one.event === 'banner')).data).toContain('你被呼叫');
    expect((await page.until((one) => one.event === 'rooms')).data).toContain('统一门户');
  });
});
