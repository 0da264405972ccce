import { announce, arrival, type Voice } from '../../src/effects/announce/index.ts';
import { opening } from '../../src/effects/announce/opening.ts';
import { type Actor, BOT, type EventBody, type IncidentEvent } from '../../src/incident/events.ts';
import { fold } from '../../src/incident/evolve.ts';
import type { Language } from '../../src/incident/plan.ts';
import { actor, type FixtureRoom, NOW, nameOf, putMessage, SETTINGS } from './fixture.ts';

const MINUTE = 60_000;

export const LOG = [
  '2026-11-24 03:11:58,120 INFO  [main] com.example.payroll.Gateway - heartbeat ok',
  '2026-11-24 03:12:01,882 WARN  [http-17] c.e.pool.Source - active 0/100, cannot create a connection',
  'java.sql.SQLRecoverableException: IO Error: The Network Adapter could not establish the connection',
  '\tat oracle.jdbc.driver.T4CConnection.logon(T4CConnection.java:673)',
  '\tat oracle.jdbc.driver.PhysicalConnection.connect(PhysicalConnection.java:1032)',
  '\tat com.example.payroll.pool.Source.open(Source.java:211)',
  'Caused by: oracle.net.ns.NetException: The Network Adapter could not establish the connection',
  '\tat oracle.net.nt.ConnStrategy.execute(ConnStrategy.java:569)',
  'Caused by: java.net.ConnectException: Connection refused (Connection refused)',
  '\tat java.net.PlainSocketImpl.socketConnect(Native Method)',
  '2026-11-24 03:12:02,310 ERROR [http-18] c.e.payroll.Desk - request 88213 failed after 0 ms',
  '2026-11-24 03:12:02,401 ERROR [http-19] c.e.payroll.Desk - request 88214 failed after 0 ms',
  '2026-11-24 03:12:03,007 ERROR [http-20] c.e.payroll.Desk - request 88215 failed after 1 ms',
].join('\n');

/** Plays events and talk into a room, as they would come in the real one. */
class Stage {
  private readonly events: IncidentEvent[] = [];
  private readonly id: string;
  private readonly language: Language;
  room: FixtureRoom | null = null;

  constructor(id: string, language: Language) {
    this.id = id;
    this.language = language;
  }

  happen(by: Actor, at: number, ...bodies: readonly EventBody[]): this {
    const batch = bodies.map(
      (body, index): IncidentEvent => ({
        incident: this.id,
        position: this.events.length + 1 + index,
        by,
        occurred: at,
        recorded: at,
        backdated: null,
        sources: [],
        body,
      }),
    );
    this.events.push(...batch);
    const incident = fold(this.events);
    if (!incident) throw new Error('a story begins with a report');
    this.room ??= { incident, events: this.events, talk: [] };
    this.room.incident = incident;
    const voice: Voice = {
      language: this.language,
      plan: SETTINGS.plan,
      now: at,
      nameOf,
      orgName: (id) => id,
      eyes: { org: 'apusic', side: 'vendor' },
    };
    const first = batch.some((event) => event.body.type === 'IncidentReported');
    const messages = first
      ? [opening(incident, voice), ...arrival(incident, voice)]
      : announce(incident, batch, voice);
    for (const message of messages) putMessage(this.room, message, at);
    return this;
  }

  say(
    who: string,
    at: number,
    text: string,
    extra: { stream?: string; form?: 'log'; message?: string } = {},
  ): this {
    const { room } = this;
    if (!room) throw new Error('a story begins with a report');
    const stream = extra.stream ?? 'joint';
    room.talk.push({
      incident: this.id,
      stream,
      kind: 'said',
      message: extra.message ?? `m${room.talk.length + 1}`,
      author: actor(who),
      occurred: at,
      recorded: at,
      text,
      platform: 'web',
      form: extra.form ?? 'text',
      position: room.talk.filter((entry) => entry.stream === stream).length + 1,
    });
    return this;
  }

  done(): FixtureRoom {
    if (!this.room) throw new Error('a story begins with a report');
    return this.room;
  }
}

function report(
  code: string,
  title: string,
  system: { id: string | null; name: string | null },
  kind: 'fault' | 'drill' = 'fault',
): EventBody[] {
  return [
    {
      type: 'IncidentReported',
      code,
      kind,
      title,
      system,
      intake: { channel: 'chat', caller: null, number: null, organisation: null, since: null },
      systemDown: true,
      specialTime: false,
      remoteOnly: false,
      exceptional: false,
    },
    { type: 'PlanPinned', plan: SETTINGS.plan.id, version: SETTINGS.plan.version },
  ];
}

