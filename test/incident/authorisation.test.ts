import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuthorisationRow, RIGHTS } from '../../src/incident/authorisation.ts';
import type { CommandBody, Decision, Env } from '../../src/incident/commands.ts';
import { decide } from '../../src/incident/decide.ts';
import type { Directory } from '../../src/incident/directory.ts';
import { ROLES, type Role, rolesOf } from '../../src/incident/roles.ts';
import type { Incident, State } from '../../src/incident/state.ts';
import { DESK, DIRECTORY, GIVEN, incidentIn, OF_THE_DESK, OUTSIDER, PEOPLE } from './authorisation.given.ts';
import { MINUTE, PLAN, START, story } from './given.ts';

/** The fixture's rows: `command  y . y …  over`. */
const EXPECTED = new Map(
  readFileSync(join(import.meta.dirname, 'authorisation.expected.txt'), 'utf8')
    .split('\n')
    .filter((row) => row !== '' && !row.startsWith('#'))
    .map((row) => {
      const [command = '', ...cells] = row.split(/\s+/);
      return [command, { may: cells.slice(0, ROLES.length), over: cells.at(-1) }] as const;
    }),
);

const STATES = ['none', 'open', 'restored', 'resolved', 'closed'] as const;
const INCIDENTS = {
  none: null,
  open: incidentIn('open'),
  restored: incidentIn('restored'),
  resolved: incidentIn('resolved'),
  closed: incidentIn('closed'),
} as const satisfies Readonly<Record<(typeof STATES)[number], State>>;

const env = (more: Partial<Env> = {}): Env => ({
  now: START + MINUTE,
  newId: () => 'id',
  plan: PLAN,
  directory: DIRECTORY,
  ...more,
});

function ask(
  who: { readonly id: string; readonly org: string },
  body: CommandBody,
  state: State,
  more: Partial<Env> = {},
): Decision {
  const by = { id: who.id, name: `name of ${who.id}`, org: who.org };
  return decide(state, { by, at: null, backdateReason: null, sources: [], body }, env(more));
}

const codeOf = (decision: Decision): string => (decision.ok ? 'done' : decision.refusal.code);

/** The answer of the gate alone: what the rules behind it say is theirs. */
function gate(decision: Decision): string {
  const code = codeOf(decision);
  return ['not-allowed', 'no-such-incident', 'already-exists'].includes(code) ? code : 'may';
}

function answerExpected(command: string, cell: string | undefined, state: (typeof STATES)[number]): string {
  if (command === 'report')
    return state === 'none' ? (cell === 'y' ? 'may' : 'not-allowed') : 'already-exists';
  if (state === 'none') return 'no-such-incident';
  return cell === 'y' ? 'may' : 'not-allowed';
}

describe('the table of the plan, every role, every command, every state', () => {
  it('the fixture has a row for each command, and no other', () => {
    expect([...EXPECTED.keys()].sort()).toEqual([...RIGHTS].sort());
  });

  it('each person of the fixture holds the one role beside that of everybody', () => {
    for (const role of ROLES) {
      const own = role === 'observer' ? ['observer'] : [role, 'observer'];
      expect(rolesOf(PEOPLE[role], INCIDENTS.open, DIRECTORY)).toEqual(own);
    }
  });

  describe.each(STATES)('%s', (state) => {
    it.each(RIGHTS)('%s', (right) => {
      const expected = EXPECTED.get(right);
      const answers = ROLES.map((role) => [role, gate(ask(PEOPLE[role], GIVEN[right], INCIDENTS[state]))]);
      expect(answers).toEqual(
        ROLES.map((role, index) => [role, answerExpected(right, expected?.may[index], state)]),
      );
    });
  });

  it.each(RIGHTS.filter((right) => right !== 'report'))('%s after the end', (right) => {
    const shut = EXPECTED.get(right)?.over === 'shut';
    for (const [index, role] of ROLES.entries()) {
      if (EXPECTED.get(right)?.may[index] !== 'y') continue;
      const code = codeOf(ask(PEOPLE[role], GIVEN[right], INCIDENTS.resolved));
      expect(code === 'wrong-state').toBe(shut);
    }
  });

  it('whose organisation is not in it hears of every command that there is no incident', () => {
    for (const state of STATES) {
      for (const right of RIGHTS) {
        if (right === 'report') continue;
        const decision = ask(OUTSIDER, GIVEN[right], INCIDENTS[state]);
        expect(decision).toMatchObject({
          ok: false,
          refusal: { code: 'no-such-incident', params: {}, possible: ['report'] },
        });
      }
    }
  });

  it('the desk itself is asked by no table, and nobody else gives its commands', () => {
    for (const body of OF_THE_DESK) {
      for (const role of ROLES) expect(gate(ask(PEOPLE[role], body, INCIDENTS.open))).toBe('not-allowed');
      expect(gate(ask(DESK, body, INCIDENTS.open))).toBe('may');
    }
    for (const right of RIGHTS) expect(gate(ask(DESK, GIVEN[right], INCIDENTS.open))).not.toBe('not-allowed');
  });
});

