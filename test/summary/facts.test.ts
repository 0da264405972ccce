import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT } from '../../src/config.ts';
import { type Message, summarize } from '../../src/summary/index.ts';
import { type Figures, figures, isContained, samplesIn, score } from './score.ts';

const OWN = join(PROJECT, 'test/samples/conversations');
/** Lies beside the project where the project is built; a checkout elsewhere has the own samples alone. */
const BESIDE = join(PROJECT, '../shared/conversations');

const print = (name: string, found: Figures): void => {
  const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
  process.stdout.write(
    `${name}: ${found.conversations} conversations, times ${percent(found.times)}, cause and impact ${percent(found.causeAndImpact)}, actions recall ${percent(found.recall)} precision ${percent(found.precision)}; wrong: ${found.wrong.join(', ') || 'none'}; open: ${found.open.join(', ') || 'none'}\n`,
  );
};

const at = (clock: string): string => `2026-05-06T${clock}:00+08:00`;
const room = (...lines: readonly [string, string, string][]): Message[] =>
  lines.map(([clock, author, text]) => ({ at: at(clock), author, text }));

describe('facts of conversations', () => {
  const own = samplesIn(OWN);

  it('finds the facts of our own conversations', () => {
    const found = figures(own.map(score));
    print('own', found);
    expect(found.conversations).toBeGreaterThanOrEqual(90);
    expect(found.times).toBeGreaterThanOrEqual(0.95);
    expect(found.causeAndImpact).toBeGreaterThanOrEqual(0.9);
    expect(found.wrong.length).toBeLessThanOrEqual(4);
    expect(found.recall).toBeGreaterThanOrEqual(0.8);
    expect(found.precision).toBeGreaterThanOrEqual(0.6);
  });

  it.skipIf(!existsSync(BESIDE))(
    'finds the facts of the conversations beside the project (skipped: not there)',
    () => {
      const found = figures(samplesIn(BESIDE).map(score));
      print('beside', found);
      expect(found.times).toBeGreaterThanOrEqual(0.9);
      expect(found.causeAndImpact).toBeGreaterThanOrEqual(0.85);
      expect(found.recall).toBeGreaterThanOrEqual(0.8);
      expect(found.precision).toBeGreaterThanOrEqual(0.6);
    },
  );

  it('every value stands in the messages it cites, and is no longer than 200 characters', () => {
    for (const sample of own) {
      const { cause, impact, actions } = summarize(sample.messages);
      for (const fact of [cause, impact, ...actions]) {
        if (fact === null) continue;
        expect(fact.value.length, sample.id).toBeLessThanOrEqual(200);
        expect(isContained(fact, sample.messages), `${sample.id}: ${fact.value}`).toBe(true);
      }
    }
  });

  it('a suspected cause is no cause, and one that was taken back is none either', () => {
    const guessed = room(['09:00', '甲', '登录报错'], ['09:05', '乙', '可能是缓存满了']);
    expect(summarize(guessed).cause).toBeNull();
    const withdrawn = [
      ...guessed,
      ...room(['09:10', '乙', '不是缓存，收回我刚才的话'], ['09:20', '丙', '查明了，是证书过期导致的']),
    ];
    expect(summarize(withdrawn).cause).toEqual({ value: expect.stringContaining('证书过期'), cites: [3] });
  });

  it('a root cause that was named stands, though its part is well again', () => {
    const { cause } = summarize(
      room(
        ['09:00', '甲', '登录报错，窗口都停了'],
        ['09:10', '乙', '根本原因是网关证书过期导致握手失败'],
        ['09:20', '乙', '换了新的'],
        ['09:22', '丙', '现在网关证书没问题，不是证书'],
        ['09:25', '甲', '恢复正常'],
      ),
    );
    expect(cause?.cites).toEqual([1]);
  });

  it('what was only passed on from elsewhere brings no relief', () => {
    const { mitigated, resolved } = summarize(
      room(
        ['09:00', '甲', '短信发不出去'],
        ['09:10', '乙', '联系运营商了'],
        ['10:00', '乙', '运营商说好了'],
        ['10:40', '甲', '短信能发了，恢复正常'],
      ),
    );
    expect([mitigated, resolved?.cites]).toEqual([null, [3]]);
  });

  it('a corrected time takes the place of the wrong one', () => {
    const { started } = summarize(
      room(
        ['09:00', '甲', '8:20 开始登录不上'],
        ['09:04', '甲', '更正，是 8:40 不是 8:20'],
        ['09:30', '乙', '重启了，恢复正常'],
      ),
    );
    expect(started).toEqual({ value: at('08:40'), cites: [1] });
  });

  it('an incident that nobody calls over has no end, and a planned end is none', () => {
    const open = room(
      ['09:00', '甲', '窗口全部打不开'],
      ['09:30', '乙', '正在恢复数据，预计 11 点恢复'],
      ['09:40', '丙', '恢复了？'],
      ['09:41', '乙', '还没恢复'],
    );
    const { mitigated, resolved } = summarize(open);
    expect([mitigated, resolved]).toEqual([null, null]);
  });

  it('a false alarm has neither beginning nor end nor harm', () => {
    const { started, mitigated, resolved, impact } = summarize(
      room(
        ['02:10', '监控', '[告警] 探测失败 连续 5 次'],
        ['02:14', '甲', '页面正常，探测机自己断网了'],
        ['02:16', '乙', '误报，关闭'],
      ),
    );
    expect([started, mitigated, resolved, impact]).toEqual([null, null, null, null]);
  });

  it('two incidents in one room do not lend each other their ends', () => {
    const { resolved, cause } = summarize(
      room(
        ['09:00', '甲', '缴费系统打不开，用户都进不去'],
        ['09:05', '乙', '另外一个问题：考勤系统也登不上'],
        ['09:10', '丙', '考勤原因是账号密码到期，已重置'],
        ['09:12', '乙', '考勤能登录了'],
        ['09:20', '丁', '缴费还在查'],
      ),
    );
    expect([resolved, cause]).toEqual([null, null]);
  });
});

