import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose, loadKnowledge } from '../../src/diagnosis/index.ts';
import { maskEstate } from '../../src/secrets/estate.ts';

const ALL = { addresses: true, hosts: true, accounts: true };
const masked = (text: string, registered: readonly string[] = []): string =>
  maskEstate(text, ALL, registered).text;

describe('what a customer keeps to itself', () => {
  it.each([
    ['10.20.3.4:7001 refused', '［地址1］:7001 refused'],
    ['fe80::1ff:fe23:4567:890a is down', '［地址1］ is down'],
    ['ether 02:42:ac:11:00:02', 'ether ［地址1］'],
    ['jdbc:mysql://db-01.si.gov.cn:3306/si?user=si_app', 'jdbc:mysql://［主机1］:3306/si?user=［账号1］'],
    [
      'jdbc:oracle:thin:scott/******@//ora1:1521/orcl',
      'jdbc:oracle:thin:［账号1］/******@//［主机1］:1521/orcl',
    ],
    [
      'password authentication failed for user "si_app"',
      'password authentication failed for user "［账号1］"',
    ],
    ['java.net.UnknownHostException: si-db', 'java.net.UnknownHostException: ［主机1］'],
    ['[deploy@app01 ~]$ jstack 1', '[［账号1］@［主机1］ ~]$ jstack 1'],
    ['Nov 25 03:12:01 app01 sshd[99]: session opened', 'Nov 25 03:12:01 ［主机1］ sshd[99]: session opened'],
    ['/home/zhangsan/apusic/logs', '/home/［账号1］/apusic/logs'],
  ])('%s', (text, shown) => {
    expect(masked(text)).toBe(shown);
  });

  it.each([
    'at com.apusic.net.Http.run(Http.java:123)',
    '12:30:45.123 ERROR c.a.Main: main:122',
    'listening on 127.0.0.1 and localhost:6888',
    'user null has no role',
    '2026-11-24T03:12:01+08:00 [http-nio-8080-exec-3] WARN o.a.c.C',
  ])('lets stand what names no machine and nobody: %s', (text) => {
    expect(masked(text)).toBe(text);
  });

  it('the same machine is the same number, in the next log as well', () => {
    const first = maskEstate('10.0.0.1 → 10.0.0.2, again 10.0.0.1', ALL, []);
    expect(first.text).toBe('［地址1］ → ［地址2］, again ［地址1］');
    expect(maskEstate('10.0.0.2 and 10.0.0.3', ALL, [], first.names).text).toBe('［地址2］ and ［地址3］');
  });

  it('a machine of the register is known wherever it stands', () => {
    expect(masked('node1 hangs, node12 does not', ['node1'])).toBe('［主机1］ hangs, node12 does not');
  });

  it('only what the rule names', () => {
    const rule = { addresses: false, hosts: true, accounts: false };
    expect(maskEstate('user=app at db01:1521 (10.0.0.9)', rule, []).text).toBe(
      'user=app at ［主机1］:1521 (10.0.0.9)',
    );
  });

  it('given any log of a customer, then no address, host or account of it is left, and masking again changes nothing', () => {
    const octet = fc.integer({ min: 1, max: 254 });
    const address = fc
      .tuple(octet, octet, octet, octet)
      .map((parts) => parts.join('.'))
      .filter((one) => !one.startsWith('127.'));
    const host = fc.stringMatching(/^[a-z]{2,6}-[a-z]{2,6}[0-9]{1,3}$/);
    const account = fc.stringMatching(/^[a-z]{3,8}_[a-z]{2,6}$/);
    const line = fc
      .tuple(address, host, account)
      .chain(([ip, name, user]) =>
        fc
          .constantFrom(
            `Connection refused: ${name}/${ip}:1521`,
            `jdbc:kingbase8://${name}:54321/si?user=${user}`,
            `FATAL: role "${user}" does not exist, client ${ip}`,
            `Accepted password for ${user} from ${ip} port 22`,
            `ssh ${user}@${name}`,
            `java.net.UnknownHostException: ${name}; user=${user}`,
          )
          .map((text) => ({ text, values: [ip, name, user].filter((value) => text.includes(value)) })),
      );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (lines) => {
        const text = lines.map((one) => one.text).join('\n');
        const once = maskEstate(text, ALL, []);
        for (const value of lines.flatMap((one) => one.values)) {
          expect(once.text.split(/[^\w.-]+/)).not.toContain(value);
        }
        expect(once.text.split('\n')).toHaveLength(lines.length);
        expect(maskEstate(once.text, ALL, [], once.names).text).toBe(once.text);
      }),
      { numRuns: 300 },
    );
  });

  it('given any text at all, then masking again changes nothing and no line is lost', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const once = maskEstate(text, ALL, ['node1']);
        expect(maskEstate(once.text, ALL, ['node1'], once.names).text).toBe(once.text);
        expect(once.text.split('\n')).toHaveLength(text.split('\n').length);
      }),
      { numRuns: 500 },
    );
  });

  const cases = fileURLToPath(new URL('../../../shared/logs/dev-cases.jsonl', import.meta.url));
  it.skipIf(!existsSync(cases))('a masked log is recognised as the raw one is', () => {
    const knowledge = loadKnowledge();
    for (const row of readFileSync(cases, 'utf8').trim().split('\n')) {
      const { text }: { text: string } = JSON.parse(row);
      const [raw] = diagnose(text, knowledge).findings;
      const [hidden] = diagnose(masked(text), knowledge).findings;
      expect(hidden?.fault).toBe(raw?.fault);
    }
  });
});
