import type { CommandType } from '../incident/commands.ts';
import type { DocumentKind, Risk } from '../incident/events.ts';
import type { Kind, Language, Moment, Question, Severity, Words } from '../incident/plan.ts';
import type { Role } from '../incident/roles.ts';
import type { Action, Incident } from '../incident/state.ts';

/** Severity by colour, word and shape: nobody has to see the colour. */
export const SEVERITY: Readonly<Record<Severity, Words & { readonly mark: string }>> = {
  blue: { zh: '蓝色', en: 'blue', mark: '🔵' },
  yellow: { zh: '黄色', en: 'yellow', mark: '🟡' },
  orange: { zh: '橙色', en: 'orange', mark: '🟠' },
  red: { zh: '红色', en: 'red', mark: '🔴' },
};

export const STATUS: Readonly<Record<Incident['status'], Words>> = {
  open: { zh: '处理中', en: 'open' },
  restored: { zh: '业务已恢复', en: 'service restored' },
  resolved: { zh: '已解决', en: 'resolved' },
  closed: { zh: '已关闭', en: 'closed' },
};

export const DOCUMENT: Readonly<Record<DocumentKind, Words>> = {
  handling: { zh: '故障处理报告', en: 'fault handling report' },
  service: { zh: '服务报告', en: 'service report' },
  parts: { zh: '技术处理和备件更换报告', en: 'technical handling and parts report' },
  minutes: { zh: '复盘会议纪要', en: 'minutes of the review' },
  joint: { zh: '联合处置报告', en: 'joint report' },
  vendor: { zh: '单位处置报告', en: 'organisation report' },
};

export const KIND: Readonly<Record<Kind, Words>> = {
  fault: { zh: '故障', en: 'fault' },
  'go-live': { zh: '紧急上线', en: 'emergency go-live' },
  consultation: { zh: '咨询', en: 'consultation' },
  'early-warning': { zh: '预警', en: 'early warning' },
  'security-patch': { zh: '安全补丁', en: 'security patch' },
  drill: { zh: '演练', en: 'drill' },
  replacement: { zh: '待替代中间件故障', en: 'fault of middleware awaiting replacement' },
};

export const ROLE: Readonly<Record<Role, Words>> = {
  'emergency-lead': { zh: '应急保障负责人', en: 'emergency lead' },
  'system-owner': { zh: '系统主管', en: 'system owner' },
  'component-owner': { zh: '组件负责人', en: 'component owner' },
  'incident-lead': { zh: '当前主责人', en: 'incident lead' },
  'duty-engineer': { zh: '值班工程师', en: 'duty engineer' },
  'vendor-engineer': { zh: '友商工程师', en: 'vendor engineer' },
  'customer-staff': { zh: '客户人员', en: 'customer staff' },
  observer: { zh: '在场的每个人', en: 'everybody in the room' },
};

export const RISK: Readonly<Record<Risk, Words>> = {
  R0: { zh: 'R0 只读', en: 'R0 read-only' },
  R1: { zh: 'R1 可回退', en: 'R1 reversible' },
  R2: { zh: 'R2 有中断', en: 'R2 disruptive' },
  R3: { zh: 'R3 不可逆', en: 'R3 destructive' },
};

export const MOMENT: Readonly<Record<Moment, Words>> = {
  reported: { zh: '报告', en: 'reported' },
  'first-contact': { zh: '首次联系', en: 'first contact' },
  dispatched: { zh: '派出', en: 'dispatched' },
  'on-site': { zh: '到场', en: 'on site' },
  'cause-stated': { zh: '查明原因', en: 'cause stated' },
  'advice-given': { zh: '给出建议', en: 'advice given' },
  restored: { zh: '业务恢复', en: 'service restored' },
  resolved: { zh: '解决', en: 'resolved' },
  'last-tier-engaged': { zh: '各级到位', en: 'all tiers engaged' },
  'status-updated': { zh: '进展通报', en: 'status updated' },
  'service-report-delivered': { zh: '服务报告送达', en: 'service report delivered' },
  'handling-report-delivered': { zh: '故障处理报告送达', en: 'fault handling report delivered' },
  'parts-report-delivered': { zh: '技术处理和备件更换报告送达', en: 'parts report delivered' },
};

export const ACTION_STATUS: Readonly<Record<Action['status'], Words>> = {
  proposed: { zh: '待批准', en: 'waiting for approval' },
  approved: { zh: '已批准', en: 'approved' },
  rejected: { zh: '已驳回', en: 'rejected' },
  succeeded: { zh: '成功', en: 'succeeded' },
  failed: { zh: '失败', en: 'failed' },
};

