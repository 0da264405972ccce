import { describe, expect, it } from 'vitest';
import type { ClockId } from '../../src/incident/plan.ts';
import { MINUTE, PLAN, ROSTER, START, type Story, story } from './given.ts';

/** Minutes after the report at which a clock was said to be breached. */
const breaches = (told: Story, clock: ClockId): readonly number[] =>
  told.events.flatMap((event) =>
    event.body.type === 'ClockBreached' && event.body.clock === clock
      ? [(event.occurred - START) / MINUTE]
      : [],
  );
const raised = (told: Story): readonly string[] =>
  told.events.flatMap((event) =>
    event.body.type === 'TierRaised' ? [`${event.body.tier} +${(event.occurred - START) / MINUTE}`] : [],
  );
const contact = { type: 'contact', note: null } as const;
const arrive = { type: 'arrive', note: null } as const;
const ack = { type: 'acknowledge', page: null, route: 'phone' } as const;
const restore = { type: 'restore', note: null } as const;

/** Time passes, and whoever is called answers within a minute: only the ladder raises anybody then. */
function answering(told: Story, minutes: number): Story {
  for (let minute = 0; minute < minutes; minute += 1) {
    for (const page of told.incident.pages.filter((one) => one.status === 'open'))
      told.when(page.person, ack);
    told.advance(1);
  }
  return told;
}

/** Resolved 30 minutes after the report, as a fault that was repaired. */
const resolved = (): Story =>
  story()
    .reported()
    .severity('orange')
    .advance(10)
    .when('duty', arrive)
    .when('duty', { type: 'state-cause', text: '连接池耗尽', confirmed: true })
    .advance(20)
    .when('duty', restore)
    .when('duty', { type: 'resolve', note: null })
    .thenAccepted();

describe('the plan’s clocks, as time passes', () => {
  it('L60 the system is down: nobody calls back, and five minutes later that is a breach', () => {
    expect(breaches(story().reported().advance(60), 'callback')).toEqual([5]);
  });

  it('L131 the system limps: the call back has half an hour', () => {
    expect(breaches(story().reported({ systemDown: false }).advance(60), 'callback')).toEqual([30]);
    const told = story().reported({ systemDown: false }).advance(29).when('duty', contact).advance(60);
    expect(breaches(told, 'callback')).toEqual([]);
  });

  it('L66 nobody on site after two hours', () => {
    expect(breaches(story().reported().severity('blue').advance(200), 'arrival')).toEqual([120]);
  });

  it('L69 at a special time after one', () => {
    const told = story().reported({ specialTime: true }).severity('blue').advance(200);
    expect(breaches(told, 'arrival')).toEqual([60]);
  });

  it.each([
    ['L184', 'yellow'],
    ['L189', 'orange'],
    ['L194', 'red'],
  ] as const)('%s %s: after one hour, and not when somebody arrived in time', (_line, level) => {
    expect(breaches(story().reported().severity(level).advance(200), 'arrival')).toEqual([60]);
    const there = story().reported().severity(level).advance(59).when('duty', arrive).advance(200);
    expect(breaches(there, 'arrival')).toEqual([]);
  });

  it('L72 no cause stated an hour after the report; a suspicion is none', () => {
    const told = story()
      .reported()
      .severity('orange')
      .advance(30)
      .when('duty', { type: 'state-cause', text: '也许是网络', confirmed: false })
      .advance(60);
    expect(breaches(told, 'diagnosis')).toEqual([60]);
  });

  it('L74 our own fault: eight hours from arrival, escalations included', () => {
    const told = story().reported().severity('orange').advance(40).when('duty', arrive).advance(600);
    expect(breaches(told, 'restore')).toEqual([40 + 480]);
  });

  it('L198 red: two hours from arrival', () => {
    const told = story().reported().severity('red').advance(40).when('duty', arrive).advance(600);
    expect(breaches(told, 'restore')).toEqual([40 + 120]);
  });

  it('L77 another’s fault: four hours from arrival to advise, and no clock to restore', () => {
    const told = story()
      .reported()
      .severity('orange')
      .when('duty', {
        type: 'choose-accountability',
        accountability: 'assist',
        component: 'network',
        reason: null,
      })
      .thenAccepted()
      .advance(40)
      .when('duty', arrive)
      .advance(600);
    expect(breaches(told, 'advice')).toEqual([40 + 240]);
    expect(breaches(told, 'restore')).toEqual([]);
  });

  it('L131 served remotely: restoring counts from the first contact', () => {
    const told = story()
      .reported({ remoteOnly: true })
      .severity('red')
      .advance(3)
      .when('duty', contact)
      .advance(300);
    expect(breaches(told, 'restore')).toEqual([3 + 120]);
    expect(breaches(told, 'arrival')).toEqual([]);
  });

  it('L215 not every tier has taken it two hours after the report', () => {
    expect(breaches(story().reported().severity('red').advance(300), 'escalation')).toEqual([120]);
  });

  it('L130 the service report is due twelve hours after the resolution', () => {
    expect(breaches(resolved().advance(24 * 60), 'service-report')).toEqual([30 + 720]);
  });

  it('L198 the fault handling report, as the plan file says: a day', () => {
    expect(breaches(resolved().advance(48 * 60), 'handling-report')).toEqual([30 + 1440]);
  });

  it('L136 the parts report, as the plan file says: a day', () => {
    expect(breaches(resolved().advance(48 * 60), 'parts-report')).toEqual([30 + 1440]);
  });

  it('not printed: a status is due again and again, every quarter of an hour in red, until the service is back', () => {
    const told = story().reported().severity('red').when('duty', ack).advance(14);
    told.when('duty', { type: 'update-status', text: '正在切换' }).advance(20);
    expect(breaches(told, 'status-update')).toEqual([14 + 15]);
    const quiet = breaches(told.when('duty', restore).advance(120), 'status-update').length;
    expect(quiet).toBe(1);
  });

  it('not printed: approvals are asked for after ten minutes, then the deputies as well', () => {
    const told = story().reported().severity('orange').proposed().advance(25);
    const asked = told
      .of('ApprovalReminded')
      .filter((one) => one.action === told.incident.actions.at(-1)?.id);
    expect(asked.map((one) => one.deputies)).toEqual([false, true]);
  });

  it('every clock warns at half and at four fifths before it breaches', () => {
    const told = story().reported().severity('blue').advance(200);
    const warned = told.events.flatMap((event) =>
      event.body.type === 'ClockWarned' && event.body.clock === 'arrival'
        ? [`${event.body.percent} % +${(event.occurred - START) / MINUTE}`]
        : [],
    );
    expect(warned).toEqual(['50 % +60', '80 % +96']);
  });

  it('an edited plan rewrites no breach of the past', () => {
    const told = story().reported().severity('blue').advance(130);
    expect(breaches(told, 'arrival')).toEqual([120]);
    const easier = {
      ...PLAN,
      version: 'edited',
      clocks: PLAN.clocks.map((one) => ({
        ...one,
        readings: one.readings.map((reading) => ({
          ...reading,
          limits: reading.limits.map((limit) => ({ ...limit, minutes: limit.minutes * 10 })),
        })),
      })),
    };
    const later = story({ plan: easier }).reported().severity('blue').advance(130);
    expect(breaches(later, 'arrival')).toEqual([]);
    expect(told.incident.pinned.planVersion).toBe(PLAN.version);
    expect(later.incident.pinned.planVersion).toBe('edited');
  });
});