const tables: fc.Arbitrary<readonly AuthorisationRow[]> = fc
  .array(fc.subarray([...ROLES], { minLength: 1 }), { minLength: RIGHTS.length, maxLength: RIGHTS.length })
  .map((rows) =>
    rows.map((roles, index) => ({
      title: { zh: '', en: '' },
      line: '-',
      commands: RIGHTS.slice(index, index + 1),
      roles,
    })),
  );

/** Gives one person a role, and leaves everything else as it is. */
function give(role: Role, person: string, to: { directory: Directory; incident: Incident }) {
  const { directory, incident } = to;
  if (role === 'emergency-lead' || role === 'system-owner' || role === 'component-owner') {
    const named = directory.approvers[role];
    const deputies = [...(named?.deputies ?? []), person];
    const approvers = { ...directory.approvers, [role]: { holder: named?.holder ?? null, deputies } };
    return { incident, directory: { ...directory, approvers } };
  }
  if (role === 'duty-engineer') {
    const tiers = { ...directory.tiers, 2: [...(directory.tiers[2] ?? []), person] };
    return { incident, directory: { ...directory, tiers } };
  }
  if (role === 'incident-lead') {
    const pages = incident.pages.map((page) => ({ ...page, answeredBy: { person, route: 'room' } }));
    return { directory, incident: { ...incident, pages } };
  }
  return to;
}

describe('whatever the table says', () => {
  it('a further role never takes a right away', () => {
    fc.assert(
      fc.property(
        tables,
        fc.constantFrom(...RIGHTS),
        fc.constantFrom('us', 'db', 'city', 'nowhere'),
        fc.subarray([...ROLES]),
        fc.constantFrom(...ROLES),
        (authorisation, right, org, roles, further) => {
          const someone = { id: 'someone', org };
          const start = { directory: DIRECTORY, incident: INCIDENTS.open };
          const before = roles.reduce((to, role) => give(role, 'someone', to), start);
          const after = give(further, 'someone', before);
          const answer = (to: typeof start) =>
            gate(
              ask(someone, GIVEN[right], to.incident, {
                directory: to.directory,
                plan: { ...PLAN, authorisation },
              }),
            );
          const held = rolesOf(someone, before.incident, before.directory);
          expect(rolesOf(someone, after.incident, after.directory)).toEqual(
            expect.arrayContaining([...held]),
          );
          if (answer(before) === 'may') expect(answer(after)).toBe('may');
        },
      ),
    );
  });
});

describe('who leads', () => {
  const ack = { type: 'acknowledge', page: null, route: 'room' } as const;
  const lead = (told: ReturnType<typeof story>): readonly string[] =>
    told.roster.people
      .filter((one) => rolesOf(one, told.incident, told.env().directory).includes('incident-lead'))
      .map((one) => one.id);

  it('nobody, until somebody answers; then whoever answered first', () => {
    const told = story().reported();
    expect(lead(told)).toEqual([]);
    told.when('duty', ack);
    expect(lead(told)).toEqual(['duty']);
    told.when('duty', { type: 'escalate', reason: '无法定位' }).when('rd1', ack);
    expect(lead(told)).toEqual(['duty']);
  });

  it('a hand-over passes it on when the other one answers, with or without a note', () => {
    for (const note of [null, '换班']) {
      const told = story().reported().when('duty', ack).advance(1);
      told.when('duty', { type: 'handoff', to: 'duty2', note });
      expect(lead(told)).toEqual(['duty']);
      told.advance(1).when('duty2', ack);
      expect(lead(told)).toEqual(['duty2']);
    }
  });

  it('and so does a hand-over that was answered at the second call', () => {
    const told = story().reported().when('duty', ack);
    told.when('duty', { type: 'handoff', to: 'duty2', note: '换班' }).advance(31).when('duty2', ack);
    expect(lead(told)).toEqual(['duty2']);
  });

  it('whoever takes over leads', () => {
    const told = story().reported().when('duty', ack).advance(1).when('rd1', { type: 'take' });
    expect(lead(told)).toEqual(['rd1']);
  });

  it('somebody who is called by name only helps', () => {
    const told = story().reported().when('duty', ack).advance(1);
    told.when('duty', { type: 'page', person: 'dba', tier: null, post: null, reason: null, override: null });
    told.advance(1).when('dba', ack);
    expect(lead(told)).toEqual(['duty']);
  });
});