/** Why a severity is proposed. */
/** Where somebody answered a page; a platform without words of its own goes by its name. */
export const ROUTE: Readonly<Record<string, Words>> = {
  room: { zh: '房间', en: 'room' },
  email: { zh: '邮件', en: 'e-mail' },
  sms: { zh: '短信', en: 'text message' },
  voice: { zh: '语音', en: 'voice call' },
  chat: { zh: '私聊', en: 'direct message' },
  web: { zh: '网页', en: 'web room' },
  taken: { zh: '接手', en: 'taken' },
  phone: { zh: '电话', en: 'phone' },
  slack: { zh: 'Slack', en: 'Slack' },
  teams: { zh: 'Teams', en: 'Teams' },
  dingtalk: { zh: '钉钉', en: 'DingTalk' },
  feishu: { zh: '飞书', en: 'Feishu' },
};

export const BECAUSE: Readonly<Record<string, Words>> = {
  'organisation-removed': { zh: '单位已移出', en: 'its organisation was removed' },
  'department-confirms': { zh: '主管部门确认', en: 'the department confirms it' },
  'whole-network': { zh: '影响或可能影响全网', en: 'the whole network is or may be affected' },
  'data-unrecoverable': { zh: '重要数据难以恢复', en: 'important data is hard to recover' },
  'data-recoverable': { zh: '数据受损或遗失，可紧急恢复', en: 'data damaged or lost, recoverable' },
  'core-part-replaced': { zh: '需更换核心部件', en: 'a core part is replaced' },
  'major-upgrade': { zh: '业务中断且需重大升级', en: 'interrupted and a major upgrade is needed' },
  'economic-loss': {
    zh: '业务中断、有经济损失但数据完好；预案未列此情形，按橙色处理',
    en: 'interrupted with economic loss, data intact: no printed level fits, orange is proposed',
  },
  interrupted: { zh: '业务中断', en: 'business interrupted' },
  'data-intact': { zh: '无数据损坏', en: 'no data damaged' },
  'quick-fix': { zh: '可调应用或配置恢复', en: 'quick fix by app or configuration' },
  'not-interrupted': { zh: '业务未中断', en: 'business not interrupted' },
  'latent-risk': { zh: '影响生产环境或存在重大隐患', en: 'production affected or a major latent risk' },
  reported: { zh: '事件上报', en: 'incident reported' },
  'exceptional-impact': { zh: '影响面特别大，研发骨干直接介入', en: 'exceptional impact, R&D at once' },
  'no-answer': { zh: '无人应答', en: 'no answer' },
  'round-again': { zh: '各级均未应答，重新呼叫', en: 'nobody answered, calling round again' },
  unresolved: { zh: '到时未解决', en: 'unresolved when its time came' },
  asked: { zh: '现场请求', en: 'asked for' },
  handoff: { zh: '交接', en: 'handoff' },
  taken: { zh: '主动接手', en: 'taken over' },
  reopened: { zh: '事件重新打开', en: 'incident re-opened' },
  'nobody-reachable': { zh: '该级无可联系人员', en: 'nobody of this tier can be reached' },
  'nobody-qualified-on-call': { zh: '在岗人员均不满足首派资历', en: 'nobody qualified is on call' },
  restored: { zh: '业务已恢复', en: 'service restored' },
  resolved: { zh: '事件已解决', en: 'incident resolved' },
  done: { zh: '事件已关闭', en: 'incident closed' },
  answered: { zh: '已有人应答', en: 'somebody answered' },
  'outside-hours': { zh: '联系人不在服务时段', en: 'outside the hours of its contact' },
  'false-alarm': { zh: '误报', en: 'false alarm' },
  merged: { zh: '已并入另一事件', en: 'merged into another incident' },
};

export const QUALIFICATION: Readonly<Record<string, Words>> = {
  certified: { zh: '原厂认证', en: 'vendor certification' },
  years: { zh: '三年以上同类经验', en: 'three years of experience' },
  largeProjects: { zh: '三个以上大型信创项目', en: 'three large projects' },
  trainingWeeksPerYear: { zh: '每年三周以上培训', en: 'three weeks of training a year' },
};

