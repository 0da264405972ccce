import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { diagnose, loadKnowledge } from '../../src/diagnosis/index.ts';
import { readStamp } from '../../src/diagnosis/when.ts';

const knowledge = loadKnowledge();
const found = (name: string) =>
  diagnose(
    readFileSync(fileURLToPath(new URL(`../samples/platform/${name}`, import.meta.url)), 'utf8'),
    knowledge,
  ).findings;

describe('the kernel, systemd, Kubernetes, a crashed JVM', () => {
  it.each([
    ['dmesg.txt', 'os-oom-killed', { pid: 22110, process: 'java', rss: '7920844kB' }],
    ['memcg.txt', 'os-oom-killed', { pid: 4711, memoryLimit: '4194304kB', host: 'worker-07' }],
    [
      'k8s.txt',
      'os-oom-killed',
      { pod: 'tax-core-7d9f8b6c5d-x2k9p', node: 'worker-07', exitCode: 137, memoryLimit: '4Gi' },
    ],
    ['journal.txt', 'process-killed', { signal: '9/KILL', service: 'apusic.service', host: 'app-02' }],
    [
      'hs-err.txt',
      'jvm-crash',
      {
        signal: 'SIGSEGV',
        pid: 31337,
        frame: expect.stringContaining('libnet_native.so'),
        jdk: expect.stringContaining('25.342'),
      },
    ],
  ])('%s tells %s with its facts', (name, fault, facts) => {
    expect(found(name)[0]).toMatchObject({ fault, facts });
    expect(found(name)[0]?.confidence).toBeGreaterThanOrEqual(0.8);
  });
});

describe('the status of a pool', () => {
  it.each([
    ['druid.json.txt', { active: 20, max: 20, waiting: 37, pool: 'DataSource-1001' }],
    ['druid-ex.txt', { active: 20, max: 20, wait: 60000 }],
    ['hikari.txt', { active: 20, total: 20, waiting: 11, pool: 'HikariPool-1' }],
    ['hikari2.txt', { active: 10, total: 10, waiting: 42, pool: 'HikariPool-1' }],
  ])('%s: all connections are in use', (name, facts) => {
    expect(found(name)[0]).toMatchObject({ fault: 'jdbc-pool-exhausted', facts });
    expect(found(name)[0]?.confidence).toBeGreaterThanOrEqual(0.7);
  });
  it('a Druid status that prints no maximum is a suspicion only', () => {
    expect(found('druid-str.txt')[0]).toMatchObject({ fault: 'jdbc-pool-exhausted', confidence: 0.4 });
  });
  it.each(['druid-ok.json.txt', 'hikari-ok.txt'])('%s is healthy', (name) => expect(found(name)).toEqual([]));
  it('a pool with free places that gets no connections is the database’s fault', () => {
    expect(found('druid-db.txt').map(({ fault }) => fault)[0]).toBe('db-unreachable');
  });
});

describe('times as logs print them', () => {
  it.each<[string, string | null, string | null]>([
    ['<Aug 10, 2014 1:41:37 AM CST> <Error>', 'CST', null],
    ['<Nov 28, 2023 1:03:20,626 PM KST> <Error>', 'KST', '2023-11-28T04:03:20.626Z'],
    [
      '####<Aug 10, 2014 1:41:37 AM CST> <Error> <S> <h> <s1> <t> <u> <> <> <1407606097000> <BEA-1>',
      'CST',
      '2014-08-09T17:41:37.000Z',
    ],
    ['<2014-8-11 下午04时50分58秒 CST> <Critical>', 'CST', null],
    ['[2015-09-28T06:24:32.750-0400] [glassfish 4.1]', '-0400', '2015-09-28T10:24:32.750Z'],
    ['[x] [timeMillis: 1443435872750] 2015-09-28 06:24:32', null, '2015-09-28T10:24:32.750Z'],
    ['2024-12-04 14:01:48.931 INFO [main]', null, null],
    ['[2021-12-23 13:40:52 793]', null, null],
    ['25-May-2015 16:06:20.304 INFO', null, null],
    ['2026-10-04T10:14:22Z stdout', 'Z', '2026-10-04T10:14:22.000Z'],
    ['1.2.3.4 - - [10/Aug/2014:01:41:37 +0800] "GET /"', '+0800', '2014-08-09T17:41:37.000Z'],
    ['Sep 15 12:08:17 app-01 kernel:', null, null],
  ])('%s', (text, zone, at) => {
    const stamp = readStamp(text);
    expect(stamp?.zone ?? null).toBe(zone);
    expect(stamp?.at == null ? null : new Date(stamp.at).toISOString()).toBe(at);
    expect(text).toContain(stamp?.raw);
  });
  it('the Chinese afternoon is the second half of the day', () => {
    const local = (text: string) => new Date(readStamp(text)?.local ?? 0).toISOString().slice(11, 16);
    expect(local('<2014-8-11 下午04时50分58秒 CST>')).toBe('16:50');
    expect(local('<2014-8-11 下午12时05分58秒 CST>')).toBe('12:05');
    expect(local('<2014-8-11 上午12时05分58秒 CST>')).toBe('00:05');
  });
  it('a text without a time has none', () => {
    for (const text of ['', 'at com.acme.X.run(X.java:12)', '1004277.657: [GC', '[18492.104] oom'])
      expect(readStamp(text)).toBeNull();
  });
});
