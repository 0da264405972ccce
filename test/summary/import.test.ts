import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { fromSlackFiles, importBytes, importText } from '../../src/summary/import/index.ts';
import { summarize } from '../../src/summary/index.ts';

function messagesOf(text: string, options = {}) {
  const imported = importText(text, options);
  if (!imported.ok) throw new Error(imported.en);
  return imported.messages;
}

const day = { date: '2026-05-06', zone: '+08:00' };

describe('text copied out of a chat window', () => {
  it.each([
    ['微信：名字与时间在一行', '张工 2026/5/6 10:12:33\n支付页面报错\n第二行\n李工 2026/5/6 10:13:01\n收到'],
    ['飞书：月日与时刻', '张工 5月6日 10:12\n支付页面报错\n第二行\n李工 5月6日 10:13\n收到'],
    ['钉钉：带部门与上午', '张工(运维) 2026年5月6日 上午10:12\n支付页面报错\n第二行\n李工(厂商) 10:13\n收到'],
    ['Teams：时刻在前', '[10:12 AM] 张工\n支付页面报错\n第二行\n[10:13 AM] 李工\n收到'],
    ['Teams：名字一行，时间一行', '张工\n5/6/2026 10:12 AM\n支付页面报错\n第二行\n李工\n10:13 AM\n收到'],
    ['每天一条日期线', '—— 2026年5月6日 ——\n张工 10:12\n支付页面报错\n第二行\n李工 10:13\n收到'],
  ])('%s', (_name, text) => {
    const [first, second, ...more] = messagesOf(text, day);
    expect(more).toEqual([]);
    expect(first?.at?.slice(0, 16)).toBe('2026-05-06T10:12');
    expect(first?.author).toMatch(/^张工/);
    expect(first?.text).toBe('支付页面报错\n第二行');
    expect([second?.at?.slice(0, 16), second?.text]).toEqual(['2026-05-06T10:13', '收到']);
  });

  it.each([
    ['微信：凌晨与时刻相连', '张 三 凌晨12:05\n打不开\n李四 上午1:06\n看', '00:05', '张 三'],
    ['微信：星期', '张 三 星期三 22:05\n打不开\n李四 星期三 22:06\n看', '22:05', '张 三'],
    ['微信电脑版：首条只有名字', '张 三:\n打不开\n\n李四 2026/5/6 22:13\n看', null, '张 三'],
    ['飞书：12 小时制', '张 三 5月6日 下午 2:12\n打不开\n李四 5月6日 下午 2:13\n看', '14:12', '张 三'],
    ['钉钉：谁读过不是消息', '张 三\n10:12\n打不开\n3人已读\n李四\n10:13\n看\n全部已读', '10:12', '张 三'],
    ['以数字开头的昵称', '3楼 护士站 2026/5/6 10:12\n打不开\n李四 2026/5/6 10:13\n看', '10:12', '3楼 护士站'],
    [
      '隐去几位的手机号',
      '138****1234 2026/5/6 10:12\n打不开\n李四 2026/5/6 10:13\n看',
      '10:12',
      '138****1234',
    ],
    [
      'QQ：时间在前，号码在后',
      '2026-05-06 10:12:33 张 三(12345678)\n打不开\n\n2026-05-06 10:13:01 李四<l@qq.com>\n看',
      '10:12',
      '张 三',
    ],
    [
      'Teams：姓在前，名在后',
      '[5/6 10:12 AM] Zhang, San\n打不开\n[5/6 10:13 AM] 李四 (Vendor)\n看',
      '10:12',
      'Zhang, San',
    ],
    [
      'Teams: the day of the week',
      "Bob O'Neil  Wednesday 10:12 PM\n打不开\n李四  Wednesday 10:13 PM\n看",
      '22:12',
      "Bob O'Neil",
    ],
    ['Discord', 'ann — 05/06/2026 10:12 AM\n打不开\nbob — 05/06/2026 10:13 AM\n看', '10:12', 'ann'],
    [
      'WhatsApp, day first',
      '06/05/2026, 10:12 - Ann Smith: 打不开\n06/05/2026, 10:13 - Bob: 看',
      '10:12',
      'Ann Smith',
    ],
  ])('%s', (_name, text, time, author) => {
    const [first, second, ...more] = messagesOf(text, day);
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      at: time === null ? null : `2026-05-06T${time}:${text.includes(':33') ? '33' : '00'}+08:00`,
      author,
      text: '打不开',
    });
    expect(second?.text).toBe('看');
  });

  it.each([
    ['Wednesday, May 6, 2026'],
    ['2026年5月6日 星期三'],
    ['------ 2026-05-06 ------'],
    ['6 May 2026'],
  ])('given %s as a line of its own, then the messages below are of that day', (line) => {
    const messages = messagesOf(`${line}\nAnn Smith 10:12 AM\nlogin fails\nBob 10:13 AM\nlooking`);
    expect(messages.map((message) => message.at)).toEqual(['2026-05-06T10:12:00', '2026-05-06T10:13:00']);
  });

  it('given days in words, then they move the date as far as they lie apart', () => {
    const text = '张工 昨天 10:05\n打不开\n李工 昨天 10:06\n看\n张工 11:30\n好了';
    expect(messagesOf(text, day).map((message) => message.at?.slice(0, 16))).toEqual([
      '2026-05-06T10:05',
      '2026-05-06T10:06',
      '2026-05-07T11:30',
    ]);
  });

  it('given names and words without a single time, then no time is made up', () => {
    const messages = messagesOf('张工：支付打不开\n李工：重启了\n张工：恢复了', day);
    expect(messages.map((message) => [message.at, message.author])).toEqual([
      [null, '张工'],
      [null, '李工'],
      [null, '张工'],
    ]);
    const { started, detected, mitigated, resolved } = summarize(messages);
    expect([started, detected, mitigated, resolved]).toEqual([null, null, null, null]);
  });

  it('given everything in one line, then name, time and words come apart', () => {
    expect(
      messagesOf('[2026-05-06 10:12:33] 张工: 登不上：报 500\n[2026-05-06 10:14:00] 李工：在看'),
    ).toEqual([
      { at: '2026-05-06T10:12:33', author: '张工', text: '登不上：报 500' },
      { at: '2026-05-06T10:14:00', author: '李工', text: '在看' },
    ]);
  });

  it('given no day anywhere, then no time is guessed', () => {
    const messages = messagesOf('10:12 张工：支付页面报错\n10:30 李工：恢复了');
    expect(messages.map((message) => message.at)).toEqual([null, null]);
    expect(summarize(messages).resolved).toBeNull();
  });

  it('given times that pass midnight, then the next day begins', () => {
    const messages = messagesOf('23:58 张工：报错了\n00:07 李工：在看', day);
    expect(messages.map((message) => message.at)).toEqual([
      '2026-05-06T23:58:00+08:00',
      '2026-05-07T00:07:00+08:00',
    ]);
  });

  it('given a message that begins with a time of its own, then it stays inside the message', () => {
    const messages = messagesOf('张工 2026/5/6 10:12:33\n经过如下\n10:05 左右开始变慢，10:10 打不开\n', day);
    expect(messages).toHaveLength(1);
    expect(messages[0]?.text).toContain('10:05 左右开始变慢');
  });
});

