import { describe, expect, it } from 'vitest';
import { ROSTER, story } from './given.ts';

describe('a page that nobody answers', () => {
  it.each([
    ['red', 5],
    ['orange', 5],
    ['yellow', 15],
    ['blue', 30],
  ] as const)('%s: is repeated after %i minutes', (level, minutes) => {
    const told = story()
      .reported()
      .severity(level)
      .when('duty', { type: 'acknowledge', page: null, route: 'room' });
    told.when('duty', { type: 'page', person: 'dba', tier: null, post: null, reason: null, override: null });
    expect(told.incident.pages.at(-1)?.acknowledgeBy).toBe(told.now + minutes * 60_000);
    told.advance(minutes);
    expect(told.incident.pages.filter((page) => page.person === 'dba').map((page) => page.status)).toEqual([
      'timed-out',
      'open',
    ]);
  });

  it('before a severity is confirmed the shortest wait holds', () => {
    expect(story().reported().advance(5).pagedPeople()).toEqual(['duty', 'duty']);
  });

  it('goes to the same person again, then the next person, then the next tier', () => {
    expect(story().reported().advance(20).pagedPeople()).toEqual(['duty', 'duty', 'duty2', 'duty2', 'rd1']);
  });

  it('goes on, round and round, until a person takes it', () => {
    const told = story().reported().advance(600);
    const people = new Set(told.pagedPeople());
    expect([...people]).toEqual(['duty', 'duty2', 'rd1', 'rd2', 'rd-director', 'cto', 'scientist']);
    expect(told.incident.pages.some((page) => page.status === 'open')).toBe(true);
    expect(told.of('PersonPaged').length).toBeGreaterThan(60);
    told.when('scientist', { type: 'acknowledge', page: null, route: 'room' }).thenAccepted();
    const before = told.of('PersonPaged').length;
    told.advance(300);
    expect(told.of('PersonPaged').length).toBe(before);
  });

  it('L213 the general manager is told when the third tier is raised', () => {
    expect(
      story()
        .reported()
        .advance(60)
        .of('PersonNotified')
        .some((one) => one.person === 'gm' && one.post === 'general-manager'),
    ).toBe(true);
  });
});

describe('answering', () => {
  it('stops the calls, joins the room, and engages the tier', () => {
    const told = story()
      .reported()
      .advance(2)
      .when('duty', { type: 'acknowledge', page: null, route: 'room' })
      .thenAccepted();
    expect(told.incident.tiers[0]?.engagedAt).toBe(told.now);
    expect(told.incident.participants.map((one) => one.person)).toContain('duty');
    expect(told.advance(60).pagedPeople()).toEqual(['duty']);
  });

  it('a colleague of that tier or above may take the call, others may not', () => {
    story()
      .reported()
      .when('ops', { type: 'acknowledge', page: null, route: 'room' })
      .thenRefused('no-open-page');
    story().reported().when('duty2', { type: 'acknowledge', page: null, route: 'room' }).thenAccepted();
    story().reported().when('rd1', { type: 'acknowledge', page: null, route: 'room' }).thenAccepted();
  });

  it('declining asks a reason and calls the next person at once', () => {
    const told = story().reported();
    told.when('duty', { type: 'decline', page: null, reason: '' }).thenRefused('reason-missing');
    told.when('duty', { type: 'decline', page: null, reason: '在另一现场' }).thenAccepted();
    expect(told.pagedPeople()).toEqual(['duty', 'duty2']);
  });

  it('nobody is called for an incident that no longer needs them', () => {
    const told = story().reported().severity('red').when('ops', { type: 'restore', note: null });
    expect(told.incident.pages.map((page) => page.status)).toEqual(['withdrawn']);
    const before = told.pagedPeople().length;
    expect(told.advance(600).pagedPeople().length).toBe(before);
  });
});

