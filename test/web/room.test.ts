import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/chat/message.ts';
import { webPlatform } from '../../src/chat/web/platform.ts';
import { listen } from '../../src/web/listen.ts';
import { readLog } from '../../src/web/log.ts';
import { worstFirst } from '../../src/web/pages/rooms.tsx';
import { readCursor, Stream, writeCursor } from '../../src/web/talk.ts';
import { actor, createFixture, type Fixture, type FixtureRoom, NOTHING, NOW } from './fixture.ts';
import { member } from './member.ts';
import { endedStory, freshStory, LOG, redStory, stories, yellowStory } from './story.ts';

const ROOM = '/i/INC-20261124-03';
function yellowOf(fixture: Fixture): FixtureRoom {
  const [room] = fixture.rooms;
  if (!room) throw new Error('the fixture has no room');
  return room;
}

const say = (text: string): Message => ({ headline: text, blocks: [], tone: 'plain', card: null });

describe('what is typed', () => {
  it('goes on as a message of the one who is logged in', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    const answer = await duty.post(`${ROOM}/say`, { text: '  先取证\n再重启  ' });
    expect(answer.status).toBe(200);
    expect(fixture.received).toMatchObject([
      {
        kind: 'text',
        text: '  先取证\n再重启',
        author: actor('duty'),
        incident: 'i-yellow',
        language: 'zh',
        at: NOW,
      },
    ]);
  });

  it('with two strokes in front is a note for one’s own side, without the strokes', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    await duty.post(`${ROOM}/say`, { text: '//客户还不知道' });
    expect(fixture.received).toMatchObject([{ text: '客户还不知道', audience: 'own' }]);
  });

  it('says nothing when there is nothing', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    for (const text of ['', '  \n ', '//  '])
      expect((await duty.post(`${ROOM}/say`, { text })).status).toBe(400);
    expect(fixture.received).toEqual([]);
  });

  it('is the same message when a browser sends it again after a broken line', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    const ops = await member(fixture.web, 'ops');
    await duty.post(`${ROOM}/say`, { text: '到场了', once: 'aaa' });
    await duty.post(`${ROOM}/say`, { text: '到场了', once: 'aaa' });
    await duty.post(`${ROOM}/say`, { text: '到场了', once: 'bbb' });
    await ops.post(`${ROOM}/say`, { text: '到场了', once: 'aaa' });
    const ids = fixture.received.map((one) => one.id);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });

  it('and far too long for a message becomes a file, whole', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    const long = `${LOG}\n`.repeat(100);
    await duty.post(`${ROOM}/say`, { text: long });
    const [inbound] = fixture.received;
    if (inbound?.kind !== 'file') throw new Error('a file was expected');
    expect(Buffer.from(inbound.bytes).toString().trimEnd()).toBe(long.trimEnd());
    expect(inbound.name).toMatch(/\.log$/);
  });

  it('and far too long for what cannot become a file is refused in words', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    fixture.say(yellowOf(fixture), { message: 'mine', text: '我说的', author: actor('duty') });
    const long = 'x'.repeat(70_000);
    const answers = [
      await duty.post(`${ROOM}/say`, { text: long, edit: 'mine' }),
      await duty.post(`${ROOM}/act`, { command: 'cause', 'arg.text': long }),
      await duty.post('/say', { text: long }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(413);
      expect(await answer.text()).toContain('64 KB');
    }
    expect(fixture.received).toEqual([]);
  });

  it('on the front page opens an incident, with or without the command', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    fixture.reply = { ...NOTHING, incident: 'i-red' };
    const answer = await duty.post('/say', { text: '核心系统无法访问' });
    expect(answer.headers.get('hx-redirect')).toBe('/i/i-red');
    await duty.post('/say', { text: '/应急 开启 核心系统无法访问' });
    expect(fixture.received.map((one) => one.kind === 'text' && one.text)).toEqual([
      '/incident open 核心系统无法访问',
      '/应急 开启 核心系统无法访问',
    ]);
  });
});

