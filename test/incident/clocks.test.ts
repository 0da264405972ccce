import { describe, expect, it } from 'vitest';
import { MINUTE, START, story } from './given.ts';

const due = (minutes: number): number => START + minutes * MINUTE;

describe('call back', () => {
  it('L60 L131 at once when the system is down: five minutes', () => {
    expect(story().reported().clock('callback').deadline).toBe(due(5));
  });
  it('L131 half an hour when it is not', () => {
    expect(story().reported({ systemDown: false }).clock('callback').deadline).toBe(due(30));
  });
  it('stops at first contact and is met or missed by when that occurred, not by when it was typed', () => {
    const told = story()
      .reported()
      .advance(20)
      .when('duty', { type: 'contact', note: null }, { ago: 16, reason: '忙于处置' })
      .thenAccepted();
    expect(told.clock('callback').status).toBe('met');
    expect(
      story().reported().advance(6).when('duty', { type: 'contact', note: null }).clock('callback').status,
    ).toBe('missed');
  });
});

describe('arrival', () => {
  it('L66 two hours from the report', () => {
    expect(story().reported().severity('blue').clock('arrival').deadline).toBe(due(120));
  });
  it.each(['yellow', 'orange', 'red'] as const)('L184 L189 L194 one hour for %s', (level) => {
    expect(story().reported().severity(level).clock('arrival').deadline).toBe(due(60));
  });
  it('L69 one hour at a special time', () => {
    expect(story().reported({ specialTime: true }).severity('blue').clock('arrival').deadline).toBe(due(60));
  });
  it('shows the other reading, from dispatch', () => {
    const told = story()
      .reported()
      .severity('yellow')
      .advance(20)
      .when('duty', { type: 'dispatch', person: null, to: null });
    expect(told.clock('arrival').others).toEqual([
      expect.objectContaining({ reading: 'from-dispatch', deadline: due(80) }),
    ]);
  });
  it('does not run where everything is served remotely', () => {
    expect(story().reported({ remoteOnly: true }).hasClock('arrival')).toBe(false);
  });
});

describe('diagnosis', () => {
  it('L72 one hour from the report, which the vendor cannot delay', () => {
    const told = story()
      .reported()
      .severity('yellow')
      .advance(30)
      .when('duty', { type: 'contact', note: null });
    expect(told.clock('diagnosis').deadline).toBe(due(60));
    expect(told.clock('diagnosis').others.map((one) => one.reading)).toEqual(['from-contact', 'from-site']);
  });
  it('stops when a cause is stated, not when one is suspected', () => {
    const told = story()
      .reported()
      .severity('yellow')
      .when('duty', { type: 'state-cause', text: '怀疑数据库', confirmed: false });
    expect(told.clock('diagnosis').status).toBe('running');
    told.when('duty', { type: 'state-cause', text: '连接泄漏', confirmed: true });
    expect(told.clock('diagnosis').status).toBe('met');
  });
});

describe('restore and advice', () => {
  const onSite = (level: 'blue' | 'yellow' | 'orange' | 'red') =>
    story().reported().severity(level).advance(40).when('duty', { type: 'arrive', note: null });
  it.each(['blue', 'yellow', 'orange'] as const)('L74 eight hours from arrival for %s', (level) => {
    expect(onSite(level).clock('restore').deadline).toBe(due(40 + 480));
  });
  it('L198 two hours for red; the reading "every level" is shown beside it', () => {
    expect(onSite('red').clock('restore').deadline).toBe(due(40 + 120));
    expect(onSite('yellow').clock('restore').others).toEqual([
      expect.objectContaining({ reading: 'two-hours', deadline: due(40 + 120) }),
    ]);
  });
  it('waits until somebody is on site', () => {
    expect(story().reported().severity('yellow').clock('restore').status).toBe('waiting');
  });
  it('starts at first contact where everything is served remotely', () => {
    const told = story()
      .reported({ remoteOnly: true })
      .severity('yellow')
      .advance(3)
      .when('duty', { type: 'contact', note: null });
    expect(told.clock('restore').deadline).toBe(due(3 + 480));
  });
  it('L19 L77 assisting runs the advice clock, four hours from arrival, in the place of the restore clock', () => {
    const told = onSite('yellow').when('duty', {
      type: 'choose-accountability',
      accountability: 'assist',
      component: 'network',
      reason: null,
    });
    expect(told.clock('advice').deadline).toBe(due(40 + 240));
    expect(told.hasClock('restore')).toBe(false);
    told.when('duty', { type: 'advise', text: '检查核心交换机' });
    expect(told.clock('advice').status).toBe('met');
  });
});

describe('reports after the incident', () => {
  const resolved = () =>
    story()
      .reported()
      .severity('yellow')
      .when('duty', { type: 'state-cause', text: '连接泄漏', confirmed: true })
      .when('ops', { type: 'restore', note: null })
      .advance(30)
      .when('duty', { type: 'resolve', note: null });
  it('L130 the service report within twelve hours of resolution', () => {
    expect(resolved().clock('service-report').deadline).toBe(due(30 + 720));
  });
  it('only the service report stops the twelve-hour clock', () => {
    const told = resolved().when('duty', {
      type: 'deliver-report',
      report: 'handling',
      to: '应急保障负责人',
    });
    expect(told.clock('service-report').status).toBe('running');
    expect(told.clock('handling-report').status).toBe('met');
    told.advance(60).when('duty', { type: 'deliver-report', report: 'service', to: '应急保障负责人' });
    expect(told.clock('service-report').status).toBe('met');
  });
  it('a report cannot be delivered before the incident is resolved', () => {
    story()
      .reported()
      .when('duty', { type: 'deliver-report', report: 'service', to: 'x' })
      .thenRefused('wrong-state');
  });
  it('a re-opened incident takes the report clock back', () => {
    const told = resolved().when('ops', { type: 'reopen', reason: '又报错' });
    expect(told.clock('service-report').status).toBe('waiting');
  });
});