describe('times as people write them', () => {
  const startedOf = (text: string): string | undefined =>
    summarize([
      { at: '2026-05-06T10:30:00+08:00', author: '甲', text },
      { at: '2026-05-06T11:00:00+08:00', author: '乙', text: '重启了，恢复正常' },
    ]).started?.value;

  it.each([
    ['9:42 开始登录报错', '2026-05-06T09:42:00+08:00'],
    ['昨天下午3点开始登录报错', '2026-05-05T15:00:00+08:00'],
    ['今早七点半开始登录报错', '2026-05-06T07:30:00+08:00'],
    ['20分钟前开始登录报错', '2026-05-06T10:10:00+08:00'],
    ['logins started failing at 02:10 UTC', '2026-05-06T10:10:00+08:00'],
    ['logins started failing at 10:10 (UTC+8)', '2026-05-06T10:10:00+08:00'],
    ['logins started failing 15 minutes ago', '2026-05-06T10:15:00+08:00'],
    ['logins started failing at 7:10PM PDT', '2026-05-06T10:10:00+08:00'],
    ['5 月 5 日 22:15 起登录失败', '2026-05-05T22:15:00+08:00'],
  ])('%s', (text, expected) => {
    expect(startedOf(text)).toBe(expected);
  });

  it('a time still to come is no beginning', () => {
    expect(startedOf('预计 12:30 开始割接，登录会中断')).toBeUndefined();
  });

  it('given idle talk first, then the report after it is when the trouble was known', () => {
    const { detected } = summarize(
      room(
        ['08:50', '甲', '谁带了充电器'],
        ['09:10', '乙', '取号机打不开了'],
        ['09:20', '丙', '重启了，恢复正常'],
      ),
    );
    expect(detected?.cites).toEqual([1]);
  });

  it('given good news passed on from outside, then the end is what somebody here saw himself', () => {
    const passed = room(
      ['09:00', '甲', '短信发不出去'],
      ['09:10', '乙', '联系运营商了'],
      ['10:00', '乙', '运营商说好了'],
    );
    expect(summarize(passed).resolved).toBeNull();
    const seen = [...passed, ...room(['10:08', '甲', '短信能发了，恢复正常'])];
    expect(summarize(seen).resolved?.cites).toEqual([3]);
  });

  it('given somebody who has the trouble still after the good news, then there is no end', () => {
    const { resolved } = summarize(
      room(
        ['09:00', 'amy', 'our exports fail with a timeout'],
        ['09:20', 'ops', 'restarted the workers, service is back up'],
        ['09:40', 'bob', 'we still see exports failing'],
      ),
    );
    expect(resolved).toBeNull();
  });

  it('given two breakages and a trouble that goes on, then neither is the cause', () => {
    const open = room(
      ['09:00', '甲', '对账跑批停了'],
      ['09:05', '甲', '这次表空间不足'],
      ['09:20', '甲', '又停，主键冲突'],
    );
    expect(summarize(open).cause).toBeNull();
  });

  it('given a named root cause, then what is merely traced later does not take its place', () => {
    const { cause } = summarize(
      room(
        ['09:00', 'amy', 'checkout returns 503 for all users'],
        ['09:20', 'ops', 'Root cause identified: the signing key expired last night'],
        ['10:00', 'ops', 'remaining errors traced to browsers with stale pages'],
      ),
    );
    expect(cause?.cites).toEqual([1]);
  });
});
