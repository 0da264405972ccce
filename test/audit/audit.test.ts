import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.ts';
import { MINUTE, type Story, story } from '../incident/given.ts';

const differences = (told: Story, without: (type: string) => boolean = () => false) =>
  audit(
    told.events.filter((event) => !without(event.body.type)),
    told.plan,
    told.now,
    MINUTE,
  );

const red = () =>
  story().reported().severity('red').when('duty', { type: 'acknowledge', page: null, route: 'room' });

describe('a second opinion on the deadlines', () => {
  it('has nothing to say when everything fired in time', () => {
    expect(differences(red().advance(300))).toEqual([]);
    expect(differences(story().reported().advance(300))).toEqual([]);
  });

  it('finds a breach that was never announced', () => {
    const found = differences(red().advance(90), (type) => type === 'ClockBreached');
    expect(found.map((one) => one.id)).toEqual(expect.arrayContaining(['callback', 'arrival', 'diagnosis']));
    expect(found.every((one) => one.doneAt === null)).toBe(true);
  });

  it('finds a tier that was not raised and a page that was forgotten', () => {
    expect(
      differences(red().advance(120), (type) => type === 'TierRaised').map((one) => `${one.what} ${one.id}`),
    ).toEqual(expect.arrayContaining(['tier 2', 'tier 3', 'tier 4']));
    expect(
      differences(story().reported().advance(30), (type) => type === 'PageTimedOut').some(
        (one) => one.what === 'page',
      ),
    ).toBe(true);
  });

  it('finds what came late', () => {
    const told = red();
    told.now += 200 * MINUTE;
    told.when('warroom', { type: 'tick' });
    expect(differences(told).some((one) => one.id === 'arrival' && one.doneAt === told.now)).toBe(true);
  });

  it('agrees with the clocks over any course of events that the engine served', () => {
    const step = fc.oneof(
      fc.integer({ min: 1, max: 90 }).map((minutes) => (told: Story) => told.advance(minutes)),
      fc
        .constantFrom('blue', 'yellow', 'orange', 'red')
        .map((level) => (told: Story) => told.severity(level as 'red')),
      fc
        .constantFrom('contact', 'arrive')
        .map((type) => (told: Story) => told.when('duty', { type: type as 'contact', note: null })),
      fc.constant((told: Story) => told.when('duty', { type: 'acknowledge', page: null, route: 'room' })),
      fc.constant((told: Story) => told.when('duty', { type: 'state-cause', text: '泄漏', confirmed: true })),
      fc.constant((told: Story) => told.when('duty', { type: 'update-status', text: '处理中' })),
      fc.constant((told: Story) => told.when('ops', { type: 'pause', clock: 'diagnosis', reason: '取日志' })),
      fc.constant((told: Story) => told.when('ops', { type: 'resume', clock: 'diagnosis' })),
      fc.constant((told: Story) => told.when('ops', { type: 'restore', note: null })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const told = story().reported();
        for (const one of steps) one(told);
        expect(differences(told)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
