import { describe, expect, it } from 'vitest';
import { readAppointment } from '../../commands/reading/appointment.ts';
import { fullTime } from '../../src/words/time.ts';
import { MINUTE, START, type Story, story } from './given.ts';

const DAY = 24 * 60;
const resolved = (): Story =>
  story()
    .reported()
    .severity('yellow')
    .when('ops', { type: 'restore', note: null })
    .when('duty', { type: 'resolve', note: '待分析' });

describe('L198 the review meeting', () => {
  it('is set for a time to come, and everybody is reminded an hour before', () => {
    const told = resolved();
    told.when('duty', { type: 'schedule-review', on: told.now - MINUTE, where: null });
    expect(told.refused?.code).toBe('review-in-past');
    told.when('duty', { type: 'schedule-review', on: told.now + 2 * DAY * MINUTE, where: '三楼会议室' });
    told.advance(2 * DAY - 61);
    expect(told.of('ReviewReminded')).toHaveLength(0);
    told.advance(2);
    expect(told.of('ReviewReminded')).toHaveLength(1);
    told.advance(3 * DAY);
    expect(told.of('ReviewReminded')).toHaveLength(1);
  });

  it('set anew it reminds anew; held it reminds no more', () => {
    const told = resolved();
    told.when('duty', { type: 'schedule-review', on: told.now + DAY * MINUTE, where: null });
    told.when('duty', { type: 'schedule-review', on: told.now + 2 * DAY * MINUTE, where: null });
    told.when('duty', { type: 'hold-review', attendees: ['ops', 'duty'] });
    told.advance(3 * DAY);
    expect(told.of('ReviewReminded')).toHaveLength(0);
    expect(told.incident.review?.heldAt).not.toBeNull();
  });
});

describe('corrective actions', () => {
  const withAction = (days: number): Story => {
    const told = resolved();
    return told.when('emergency-lead', {
      type: 'follow-up',
      text: '加会话数告警',
      owner: 'duty',
      due: '那天',
      dueAt: told.now + days * DAY * MINUTE,
    });
  };

  it('remind their owner the day before, on the day, and every day after until they are done', () => {
    const told = withAction(3).advance(DAY * 2 + 1);
    expect(told.of('FollowUpReminded')).toEqual([
      expect.objectContaining({ followUp: 'F1', overdue: false, person: 'duty' }),
    ]);
    told.advance(DAY);
    expect(told.of('FollowUpReminded').map((one) => one.overdue)).toEqual([false, true]);
    told.advance(DAY);
    expect(told.of('FollowUpReminded')).toHaveLength(3);
    told.when('duty', { type: 'finish-follow-up', followUp: 'f1', proof: '变更单 2026-118，告警已触发一次' });
    expect(told.refused).toBeNull();
    told.advance(5 * DAY);
    expect(told.of('FollowUpReminded')).toHaveLength(3);
  });

  it('that were due before they were written down remind once a day and not all at once', () => {
    const told = withAction(-10).advance(1);
    expect(told.of('FollowUpReminded')).toHaveLength(1);
    told.advance(DAY);
    expect(told.of('FollowUpReminded')).toHaveLength(2);
  });

  it('do not remind for ever', () => {
    const told = withAction(1).advance(60 * DAY);
    expect(told.of('FollowUpReminded')).toHaveLength(told.plan.review.followUpReminders);
  });

  it('are done with a proof only, and once', () => {
    const told = withAction(3);
    told.when('duty', { type: 'finish-follow-up', followUp: 'F1', proof: ' ' });
    expect(told.refused?.code).toBe('text-missing');
    told.when('duty', { type: 'finish-follow-up', followUp: 'F7', proof: '已做' });
    expect(told.refused).toMatchObject({ code: 'no-such-follow-up', params: { known: 'F1' } });
    told.when('duty', { type: 'finish-follow-up', followUp: 'F1', proof: '已做' });
    told.when('duty', { type: 'finish-follow-up', followUp: 'F1', proof: '又做' });
    expect(told.refused?.code).toBe('follow-up-done');
  });
});

describe('satisfaction', () => {
  it('is for the customer to say, after the service is back', () => {
    const told = story().reported();
    told.when('emergency-lead', { type: 'give-satisfaction', score: 5, text: null });
    expect(told.refused?.code).toBe('not-restored');
    const over = resolved();
    over.when('duty', { type: 'give-satisfaction', score: 5, text: null });
    expect(over.refused?.code).toBe('not-allowed');
    for (const score of [0, 6, 4.5, Number.NaN]) {
      over.when('emergency-lead', { type: 'give-satisfaction', score, text: null });
      expect(over.refused?.code).toBe('score-out-of-range');
    }
    over.when('emergency-lead', { type: 'give-satisfaction', score: 3, text: '到场慢' });
    over.when('emergency-lead', { type: 'give-satisfaction', score: 4, text: '' });
    expect(over.incident.satisfaction).toEqual({ person: 'emergency-lead', score: 4, text: null });
  });
});

describe('a time to come is read as people write it', () => {
  const read = (text: string): string => {
    const { at } = readAppointment(text, START, 'Asia/Shanghai', 10);
    return at === null ? 'none' : fullTime(at, 'Asia/Shanghai').slice(0, 16);
  };
  // START is a Tuesday, 2026-11-24 03:12.
  it.each([
    ['2026-11-26 14:30', '2026-11-26 14:30'],
    ['11月28日', '2026-11-28 10:00'],
    ['11/28 下午3点', '2026-11-28 15:00'],
    ['明天 9:30', '2026-11-25 09:30'],
    ['后天下午3点半', '2026-11-26 15:30'],
    ['周四 10:00', '2026-11-26 10:00'],
    ['下周一', '2026-11-30 10:00'],
    ['next Mon 9:00', '2026-11-30 09:00'],
    ['3天内', '2026-11-27 10:00'],
    ['1月5日', '2027-01-05 10:00'],
    ['改好版本 8.0', 'none'],
    ['把三分之一流量切走', 'none'],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('leaves the rest of the sentence alone', () => {
    const { rest, typed } = readAppointment('存储链路分接两个交换模块 12月15日', START, 'Asia/Shanghai', 18);
    expect(rest).toBe('存储链路分接两个交换模块');
    expect(typed).toBe('12月15日');
  });
});
