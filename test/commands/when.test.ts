import { describe, expect, it } from 'vitest';
import { readWhen } from '../../commands/reading/when.ts';

const ZONE = 'Asia/Shanghai';
const NOW = Date.parse('2026-11-24T03:40:00+08:00');
const at = (iso: string): number => Date.parse(iso);

describe('a time as people type it', () => {
  it.each([
    ['10 分钟前', '2026-11-24T03:30:00+08:00', ''],
    ['10分钟前 机房没信号', '2026-11-24T03:30:00+08:00', '机房没信号'],
    ['半小时前', '2026-11-24T03:10:00+08:00', ''],
    ['十五分钟前', '2026-11-24T03:25:00+08:00', ''],
    ['两小时之前', '2026-11-24T01:40:00+08:00', ''],
    ['20 minutes ago no signal', '2026-11-24T03:20:00+08:00', 'no signal'],
    ['1 hour ago', '2026-11-24T02:40:00+08:00', ''],
    ['03:12', '2026-11-24T03:12:00+08:00', ''],
    ['3点12', '2026-11-24T03:12:00+08:00', ''],
    ['凌晨3点', '2026-11-24T03:00:00+08:00', ''],
    ['昨天 23:50', '2026-11-23T23:50:00+08:00', ''],
    ['昨天下午2点半', '2026-11-23T14:30:00+08:00', ''],
    ['23:50', '2026-11-23T23:50:00+08:00', ''],
    ['2026-11-24 03:12', '2026-11-24T03:12:00+08:00', ''],
    ['2026年11月24日3点12', '2026-11-24T03:12:00+08:00', ''],
    ['at 3:12 am', '2026-11-24T03:12:00+08:00', ''],
  ])('%s', (text, instant, rest) => {
    expect(readWhen(text, NOW, ZONE)).toEqual({ at: at(instant), rest });
  });

  it.each(['', '刚刚', '现在', '机房没有信号', '客户说 500 错误'])('"%s" names no time', (text) => {
    expect(readWhen(text, NOW, ZONE).at).toBeNull();
  });

  it('holds the zone of the plan, over midnight', () => {
    const now = at('2026-11-24T00:05:00+08:00');
    expect(readWhen('10 分钟前', now, ZONE).at).toBe(at('2026-11-23T23:55:00+08:00'));
    expect(readWhen('23:58', now, ZONE).at).toBe(at('2026-11-23T23:58:00+08:00'));
    expect(readWhen('03:12', NOW, 'Europe/Berlin').at).toBe(at('2026-11-23T03:12:00+01:00'));
  });
});
