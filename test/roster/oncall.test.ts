import { describe, expect, it } from 'vitest';
import { missingQualifications } from '../../src/roster/directory.ts';
import { callingOrder, isHoliday, rosterProblems, shifts } from '../../src/roster/oncall.ts';
import type { Config } from '../../src/roster/schema.ts';
import { ROSTER } from '../incident/given.ts';

const ZONE = 'Asia/Shanghai';
const at = (local: string): number => Date.parse(`${local}+08:00`);
const HOUR = 3_600_000;

function roster(parts: Partial<Config>): Config {
  return { ...ROSTER, ...parts };
}
const weekly = roster({
  rotations: { '1': { every: 'week', people: ['duty', 'duty2'], since: '2026-11-02', handover: '09:00' } },
});

describe('a rotation', () => {
  it('weekly: hands over at nine on Monday', () => {
    expect(callingOrder(weekly, 1, at('2026-11-09T08:59:00'), ZONE)[0]).toBe('duty');
    expect(callingOrder(weekly, 1, at('2026-11-09T09:00:00'), ZONE)[0]).toBe('duty2');
    expect(callingOrder(weekly, 1, at('2026-11-16T09:00:00'), ZONE)[0]).toBe('duty');
  });

  it('daily: at three in the night it is still yesterday’s engineer', () => {
    const daily = roster({
      rotations: { '1': { every: 'day', people: ['duty', 'duty2'], since: '2026-11-23', handover: '09:00' } },
    });
    expect(callingOrder(daily, 1, at('2026-11-24T03:00:00'), ZONE)).toEqual(['duty', 'duty2']);
    expect(callingOrder(daily, 1, at('2026-11-24T10:00:00'), ZONE)).toEqual(['duty2', 'duty']);
  });

  it('before it began it counts backwards', () => {
    expect(callingOrder(weekly, 1, at('2026-10-28T12:00:00'), ZONE)[0]).toBe('duty2');
  });

  it('an override comes first, and only for its time', () => {
    const swapped = roster({
      ...weekly,
      overrides: [
        {
          tier: 1,
          from: '2026-11-10T18:00:00+08:00',
          to: '2026-11-11T09:00:00+08:00',
          person: 'rd1',
          reason: '换班',
        },
      ],
    });
    expect(callingOrder(swapped, 1, at('2026-11-10T20:00:00'), ZONE)).toEqual(['rd1', 'duty2', 'duty']);
    expect(callingOrder(swapped, 1, at('2026-11-11T09:00:00'), ZONE)[0]).toBe('duty2');
  });

  it('holidays have people of their own; 调休 workdays are workdays', () => {
    const festive = roster({
      rotations: {
        '1': { every: 'day', people: ['duty'], since: '2026-09-28', handover: '00:00', holidays: ['duty2'] },
      },
    });
    expect(isHoliday(at('2026-10-01T12:00:00'), ZONE)).toBe(true);
    expect(isHoliday(at('2026-10-10T12:00:00'), ZONE)).toBe(false);
    expect(callingOrder(festive, 1, at('2026-10-01T12:00:00'), ZONE)[0]).toBe('duty2');
    expect(callingOrder(festive, 1, at('2026-10-10T12:00:00'), ZONE)[0]).toBe('duty');
  });

  it('daylight saving moves no hand-over', () => {
    const berlin = roster({
      rotations: { '1': { every: 'day', people: ['duty', 'duty2'], since: '2026-10-24', handover: '09:00' } },
    });
    const zone = 'Europe/Berlin';
    expect(callingOrder(berlin, 1, Date.parse('2026-10-24T09:00:00+02:00'), zone)[0]).toBe('duty');
    expect(callingOrder(berlin, 1, Date.parse('2026-10-25T09:00:00+01:00'), zone)[0]).toBe('duty2');
    expect(callingOrder(berlin, 1, Date.parse('2026-10-25T08:59:00+01:00'), zone)[0]).toBe('duty');
  });
});

describe('what hurts later', () => {
  it('a gap is shown, and the page still has somebody to go to', () => {
    const days = roster({
      rotations: {
        '1': {
          every: 'day',
          people: ['duty'],
          since: '2026-11-23',
          handover: '09:00',
          hours: { from: '09:00', to: '21:00' },
        },
      },
    });
    const { gaps } = rosterProblems(days, at('2026-11-23T09:00:00'), 1, ZONE);
    expect(gaps).toEqual([
      { tier: 1, from: at('2026-11-23T21:00:00'), to: at('2026-11-24T09:00:00'), person: null, why: 'gap' },
    ]);
    expect(callingOrder(days, 1, at('2026-11-24T03:00:00'), ZONE)).toEqual(['duty', 'duty2']);
  });

  it('one person in two tiers at once is shown', () => {
    const double = roster({ tiers: { '1': ['duty'], '2': ['duty', 'rd1'] } });
    expect(rosterProblems(double, at('2026-11-23T09:00:00'), 1, ZONE).doubles[0]).toMatchObject({
      person: 'duty',
      tiers: [1, 2],
    });
  });

  it('shifts cover the span without holes', () => {
    const all = shifts(weekly, 1, at('2026-11-02T00:00:00'), at('2026-11-20T00:00:00'), ZONE);
    expect(all.slice(1).every((one, index) => one.from === all[index]?.to)).toBe(true);
    expect(all.map((one) => one.person)).toEqual(['duty2', 'duty', 'duty2', 'duty']);
    expect((all[1]?.to ?? 0) - (all[1]?.from ?? 0)).toBe(7 * 24 * HOUR);
  });
});

describe('L210–211 qualifications', () => {
  const held = { certified: true, years: 3, largeProjects: 3, trainingWeeksPerYear: 3 };
  const person = (qualifications: typeof held | undefined) => ({
    id: 'x',
    name: 'x',
    org: 'apusic',
    language: 'zh' as const,
    contacts: [],
    accounts: {},
    qualifications,
  });
  it.each([
    [held, []],
    [{ ...held, certified: false }, ['certified']],
    [{ ...held, years: 2.9 }, ['years']],
    [{ ...held, largeProjects: 2 }, ['largeProjects']],
    [{ ...held, trainingWeeksPerYear: 2 }, ['trainingWeeksPerYear']],
    [undefined, ['certified', 'years', 'largeProjects', 'trainingWeeksPerYear']],
  ])('%o lacks %o', (qualifications, missing) => {
    expect(missingQualifications(person(qualifications))).toEqual(missing);
  });
});