describe('tiers', () => {
  const reach = (level: 'red' | 'yellow') => {
    const told = story()
      .reported()
      .severity(level)
      .when('duty', { type: 'acknowledge', page: null, route: 'room' });
    return told;
  };

  it('L215 red: every tier is raised within two hours of the report', () => {
    const told = reach('red').advance(120);
    expect(told.of('TierRaised').map((one) => one.tier)).toEqual([1, 2, 3, 4]);
    expect(Math.max(...told.minutesOf('TierRaised'))).toBeLessThanOrEqual(120);
  });

  it('L215 all tiers engaged in time stops the clock; one tier short does not', () => {
    const told = reach('red');
    for (const person of ['rd1', 'rd-director'])
      told.advance(31).when(person, { type: 'acknowledge', page: null, route: 'room' }).thenAccepted();
    expect(told.clock('escalation').status).toBe('running');
    told.advance(31).when('scientist', { type: 'acknowledge', page: null, route: 'room' }).thenAccepted();
    expect(told.clock('escalation').status).toBe('met');
  });

  it('L132 yellow: an hour after arrival, then one tier every two hours', () => {
    const told = reach('yellow').advance(30).when('duty', { type: 'arrive', note: null });
    told.advance(59);
    expect(told.of('TierRaised').map((one) => one.tier)).toEqual([1]);
    told.advance(2).when('rd1', { type: 'acknowledge', page: null, route: 'room' });
    expect(told.of('TierRaised').map((one) => one.tier)).toEqual([1, 2]);
    told.advance(118).when('rd-director', { type: 'acknowledge', page: null, route: 'room' });
    told.advance(2).when('rd-director', { type: 'acknowledge', page: null, route: 'room' });
    told.advance(121);
    expect(told.minutesOf('TierRaised')).toEqual([0, 90, 210, 330]);
  });

  it('L132 nobody on site: the ladder waits for the arrival, the unanswered pages do not', () => {
    expect(
      reach('yellow')
        .advance(240)
        .of('TierRaised')
        .map((one) => one.tier),
    ).toEqual([1]);
  });

  it('L215 exceptional impact brings R&D in at once', () => {
    expect(
      story()
        .reported({ exceptional: true })
        .of('TierRaised')
        .map((one) => one.tier),
    ).toEqual([1, 2]);
  });

  it('a tier without a reachable person is skipped aloud, and the one above is called in its stead', () => {
    const roster = { ...ROSTER, tiers: { ...ROSTER.tiers, '2': [] } };
    const told = story({ roster })
      .reported()
      .severity('red')
      .when('duty', { type: 'acknowledge', page: null, route: 'room' })
      .advance(31);
    expect(told.of('TierSkipped')).toEqual([expect.objectContaining({ tier: 2 })]);
    expect(told.pagedPeople()).toEqual(['duty', 'rd-director']);
  });

  it('somebody may escalate by hand, with a reason, until there is nobody above', () => {
    const told = reach('red').when('duty', { type: 'escalate', reason: ' ' }).thenRefused('reason-missing');
    for (let tier = 2; tier <= 4; tier += 1)
      told.when('duty', { type: 'escalate', reason: '现场无法定位' }).thenAccepted();
    told.when('duty', { type: 'escalate', reason: '现场无法定位' }).thenRefused('no-higher-tier');
  });
});