describe('who leads once another organisation does', () => {
  const ack = { type: 'acknowledge', page: null, route: 'room' } as const;
  const leads = (told: ReturnType<typeof story>, id: string): boolean =>
    rolesOf(told.actor(id), told.incident, told.env().directory).includes('incident-lead');

  it('one of theirs: whoever of them answered first', () => {
    const told = story().reported().when('duty', ack);
    told.when('duty', { type: 'page', person: 'dba', tier: null, post: null, reason: null, override: null });
    told.when('duty', { type: 'hand-lead', to: 'dbvendor', reason: '数据库故障' }).thenAccepted();
    expect([leads(told, 'duty'), leads(told, 'dba')]).toEqual([false, false]);
    told.advance(1).when('dba', ack);
    expect([leads(told, 'duty'), leads(told, 'dba')]).toEqual([false, true]);
    told.when('dba', { type: 'hand-lead', to: 'apusic', reason: '数据库已恢复' }).thenAccepted();
    expect([leads(told, 'duty'), leads(told, 'dba')]).toEqual([true, false]);
  });
});

describe('a refusal', () => {
  const close = { type: 'close', as: 'false-alarm', into: null, reason: '误报' } as const;

  it('names the roles that may, and the people who hold them now', () => {
    const told = story().reported().when('duty', { type: 'acknowledge', page: null, route: 'room' });
    told.when('ops', close).thenRefused('not-allowed');
    expect(told.refused?.params).toMatchObject({
      command: 'close',
      roles: 'emergency-lead,system-owner,incident-lead,duty-engineer',
      people: 'emergency-lead,emergency-deputy,owner,owner-deputy,duty,duty2',
    });
    expect(told.refused?.params.who).toContain('incident-lead: 值班工程师');
  });

  it('is written down once in a quarter of an hour for a person and a command', () => {
    const told = story().reported();
    const refused = (): number => told.of('AccessRefused').length;
    for (let again = 0; again < 50; again += 1) told.when('ops', close);
    expect(refused()).toBe(1);
    told.when('ops', { type: 'resolve', note: null }).when('head', close);
    expect(refused()).toBe(3);
    told.advance(14).when('ops', close);
    expect(refused()).toBe(3);
    told.advance(2).when('ops', close);
    expect(refused()).toBe(4);
    expect(told.incident.refused.length).toBeLessThanOrEqual(3);
    expect(told.of('AccessRefused')[0]).toEqual({
      type: 'AccessRefused',
      person: 'ops',
      command: 'close',
      roles: ['customer-staff', 'observer'],
    });
  });

  it('changes nothing but the record', () => {
    const told = story().reported();
    const { version: _before, refused: _none, ...before } = told.incident;
    told.when('ops', close);
    const { version: _after, refused: _one, ...after } = told.incident;
    expect(after).toEqual(before);
  });
});

describe('what was allowed', () => {
  it('carries the role by which, and what follows by rule carries none', () => {
    const told = story().reported();
    const [reported, pinned] = told.events;
    expect(reported).toMatchObject({ by: { id: 'ops' }, as: 'observer' });
    expect(pinned?.as).toBeUndefined();
    told.severity('red');
    const set = told.events.find((event) => event.body.type === 'SeveritySet');
    expect(set).toMatchObject({ by: { id: 'emergency-lead' }, as: 'emergency-lead' });
  });
});
