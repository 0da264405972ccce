import { describe, expect, it } from 'vitest';
import type { Question } from '../../src/incident/plan.ts';
import { proposeSeverity } from '../../src/incident/rules/severity.ts';
import { story } from './given.ts';

type Answers = Readonly<Partial<Record<Question, boolean>>>;

const none: Answers = { interrupted: false, 'data-damaged': false, 'whole-network': false };

describe('the severity that the answers propose', () => {
  it.each([
    ['L169 production affected, not interrupted', none, 'blue'],
    ['L171 interrupted, data intact, quick fix', { ...none, interrupted: true }, 'yellow'],
    ['L173 interrupted and a major upgrade', { ...none, interrupted: true, 'major-upgrade': true }, 'orange'],
    ['L173 data lost but recoverable', { ...none, 'data-lost': true, 'data-recoverable': true }, 'orange'],
    ['L173 a core part replaced', { ...none, 'core-part-replaced': true }, 'orange'],
    ['L175 the whole network may be affected', { ...none, 'whole-network': true }, 'red'],
    [
      'L175 important data hard to recover',
      { ...none, 'data-damaged': true, 'data-recoverable': false },
      'red',
    ],
    ['L175 the department confirms it', { 'department-confirms-red': true }, 'red'],
    [
      'no printed level: economic loss with intact data',
      { ...none, interrupted: true, 'economic-loss': true },
      'orange',
    ],
  ] as const)('%s → %s', (_name, answers, severity) => {
    expect(proposeSeverity(answers)?.severity).toBe(severity);
  });

  it('waits for the three deciding questions before it proposes', () => {
    expect(proposeSeverity({ interrupted: true })).toBeNull();
    expect(proposeSeverity({ interrupted: true, 'data-damaged': false })).toBeNull();
  });

  it('names its reason and the line of the plan', () => {
    const told = story()
      .reported()
      .answers({ ...none, interrupted: true });
    expect(told.of('SeverityProposed')[0]).toMatchObject({
      line: 'L171',
      because: expect.arrayContaining(['interrupted']),
    });
  });

  it('proposes anew when an answer changes it, and is silent when it does not', () => {
    const told = story()
      .reported()
      .answers({ ...none, interrupted: true })
      .answers({ 'economic-loss': true })
      .answers({ 'major-upgrade': false });
    expect(told.of('SeverityProposed').map((one) => one.severity)).toEqual(['yellow', 'orange']);
  });
});

describe('a person decides', () => {
  it('confirms the proposal without a reason', () => {
    const told = story()
      .reported()
      .answers({ ...none, interrupted: true });
    told.when('emergency-lead', { type: 'set-severity', severity: 'yellow', reason: null }).thenAccepted();
    expect(told.incident.severity).toBe('yellow');
  });

  it('asks a reason for any other level than the proposed', () => {
    story()
      .reported()
      .answers({ ...none, interrupted: true })
      .when('emergency-lead', { type: 'set-severity', severity: 'red', reason: ' ' })
      .thenRefused('reason-missing');
  });

  it('L175 red is never set by the bot alone', () => {
    story()
      .reported()
      .answers({ 'department-confirms-red': true })
      .when('warroom', { type: 'set-severity', severity: 'red', reason: 'x' })
      .thenRefused('red-needs-person');
  });

  it('raising and lowering are events with a reason and the level before', () => {
    const told = story().reported().severity('yellow');
    told
      .when('emergency-lead', { type: 'set-severity', severity: 'blue', reason: null })
      .thenRefused('reason-missing');
    told
      .when('emergency-lead', { type: 'set-severity', severity: 'orange', reason: '需重大升级' })
      .thenAccepted();
    expect(told.of('SeveritySet').at(-1)).toMatchObject({
      from: 'yellow',
      severity: 'orange',
      reason: '需重大升级',
    });
  });

  it('the same level twice changes nothing', () => {
    story().reported().severity('yellow').severity('yellow').thenRefused('severity-unchanged');
  });
});

describe('what a level brings with it', () => {
  it('L177 the customer’s department head is told first, before anybody is paged', () => {
    const told = story().reported();
    const types = told.events.map((event) => event.body.type);
    expect(types.indexOf('PersonNotified')).toBeLessThan(types.indexOf('PersonPaged'));
    expect(told.of('PersonNotified')[0]).toMatchObject({ person: 'head', post: 'department-head' });
  });

  it('L188 orange puts the protective shutdown of the system on the table', () => {
    const told = story().reported().severity('orange');
    expect(told.of('ActionProposed')[0]).toMatchObject({
      priority: true,
      content: { kind: 'protective-shutdown', target: '社保核心系统' },
    });
  });

  it('L193 red names the related systems as well', () => {
    expect(story().reported().severity('red').of('ActionProposed')[0]?.content.title).toContain(
      '关联业务系统',
    );
  });

  it.each(['blue', 'yellow'] as const)('%s proposes no shutdown', (level) => {
    expect(story().reported().severity(level).of('ActionProposed')).toEqual([]);
  });

  it('a refused shutdown is recorded and not proposed again when the level rises', () => {
    const told = story()
      .reported()
      .severity('orange')
      .when('owner', { type: 'reject', action: 'A1', reason: '数据完好' })
      .thenAccepted();
    told.severity('red');
    expect(told.of('ActionProposed')).toHaveLength(1);
    expect(told.of('ActionRejected')[0]).toMatchObject({ role: 'system-owner', reason: '数据完好' });
  });

  it('L195 L196 red tells the leader and the expert group', () => {
    const posts = story()
      .reported()
      .severity('red')
      .of('PersonNotified')
      .map((one) => one.post);
    expect(posts).toEqual(expect.arrayContaining(['leader', 'expert-group']));
  });

  it('L195 a leader’s post that nobody holds is shown empty, aloud', () => {
    const told = story();
    const roster = { ...told.roster, posts: { ...told.roster.posts, leader: [] } };
    const empty = story({ roster }).reported().severity('red');
    expect(empty.of('PostVacant').map((one) => one.post)).toContain('leader');
    expect(empty.incident.vacantPosts).toContain('leader');
  });
});