describe('what is pressed', () => {
  it('goes on as a command with its arguments; empty fields were left out', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    await duty.post('/act', {
      command: 'open',
      'arg.channel': 'phone',
      'arg.title': '打不开',
      'arg.caller': '  ',
    });
    expect(fixture.received).toMatchObject([
      { kind: 'action', command: 'open', args: { channel: 'phone', title: '打不开' }, incident: null },
    ]);
    expect(Object.keys(fixture.received[0]?.kind === 'action' ? fixture.received[0].args : {})).toEqual([
      'channel',
      'title',
    ]);
  });

  it('asks first when it cannot be undone, and acts on the answer only', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    const asked = await duty.post(`${ROOM}/act`, {
      command: 'close',
      confirm: '真的关闭？',
      label: '关闭',
      'arg.as': 'done',
    });
    expect(asked.headers.get('hx-retarget')).toBe('#dialog-body');
    expect(await asked.text()).toContain('真的关闭？');
    expect(fixture.received).toEqual([]);
    await duty.post(`${ROOM}/act`, { command: 'close', 'arg.as': 'done', dialog: '1' });
    expect(fixture.received).toMatchObject([{ command: 'close', args: { as: 'done' } }]);
  });

  it('shows a form that the command asks for, and keeps it open when it is refused', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    fixture.reply = {
      ...NOTHING,
      form: {
        title: '原因',
        command: 'reject',
        args: { action: 'A1' },
        submit: '驳回',
        fields: [{ name: 'reason', label: '为什么', type: 'paragraph', required: true, value: '旧的原因' }],
      },
    };
    const form = await duty.post(`${ROOM}/act`, { command: 'reject', 'arg.action': 'A1' });
    const html = await form.text();
    expect(form.headers.get('hx-retarget')).toBe('#dialog-body');
    expect(html).toContain('name="arg.reason"');
    expect(html).toContain('旧的原因');
    expect(html).toContain('name="arg.action" value="A1"');
    fixture.reply = { ...NOTHING, toAsker: { ...say('请写原因'), tone: 'warn' } };
    const refused = await duty.post(`${ROOM}/act`, { command: 'reject', dialog: '1' });
    expect(refused.headers.get('hx-retarget')).toBe('#dialog-note');
    expect(refused.headers.get('hx-trigger')).toBeNull();
  });

  it('works without scripts: a page instead of a fragment, and back to the room', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    const plain = { origin: 'http://127.0.0.1:8080' };
    const said = await duty.post(`${ROOM}/say`, { text: '好' }, plain);
    expect([said.status, said.headers.get('location')]).toEqual([303, ROOM]);
    fixture.reply = { ...NOTHING, toAsker: say('听起来是：到场') };
    const told = await (await duty.post(`${ROOM}/act`, { command: 'x' }, plain)).text();
    expect(told).toMatch(/^<!doctype html>/);
    expect(told).toContain('听起来是：到场');
  });
});

describe('files', () => {
  it('arrive whole, several at once, beside the text', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    const bytes = new Uint8Array([0, 255, 13, 10, 0]);
    await duty.post(`${ROOM}/say`, { text: '日志来了', file: new File([bytes], '服务器.log.gz') });
    expect(fixture.received.map((one) => one.kind)).toEqual(['text', 'file']);
    expect(fixture.received[1]).toMatchObject({ name: '服务器.log.gz', bytes });
    expect(new Set(fixture.received.map((one) => one.id)).size).toBe(2);
  });

  it('beyond the limit get a clear answer over a real connection, with and without a length', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    const server = await listen(fixture.web.fetch, '127.0.0.1', 0);
    try {
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      const stream = () => {
        let sent = 0;
        return new ReadableStream({
          pull(out) {
            if (sent === 52) return out.close();
            sent += 1;
            out.enqueue(chunk);
          },
        });
      };
      const send = (init: RequestInit & { duplex?: 'half' }) =>
        fetch(`${server.url}${ROOM}/say`, {
          method: 'POST',
          ...init,
          headers: {
            cookie: duty.cookie,
            origin: server.url,
            'hx-request': 'true',
            'content-type': 'multipart/form-data; boundary=b',
          },
        });
      const known = await send({ body: Buffer.alloc(52 * 1024 * 1024, 'x') });
      expect(known.status).toBe(413);
      expect(await known.text()).toContain('50.0 MB');
      const unknown = await send({ body: stream(), duplex: 'half' });
      expect(unknown.status).toBe(413);
      expect(fixture.received).toEqual([]);
    } finally {
      await server.close();
    }
  });

  it('a form that is none is a clear answer too', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    const answer = await fixture.web.fetch(
      new Request(`http://127.0.0.1:8080${ROOM}/say`, {
        method: 'POST',
        headers: { cookie: duty.cookie, 'content-type': 'multipart/form-data; boundary=b' },
        body: 'no parts',
      }),
    );
    expect(answer.status).toBe(400);
  });
});

