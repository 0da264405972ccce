import { describe, expect, it } from 'vitest';
import { clocksFor, clocksSeenBy, type OrgClock } from '../../src/incident/org-clocks.ts';
import { MINUTE, type Story, story } from './given.ts';

/** A system is down, we have answered, and the database vendor was asked for its DBA. */
const joint = (options: { remoteOnly?: boolean } = {}): Story =>
  story()
    .reported(options)
    .severity('red')
    .when('duty', { type: 'acknowledge', page: null, route: 'room' })
    .advance(10)
    .when('ops', { type: 'need', post: 'senior-dba', org: null, reason: null, override: null });

const handed = (told: Story, to: string, reason = '锁等待在数据库内核'): Story =>
  told.when('emergency-lead', { type: 'hand-lead', to, reason });

const own = (told: Story, org = 'dbvendor'): readonly OrgClock[] =>
  clocksFor(told.incident, told.plan, told.now, org);
const ids = (all: readonly { readonly id: string }[]): string[] => all.map((one) => one.id);

describe('L19 the lead is handed over with a reason', () => {
  it('given two organisations in the room, when the lead is handed over, our restore clock gives way to advice', () => {
    const told = joint();
    expect(told.hasClock('restore')).toBe(true);
    expect(told.hasClock('advice')).toBe(false);
    handed(told, 'dbvendor').thenAccepted();
    expect(told.of('LeadHandedOver')).toMatchObject([{ from: 'apusic', to: 'dbvendor' }]);
    expect(told.hasClock('restore')).toBe(false);
    expect(told.hasClock('advice')).toBe(true);
    handed(told, 'apusic', '数据库已排除').thenAccepted();
    expect(told.hasClock('restore')).toBe(true);
    expect(told.hasClock('advice')).toBe(false);
  });

  it('between two others our advice clock stays as it is', () => {
    const told = handed(joint(), 'dbvendor').when('emergency-lead', {
      type: 'invite-organisation',
      org: 'cloud',
    });
    handed(told, 'cloud', '云盘时延').thenAccepted();
    expect(told.of('LeadHandedOver').at(-1)).toMatchObject({ from: 'dbvendor', to: 'cloud' });
    expect(told.of('AccountabilityChosen')).toHaveLength(1);
    expect(told.hasClock('advice')).toBe(true);
  });

  it('wants a reason, an organisation that is in the room, and another one than leads already', () => {
    handed(joint(), 'dbvendor', ' ').thenRefused('reason-missing');
    handed(joint(), 'cloud').thenRefused('not-in-room');
    handed(joint(), 'nobody').thenRefused('unknown-organisation');
    handed(joint(), 'apusic').thenRefused('leads-already');
  });

  it('whoever leads is not removed, and nobody declares us leading meanwhile', () => {
    const told = handed(joint(), 'dbvendor');
    told
      .when('emergency-lead', { type: 'remove-organisation', org: 'dbvendor', reason: '误邀' })
      .thenRefused('leads-already');
    told
      .when('duty', {
        type: 'choose-accountability',
        accountability: 'lead',
        component: null,
        reason: '我们来',
      })
      .thenRefused('lead-elsewhere');
  });
});

