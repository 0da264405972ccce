import { describe, expect, it } from 'vitest';
import { emptyPosts, fillingOf } from '../../src/incident/posts.ts';
import type { Config } from '../../src/roster/schema.ts';
import { MINUTE, ROSTER, START, type Story, story } from './given.ts';

const AFTERNOON = Date.parse('2026-11-24T14:00:00+08:00');

type Organisation = Config['organisations'][number];

/** The sample roster with one organisation changed. */
const withOrg = (id: string, change: Partial<Organisation>): Config => ({
  ...ROSTER,
  organisations: ROSTER.organisations.map((one) => (one.id === id ? { ...one, ...change } : one)),
});

const at = (moment: number, roster: Config = ROSTER): Story => {
  const told = story({ roster });
  told.now = moment;
  return told.reported().severity('red').when('duty', { type: 'acknowledge', page: null, route: 'room' });
};

const need = (told: Story, post: string, org: string | null = null, by = 'ops'): Story =>
  told.when(by, { type: 'need', post, org, reason: null, override: null });

/** Who was called for the post, in order. */
const called = (told: Story, post: string): string[] =>
  told
    .of('PersonPaged')
    .filter((one) => one.post === post)
    .map((one) => one.person);

describe('L252 each organisation names contacts for its posts', () => {
  it('given a post that one organisation holds, when it is needed, its contact is called and it is invited', () => {
    const told = need(at(AFTERNOON), 'senior-dba').thenAccepted();
    expect(called(told, 'senior-dba')).toEqual(['dba']);
    expect(told.of('PostNeeded')).toMatchObject([{ post: 'senior-dba', org: 'dbvendor' }]);
    expect(told.incident.organisations.map((one) => one.org)).toEqual(['dbvendor']);
    expect(told.incident.pages.at(-1)?.acknowledgeBy).toBe(told.now + 5 * MINUTE);
  });

  it('outside its hours the deputy is called', () => {
    expect(called(need(at(START), 'senior-dba'), 'senior-dba')).toEqual(['dba2']);
  });

  it('outside its hours and without a deputy the ladder is called; without a ladder the contact after all', () => {
    const hours = [{ from: '08:00', to: '20:00', days: 'all' as const }];
    const posts = { 'senior-dba': { holder: 'dba', deputies: [], hours } };
    expect(called(need(at(START, withOrg('dbvendor', { posts })), 'senior-dba'), 'senior-dba')).toEqual([
      'db-manager',
    ]);
    const alone = withOrg('dbvendor', { posts, ladder: [] });
    expect(called(need(at(START, alone), 'senior-dba'), 'senior-dba')).toEqual(['dba']);
  });

  it('a window over midnight belongs to the workday on which it began', () => {
    const hours = [{ from: '20:00', to: '08:00', days: 'workdays' as const }];
    const roster = withOrg('dbvendor', {
      posts: { 'senior-dba': { holder: 'dba', deputies: ['dba2'], hours } },
    });
    const first = (iso: string): string | undefined =>
      called(need(at(Date.parse(iso), roster), 'senior-dba'), 'senior-dba')[0];
    // 27 November 2026 is a Friday.
    expect(first('2026-11-27T22:00:00+08:00')).toBe('dba');
    expect(first('2026-11-28T03:00:00+08:00')).toBe('dba');
    expect(first('2026-11-28T22:00:00+08:00')).toBe('dba2');
    expect(first('2026-11-30T03:00:00+08:00')).toBe('dba2');
    expect(first('2026-11-30T12:00:00+08:00')).toBe('dba2');
  });

  it('the list `posts` of the configuration goes on working', () => {
    const told = need(at(AFTERNOON), 'middleware-engineer');
    expect(called(told, 'middleware-engineer')).toEqual(['duty']);
    expect(told.incident.organisations).toEqual([]);
  });

  it('a post that nobody can be called for is refused, and so is one that the plan does not know', () => {
    need(at(AFTERNOON), 'hardware-engineer').thenRefused('no-person-for-post');
    need(at(AFTERNOON), 'poet').thenRefused('unknown-post');
  });

  it('who is being called for it already is not called twice', () => {
    need(need(at(AFTERNOON), 'senior-dba'), 'senior-dba').thenRefused('already-paged');
  });
});

