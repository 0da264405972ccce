import { describe, expect, it } from 'vitest';
import { holdingLink } from '../../src/incident/guests.ts';
import { mayEnter } from '../../src/incident/visibility.ts';
import { MINUTE, Story } from './given.ts';

const HOUR = 60 * MINUTE;
const issued = (hours = 24): Story =>
  new Story().reported().when('duty', { type: 'issue-guest-link', org: 'dbvendor', hours });
const opened = (): Story => issued().when('warroom', { type: 'open-guest-link', link: 'G1', name: '王工' });

describe('a link into one incident for one person of an organisation', () => {
  it('brings the organisation in, is opened once, and its bearer acts under the name they gave', () => {
    const story = opened();
    expect(story.refused).toBeNull();
    expect(mayEnter(story.incident, { org: 'dbvendor', side: 'partner' }, 'customer')).toBe(true);
    expect(story.incident.participants).toContainEqual({
      person: 'guest:G1',
      name: '王工',
      org: 'dbvendor',
      post: null,
    });
    story.when('warroom', { type: 'open-guest-link', link: 'G1', name: '别人' });
    expect(story.refused?.code).toBe('link-used');
    expect(story.incident.guests[0]?.name).toBe('王工');
  });

  it('ends with its hours', () => {
    const story = issued(8);
    const until = story.now + 8 * HOUR;
    expect(holdingLink(story.incident, 'G1', until - 1)).not.toBeNull();
    expect(holdingLink(story.incident, 'G1', until)).toBeNull();
    story.advance(8 * 60);
    story.when('warroom', { type: 'open-guest-link', link: 'G1', name: '王工' });
    expect(story.refused?.code).toBe('link-too-old');
  });

  it.each([0, -1, 169, Number.NaN])('is not given for %s hours', (hours) => {
    expect(issued(hours).refused?.code).toBe('guest-hours');
  });

  it('is revoked with a reason, by its name or with all of its organisation', () => {
    const story = opened().when('duty', { type: 'revoke-guest-links', what: 'g1', reason: ' ' });
    expect(story.refused?.code).toBe('reason-missing');
    story.when('duty', { type: 'revoke-guest-links', what: 'g1', reason: '发错人' });
    expect(holdingLink(story.incident, 'G1', story.now)).toBeNull();
    story.when('warroom', { type: 'open-guest-link', link: 'G1', name: '王工' });
    expect(story.refused?.code).toBe('link-revoked');
    story.when('duty', { type: 'revoke-guest-links', what: 'G1', reason: '再来' });
    expect(story.refused?.code).toBe('no-such-link');

    const more = issued()
      .when('duty', { type: 'issue-guest-link', org: 'dbvendor', hours: 1 })
      .when('duty', { type: 'issue-guest-link', org: 'cloud', hours: 1 })
      .when('duty', { type: 'revoke-guest-links', what: 'dbvendor', reason: '换人' });
    expect(['G1', 'G2', 'G3'].map((link) => holdingLink(more.incident, link, more.now)?.org)).toEqual([
      undefined,
      undefined,
      'cloud',
    ]);
  });

  it('is worth nothing once its organisation was removed, and stays so when they are invited again', () => {
    const story = opened().when('emergency-lead', {
      type: 'remove-organisation',
      org: 'dbvendor',
      reason: '数据库无异常',
    });
    expect(holdingLink(story.incident, 'G1', story.now)).toBeNull();
    story.when('emergency-lead', { type: 'invite-organisation', org: 'dbvendor' });
    expect(holdingLink(story.incident, 'G1', story.now)).toBeNull();
  });

  it('goes to organisations of the register only, to each not without end, and never without a name', () => {
    const story = issued().when('duty', { type: 'issue-guest-link', org: 'nobody', hours: 1 });
    expect(story.refused?.code).toBe('unknown-organisation');
    for (const name of ['', '   ', '名'.repeat(41)]) {
      story.when('warroom', { type: 'open-guest-link', link: 'G1', name });
      expect(story.refused?.code).toBe('guest-name');
    }
    for (let count = 1; count < 20; count += 1)
      story.when('duty', { type: 'issue-guest-link', org: 'dbvendor', hours: 1 });
    expect(story.refused).toBeNull();
    story.when('duty', { type: 'issue-guest-link', org: 'dbvendor', hours: 1 });
    expect(story.refused?.code).toBe('too-many-guests');
  });
});
