import { describe, expect, it } from 'vitest';
import { pay } from '../../src/effects/pay.ts';
import type { OutboxRow } from '../../src/store/port.ts';
import { ROSTER, Story } from '../incident/given.ts';

/** Pays the story's pages out only now, as after a long outage; answers with whom a phone rang for. */
async function payLate(story: Story): Promise<readonly string[]> {
  const rang: string[] = [];
  for (const [index, page] of story.of('PersonPaged').entries()) {
    const row: OutboxRow = {
      id: index + 1,
      incident: 'i1',
      lane: `page:${page.page}`,
      priority: 'page',
      mergeKey: null,
      key: `i1:${index}:page`,
      notBefore: story.now,
      payload: JSON.stringify({ do: 'page', page: page.page, person: page.person }),
      attempts: 1,
      createdAt: story.now,
      possibleDuplicate: false,
    };
    await pay(row, {
      now: () => story.now,
      load: async () => story.incident,
      person: (id) => ROSTER.people.find((one) => one.id === id) ?? null,
      post: async () => ({ ok: true, messageId: '1' }),
      relay: async () => ({ outcome: 'sent' }),
      contact: async () => {
        rang.push(`${page.person} ${page.attempt}`);
        return { ok: true, detail: '' };
      },
      contactsFor: (person) => person.contacts,
      receipt: async () => {},
      taken: async () => {},
      noticeContacts: () => [],
      pageWords: () => ({ text: '', words: { system: '', level: '', title: '', until: '' } }),
      surveyWords: async () => '请评价',
      mail: async () => ({ ok: true, detail: '' }),
      mailed: async () => {},
      retryDelay: () => 0,
      rooms: () => null,
      members: () => [],
      opened: async () => {},
    });
  }
  return rang;
}

describe('pages that could not go out in time', () => {
  const waited = (): Story => new Story().reported().severity('orange').advance(22);

  it('still reach everybody who was never called, each person once', async () => {
    const story = waited();
    const paged = story.of('PersonPaged');
    const lastOfEach = paged.filter((one) => paged.findLast((other) => other.person === one.person) === one);
    expect(paged.length).toBeGreaterThan(lastOfEach.length);
    expect(await payLate(story)).toEqual(lastOfEach.map((one) => `${one.person} ${one.attempt}`));
  });

  it('disturb nobody once somebody has answered', async () => {
    const story = waited();
    const open = story.incident.pages.find((page) => page.status === 'open');
    story.when(open?.person ?? '', { type: 'acknowledge', page: null, route: 'phone' }).thenAccepted();
    const still = story.incident.pages.filter((page) => page.status === 'open').map((page) => page.person);
    expect((await payLate(story)).map((one) => one.split(' ')[0])).toEqual(still);
  });

  it('disturb nobody once the incident is over', async () => {
    const story = waited();
    story
      .when('emergency-lead', { type: 'close', as: 'false-alarm', into: null, reason: '误报' })
      .thenAccepted();
    expect(await payLate(story)).toEqual([]);
  });
});