describe('IRC logs', () => {
  it('reads irssi, with its day lines, and leaves joins out', () => {
    const text =
      '--- Log opened Wed May 06 00:00:00 2026\n10:12 <@ann> site is down\n10:13 -!- joe [~j@host] has joined #ops\n10:14 < bob> looking\n--- Day changed Thu May 07 2026\n00:02 <ann> back up';
    expect(messagesOf(text).map((message) => [message.at, message.author, message.text])).toEqual([
      ['2026-05-06T10:12:00', 'ann', 'site is down'],
      ['2026-05-06T10:14:00', 'bob', 'looking'],
      ['2026-05-07T00:02:00', 'ann', 'back up'],
    ]);
  });

  it.each([
    ['WeeChat, copied from its window', '10:12:01       ann | site is down\n10:14:00       bob | looking'],
    ['HexChat', 'May 06 10:12:01 <ann>\tsite is down\nMay 06 10:14:00 <bob>\tlooking'],
    ['ZNC', '[10:12:01] <ann> site is down\n[10:12:30] *** Joins: joe\n[10:14:00] <bob> looking'],
  ])('reads %s', (_name, text) => {
    expect(messagesOf(text, day)).toEqual([
      { at: '2026-05-06T10:12:01+08:00', author: 'ann', text: 'site is down' },
      { at: '2026-05-06T10:14:00+08:00', author: 'bob', text: 'looking' },
    ]);
  });

  it('reads WeeChat', () => {
    const text =
      '2026-05-06 10:12:01\tann\tsite is down\n2026-05-06 10:12:30\t-->\tjoe joined\n2026-05-06 10:14:00\t@bob\tlooking';
    expect(messagesOf(text).map((message) => message.author)).toEqual(['ann', 'bob']);
  });
});