describe('the plan’s tiers, as time passes', () => {
  it('L210 first a certified engineer of the vendor, before a colleague who is none', () => {
    const people = ROSTER.people.map((one) =>
      one.id === 'duty' ? { ...one, qualifications: undefined } : one,
    );
    const told = story({ roster: { ...ROSTER, people } }).reported();
    expect(told.pagedPeople()).toEqual(['duty2']);
  });

  it('L212–L215 orange and red: core R&D, directors, scientists, each before two hours are over', () => {
    for (const level of ['orange', 'red'] as const) {
      const told = answering(story().reported().severity(level), 120);
      expect(raised(told)).toEqual(['1 +0', '2 +30', '3 +60', '4 +90']);
      expect(breaches(told, 'escalation')).toEqual([]);
    }
  });

  it('L132 yellow and blue: one hour after the arrival, then one tier every two hours', () => {
    for (const level of ['yellow', 'blue'] as const) {
      const told = answering(story().reported().severity(level), 40).when('duty', arrive);
      expect(raised(answering(told, 400))).toEqual(['1 +0', '2 +100', '3 +220', '4 +340']);
    }
  });

  it('L132 the ladder rests once the service is back', () => {
    const told = story().reported().severity('red').when('duty', ack).advance(40).when('duty', restore);
    expect(raised(told.advance(300))).toEqual(['1 +0', '2 +30']);
  });

  it('L213 with the third tier the general manager is told, and not called', () => {
    const told = story().reported().severity('red').when('duty', ack).advance(60);
    expect(told.of('PersonNotified').filter((one) => one.post === 'general-manager').length).toBe(1);
    expect(told.pagedPeople()).not.toContain('gm');
  });

  it('L215 exceptional impact: R&D is called in the first moment', () => {
    const told = story().reported({ exceptional: true });
    expect(told.pagedPeople()).toContain('rd1');
    expect(raised(told)).toContain('2 +0');
  });

  it('a tier that nobody can be reached in is skipped aloud and the next one is called', () => {
    const people = ROSTER.people.map((one) => (one.id.startsWith('rd') ? { ...one, contacts: [] } : one));
    const told = story({ roster: { ...ROSTER, people } })
      .reported()
      .severity('red')
      .when('duty', ack);
    told.advance(31);
    expect(told.of('TierSkipped').map((one) => one.tier)).toEqual([2]);
    expect(told.pagedPeople()).toContain('cto');
  });

  it.each(['resolve', 'close'] as const)('after %s nobody is called any more', (how) => {
    const told = story().reported().severity('red').advance(40).when('duty', arrive).when('duty', restore);
    if (how === 'resolve') told.when('duty', { type: 'resolve', note: '已重启，原因待查' }).thenAccepted();
    else
      told
        .when('emergency-lead', { type: 'close', as: 'false-alarm', into: null, reason: '误报' })
        .thenAccepted();
    const before = told.of('PersonPaged').length;
    expect(told.advance(600).of('PersonPaged').length).toBe(before);
    expect(told.incident.pages.some((page) => page.status === 'open')).toBe(false);
  });
});

describe('taking it on', () => {
  const take = { type: 'take' } as const;

  it('answers what is being called and is one’s own to answer', () => {
    const told = story().reported().when('duty', take).thenAccepted();
    expect(told.incident.pages.map((page) => page.status)).toEqual(['acknowledged']);
    expect(told.advance(20).pagedPeople()).toEqual(['duty']);
  });

  it('takes over without being called, engages the tier and disturbs nobody’s telephone', () => {
    const told = story().reported().severity('red').when('duty', ack).advance(10).when('rd2', take);
    told.thenAccepted();
    const own = told.incident.pages.find((page) => page.person === 'rd2');
    expect(own).toMatchObject({ status: 'acknowledged', tier: 2, because: 'taken' });
    expect(told.incident.participants.some((one) => one.person === 'rd2')).toBe(true);
  });

  it('a stranger to the roster is refused', () => {
    story().reported().when('nobody', take).thenRefused('not-allowed');
  });
});
