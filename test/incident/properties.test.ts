import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clocks } from '../../src/incident/clocks.ts';
import type { CommandBody } from '../../src/incident/commands.ts';
import { fold } from '../../src/incident/evolve.ts';
import { CLOCK_IDS, MOMENTS, QUESTIONS, SEVERITIES } from '../../src/incident/plan.ts';
import { nextDue } from '../../src/incident/rules/tick.ts';
import { MINUTE, ROSTER, type Story, story } from './given.ts';

const RUNS = Number(process.env.PROPERTY_RUNS ?? 150);

const text = fc.constantFrom('', '  ', '原因', '<script>', '@all');
const person = fc.constantFrom(...ROSTER.people.map((one) => one.id), 'nobody');
const action = fc.constantFrom('A1', 'A2', 'A3', 'A9');
const clock = fc.constantFrom(...CLOCK_IDS);

const command: fc.Arbitrary<CommandBody> = fc.oneof(
  fc
    .dictionary(fc.constantFrom(...QUESTIONS), fc.boolean())
    .map((answers): CommandBody => ({ type: 'answer', answers })),
  fc.record({
    type: fc.constant('set-severity' as const),
    severity: fc.constantFrom(...SEVERITIES),
    reason: text,
  }),
  fc.record({
    type: fc.constant('choose-accountability' as const),
    accountability: fc.constantFrom('lead' as const, 'assist' as const),
    component: fc.constant(null),
    reason: text,
  }),
  fc.record({
    type: fc.constant('page' as const),
    person,
    tier: fc.constant(null),
    post: fc.constant(null),
    reason: fc.constant(null),
    override: text,
  }),
  fc.record({
    type: fc.constant('acknowledge' as const),
    page: fc.constant(null),
    route: fc.constant('room'),
  }),
  fc.record({ type: fc.constant('decline' as const), page: fc.constant(null), reason: text }),
  fc.record({ type: fc.constant('escalate' as const), reason: text }),
  fc.record({ type: fc.constant('contact' as const), note: fc.constant(null) }),
  fc.record({ type: fc.constant('dispatch' as const), person: fc.constant(null), to: fc.constant(null) }),
  fc.record({ type: fc.constant('arrive' as const), note: fc.constant(null) }),
  fc.record({ type: fc.constant('withdraw' as const), moment: fc.constantFrom(...MOMENTS), reason: text }),
  fc.record({ type: fc.constant('state-cause' as const), text, confirmed: fc.boolean() }),
  fc.constantFrom(0, 1, 2).map(
    (count): CommandBody => ({
      type: 'propose',
      content: {
        step: null,
        title: '重启',
        target: null,
        risk: 'R2',
        impact: null,
        rollback: null,
        commands: [],
        kind: 'step',
        requires: (['emergency-lead', 'system-owner'] as const).slice(0, count),
      },
    }),
  ),
  fc.record({ type: fc.constant('approve' as const), action, breakGlass: fc.option(text) }),
  fc.record({ type: fc.constant('reject' as const), action, reason: text }),
  fc.record({
    type: fc.constant('carry-out' as const),
    action,
    outcome: fc.constantFrom('succeeded' as const, 'failed' as const),
    note: fc.constant(null),
  }),
  fc.record({ type: fc.constant('update-status' as const), text }),
  fc.record({ type: fc.constant('advise' as const), text }),
  fc.record({ type: fc.constant('restore' as const), note: fc.constant(null) }),
  fc.record({ type: fc.constant('resolve' as const), note: fc.option(text) }),
  fc.record({ type: fc.constant('reopen' as const), reason: text }),
  fc.record({
    type: fc.constant('close' as const),
    as: fc.constantFrom('done' as const, 'false-alarm' as const),
    into: fc.constant(null),
    reason: text,
  }),
  fc.record({
    type: fc.constant('deliver-report' as const),
    report: fc.constantFrom('service' as const, 'handling' as const),
    to: fc.constant('x'),
  }),
  fc.record({ type: fc.constant('pause' as const), clock, reason: text }),
  fc.record({ type: fc.constant('confirm-pause' as const), clock }),
  fc.record({ type: fc.constant('resume' as const), clock }),
);