describe('the bullet list of a post-mortem', () => {
  it('takes the day and the zone from headings, and keeps cause and follow-ups as statements', () => {
    const text =
      '# Search outage 2026-05-06\n\n## Timeline (UTC)\n\n- 10:12 - Alert fires\n- **10:20** rollback started\n* 11:05: service restored\n\n## Root cause\nA bad index template\n';
    expect(messagesOf(text)).toEqual([
      { at: '2026-05-06T10:12:00Z', author: null, text: 'Alert fires' },
      { at: '2026-05-06T10:20:00Z', author: null, text: 'rollback started' },
      { at: '2026-05-06T11:05:00Z', author: null, text: 'service restored' },
      { at: null, author: null, text: 'Root cause: A bad index template' },
    ]);
  });

  it('given headings that are times, then what stands below each is its entry', () => {
    const text =
      '# Outage\n\nAll times in UTC\n\n### 2026-05-06 10:12\n\nAlert fires\n\n### 10:40\n\nRolled back.\nService is up.\n';
    expect(messagesOf(text)).toEqual([
      { at: '2026-05-06T10:12:00Z', author: null, text: 'Alert fires' },
      { at: '2026-05-06T10:40:00Z', author: null, text: 'Rolled back.\nService is up.' },
    ]);
  });

  it.each([
    ['summer', 'May 6, 2026', '-07:00'],
    ['winter', 'January 6, 2026', '-08:00'],
  ])('given a zone of a region in %s, then the day decides its offset', (_name, date, offset) => {
    const [first, second] = messagesOf(`${date}\n10:12 AM PT – Alert fires\n1:40 PM PT – Rolled back`);
    expect(first?.at?.slice(10)).toBe(`T10:12:00${offset}`);
    expect(second).toMatchObject({ text: 'Rolled back' });
  });

  it('given times that are only about right, then they head their entries all the same', () => {
    const text = '2026-05-06\n~10:12 变慢\n约10:20 收到告警\n10:40左右 恢复';
    expect(messagesOf(text).map((message) => [message.at?.slice(11, 16), message.text])).toEqual([
      ['10:12', '变慢'],
      ['10:20', '收到告警'],
      ['10:40', '恢复'],
    ]);
  });

  it.each([
    [
      'the time below',
      'Resolved - It works again.\nMay 6, 11:05 UTC\nInvestigating - We see errors.\nMay 6, 10:12 UTC',
    ],
    [
      'the time above',
      'May 06, 2026 - 10:12 UTC\nInvestigating - We see errors.\nMay 06, 2026 - 11:05 UTC\nResolved - It works again.',
    ],
  ])('reads a status page with %s, oldest first', (_name, text) => {
    expect(messagesOf(text, day)).toEqual([
      { at: '2026-05-06T10:12:00Z', author: null, text: 'Investigating - We see errors.' },
      { at: '2026-05-06T11:05:00Z', author: null, text: 'Resolved - It works again.' },
    ]);
  });

  it('reads a table', () => {
    const text = '| 时间 | 事项 |\n|---|---|\n| 2026-05-06 10:12 | 收到告警 |\n| 10:40 | 恢复正常 |';
    expect(messagesOf(text).map((message) => [message.at, message.text])).toEqual([
      ['2026-05-06T10:12:00', '收到告警'],
      ['2026-05-06T10:40:00', '恢复正常'],
    ]);
  });
});

