import type { Right } from '../../src/incident/authorisation.ts';
import type { CommandBody } from '../../src/incident/commands.ts';
import type { Directory } from '../../src/incident/directory.ts';
import { BOT } from '../../src/incident/events.ts';
import type { Role } from '../../src/incident/roles.ts';
import type { Incident } from '../../src/incident/state.ts';
import { story } from './given.ts';

/** One person for each role who holds no other one beside `observer`; in the order of the fixture's columns. */
export const PEOPLE = {
  'emergency-lead': { id: 'el', org: 'us' },
  'system-owner': { id: 'so', org: 'us' },
  'component-owner': { id: 'co', org: 'us' },
  // Of nobody's organisation: every other one would bring a second role with it.
  'incident-lead': { id: 'il', org: 'nowhere' },
  'duty-engineer': { id: 'de', org: 'us' },
  'vendor-engineer': { id: 've', org: 'db' },
  'customer-staff': { id: 'cs', org: 'city' },
  observer: { id: 'ob', org: 'us' },
} as const satisfies Readonly<Record<Role, { readonly id: string; readonly org: string }>>;

/** Their company works elsewhere, and is not in the incident. */
export const OUTSIDER = { id: 'out', org: 'cloud' } as const;

const person = ({ id, org }: { readonly id: string; readonly org: string }) => ({
  id,
  name: `name of ${id}`,
  org,
  reachable: true,
  missingQualifications: [],
  customerSide: org === 'city',
});

export const DIRECTORY: Directory = {
  people: Object.fromEntries([...Object.values(PEOPLE), OUTSIDER].map((one) => [one.id, person(one)])),
  organisations: {
    us: { id: 'us', name: 'us', side: 'vendor' },
    city: { id: 'city', name: 'city', side: 'customer' },
    db: { id: 'db', name: 'db', side: 'partner' },
    cloud: { id: 'cloud', name: 'cloud', side: 'partner' },
  },
  customer: 'city',
  tiers: { 1: ['de'] },
  approvers: {
    'emergency-lead': { holder: 'el', deputies: [] },
    'system-owner': { holder: 'so', deputies: [] },
    'component-owner': { holder: 'co', deputies: [] },
  },
  posts: {},
  contacts: {},
  ladders: {},
};

/** An orange incident with the database vendor in it, led by `il`. */
export function incidentIn(status: Incident['status']): Incident {
  const told = story().reported().severity('orange').proposed('duty');
  const at = told.now;
  return {
    ...told.incident,
    status,
    reporter: { ...PEOPLE['customer-staff'], name: 'name of cs' },
    organisations: [{ org: 'db', since: at, invitedBy: 'el', removedAt: null }],
    pages: [
      {
        id: 'p1',
        person: 'il',
        tier: null,
        post: null,
        attempt: 1,
        handoff: true,
        pagedAt: at,
        acknowledgeBy: at,
        because: 'handoff',
        status: 'acknowledged',
        answeredAt: at,
        answeredBy: { person: 'il', route: 'room' },
        deliveries: [],
      },
    ],
  };
}

const place = { platform: 'web', workspace: 'local', conversation: 'i1', language: 'zh', org: 'us' } as const;
const content = {
  step: null,
  title: '重启',
  target: null,
  risk: 'R2',
  impact: null,
  rollback: null,
  commands: [],
  kind: 'step',
  requires: ['emergency-lead', 'system-owner', 'component-owner', 'duty-engineer'],
} as const;
const trial = { confidence: 0.9, excerpts: 1, samples: 0, alarms: [], also: [] } as const;

