import { describe, expect, it } from 'vitest';
import { story } from './given.ts';

const restored = () => story().reported().severity('yellow').when('ops', { type: 'restore', note: null });

describe('L313 restore first, repair after', () => {
  it('restored, cause stated, resolved, closed', () => {
    const told = restored().when('duty', { type: 'state-cause', text: '连接泄漏', confirmed: true });
    told.when('duty', { type: 'resolve', note: null }).thenAccepted();
    told.when('duty', { type: 'close', as: 'done', into: null, reason: null }).thenAccepted();
    expect(told.incident.status).toBe('closed');
  });

  it('cannot be resolved before the service is back, nor without a cause or a word why not', () => {
    story().reported().when('duty', { type: 'resolve', note: null }).thenRefused('not-restored');
    restored().when('duty', { type: 'resolve', note: null }).thenRefused('cause-missing');
    restored().when('duty', { type: 'resolve', note: '现场已恢复，根因待厂商分析' }).thenAccepted();
  });

  it('advice given resolves where others repair', () => {
    story()
      .reported({ kind: 'consultation' })
      .when('duty', { type: 'advise', text: '调整参数' })
      .when('duty', { type: 'resolve', note: null })
      .thenAccepted();
  });

  it('a recovery recorded by mistake is taken back and the incident is open again', () => {
    const told = restored()
      .when('ops', { type: 'withdraw', moment: 'restored', reason: '又报错' })
      .thenAccepted();
    expect(told.incident.status).toBe('open');
    expect(told.clock('restore').status).toBe('waiting');
  });

  it('what was resolved says what is possible now', () => {
    const told = restored()
      .when('duty', { type: 'resolve', note: '待分析' })
      .when('duty', { type: 'arrive', note: null });
    told.thenRefused('wrong-state');
    expect(told.refused?.possible).toContain('reopen');
  });
});

describe('other endings', () => {
  it('step 1: a false alarm is closed with the reason that showed it', () => {
    const told = story().reported();
    told
      .when('duty', { type: 'close', as: 'false-alarm', into: null, reason: '' })
      .thenRefused('reason-missing');
    told
      .when('duty', {
        type: 'close',
        as: 'false-alarm',
        into: null,
        reason: '浏览器验证正常，探测机自身故障',
      })
      .thenAccepted();
    expect(told.incident).toMatchObject({ status: 'closed', closedAs: 'false-alarm' });
    expect(told.clock('callback').status).toBe('void');
    const before = told.events.length;
    expect(told.advance(600).events.length).toBe(before);
  });

  it('a merge names its target', () => {
    story()
      .reported()
      .when('duty', { type: 'close', as: 'merged', into: null, reason: 'x' })
      .thenRefused('merge-target-missing');
    const told = story()
      .reported()
      .when('duty', { type: 'close', as: 'merged', into: 'INC-20261124-02', reason: '同一故障' })
      .thenAccepted();
    expect(told.incident.mergedInto).toBe('INC-20261124-02');
  });

  it('linked once, however often it is said', () => {
    const told = story()
      .reported()
      .when('duty', { type: 'link', to: 'INC-20261124-02', relation: 'related' })
      .when('duty', { type: 'link', to: 'INC-20261124-02', relation: 'related' });
    expect(told.of('IncidentLinked')).toHaveLength(1);
  });

  it('re-opened with a reason: the duty engineer is called again and both ends stay in the log', () => {
    const told = restored().when('duty', { type: 'resolve', note: '待分析' });
    told.when('ops', { type: 'reopen', reason: '' }).thenRefused('reason-missing');
    told.when('ops', { type: 'reopen', reason: '再次中断' }).thenAccepted();
    expect(told.incident.status).toBe('open');
    expect(told.pagedPeople().at(-1)).toBe('duty');
    expect(told.of('IncidentResolved')).toHaveLength(1);
  });

  it('lessons and corrective actions are still taken afterwards', () => {
    const told = restored().when('duty', { type: 'resolve', note: '待分析' });
    told
      .when('duty', {
        type: 'publish-lessons',
        lessons: [{ message: 'm1', author: '值班', side: 'badly', text: '告警阈值过高' }],
      })
      .thenAccepted();
    told
      .when('duty', {
        type: 'follow-up',
        text: '加会话数告警',
        owner: '客户运维',
        due: '2026-12-01',
        dueAt: null,
      })
      .thenAccepted();
    expect(told.incident.followUps[0]).toMatchObject({ id: 'F1', owner: '客户运维' });
  });
});

describe('L156–160 remote sessions', () => {
  it('need consent of the customer’s side and end by themselves', () => {
    const session = { type: 'open-session', scope: 'server1 只读', until: 0 } as const;
    const told = story().reported();
    told
      .when('duty', { ...session, consentBy: 'duty', until: told.now + 3_600_000 })
      .thenRefused('customer-confirms');
    told.when('duty', { ...session, consentBy: 'ops', until: told.now + 3_600_000 }).thenAccepted();
    expect(told.advance(59).of('RemoteSessionEnded')).toHaveLength(0);
    expect(told.advance(1).of('RemoteSessionEnded')).toHaveLength(1);
  });
});

describe('one line opens a room', () => {
  it('asks what happened', () => {
    story().reported({ title: '  ' }).thenRefused('title-missing');
  });
  it('pins the plan and the knowledge it began with', () => {
    const told = story().reported();
    expect(told.incident.pinned).toEqual({ plan: 'apusic', planVersion: told.plan.version, knowledge: 'k1' });
  });
  it('exists once', () => {
    story().reported().reported().thenRefused('already-exists');
  });
  it('a command to nothing is refused', () => {
    story().when('duty', { type: 'acknowledge', page: null, route: 'room' }).thenRefused('no-such-incident');
  });
});