const move = fc.oneof(
  fc.record({ by: person, body: command, ago: fc.option(fc.integer({ min: -5, max: 90 })), reason: text }),
  fc.record({ minutes: fc.integer({ min: 0, max: 200 }) }),
);

function play(
  moves: readonly (typeof move extends fc.Arbitrary<infer M> ? M : never)[],
  after: (told: Story) => void,
): Story {
  const told = story().reported();
  for (const one of moves) {
    if ('minutes' in one) told.advance(one.minutes);
    else told.when(one.by, one.body, one.ago === null ? {} : { ago: one.ago, reason: one.reason });
    after(told);
  }
  return told;
}

const any = fc.array(move, { maxLength: 40 });
const check = (property: fc.IProperty<unknown>) => fc.assert(property, { numRuns: RUNS });

describe('whatever people do', () => {
  it('no action that takes two is approved by one person, unless the glass was broken with a reason', () => {
    check(
      fc.property(any, (moves) => {
        play(moves, (told) => {
          for (const one of told.incident.actions) {
            if (one.status === 'proposed' || one.status === 'rejected' || one.content.requires.length < 2)
              continue;
            const glass = one.approvals.find((approval) => approval.breakGlass);
            if (glass) expect(glass.reason?.trim()).toBeTruthy();
            else
              expect(new Set(one.approvals.map((approval) => approval.person)).size).toBeGreaterThanOrEqual(
                2,
              );
          }
        });
      }),
    );
  });

  it('no clock runs after its stop', () => {
    check(
      fc.property(any, (moves) => {
        play(moves, (told) => {
          for (const one of clocks(told.incident, told.plan, told.now)) {
            if (one.stoppedAt !== null) expect(['met', 'missed']).toContain(one.status);
          }
        });
      }),
    );
  });

  it('no lower tier is raised after a higher one, and none twice', () => {
    check(
      fc.property(any, (moves) => {
        const tiers = play(moves, () => {}).incident.tiers.map((one) => one.tier);
        expect(tiers).toEqual([...new Set(tiers)].sort((a, b) => a - b));
      }),
    );
  });

  it('the events alone give the same state', () => {
    check(
      fc.property(any, (moves) => {
        const told = play(moves, () => {});
        expect(fold(told.events)).toEqual(told.state);
      }),
    );
  });

  it('after a tick nothing is left that was due, and a second tick at once says nothing', () => {
    check(
      fc.property(any, (moves) => {
        play(moves, (told) => {
          told.advance(0);
          const due = nextDue(told.incident, told.plan, told.now);
          if (due !== null) expect(due).toBeGreaterThan(told.now);
          const before = told.events.length;
          told.when('warroom', { type: 'tick' });
          expect(told.events.length).toBe(before);
        });
      }),
    );
  });

  it('nobody is called while the incident is resolved or closed', () => {
    check(
      fc.property(any, (moves) => {
        play(moves, (told) => {
          if (told.incident.status === 'resolved' || told.incident.status === 'closed') {
            expect(told.incident.pages.filter((page) => page.status === 'open')).toEqual([]);
          }
        });
      }),
    );
  });

  it('until somebody answers, somebody is being called', () => {
    check(
      fc.property(fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 20 }), (waits) => {
        const told = story().reported();
        for (const minutes of waits) {
          told.advance(minutes);
          const open = told.incident.pages.filter((page) => page.status === 'open');
          expect(open.length).toBeGreaterThan(0);
          for (const page of open) expect(page.acknowledgeBy).toBeGreaterThanOrEqual(told.now - MINUTE);
        }
      }),
    );
  });
});