describe('a native Slack export', () => {
  const files = new Map([
    [
      'users.json',
      JSON.stringify([{ id: 'U1', name: 'ann', profile: { display_name: 'Ann' } }, { broken: true }]),
    ],
    ['channels.json', '[]'],
    [
      'ops/2026-05-06.json',
      JSON.stringify([
        {
          type: 'message',
          user: 'U1',
          ts: '1778033400.000200',
          thread_ts: '1778033400.000200',
          text: '<@U1> see <https://x.test/a|the graph> &amp; <#C9|ops> <!here>',
        },
        { type: 'message', subtype: 'channel_join', user: 'U1', ts: '1778033300.000100', text: 'joined' },
        {
          type: 'message',
          subtype: 'bot_message',
          username: 'alertbot',
          ts: '1778032800.000100',
          text: '',
          attachments: [{ fallback: 'CPU &gt; 90%' }],
        },
        { type: 'message', user: 'U7', ts: 'never', text: 'no time' },
        'not an object',
      ]),
    ],
  ]);

  it('comes in order of time, with names for ids, entities as words and nothing that calls anybody', () => {
    const imported = fromSlackFiles(files);
    expect(imported).toEqual({
      ok: true,
      format: 'slack',
      messages: [
        { at: '2026-05-06T02:00:00Z', author: 'alertbot', text: 'CPU > 90%', ts: '1778032800.000100' },
        {
          at: '2026-05-06T02:10:00Z',
          author: 'Ann',
          text: '@Ann see the graph (https://x.test/a) & #ops @here',
          ts: '1778033400.000200',
          thread_ts: '1778033400.000200',
        },
      ],
    });
  });

  it('is read from a zip with a folder around it', () => {
    const zip = zipSync(
      Object.fromEntries([...files].map(([name, text]) => [`export/${name}`, strToU8(text)])),
    );
    const imported = importBytes(zip);
    expect(imported.ok && imported.messages.length).toBe(2);
  });
});

describe('what is no conversation', () => {
  const many = zipSync({ 'ops/2026-05-06.json': new Uint8Array(1 << 20) }, { level: 9 });

  it.each([
    ['an empty file', new Uint8Array(), 'empty'],
    ['a binary file', new Uint8Array([9, 0, 0, 7]), 'binary'],
    ['broken JSON', strToU8('{"messages":['), 'Not valid JSON'],
    ['JSON of something else', strToU8('{"rows":[1]}'), 'no usable messages'],
    ['a message that is a number', strToU8('{"messages":[{"text":5}]}'), 'messages.0.text'],
    ['prose', strToU8('Once upon a time there was a server.'), 'No message was recognised'],
    ['a broken zip', new Uint8Array([0x50, 0x4b, 3, 4, 1, 2, 3]), 'zip'],
    ['a zip without messages', zipSync({ 'readme.txt': strToU8('hi') }), 'no Slack export'],
    ['a zip of noughts', many, 'not a valid Slack message file'],
  ])('given %s, then one sentence says so in both languages', (_name, bytes, words) => {
    const imported = importBytes(bytes);
    if (imported.ok) throw new Error('was read');
    expect(imported.en).toContain(words);
    expect(imported.zh).toMatch(/[\u4e00-\u9fff]/);
  });

  it('given a zip that claims to unpack to more than any export, then it is not unpacked', () => {
    const bomb = zipSync({ 'ops/2026-05-06.json': strToU8('[]') });
    const view = new DataView(bomb.buffer, bomb.byteOffset, bomb.byteLength);
    for (let at = 0; at + 4 < bomb.length; at += 1) {
      // The size after unpacking stands 24 bytes into an entry of the archive's directory.
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 900 * 1024 * 1024, true);
    }
    const imported = importBytes(bomb);
    expect(imported.ok ? '' : imported.en).toContain('512 MB');
  });

  it('given text in GB18030, then it is read as Chinese', () => {
    // "10:12 张工：报错" in GB18030.
    const bytes = new Uint8Array([
      0x31, 0x30, 0x3a, 0x31, 0x32, 0x20, 0xd5, 0xc5, 0xb9, 0xa4, 0xa3, 0xba, 0xb1, 0xa8, 0xb4, 0xed,
    ]);
    const imported = importBytes(bytes);
    expect(imported.ok && imported.messages[0]).toMatchObject({ author: '张工', text: '报错' });
  });
});
