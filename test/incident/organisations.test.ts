import { describe, expect, it } from 'vitest';
import type { Place } from '../../src/incident/events.ts';
import { mayEnter, streamFor, streamsOf, streamsOfPlace } from '../../src/incident/visibility.ts';
import { Story } from './given.ts';

const FEISHU: Place = {
  platform: 'feishu',
  workspace: 't1',
  conversation: 'oc_1',
  language: 'zh',
  org: 'dbvendor',
  audience: 'org',
};
const dba = { org: 'dbvendor', side: 'partner' } as const;
const cloud = { org: 'cloud', side: 'partner' } as const;

const invited = (): Story =>
  new Story()
    .reported()
    .when('emergency-lead', { type: 'invite-organisation', org: 'dbvendor' })
    .when('dba', { type: 'open-room', place: FEISHU });

describe('who is in the room (plan L247–310)', () => {
  it('an invited organisation comes in, another one does not', () => {
    const { incident } = invited();
    expect(mayEnter(incident, dba, 'customer')).toBe(true);
    expect(mayEnter(incident, cloud, 'customer')).toBe(false);
    expect(mayEnter(incident, { org: 'customer', side: 'customer' }, 'customer')).toBe(true);
    expect(mayEnter(incident, { org: 'tax', side: 'customer' }, 'customer')).toBe(false);
  });

  it('an organisation that nobody registered is not invited', () => {
    const { refused } = new Story()
      .reported()
      .when('emergency-lead', { type: 'invite-organisation', org: 'nobody' });
    expect(refused).toMatchObject({ code: 'unknown-organisation', params: { org: 'nobody' } });
  });

  it('a removal wants a reason, cuts its conversations off, and a new invitation lets it in again', () => {
    const story = invited().when('emergency-lead', {
      type: 'remove-organisation',
      org: 'dbvendor',
      reason: ' ',
    });
    expect(story.refused?.code).toBe('reason-missing');
    story.when('emergency-lead', { type: 'remove-organisation', org: 'dbvendor', reason: '误邀' });
    expect(mayEnter(story.incident, dba, 'customer')).toBe(false);
    expect(story.incident.places.map((one) => one.platform)).toEqual(['web']);
    story.when('emergency-lead', { type: 'invite-organisation', org: 'dbvendor' });
    expect(mayEnter(story.incident, dba, 'customer')).toBe(true);
  });

  it('given people of it are being called, when it is removed, then they are no longer called', () => {
    const page = {
      type: 'page',
      person: 'dba',
      tier: null,
      post: 'senior-dba',
      reason: null,
      override: null,
    } as const;
    const story = new Story().reported().when('duty', page);
    expect(mayEnter(story.incident, dba, 'customer')).toBe(true);
    story.when('emergency-lead', { type: 'remove-organisation', org: 'dbvendor', reason: '误邀' });
    expect(story.incident.pages.find((one) => one.person === 'dba')?.status).toBe('withdrawn');
    story.advance(240);
    expect(
      story.events.filter(({ body }) => body.type === 'PersonPaged' && body.person === 'dba'),
    ).toHaveLength(1);
  });

  it('who is not in the room cannot be removed from it', () => {
    const story = new Story()
      .reported()
      .when('emergency-lead', { type: 'remove-organisation', org: 'cloud', reason: '误邀' });
    expect(story.refused?.code).toBe('not-in-room');
  });
});

describe('what each may read', () => {
  it('the customer and we share a stream, other companies have their own and the joint one', () => {
    expect(streamsOf('customer', 'customer')).toEqual(['joint', 'customer+vendor', 'org:customer']);
    expect(streamsOf('apusic', 'vendor')).toEqual(['joint', 'customer+vendor', 'org:apusic']);
    expect(streamsOf('dbvendor', 'partner')).toEqual(['joint', 'org:dbvendor']);
  });

  it('a note for the customer and us stays with its author when the author is neither', () => {
    expect(streamFor('shared', { org: 'dbvendor' }, 'partner')).toBe('org:dbvendor');
    expect(streamFor('shared', { org: 'apusic' }, 'vendor')).toBe('customer+vendor');
  });

  it('a conversation in which somebody else spoke gets only what all may read', () => {
    const story = invited();
    const place = (): Place | undefined => story.incident.places.find((one) => one.platform === 'feishu');
    expect(place() && streamsOfPlace(FEISHU, 'partner')).toEqual(['joint', 'org:dbvendor']);
    story.when('warroom', { type: 'share-place', place: FEISHU });
    expect(place()?.audience).toBeUndefined();
    const after = place();
    expect(after && streamsOfPlace(after, 'partner')).toEqual(['joint']);
  });
});