/** Each command as somebody would give it. A new command does not compile here until it has one, and a row. */
export const GIVEN: Readonly<Record<Right, CommandBody>> = {
  report: {
    type: 'report',
    code: 'INC-1',
    kind: 'fault',
    title: '无法访问',
    system: { id: null, name: null },
    intake: { channel: 'chat', caller: null, number: null, organisation: null, since: null },
    systemDown: false,
    specialTime: false,
    remoteOnly: false,
    exceptional: false,
    place,
    knowledge: 'k1',
  },
  'open-room': { type: 'open-room', place },
  look: { type: 'look' },
  join: { type: 'join', post: null },
  answer: { type: 'answer', answers: { interrupted: true } },
  'invite-organisation': { type: 'invite-organisation', org: 'cloud' },
  'remove-organisation': { type: 'remove-organisation', org: 'db', reason: '误邀' },
  'issue-guest-link': { type: 'issue-guest-link', org: 'db', hours: 1 },
  'revoke-guest-links': { type: 'revoke-guest-links', what: 'G1', reason: '发错' },
  'unlink-place': { type: 'unlink-place', place, because: '错群' },
  'hand-lead': { type: 'hand-lead', to: 'db', reason: '数据库故障' },
  need: { type: 'need', post: 'senior-dba', org: null, reason: null, override: null },
  page: { type: 'page', person: 'de', tier: null, post: null, reason: null, override: null },
  escalate: { type: 'escalate', reason: '无法定位' },
  acknowledge: { type: 'acknowledge', page: null, route: 'room' },
  decline: { type: 'decline', page: null, reason: '在外地' },
  take: { type: 'take' },
  handoff: { type: 'handoff', to: 'de', note: null },
  contact: { type: 'contact', note: null },
  dispatch: { type: 'dispatch', person: null, to: null },
  arrive: { type: 'arrive', note: null },
  withdraw: { type: 'withdraw', moment: 'on-site', reason: '记错' },
  'set-severity': { type: 'set-severity', severity: 'red', reason: '全网' },
  'lower-severity': { type: 'set-severity', severity: 'blue', reason: '误判' },
  'choose-accountability': {
    type: 'choose-accountability',
    accountability: 'assist',
    component: null,
    reason: '网络',
  },
  'paste-log': {
    type: 'paste-log',
    excerpt: 'm1',
    lines: 1,
    name: null,
    sha256: 'x',
    masked: 0,
    findings: [],
    signature: '',
  },
  capture: { type: 'capture', what: '线程快照' },
  'add-log-facts': { type: 'add-log-facts', excerpt: 'm1', zone: null, facts: [] },
  'state-cause': { type: 'state-cause', text: '连接泄漏', confirmed: true },
  'state-impact': { type: 'state-impact', text: '无法参保登记' },
  propose: { type: 'propose', content },
  'edit-action': { type: 'edit-action', action: 'A1', content },
  approve: { type: 'approve', action: 'A1', breakGlass: null },
  'break-glass': { type: 'approve', action: 'A1', breakGlass: '联系不上' },
  reject: { type: 'reject', action: 'A1', reason: '风险大' },
  'carry-out': { type: 'carry-out', action: 'A1', outcome: 'succeeded', note: null },
  'open-session': { type: 'open-session', scope: '只读', consentBy: 'cs', until: 0 },
  'end-session': { type: 'end-session', session: 's1' },
  'update-status': { type: 'update-status', text: '正在切换' },
  advise: { type: 'advise', text: '检查交换机' },
  pause: { type: 'pause', clock: 'diagnosis', reason: '等日志' },
  resume: { type: 'resume', clock: 'diagnosis' },
  'confirm-pause': { type: 'confirm-pause', clock: 'diagnosis' },
  restore: { type: 'restore', note: null },
  reopen: { type: 'reopen', reason: '又中断' },
  resolve: { type: 'resolve', note: '待查' },
  close: { type: 'close', as: 'false-alarm', into: null, reason: '误报' },
  link: { type: 'link', to: 'INC-2', relation: 'related' },
  pin: { type: 'pin', message: 'm1', text: '已切换', author: 'cs', saidAt: 0 },
  'publish-lessons': {
    type: 'publish-lessons',
    lessons: [{ message: 'm1', author: 'cs', side: 'well', text: '响应快' }],
  },
  'edit-timeline': { type: 'edit-timeline', entry: 'E1', edit: { do: 'drop' } },
  'own-report': {
    type: 'draft-document',
    document: 'vendor',
    organisation: 'customer',
    sha256: 'x',
    language: 'zh',
  },
  'draft-document': { type: 'draft-document', document: 'service', sha256: 'x', language: 'zh' },
  'approve-document': { type: 'approve-document', document: 'service' },
  'send-document': { type: 'send-document', document: 'service', to: [] },
  'return-document': { type: 'return-document', document: 'service', reason: '时间不对' },
  'deliver-report': { type: 'deliver-report', report: 'service', to: 'el' },
  'schedule-review': { type: 'schedule-review', on: Number.MAX_SAFE_INTEGER, where: null },
  'hold-review': { type: 'hold-review', attendees: [] },
  'follow-up': { type: 'follow-up', text: '加监控', owner: null, due: null, dueAt: null },
  'finish-follow-up': { type: 'finish-follow-up', followUp: 'F1', proof: '变更单' },
  'ask-satisfaction': { type: 'ask-satisfaction', person: 'cs' },
  'give-satisfaction': { type: 'give-satisfaction', score: 5, text: null },
  'draft-knowledge': {
    type: 'draft-knowledge',
    draft: null,
    entry: 'x',
    version: 1,
    title: { zh: '泄漏', en: 'leak' },
    owner: 'de',
    text: '',
    trial,
  },
  'review-knowledge': { type: 'review-knowledge', draft: 'K1', approve: true, reason: null, trial },
  'withdraw-knowledge': { type: 'withdraw-knowledge', entry: 'x', version: 1, reason: '误导' },
};

/** What only the desk gives itself. */
export const OF_THE_DESK: readonly CommandBody[] = [
  { type: 'share-place', place },
  { type: 'open-guest-link', link: 'G1', name: '王工' },
  {
    type: 'record-delivery',
    page: 'p1',
    delivery: { method: 'room', outcome: 'delivered', detail: '', lateMs: 0 },
  },
  {
    type: 'record-mailing',
    document: 'service',
    version: 1,
    to: 'el',
    outcome: 'accepted',
    detail: '',
  },
];

export const DESK = BOT;