describe('the stream', () => {
  const fold = (entries: Parameters<Stream['add']>[0]) => {
    const stream = new Stream((at) => String(Math.floor(at / 86_400_000)));
    stream.add(entries);
    return stream;
  };

  it('puts a newer card in the place of the older one', () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    const size = fold(room.talk).size;
    fixture.bot(room, { ...say('新的诊断'), card: 'diagnosis:log-1' });
    const stream = fold(room.talk);
    expect(stream.size).toBe(size);
    const card = stream.last(100).find((item) => item.key === 'card diagnosis:log-1');
    expect(card?.content).toMatchObject({ kind: 'bot', message: { headline: '新的诊断' } });
    expect(card?.edited).toBe(false);
  });

  it('shows an edit as edited and a deletion as a trace', async () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    fixture.say(room, { message: 'a', text: '重起' });
    fixture.say(room, { message: 'a', text: '重启', kind: 'edited' });
    fixture.say(room, { message: 'b', text: '说漏了嘴' });
    fixture.say(room, { message: 'b', text: '', kind: 'deleted' });
    const duty = await member(fixture.web, 'duty');
    const html = await duty.text(ROOM);
    expect(html.includes('重启') && html.includes('已编辑')).toBe(true);
    expect(html.includes('说漏了嘴')).toBe(false);
    expect(html.includes('此消息已删除')).toBe(true);
  });

  it('a cursor survives the way through a URL; a broken one is none', () => {
    const cursor = { joint: 12, 'org:apusic': 3 };
    expect(readCursor(writeCursor(cursor))).toEqual(cursor);
    for (const broken of ['', 'x', writeCursor({ joint: -1 }), writeCursor(cursor).slice(0, 9)])
      expect(readCursor(broken)).toBeNull();
  });

  it('a long room begins with its newest messages and gives the rest on request', async () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    for (let n = 1; n <= 200; n += 1) fixture.say(room, { text: `第${n}条。` });
    const duty = await member(fixture.web, 'duty');
    const html = await duty.text(ROOM);
    expect([html.includes('第200条。'), html.includes('第121条。'), html.includes('第120条。')]).toEqual([
      true,
      true,
      false,
    ]);
    const before = /earlier\?before=(\d+)/.exec(html)?.[1];
    const more = await duty.text(`${ROOM}/earlier?before=${before}`);
    expect([more.includes('第120条。'), more.includes('第41条。'), more.includes('第121条。')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('names the lines of a cut log as the whole file does', () => {
    const head = Array.from({ length: 80 }, (_, n) => `line ${n + 1}`);
    const tail = Array.from({ length: 20 }, (_, n) => `line ${n + 981}`);
    const log = readLog(['📎 server.log (81 KiB)', ...head, '… 1000 …', ...tail].join('\n'));
    expect(log.title).toBe('📎 server.log (81 KiB)');
    expect(log.parts.map((part) => [part.startLine, part.lines[0], part.lines.length])).toEqual([
      [1, 'line 1', 80],
      [981, 'line 981', 20],
    ]);
    expect(readLog('a\n… 2 …\nb\nc\nd').parts).toHaveLength(1);
  });

  it('marks the lines of the log that prove the finding', async () => {
    const fixture = createFixture(stories());
    const html = await (await member(fixture.web, 'duty')).text(ROOM);
    const log = /id="e-log-1".*?<\/article>/s.exec(html)?.[0] ?? '';
    expect([...log.matchAll(/class="ln marked" data-n="(\d+)"/g)].map((match) => match[1])).toEqual([
      '2',
      '3',
      '9',
    ]);
  });
});

describe('the list', () => {
  it('shows the worst first: red, then what nobody has looked at, then the rest, the ended ones last', async () => {
    const fixture = createFixture([endedStory(), yellowStory(), freshStory(), redStory()]);
    const duty = await fixture.deps.people('zh');
    const [person] = duty;
    if (!person) throw new Error('the roster is empty');
    const rooms = worstFirst(await fixture.deps.rooms({ person, language: 'zh' }));
    expect(rooms.map((room) => room.id)).toEqual(['i-red', 'i-fresh', 'i-yellow', 'i-ended']);
  });

  it('says severity in colour, word and shape', async () => {
    const fixture = createFixture(stories());
    const html = await (await member(fixture.web, 'ops')).text('/');
    const shapes = [
      ...html.matchAll(/<svg class="mark sev-(\w+)"[^>]*>(.*?)<\/svg><span class="sev-word">([^<]+)/g),
    ];
    const seen = new Map(shapes.map((match) => [match[1], { shape: match[2], word: match[3] }]));
    expect([...seen.keys()]).toEqual(['red', 'unset', 'yellow', 'blue']);
    expect(new Set([...seen.values()].map((one) => one.shape)).size).toBe(4);
    expect([...seen.values()].map((one) => one.word)).toEqual(['红色', '待定级', '黄色', '蓝色']);
  });

  it('heads every page with the pages that the reader has to answer, and nobody else’s', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    const ops = await member(fixture.web, 'ops');
    for (const path of ['/', ROOM]) {
      expect((await duty.text(path)).includes('你被呼叫')).toBe(true);
      expect((await ops.text(path)).includes('<strong class="paged-word">')).toBe(false);
    }
  });
});