describe('L247–310 each organisation has its own clocks', () => {
  it('the acknowledgement runs from the call to its people until one of them takes it', () => {
    const told = joint().advance(3);
    expect(own(told).find((one) => one.id === 'acknowledgement')).toMatchObject({
      status: 'running',
      minutes: 5,
    });
    told.when('dba2', { type: 'acknowledge', page: null, route: 'room' }).advance(30);
    expect(own(told).find((one) => one.id === 'acknowledgement')).toMatchObject({
      status: 'met',
      net: 3 * MINUTE,
    });
  });

  it('an acknowledgement that comes late is missed, however often was called', () => {
    const told = joint().advance(7).when('dba2', { type: 'acknowledge', page: null, route: 'room' });
    expect(own(told).find((one) => one.id === 'acknowledgement')?.status).toBe('missed');
  });

  it('L66 its arrival runs from when it was asked, and ends no promise of ours', () => {
    const told = joint().when('dba2', { type: 'acknowledge', page: null, route: 'room' }).advance(20);
    told.when('dba2', { type: 'arrive', note: null }).thenAccepted();
    expect(own(told).find((one) => one.id === 'arrival')).toMatchObject({
      status: 'met',
      net: 20 * MINUTE,
    });
    expect(told.clock('arrival').status).toBe('running');
    told.when('duty', { type: 'arrive', note: null }).thenAccepted();
    expect(told.clock('arrival').status).toBe('met');
    told.when('dba2', { type: 'arrive', note: null }).thenRefused('already-recorded');
  });

  it('L76 it owes advice while it assists, and its advice stops its own clock alone', () => {
    const told = joint().when('dba2', { type: 'acknowledge', page: null, route: 'room' });
    handed(told, 'dbvendor');
    handed(told, 'apusic', '回到我方');
    expect(ids(own(told))).toContain('advice');
    expect(ids(own(told))).not.toContain('restore');
    told.when('dba2', { type: 'arrive', note: null }).advance(60);
    told.when('dba2', { type: 'advise', text: '释放会话 118' }).thenAccepted();
    expect(own(told).find((one) => one.id === 'advice')).toMatchObject({ status: 'met', net: 60 * MINUTE });
    expect(told.incident.moments['advice-given']).toBeUndefined();
  });

  it('L74 it owes the restoring while it leads, from its own arrival', () => {
    const told = handed(joint(), 'dbvendor').advance(20);
    told.when('dba2', { type: 'arrive', note: null }).advance(50);
    expect(own(told).find((one) => one.id === 'restore')).toMatchObject({
      status: 'running',
      minutes: 120,
      gross: 50 * MINUTE,
    });
    told.when('duty', { type: 'restore', note: null });
    expect(own(told).find((one) => one.id === 'restore')?.status).toBe('met');
  });

  it('served remotely, its first response takes the place of the arrival', () => {
    const told = joint({ remoteOnly: true }).advance(4);
    expect(ids(own(told))).toEqual(expect.arrayContaining(['callback', 'advice']));
    expect(ids(own(told))).not.toContain('arrival');
    told.when('dba2', { type: 'acknowledge', page: null, route: 'room' });
    expect(own(told).find((one) => one.id === 'callback')).toMatchObject({
      status: 'met',
      net: 4 * MINUTE,
    });
    expect(own(told).find((one) => one.id === 'advice')?.status).toBe('running');
  });

  it('a time recorded by mistake is undone for its own organisation alone', () => {
    const told = joint();
    told.when('duty', { type: 'arrive', note: null }).when('dba2', { type: 'arrive', note: null });
    told.when('dba2', { type: 'withdraw', moment: 'on-site', reason: '记错' }).thenAccepted();
    expect(told.clock('arrival').status).toBe('met');
    expect(own(told).find((one) => one.id === 'arrival')?.status).toBe('running');
    told
      .when('dba2', { type: 'withdraw', moment: 'on-site', reason: '再来' })
      .thenRefused('nothing-to-withdraw');
  });

  it('L131 whoever reaches the customer first has made the first contact', () => {
    const told = joint().when('dba2', { type: 'contact', note: null }).thenAccepted();
    expect(told.incident.moments['first-contact']?.at).toBe(told.now);
    expect(told.clock('callback').stoppedAt).toBe(told.now);
  });

  it('an organisation that was not asked has none', () => {
    expect(own(joint(), 'cloud')).toEqual([]);
  });
});

describe('L247–310 who sees which clocks', () => {
  it('the customer and we see ours; others the joint ones and their own; several together the joint ones', () => {
    const told = joint();
    const seen = (eyes: Parameters<typeof clocksSeenBy>[3]): string[] =>
      ids(clocksSeenBy(told.incident, told.plan, told.now, eyes));
    const ours = ['callback', 'arrival', 'diagnosis', 'restore', 'escalation', 'status-update'];
    expect(seen({ org: 'apusic', side: 'vendor' })).toEqual(expect.arrayContaining(ours));
    expect(seen({ org: 'customer', side: 'customer' })).toEqual(expect.arrayContaining(ours));
    expect(seen(null)).toEqual(['callback', 'status-update']);
    expect(seen({ org: 'dbvendor', side: 'partner' })).toEqual([
      'callback',
      'status-update',
      'acknowledgement',
      'arrival',
      'advice',
    ]);
    expect(seen({ org: 'cloud', side: 'partner' })).toEqual(['callback', 'status-update']);
  });

  it('which are joint is data of the plan', () => {
    const told = joint();
    const clocks = told.plan.clocks.map((one) =>
      one.id === 'restore' ? { ...one, scope: 'joint' as const } : one,
    );
    const seen = clocksSeenBy(told.incident, { ...told.plan, clocks }, told.now, null);
    expect(ids(seen)).toContain('restore');
  });
});