/** What a fact found in a log is called. */
export const LOG_FACT: Readonly<Record<string, Words>> = {
  time: { zh: '时间', en: 'time' },
  count: { zh: '次数', en: 'count' },
  firstLine: { zh: '首行', en: 'first line' },
  lastLine: { zh: '末行', en: 'last line' },
  code: { zh: '代码', en: 'code' },
  server: { zh: '服务器', en: 'server' },
  thread: { zh: '线程', en: 'thread' },
  rootCause: { zh: '最深原因', en: 'deepest cause' },
  exception: { zh: '异常', en: 'exception' },
  pool: { zh: '连接池', en: 'pool' },
  pid: { zh: '进程号', en: 'pid' },
  url: { zh: '请求', en: 'request' },
  domain: { zh: '域目录', en: 'domain' },
  path: { zh: '路径', en: 'path' },
  port: { zh: '端口', en: 'port' },
  host: { zh: '主机', en: 'host' },
  busy: { zh: '已忙秒数', en: 'busy seconds' },
  limit: { zh: '上限', en: 'limit' },
  active: { zh: '在用', en: 'active' },
  max: { zh: '最大', en: 'max' },
  user: { zh: '用户', en: 'user' },
  jdk: { zh: 'JDK', en: 'JDK' },
  node: { zh: '节点', en: 'node' },
  pod: { zh: 'Pod', en: 'pod' },
  service: { zh: '服务', en: 'service' },
  container: { zh: '容器', en: 'container' },
  process: { zh: '进程', en: 'process' },
  signal: { zh: '信号', en: 'signal' },
  exitCode: { zh: '退出码', en: 'exit code' },
  memoryLimit: { zh: '内存上限', en: 'memory limit' },
  rss: { zh: '常驻内存', en: 'resident memory' },
  frame: { zh: '栈帧', en: 'frame' },
  threadPool: { zh: '线程池', en: 'thread pool' },
  threads: { zh: '线程数', en: 'threads' },
  lock: { zh: '锁', en: 'lock' },
  lockOwner: { zh: '锁的持有者', en: 'lock owner' },
  dumps: { zh: '快照数', en: 'dumps' },
  gcShare: { zh: 'GC 占用时间', en: 'time in GC' },
  heapAfterFull: { zh: 'Full GC 后的堆', en: 'heap after full GC' },
  heapSize: { zh: '堆大小', en: 'heap size' },
  fullGcs: { zh: 'Full GC 次数', en: 'full GCs' },
  longestPause: { zh: '最长停顿', en: 'longest pause' },
  waiting: { zh: '等待', en: 'waiting' },
  idle: { zh: '空闲', en: 'idle' },
  total: { zh: '总数', en: 'total' },
  wait: { zh: '等待毫秒', en: 'waited ms' },
  firstTime: { zh: '首次', en: 'first seen' },
  lastTime: { zh: '末次', en: 'last seen' },
  firstAt: { zh: '首次（UTC）', en: 'first seen (UTC)' },
  lastAt: { zh: '末次（UTC）', en: 'last seen (UTC)' },
};

/** The short question on a button. */
export const QUESTION: Readonly<Record<Question, Words>> = {
  interrupted: { zh: '业务中断', en: 'interrupted' },
  'data-damaged': { zh: '数据受损', en: 'data damaged' },
  'data-lost': { zh: '数据遗失', en: 'data lost' },
  'data-recoverable': { zh: '数据可恢复', en: 'data recoverable' },
  'economic-loss': { zh: '经济损失', en: 'economic loss' },
  'whole-network': { zh: '影响全网', en: 'whole network' },
  'core-part-replaced': { zh: '更换核心部件', en: 'core part replaced' },
  'major-upgrade': { zh: '需重大升级', en: 'major upgrade' },
  'department-confirms-red': { zh: '主管部门确认红色', en: 'department confirms red' },
};

/** How a command is typed, for "what is possible now". Zh and en names live in `commands/`. */
export const POSSIBLE: Readonly<Partial<Record<CommandType, Words>>> = {
  report: { zh: '/应急 开启 …', en: '/incident open …' },
  reopen: { zh: '/应急 重开 原因', en: '/incident reopen REASON' },
  resolve: { zh: '/应急 解决', en: '/incident resolve' },
  restore: { zh: '/应急 恢复', en: '/incident restore' },
  close: { zh: '/应急 关闭', en: '/incident close' },
  'state-cause': { zh: '/应急 原因 …', en: '/incident cause …' },
  advise: { zh: '/应急 建议 …', en: '/incident advise …' },
  withdraw: { zh: '/应急 撤回 …', en: '/incident undo …' },
  page: { zh: '/应急 呼叫 …', en: '/incident page …' },
  join: { zh: '/应急 加入', en: '/incident join' },
  decline: { zh: '/应急 拒接 原因', en: '/incident decline REASON' },
  need: { zh: '/应急 需要 岗位 [单位]', en: '/incident need POST [ORGANISATION]' },
  'hand-lead': { zh: '/应急 移交主责 单位 原因', en: '/incident hand-lead ORGANISATION REASON' },
  escalate: { zh: '/应急 升级 原因', en: '/incident escalate REASON' },
  propose: { zh: '/应急 提议 步骤', en: '/incident propose STEP' },
  approve: { zh: '/应急 批准 A1', en: '/incident approve A1' },
  reject: { zh: '/应急 驳回 A1 原因', en: '/incident reject A1 REASON' },
  'carry-out': { zh: '/应急 完成 A1', en: '/incident done A1' },
  'edit-action': { zh: '/应急 修改 A1 …', en: '/incident edit A1 …' },
  pause: { zh: '/应急 暂停 时限 原因', en: '/incident pause CLOCK REASON' },
  resume: { zh: '/应急 继续 时限', en: '/incident resume CLOCK' },
  'confirm-pause': { zh: '/应急 确认暂停 时限', en: '/incident confirm-pause CLOCK' },
  'set-severity': { zh: '/应急 定级 黄 原因', en: '/incident severity yellow REASON' },
};

export function term(table: Readonly<Record<string, Words>>, key: string, language: Language): string {
  return table[key]?.[language] ?? key;
}