describe('who may be sent first', () => {
  const unqualified = {
    ...ROSTER,
    people: ROSTER.people.map((one) =>
      one.id === 'duty'
        ? { ...one, qualifications: { certified: true, years: 1, largeProjects: 4, trainingWeeksPerYear: 3 } }
        : one,
    ),
  };

  it('L210 a qualified colleague is called before one who is not', () => {
    expect(story({ roster: unqualified }).reported().pagedPeople()).toEqual(['duty2']);
  });

  it('L210 an unqualified first responder is refused unless overridden with a reason', () => {
    const told = story({ roster: unqualified }).reported();
    const page = { type: 'page', person: 'duty', tier: null, post: null, reason: null } as const;
    told.when('duty2', { ...page, override: null }).thenRefused('unqualified');
    expect(told.refused?.params.missing).toBe('years');
    told.when('duty2', { ...page, override: '就在机房隔壁' }).thenAccepted();
    expect(told.of('QualificationOverridden')[0]).toMatchObject({
      person: 'duty',
      missing: ['years'],
      reason: '就在机房隔壁',
    });
  });

  it('L210 one who is not qualified answers, takes or is handed the incident first only with a reason', () => {
    const commands = [
      ['duty', { type: 'acknowledge', page: null, route: 'room' }],
      ['duty', { type: 'take' }],
      ['duty2', { type: 'handoff', to: 'duty', note: null }],
    ] as const;
    for (const [by, body] of commands) {
      const told = story({ roster: unqualified }).reported();
      told.when(by, body).thenRefused('unqualified');
      expect(told.of('PageAcknowledged')).toEqual([]);
      told.when(by, { ...body, override: '  ' }).thenRefused('unqualified');
      told.when(by, { ...body, override: '备班失联' }).thenAccepted();
      expect(told.of('QualificationOverridden')).toEqual([
        { type: 'QualificationOverridden', person: 'duty', missing: ['years'], reason: '备班失联' },
      ]);
    }
  });

  it('L210 nobody is asked once a qualified engineer is at work, nor those of a higher tier', () => {
    const told = story({ roster: unqualified }).reported();
    told.when('duty2', { type: 'acknowledge', page: null, route: 'room' }).thenAccepted();
    told.when('duty', { type: 'take' }).thenAccepted();
    const research = story({ roster: unqualified }).reported();
    research.when('rd1', { type: 'acknowledge', page: null, route: 'room' }).thenAccepted();
    expect([...told.events, ...research.events].map((one) => one.body.type)).not.toContain(
      'QualificationOverridden',
    );
  });

  it('L211 with nobody qualified on call somebody is sent and the record says so', () => {
    const roster = { ...unqualified, tiers: { ...ROSTER.tiers, '1': ['duty'] } };
    const told = story({ roster }).reported();
    expect(told.pagedPeople()).toEqual(['duty']);
    expect(told.of('QualificationOverridden')[0]?.reason).toBe('nobody-qualified-on-call');
  });
});

describe('posts, hand-over and receipts', () => {
  it('a post’s page goes round its holders where their organisation named no ladder', () => {
    const organisations = ROSTER.organisations.map((one) => ({ ...one, posts: {}, ladder: [] }));
    const told = story({ roster: { ...ROSTER, organisations, posts: { 'senior-dba': ['dba', 'dba2'] } } })
      .reported()
      .severity('red')
      .when('duty', { type: 'acknowledge', page: null, route: 'room' });
    told
      .when('duty', {
        type: 'page',
        person: null,
        tier: null,
        post: 'senior-dba',
        reason: null,
        override: null,
      })
      .thenAccepted();
    told.advance(20);
    expect(told.pagedPeople().slice(1, 6)).toEqual(['dba', 'dba', 'dba2', 'dba2', 'dba']);
  });

  it('a vacant post is refused by name', () => {
    story()
      .reported()
      .when('duty', {
        type: 'page',
        person: null,
        tier: null,
        post: 'network-engineer',
        reason: null,
        override: null,
      })
      .thenRefused('no-person-for-post');
  });

  it('handing over pages the other, who is called until they answer', () => {
    const told = story()
      .reported()
      .when('duty', { type: 'acknowledge', page: null, route: 'room' })
      .when('duty', { type: 'handoff', to: 'duty2', note: '换班' })
      .thenAccepted();
    expect(told.advance(5).pagedPeople()).toEqual(['duty', 'duty2', 'duty2']);
  });

  it('when every contact method failed the next person is called without waiting', () => {
    const told = story().reported();
    const page = told.incident.pages[0]?.id ?? '';
    told
      .when('warroom', {
        type: 'record-delivery',
        page,
        delivery: { method: 'webhook', outcome: 'exhausted', detail: 'HTTP 410', lateMs: 0 },
      })
      .thenAccepted();
    expect(told.pagedPeople()).toEqual(['duty', 'duty2']);
    expect(told.of('PageDelivered')[0]?.delivery.detail).toBe('HTTP 410');
  });
});
