import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { room } from '../summary/room.ts';
import { warroom } from '../support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'summarize-'));
const file = join(folder, 'room.json');

beforeAll(() => {
  writeFileSync(file, JSON.stringify({ messages: room }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('warroom summarize', () => {
  it('prints the facts as JSON and nothing else, each with the messages behind it', async () => {
    const ran = await warroom(['summarize', '--format', 'json', file]);
    const summary = JSON.parse(ran.out);
    expect(ran.code).toBe(0);
    expect(Object.keys(summary)).toEqual([
      'started',
      'detected',
      'mitigated',
      'resolved',
      'cause',
      'impact',
      'actions',
      'timeline',
    ]);
    expect(summary.started).toEqual({ value: '2026-05-06T09:58:00+08:00', cites: [2] });
    expect(summary.resolved.cites).toEqual([7]);
    expect(summary.cause.value).toContain('归档日志把数据盘写满');
  });

  it('reads the conversation from standard input', async () => {
    const ran = await warroom(['summarize', '--format', 'md', '--lang', 'en', '-'], {
      input: JSON.stringify({ messages: room }),
    });
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/^# Summary of an incident conversation/);
  });

  it('reads a native Slack export, as a folder and as a zip, to the same facts', async () => {
    const users = [{ id: 'U01', name: 'ann', profile: { display_name: 'Ann' } }];
    const day = [
      {
        type: 'message',
        user: 'U01',
        ts: '1778032800.000100',
        text: 'Checkout is down since 09:55 UTC, all requests fail &lt;timeout&gt;',
      },
      {
        type: 'message',
        user: 'U02',
        ts: '1778033400.000200',
        text: '<@U01> root cause is a full disk on db-1',
      },
      { type: 'message', subtype: 'channel_join', user: 'U03', ts: '1778033500.000200', text: 'has joined' },
    ];
    const files = { 'users.json': JSON.stringify(users), 'incident/2026-05-06.json': JSON.stringify(day) };
    const exported = join(folder, 'export');
    mkdirSync(join(exported, 'incident'), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(exported, name), text);
    const zipped = join(folder, 'export.zip');
    const encoder = new TextEncoder();
    writeFileSync(
      zipped,
      zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, encoder.encode(text)]))),
    );
    const [fromFolder, fromZip] = await Promise.all([
      warroom(['summarize', exported]),
      warroom(['summarize', zipped]),
    ]);
    expect(fromFolder.code).toBe(0);
    expect(fromZip.out).toBe(fromFolder.out);
    expect(JSON.parse(fromZip.out).cause.value).toContain('full disk on db-1');
  });

  it('given a file that is no conversation, then it says what it wants, on standard error alone', async () => {
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{"messages": [');
    const binary = join(folder, 'binary.dat');
    writeFileSync(binary, Buffer.from([1, 0, 2, 0, 3]));
    const other = join(folder, 'other.json');
    writeFileSync(other, '{"rows": []}');
    const cases: [string, string][] = [
      [broken, 'JSON'],
      [binary, 'binary'],
      [other, '"messages"'],
      [join(folder, 'missing.json'), 'missing.json'],
    ];
    for (const [path, words] of cases) {
      const ran = await warroom(['summarize', path]);
      expect([ran.code, ran.out], path).toEqual([2, '']);
      expect(ran.err, path).toContain(words);
    }
  });

  it('given a format nobody knows, then it lists the ones there are', async () => {
    const ran = await warroom(['summarize', '--format', 'odt', file]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('docx');
  });

  it('given times without a day, then --date and --zone place them', async () => {
    const chat = join(folder, 'chat.txt');
    writeFileSync(chat, '10:12 张工：支付页面报错\n10:30 李工：恢复了\n');
    const ran = await warroom(['summarize', '--date', '2026-05-06', '--zone', '+08:00', chat]);
    expect(JSON.parse(ran.out).resolved.value).toBe('2026-05-06T10:30:00+08:00');
    const wrong = await warroom(['summarize', '--date', 'yesterday', chat]);
    expect([wrong.code, wrong.out]).toEqual([2, '']);
  });
});