describe('several organisations hold the post', () => {
  const both = withOrg('cloud', {
    posts: { 'senior-dba': { holder: 'cloud-eng', deputies: [], hours: [] } },
  });

  it('is asked which, and names them', () => {
    const told = need(at(AFTERNOON, both), 'senior-dba').thenRefused('which-organisation');
    expect(told.refused?.params.orgs).toBe('数据库厂商、云平台厂商');
    expect(called(need(told, 'senior-dba', 'cloud').thenAccepted(), 'senior-dba')).toEqual(['cloud-eng']);
  });

  it('the one that is in the room is taken', () => {
    const told = at(AFTERNOON, both).when('emergency-lead', { type: 'invite-organisation', org: 'dbvendor' });
    expect(called(need(told, 'senior-dba').thenAccepted(), 'senior-dba')).toEqual(['dba']);
  });
});

describe('L252 an organisation that does not answer goes up its own ladder, never ours', () => {
  it('calls again, then the deputy, then its levels at their minutes, then round and round', () => {
    const told = need(at(AFTERNOON), 'senior-dba').advance(19);
    const before = told.incident.tiers.length;
    expect(called(told, 'senior-dba')).toEqual(['dba', 'dba', 'dba2', 'dba2']);
    told.advance(1);
    expect(called(told, 'senior-dba').at(-1)).toBe('db-manager');
    told.advance(20);
    expect(called(told, 'senior-dba')).toContain('db-director');
    expect(told.of('LevelRaised').map((one) => [one.level, one.reached])).toEqual([
      [1, true],
      [2, true],
    ]);
    const calls = called(told, 'senior-dba').length;
    told.advance(60);
    const later = called(told, 'senior-dba').slice(calls);
    expect(new Set(later)).toEqual(new Set(['dba', 'dba2', 'db-manager', 'db-director']));
    expect(told.incident.pages.some((one) => one.org === 'dbvendor' && one.status === 'open')).toBe(true);
    const theirs = told.of('PersonPaged').filter((one) => one.org === 'dbvendor');
    expect(theirs.every((one) => one.tier === null)).toBe(true);
    const ours = new Set(told.incident.tiers.map((one) => one.tier));
    expect(before).toBe(1);
    // Our own ladder goes up by its own clock alone (L215).
    expect([...ours]).toEqual([1, 2, 3, 4]);
  });

  it('a level that comes early by its minutes is called while the contact is still being called', () => {
    const roster = withOrg('dbvendor', {
      ladder: [{ title: '经理', people: ['db-manager'], minutes: 2 }],
    });
    const told = need(at(AFTERNOON, roster), 'senior-dba').advance(2);
    expect(called(told, 'senior-dba')).toEqual(['dba', 'db-manager']);
    told.when('db-manager', { type: 'acknowledge', page: null, route: 'room' }).thenAccepted();
    expect(told.incident.pages.filter((one) => one.post === 'senior-dba').map((one) => one.status)).toEqual([
      'withdrawn',
      'acknowledged',
    ]);
    expect(called(told.advance(120), 'senior-dba')).toHaveLength(2);
  });

  it('an answer ends the calls, fills the post and stops the ladder', () => {
    const told = need(at(AFTERNOON), 'senior-dba')
      .advance(3)
      .when('dba', { type: 'acknowledge', page: null, route: 'room' })
      .thenAccepted()
      .advance(120);
    expect(called(told, 'senior-dba')).toEqual(['dba']);
    expect(told.of('LevelRaised')).toEqual([]);
    expect(fillingOf(told.incident, 'senior-dba')).toMatchObject({ state: 'filled', person: 'dba' });
  });

  it('a colleague of that organisation may answer, somebody of another may not', () => {
    const told = need(at(AFTERNOON), 'senior-dba').advance(1);
    told.when('emergency-lead', { type: 'invite-organisation', org: 'cloud' });
    told.when('cloud-eng', { type: 'acknowledge', page: null, route: 'room' }).thenRefused('no-open-page');
    told.when('rd1', { type: 'acknowledge', page: null, route: 'room' }).thenRefused('no-open-page');
    told.when('db-manager', { type: 'acknowledge', page: null, route: 'room' }).thenAccepted();
    expect(fillingOf(told.incident, 'senior-dba')).toMatchObject({ state: 'filled', person: 'db-manager' });
  });

  it('who declines passes the call to the next contact', () => {
    const told = need(at(AFTERNOON), 'senior-dba').when('dba', {
      type: 'decline',
      page: null,
      reason: '在飞机上',
    });
    expect(called(told, 'senior-dba')).toEqual(['dba', 'dba2']);
  });

  it('a level at which nobody can be reached is said aloud and skipped', () => {
    const roster: Config = {
      ...ROSTER,
      people: ROSTER.people.map((one) => (one.id === 'db-manager' ? { ...one, contacts: [] } : one)),
    };
    const told = need(at(AFTERNOON, roster), 'senior-dba').advance(20);
    expect(told.of('LevelRaised').map((one) => [one.level, one.reached])).toEqual([
      [1, false],
      [2, true],
    ]);
    expect(called(told, 'senior-dba').at(-1)).toBe('db-director');
  });

  it('a removed organisation is not called any further', () => {
    const told = need(at(AFTERNOON), 'senior-dba').when('emergency-lead', {
      type: 'remove-organisation',
      org: 'dbvendor',
      reason: '误邀',
    });
    expect(told.incident.pages.at(-1)?.status).toBe('withdrawn');
    expect(called(told.advance(120), 'senior-dba')).toEqual(['dba']);
  });
});