describe('two languages', () => {
  it('the whole room speaks English on request and back', async () => {
    const fixture = createFixture(stories('en'));
    const duty = await member(fixture.web, 'duty', 'en');
    const english = await duty.text(ROOM);
    expect(english).toMatch(/<html lang="en"/);
    for (const word of ['Clocks', 'Approvals', 'People and posts', 'Other reading', 'In progress'])
      expect(english.includes(word)).toBe(true);
    await duty.post('/language', {});
    expect((await duty.text(ROOM)).includes('另一读法')).toBe(true);
  });
});

describe('the clocks', () => {
  it('show deadline, what is left, the printed line and the other reading', async () => {
    const fixture = createFixture(stories());
    const html = await (await member(fixture.web, 'duty')).text(ROOM);
    const clocks = /id="clocks"(.*?)<\/section>/s.exec(html)?.[1] ?? '';
    for (const part of [
      '到达现场',
      '40:40',
      '04:12 前',
      '预案 L66',
      '另一读法',
      '04:19',
      '起点未发生',
      '已结束 1/1 达成',
    ])
      expect(clocks.includes(part)).toBe(true);
  });

  it.each([
    [20, 'calm'],
    [31, 'amber'],
    [49, 'red'],
    [61, 'over'],
  ])('after %i of 60 minutes are %s', async (minutes, level) => {
    const fixture = createFixture([yellowStory()]);
    const reported = fixture.rooms[0]?.incident.moments.reported?.at ?? 0;
    fixture.now = reported + minutes * 60_000;
    const html = await (await member(fixture.web, 'duty')).text(ROOM);
    const arrival =
      /<li class="clock level-(\w+)"[^>]*><p class="clock-head"><span class="clock-title">到达现场/.exec(
        html,
      );
    expect(arrival?.[1]).toBe(level);
  });
});

describe('the web as a chat platform', () => {
  const place = {
    platform: 'web',
    workspace: 'local',
    conversation: 'i-1',
    language: 'zh',
    org: 'apusic',
  } as const;

  it('puts what the bot says into the talk of the incident, each send under its key', async () => {
    const put: unknown[] = [];
    const platform = webPlatform({
      put: async (incident, message, key) => {
        put.push([incident, message.headline, key]);
        return 'id-1';
      },
    });
    expect(await platform.post(place, say('一'), { key: 'k1' })).toEqual({ ok: true, messageId: 'id-1' });
    expect(put).toEqual([['i-1', '一', 'k1']]);
  });

  it('does not pretend to reach a person whose browser is closed', async () => {
    const platform = webPlatform({ put: async () => 'id-1' });
    const receipt = await platform.direct({ id: 'duty', address: 'duty' }, say('三'));
    expect(receipt).toMatchObject({ ok: false, permanent: true });
  });

  it('a store that fails is tried again', async () => {
    const platform = webPlatform({ put: () => Promise.reject(new Error('disk full')) });
    expect(await platform.post(place, say('一'), { key: 'k1' })).toEqual({
      ok: false,
      permanent: false,
      retryAfterMs: null,
      error: 'disk full',
    });
  });
});

describe('a fault', () => {
  it('reaches the log under the number that the reader is shown, and nothing else reaches the reader', async () => {
    const fixture = createFixture(stories());
    const duty = await member(fixture.web, 'duty');
    const { createWeb } = await import('../../src/web/app.tsx');
    const broken = createWeb({ ...fixture.deps, rooms: () => Promise.reject(new Error('secret detail')) });
    const answer = await broken.fetch(
      new Request('http://127.0.0.1:8080/', { headers: { cookie: duty.cookie } }),
    );
    expect(answer.status).toBe(500);
    expect((await answer.text()).includes('secret detail')).toBe(false);
    expect(fixture.failures).toMatchObject([{ message: 'secret detail' }]);
  });
});
