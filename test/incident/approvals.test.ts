import { describe, expect, it } from 'vitest';
import { story } from './given.ts';

const onTable = (by = 'duty') => story().reported().proposed(by);
const approve = { type: 'approve', action: 'A1', breakGlass: null } as const;
const done = { type: 'carry-out', action: 'A1', outcome: 'succeeded', note: null } as const;

describe('L186 the emergency lead and the system owner both confirm', () => {
  it('two distinct people in the two roles approve; then it may be carried out', () => {
    const told = onTable();
    told.when('duty', done).thenRefused('approval-missing');
    told.when('emergency-lead', approve).thenAccepted();
    told.when('duty', done).thenRefused('approval-missing');
    told.when('owner', approve).thenAccepted();
    told.when('duty', done).thenAccepted();
    expect(told.incident.actions[0]).toMatchObject({ status: 'succeeded', doneBy: 'duty' });
  });

  it('one person never fills both roles', () => {
    const told = story();
    const systems = told.roster.systems.map((one) => ({
      ...one,
      approvers: { ...one.approvers, 'system-owner': { holder: 'emergency-lead', deputies: ['owner'] } },
    }));
    const same = story({ roster: { ...told.roster, systems } })
      .reported()
      .proposed();
    same.when('emergency-lead', approve).thenAccepted();
    same.when('emergency-lead', approve).thenRefused('one-person-one-role');
    expect(same.incident.actions[0]?.status).toBe('proposed');
  });

  it('the proposer may fill one of them', () => {
    const told = onTable('owner').when('owner', approve).thenAccepted();
    expect(told.incident.actions[0]?.status).toBe('proposed');
    told.when('emergency-lead', approve).thenAccepted();
    expect(told.incident.actions[0]?.status).toBe('approved');
  });

  it('a named deputy approves for the holder, and the record says for whom', () => {
    const told = onTable()
      .when('emergency-deputy', approve)
      .thenAccepted()
      .when('owner-deputy', approve)
      .thenAccepted();
    expect(told.of('ActionApproved')).toEqual([
      expect.objectContaining({
        role: 'emergency-lead',
        person: 'emergency-deputy',
        deputyFor: 'emergency-lead',
      }),
      expect.objectContaining({ role: 'system-owner', person: 'owner-deputy', deputyFor: 'owner' }),
    ]);
  });

  it('holder and deputy of one role do not make two roles', () => {
    onTable()
      .when('emergency-lead', approve)
      .when('emergency-deputy', approve)
      .thenRefused('role-already-approved');
  });

  it('anybody else is told who may', () => {
    const told = onTable().when('duty', approve).thenRefused('not-an-approver');
    expect(told.refused?.params.who).toContain('应急保障负责人');
  });

  it('the bot neither approves nor carries out', () => {
    onTable().when('warroom', approve).thenRefused('break-glass-bot');
    onTable()
      .when('emergency-lead', approve)
      .when('owner', approve)
      .when('warroom', done)
      .thenRefused('break-glass-bot');
  });

  it('editing voids what was approved', () => {
    const told = onTable().when('emergency-lead', approve);
    const content = told.incident.actions[0]?.content;
    if (!content) throw new Error('no action');
    told
      .when('duty', { type: 'edit-action', action: 'A1', content: { ...content, target: 'server2' } })
      .thenAccepted();
    expect(told.of('ActionEdited')[0]?.voided).toEqual(['emergency-lead']);
    told.when('owner', approve);
    expect(told.incident.actions[0]?.status).toBe('proposed');
  });

  it('break-glass is one voice with a reason, marked', () => {
    const told = onTable();
    told.when('duty', { ...approve, breakGlass: ' ' }).thenRefused('reason-missing');
    told.when('duty', { ...approve, breakGlass: '两位负责人均失联，业务中断扩大' }).thenAccepted();
    expect(told.incident.actions[0]).toMatchObject({
      status: 'approved',
      approvals: [{ breakGlass: true, reason: '两位负责人均失联，业务中断扩大' }],
    });
  });

  it('either role may reject, with a reason; the proposer may take it back', () => {
    onTable().when('owner', { type: 'reject', action: 'A1', reason: '' }).thenRefused('reason-missing');
    onTable().when('owner', { type: 'reject', action: 'A1', reason: '先查' }).thenAccepted();
    onTable().when('duty', { type: 'reject', action: 'A1', reason: '不需要了' }).thenAccepted();
    onTable().when('ops', { type: 'reject', action: 'A1', reason: '不行' }).thenRefused('not-an-approver');
  });

  it('reading needs nobody’s approval', () => {
    const told = story().reported().proposed('duty', []);
    expect(told.incident.actions[0]?.status).toBe('approved');
  });

  it('a failed outcome is recorded with what happened', () => {
    const told = onTable().when('emergency-lead', approve).when('owner', approve);
    told.when('duty', { ...done, outcome: 'failed', note: '进程无响应' });
    expect(told.incident.actions[0]).toMatchObject({ status: 'failed', outcomeNote: '进程无响应' });
    told.when('duty', done).thenRefused('action-not-open');
  });
});

describe('an approval that does not come', () => {
  it('is reminded after ten minutes, then the deputies are asked as well', () => {
    const told = onTable().when('emergency-lead', approve).advance(10);
    expect(told.of('ApprovalReminded')).toEqual([
      { type: 'ApprovalReminded', action: 'A1', people: ['owner'], deputies: false },
    ]);
    told.advance(10);
    expect(told.of('ApprovalReminded')[1]).toMatchObject({
      people: ['owner', 'owner-deputy'],
      deputies: true,
    });
  });

  it('is not reminded once it is whole or refused', () => {
    expect(
      onTable().when('emergency-lead', approve).when('owner', approve).advance(60).of('ApprovalReminded'),
    ).toEqual([]);
    expect(
      onTable()
        .when('owner', { type: 'reject', action: 'A1', reason: 'x' })
        .advance(60)
        .of('ApprovalReminded'),
    ).toEqual([]);
  });
});