describe('L252 each can raise its own escalation', () => {
  it("a vendor's engineer raises their own ladder level by level, ours stays", () => {
    const told = need(at(AFTERNOON), 'senior-dba').when('dba', {
      type: 'acknowledge',
      page: null,
      route: 'room',
    });
    const tiers = told.incident.tiers.length;
    told.when('dba', { type: 'escalate', reason: '' }).thenRefused('reason-missing');
    told.when('dba', { type: 'escalate', reason: '需要内核研发' }).thenAccepted();
    expect(told.pagedPeople().at(-1)).toBe('db-manager');
    told.when('dba', { type: 'escalate', reason: '经理也无法解决' }).thenAccepted();
    expect(told.pagedPeople().at(-1)).toBe('db-director');
    told.when('dba', { type: 'escalate', reason: '再升' }).thenRefused('no-higher-level');
    expect(told.incident.tiers).toHaveLength(tiers);
    told.when('db-director', { type: 'acknowledge', page: null, route: 'room' }).thenAccepted();
    expect(told.incident.levels.find((one) => one.level === 2)?.engagedAt).toBe(told.now);
  });

  it('without a ladder of its own it says so; the customer still raises ours', () => {
    const told = need(at(AFTERNOON, withOrg('dbvendor', { ladder: [] })), 'senior-dba');
    told.when('dba', { type: 'escalate', reason: '需要支援' }).thenRefused('no-ladder');
    told.when('ops', { type: 'escalate', reason: '请尽快' }).thenAccepted();
    expect(told.pagedPeople().at(-1)).toBe('rd1');
  });
});

describe('L252 which posts of the room are empty', () => {
  it('nobody is missed while we work alone; in a joint room every post of the plan is', () => {
    const told = at(AFTERNOON).severity('yellow');
    expect(emptyPosts(told.incident, told.plan)).toEqual([]);
    need(told, 'senior-dba');
    const joint = told.plan.posts.filter((one) => one.joint).map((one) => one.id);
    expect(joint).toHaveLength(11);
    // The duty engineer, who has answered, is our middleware engineer.
    const left = joint.filter((one) => one !== 'middleware-engineer');
    expect(emptyPosts(told.incident, told.plan)).toEqual(left);
    told.when('dba', { type: 'acknowledge', page: null, route: 'room' });
    expect(emptyPosts(told.incident, told.plan)).toEqual(left.filter((one) => one !== 'senior-dba'));
    told.when('emergency-lead', { type: 'invite-organisation', org: 'cloud' });
    told.when('cloud-eng', { type: 'join', post: null });
    expect(emptyPosts(told.incident, told.plan)).not.toContain('cloud-engineer');
  });
});