describe('warnings', () => {
  it('come once at 50 %, 80 % and the deadline', () => {
    const told = story().reported({ systemDown: false }).severity('blue').advance(120);
    const callback = told.events.filter(
      (event) =>
        (event.body.type === 'ClockWarned' || event.body.type === 'ClockBreached') &&
        event.body.clock === 'callback',
    );
    expect(callback.map((event) => (event.occurred - START) / MINUTE)).toEqual([15, 24, 30]);
    expect(callback.map((event) => event.body.type)).toEqual(['ClockWarned', 'ClockWarned', 'ClockBreached']);
  });
  it('do not come for a clock that has stopped', () => {
    const told = story().reported().when('duty', { type: 'contact', note: null }).advance(60);
    expect(told.of('ClockBreached').some((one) => one.clock === 'callback')).toBe(false);
  });
  it('come anew when a raised severity shortens the limit', () => {
    const told = story().reported().severity('blue').advance(70).severity('red').advance(1);
    expect(told.of('ClockBreached').some((one) => one.clock === 'arrival' && one.deadline === due(60))).toBe(
      true,
    );
  });
  it('the status update is asked for again and again: red 15, orange 30, yellow 60 minutes, blue never', () => {
    const breaches = (level: 'blue' | 'yellow' | 'orange' | 'red') =>
      story()
        .reported()
        .severity(level)
        .advance(65)
        .of('ClockBreached')
        .filter((one) => one.clock === 'status-update')
        .map((one) => (one.deadline - START) / MINUTE);
    expect(breaches('red')).toEqual([15]);
    expect(breaches('orange')).toEqual([30]);
    expect(breaches('yellow')).toEqual([60]);
    expect(breaches('blue')).toEqual([]);
    const told = story()
      .reported()
      .severity('red')
      .advance(10)
      .when('duty', { type: 'update-status', text: '正在排查' });
    expect(told.clock('status-update').deadline).toBe(due(25));
  });
});

describe('pauses', () => {
  const running = () => story().reported().severity('yellow').advance(10);
  it('count only once the customer’s side confirms', () => {
    const told = running().when('duty', { type: 'pause', clock: 'diagnosis', reason: '等客户提供日志' });
    expect(told.clock('diagnosis').status).toBe('running');
    told.when('duty', { type: 'confirm-pause', clock: 'diagnosis' }).thenRefused('not-allowed');
    told.when('ops', { type: 'confirm-pause', clock: 'diagnosis' }).thenAccepted();
    expect(told.clock('diagnosis').status).toBe('paused');
    told.advance(20).when('duty', { type: 'resume', clock: 'diagnosis' });
    expect(told.clock('diagnosis')).toMatchObject({
      deadline: due(80),
      gross: 30 * MINUTE,
      net: 10 * MINUTE,
    });
  });
  it('an unconfirmed pause moves nothing', () => {
    const told = running()
      .when('duty', { type: 'pause', clock: 'diagnosis', reason: '等日志' })
      .advance(20)
      .when('duty', { type: 'resume', clock: 'diagnosis' });
    expect(told.clock('diagnosis').deadline).toBe(due(60));
  });
  it('no warning comes while the clock stands', () => {
    const told = running()
      .when('ops', { type: 'pause', clock: 'diagnosis', reason: '我们在取日志' })
      .advance(300);
    expect(told.of('ClockBreached').some((one) => one.clock === 'diagnosis')).toBe(false);
  });
  it('ask a reason, a running clock, and no second pause', () => {
    running().when('duty', { type: 'pause', clock: 'diagnosis', reason: '' }).thenRefused('reason-missing');
    running().when('duty', { type: 'pause', clock: 'restore', reason: 'x' }).thenRefused('clock-not-running');
    running()
      .when('duty', { type: 'pause', clock: 'diagnosis', reason: 'x' })
      .when('duty', { type: 'pause', clock: 'diagnosis', reason: 'y' })
      .thenRefused('already-paused');
  });
});

describe('two times on every event', () => {
  it('a time long past asks why, keeps both times and is marked', () => {
    const told = story().reported().advance(40);
    told.when('duty', { type: 'arrive', note: null }, { ago: 10 }).thenRefused('backdate-reason-missing');
    told.when('duty', { type: 'arrive', note: null }, { ago: 10, reason: '机房没有信号' }).thenAccepted();
    expect(told.events.at(-1)).toMatchObject({
      occurred: due(30),
      recorded: due(40),
      backdated: '机房没有信号',
    });
  });
  it('a few minutes need no reason and are not marked', () => {
    expect(
      story().reported().advance(40).when('duty', { type: 'arrive', note: null }, { ago: 3 }).events.at(-1)
        ?.backdated,
    ).toBeNull();
  });
  it('the future and the time before the report are refused', () => {
    story()
      .reported()
      .when('duty', { type: 'arrive', note: null }, { ago: -10 })
      .thenRefused('time-in-future');
    story()
      .reported()
      .when('duty', { type: 'arrive', note: null }, { ago: 10, reason: 'x' })
      .thenRefused('before-report');
  });
  it('a time recorded by mistake is withdrawn with a reason, and the clock runs again', () => {
    const told = story()
      .reported()
      .severity('yellow')
      .advance(20)
      .when('duty', { type: 'arrive', note: null });
    told.when('duty', { type: 'arrive', note: null }).thenRefused('already-recorded');
    told.when('duty', { type: 'withdraw', moment: 'on-site', reason: '走错机房' }).thenAccepted();
    expect(told.clock('arrival').status).toBe('running');
  });
});
