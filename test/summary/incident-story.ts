import { clocks } from '../../src/incident/clocks.ts';
import type { DiagnosedFault, IncidentEvent } from '../../src/incident/events.ts';
import type { ReportInput, ReportKind, TalkLine } from '../../src/summary/report.ts';
import { MINUTE, START, type Story, story } from '../incident/given.ts';

const pool: DiagnosedFault = {
  fault: 'jdbc-pool-exhausted',
  title: { zh: '连接池耗尽', en: 'connection pool exhausted' },
  cause: { zh: '连接被借出后没有归还', en: 'connections are borrowed and not returned' },
  confidence: 0.91,
  phase: 'running',
  evidence: [{ line: 7, text: 'In-use connections equal max-pool-size and expired max-wait-time' }],
  facts: { pool: 'FeePool' },
  capture: [],
  steps: [],
  ruledOut: [{ zh: '不是数据库不可达', en: 'the database is reachable' }],
  mustNot: [],
};

/** A yellow incident with everything a report has a section for: an edit, a deputy, a break-glass approval, a pause. */
export function wholeIncident(): Story {
  const told = story()
    .reported({
      intake: {
        channel: 'phone',
        caller: '孙工',
        number: '021-5550 1188',
        organisation: '某市社保中心',
        since: '今天 02:50 左右',
      },
    })
    .answers({ interrupted: true, 'data-damaged': false, 'whole-network': false })
    .severity('yellow')
    .advance(2)
    .when('duty', { type: 'acknowledge', page: null, route: 'web' })
    .when('duty', { type: 'contact', note: '已通话' })
    .when('duty', { type: 'dispatch', person: 'duty', to: '市中心机房' })
    .when('duty', {
      type: 'choose-accountability',
      accountability: 'lead',
      component: 'middleware',
      reason: null,
    })
    .advance(30)
    .when('duty', { type: 'arrive', note: null }, { ago: 9, reason: '机房里没有信号' })
    .when('ops', {
      type: 'paste-log',
      excerpt: 'x1',
      lines: 40,
      name: 'server.log',
      sha256: 'ab'.repeat(32),
      masked: 2,
      findings: [pool],
      signature: 's1',
    })
    .when('duty', { type: 'capture', what: '线程转储三份，间隔十秒' })
    .when('duty', { type: 'state-cause', text: '疑为报表长查询', confirmed: false })
    .when('duty', { type: 'pause', clock: 'restore', reason: '等客户开通跳板机' })
    .when('ops', { type: 'confirm-pause', clock: 'restore' })
    .advance(12)
    .when('duty', { type: 'resume', clock: 'restore' })
    .proposed()
    .when('emergency-lead', { type: 'reject', action: 'A1', reason: '白天不停节点' });
  return told
    .proposed()
    .when('emergency-lead', { type: 'approve', action: 'A2', breakGlass: null })
    .when('owner', { type: 'approve', action: 'A2', breakGlass: null })
    .when('duty', { type: 'carry-out', action: 'A2', outcome: 'succeeded', note: '更换为备用节点，池在用 9' })
    .proposed()
    .when('emergency-lead', { type: 'approve', action: 'A3', breakGlass: '系统主管在飞机上，联系不到' })
    .when('duty', { type: 'carry-out', action: 'A3', outcome: 'failed', note: '脚本权限不足' })
    .when('ops', { type: 'restore', note: '窗口可以办理' })
    .when('duty', { type: 'state-cause', text: '对账模块在异常分支没有归还连接', confirmed: true })
    .when('ops', { type: 'state-impact', text: '12 个窗口停办 41 分钟，积压 308 笔' })
    .advance(20)
    .when('duty', {
      type: 'publish-lessons',
      lessons: [
        { message: 'p1', author: '值班工程师', side: 'well', text: '先取证再处理，省去了复现' },
        { message: 'p2', author: '值班工程师', side: 'badly', text: '连接数没有告警' },
      ],
    })
    .when('emergency-lead', {
      type: 'follow-up',
      text: '对账模块补归还连接',
      owner: 'duty2',
      due: '2026-12-05',
      dueAt: null,
    })
    .when('emergency-lead', { type: 'follow-up', text: '连接数告警', owner: null, due: null, dueAt: null })
    .when('duty', { type: 'resolve', note: null })
    .when('duty', { type: 'schedule-review', on: START + 10 * 24 * 60 * MINUTE, where: '三楼会议室' })
    .when('duty2', { type: 'finish-follow-up', followUp: 'F1', proof: '变更单 CHG-118' })
    .when('emergency-lead', { type: 'give-satisfaction', score: 4, text: '报告再早些' })
    .when('duty', { type: 'hold-review', attendees: ['duty', 'ops'] })
    .when('duty', { type: 'deliver-report', report: 'service', to: '应急保障负责人' });
}

export function inputOf(
  told: Story,
  options: {
    report?: ReportKind;
    language?: 'zh' | 'en';
    talk?: readonly TalkLine[];
    events?: readonly IncidentEvent[];
  } = {},
): ReportInput {
  return {
    incident: told.incident,
    events: options.events ?? told.events,
    clocks: clocks(told.incident, told.plan, told.now),
    talk: options.talk ?? [],
    names: (id) => told.roster.people.find((one) => one.id === id)?.name ?? id,
    orgs: (id) => told.roster.organisations.find((one) => one.id === id)?.name ?? id,
    plan: told.plan,
    head: 'f0'.repeat(32),
    language: options.language ?? 'zh',
    report: options.report ?? 'handling',
    now: told.now,
    draft: true,
  };
}

/** An incident that nobody spoke about in commands: what is known stands in the talk alone. */
export function talkedAbout(): { told: Story; talk: readonly TalkLine[] } {
  const told = story().reported().advance(90).when('ops', { type: 'restore', note: null });
  const said = (minute: number, author: string, text: string, index: number): TalkLine => ({
    id: `t${index}`,
    at: START + minute * MINUTE,
    author,
    org: 'customer',
    text,
  });
  return {
    told,
    talk: [
      said(1, '客户运维', '02:55 开始登录报错', 1),
      said(20, '开发', '定位到了，是证书过期导致网关拒绝连接', 2),
      said(40, '客户运维', '统计了一下，影响 17 个网点，失败 245 笔', 3),
      said(80, '开发', '证书已更换，网关已重启', 4),
    ],
  };
}