/** The main story: a yellow incident, twenty minutes old, diagnosed, with an action that waits for its second approval. */
export function yellowStory(language: Language = 'zh'): FixtureRoom {
  const t0 = NOW - 19 * MINUTE - 20_000;
  const at = (minutes: number) => t0 + minutes * MINUTE;
  return new Stage('i-yellow', language)
    .happen(
      actor('ops'),
      t0,
      ...report('INC-20261124-03', '社保核心系统全部节点报错，窗口无法办理业务', {
        id: 'social-insurance',
        name: '社保核心系统',
      }),
      { type: 'PersonNotified', notice: 'n1', person: 'head', post: 'department-head', about: 'reported' },
      {
        type: 'PersonPaged',
        page: 'p1',
        person: 'duty',
        tier: 1,
        post: null,
        attempt: 1,
        because: 'reported',
        acknowledgeBy: at(5),
      },
    )
    .say('ops', at(0.7), '窗口那边从三点开始就办不了业务了，重启过一次前置机没有用')
    .happen(actor('duty'), at(2), { type: 'PageAcknowledged', page: 'p1', person: 'duty', route: 'room' })
    .happen(
      actor('ops'),
      at(2.5),
      { type: 'QuestionAnswered', question: 'interrupted', answer: true },
      { type: 'QuestionAnswered', question: 'data-damaged', answer: false },
      { type: 'QuestionAnswered', question: 'whole-network', answer: false },
      {
        type: 'SeverityProposed',
        severity: 'yellow',
        because: ['interrupted', 'data-intact', 'quick-fix'],
        line: 'L181',
      },
    )
    .happen(actor('emergency-lead'), at(4), {
      type: 'SeveritySet',
      severity: 'yellow',
      from: null,
      reason: null,
    })
    .happen(actor('duty'), at(5), { type: 'FirstContactMade', person: 'duty', note: null })
    .happen(actor('duty'), at(7), { type: 'PersonDispatched', person: 'duty', to: '市人社局机房' })
    .say('duty', at(8), '我先看 server1 的日志，现场把最近的 server.log 贴上来，不用挑')
    .say('ops', at(10), LOG, { form: 'log', message: 'log-1' })
    .happen(
      BOT,
      at(10.1),
      { type: 'LogPasted', excerpt: 'log-1', lines: 13, name: null, sha256: 'a'.repeat(64), masked: 0 },
      {
        type: 'FaultDiagnosed',
        excerpt: 'log-1',
        signature: 'SQLRecoverableException: IO Error',
        findings: [
          {
            fault: 'db-unreachable',
            title: {
              zh: '数据库不可达，连接池耗尽是结果',
              en: 'Database unreachable; the empty pool is a consequence',
            },
            cause: {
              zh: '数据库监听没有应答，新连接无法建立。',
              en: 'The database listener does not answer; no connection can be made.',
            },
            confidence: 0.94,
            phase: 'running',
            evidence: [
              { line: 3, text: LOG.split('\n')[2] ?? '' },
              { line: 9, text: LOG.split('\n')[8] ?? '' },
            ],
            facts: { pool: 'active 0/100', host: '10.0.0.31' },
            capture: [
              {
                title: { zh: '线程栈 ×3', en: 'thread dumps ×3' },
                commands: ['jstack -l <pid> > /tmp/stack.1'],
              },
              { title: { zh: '网络连接', en: 'connections' }, commands: ['ss -antp > /tmp/ss.txt'] },
            ],
            steps: [
              {
                id: 'check-listener',
                title: { zh: '查监听与实例状态', en: 'check listener and instance' },
                commands: ['lsnrctl status', 'tnsping PAYROLL'],
                risk: 'R0',
                approver: 'duty',
                rollback: null,
              },
              {
                id: 'switch-url',
                title: { zh: '把连接串改到可用节点', en: 'point the connection string at a live node' },
                commands: [],
                risk: 'R1',
                approver: 'lead+owner',
                rollback: { zh: '改回原串', en: 'put the old string back' },
              },
            ],
            ruledOut: [{ zh: '连接池太小（active 0/100，无连接可建）', en: 'pool too small (active 0/100)' }],
            mustNot: [{ zh: '扩大连接池', en: 'enlarge the pool' }],
          },
          {
            fault: 'jdbc-pool-exhausted',
            title: { zh: '连接池耗尽', en: 'Connection pool exhausted' },
            cause: { zh: '', en: '' },
            confidence: 0.41,
            phase: 'running',
            evidence: [{ line: 2, text: LOG.split('\n')[1] ?? '' }],
            facts: {},
            capture: [],
            steps: [],
            ruledOut: [],
            mustNot: [],
          },
        ],
      },
    )
    .happen(BOT, at(12), {
      type: 'PersonPaged',
      page: 'p2',
      person: 'dba',
      tier: null,
      post: 'senior-dba',
      attempt: 1,
      because: 'asked',
      acknowledgeBy: at(27),
    })
    .happen(actor('duty'), at(13), {
      type: 'ActionProposed',
      action: 'A1',
      priority: false,
      content: {
        step: 'switch-url',
        title: '把 JDBC 连接串改到节点 2',
        target: 'server1、server2',
        risk: 'R1',
        impact: '重连期间约 1 分钟失败',
        rollback: '改回原连接串并重载数据源',
        commands: ['sed -n 1,40p config/datasource.xml'],
        kind: 'step',
        requires: ['emergency-lead', 'system-owner'],
      },
    })
    .say('rd1', at(15), '节点 2 的监听昨晚巡检是好的，可以切', { stream: 'org:apusic' })
    .happen(actor('emergency-lead'), at(16), {
      type: 'ActionApproved',
      action: 'A1',
      role: 'emergency-lead',
      person: 'emergency-lead',
      deputyFor: null,
      breakGlass: false,
      reason: null,
    })
    .say('duty', at(18), '还差系统主管一个批准。切换前我会先把线程栈留三份。')
    .say('duty', at(18.4), '窗口那边请先别重启前置机')
    .done();
}

/** A red one whose clocks are nearly over. */
export function redStory(language: Language = 'zh'): FixtureRoom {
  const t0 = NOW - 109 * MINUTE;
  const at = (minutes: number) => t0 + minutes * MINUTE;
  return new Stage('i-red', language)
    .happen(
      actor('ops'),
      t0,
      ...report('INC-20261124-01', '全省缴费业务中断，数据库与中间件同时告警', {
        id: 'tax',
        name: '非税收缴系统',
      }),
      {
        type: 'SeverityProposed',
        severity: 'red',
        because: ['whole-network'],
        line: 'L188',
      },
    )
    .happen(actor('emergency-lead'), at(5), {
      type: 'SeveritySet',
      severity: 'red',
      from: null,
      reason: null,
    })
    .happen(actor('duty'), at(6), { type: 'FirstContactMade', person: 'duty', note: null })
    .happen(actor('duty'), at(50), { type: 'PersonArrived', person: 'duty', note: null })
    .done();
}

export function freshStory(language: Language = 'zh'): FixtureRoom {
  const t0 = NOW - 2 * MINUTE;
  return new Stage('i-fresh', language)
    .happen(
      actor('ops'),
      t0,
      ...report('INC-20261124-04', '门户登录很慢，偶尔报 502', { id: null, name: '统一门户' }),
      {
        type: 'PersonPaged',
        page: 'p9',
        person: 'duty',
        tier: 1,
        post: null,
        attempt: 1,
        because: 'reported',
        acknowledgeBy: t0 + 5 * MINUTE,
      },
    )
    .done();
}

export function endedStory(language: Language = 'zh'): FixtureRoom {
  const t0 = NOW - 9 * 60 * MINUTE;
  return new Stage('i-ended', language)
    .happen(
      actor('ops'),
      t0,
      ...report('INC-20261123-02', '月度演练：节点切换', { id: null, name: '演练系统' }, 'drill'),
    )
    .happen(actor('duty'), t0 + 4 * MINUTE, {
      type: 'SeveritySet',
      severity: 'blue',
      from: null,
      reason: null,
    })
    .happen(actor('duty'), t0 + 30 * MINUTE, { type: 'CauseStated', text: '演练', confirmed: true })
    .happen(actor('duty'), t0 + 40 * MINUTE, { type: 'ServiceRestored', note: null })
    .happen(actor('duty'), t0 + 50 * MINUTE, { type: 'IncidentResolved', note: null })
    .happen(actor('duty'), t0 + 60 * MINUTE, { type: 'IncidentClosed', as: 'done', into: null, reason: null })
    .done();
}

export function stories(language: Language = 'zh'): FixtureRoom[] {
  return [yellowStory(language), redStory(language), freshStory(language), endedStory(language)];
}
