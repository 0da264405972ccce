import { clocks } from '../../incident/clocks.ts';
import type { Instant } from '../../incident/events.ts';
import type { Language, Plan } from '../../incident/plan.ts';
import type { Incident } from '../../incident/state.ts';
import { SEVERITY } from '../../words/terms.ts';
import { clockTime } from '../../words/time.ts';
import { subject } from './context.ts';

/** What somebody left for whoever comes next. */
export interface ShiftText {
  readonly by: string;
  readonly at: Instant;
  readonly text: string;
}

export interface HandoverFacts {
  readonly tierTitle: string;
  readonly at: Instant;
  readonly from: string | null;
  readonly to: string | null;
  readonly until: Instant | null;
  readonly incidents: readonly { readonly incident: Incident; readonly plan: Plan }[];
  readonly texts: readonly ShiftText[];
  readonly nameOf: (person: string) => string;
  readonly zone: string;
}

export interface HandoverNote {
  readonly headline: string;
  readonly lines: readonly string[];
}

/** What the one who goes and the one who comes have to know at a change of turn. */
export function handoverNote(facts: HandoverFacts, language: Language): HandoverNote {
  const say = (zh: string, en: string): string => ({ zh, en })[language];
  const when = (at: Instant): string => clockTime(at, facts.zone, facts.at);
  const who = (id: string | null): string => (id === null ? say('空档', 'nobody') : facts.nameOf(id));
  const until = facts.until === null ? '' : say(`，至 ${when(facts.until)}`, `, until ${when(facts.until)}`);
  const open = facts.incidents.filter(({ incident }) => incident.status !== 'closed');
  const followUps = facts.incidents.flatMap(({ incident }) =>
    incident.followUps.map((one) => ({ code: incident.code, ...one })),
  );
  return {
    headline: say(
      `【战情室】交接班 ${facts.tierTitle} ${when(facts.at)}：${who(facts.from)} → ${who(facts.to)}${until}`,
      `[warroom] hand-over, ${facts.tierTitle}, ${when(facts.at)}: ${who(facts.from)} → ${who(facts.to)}${until}`,
    ),
    lines: [
      open.length === 0
        ? say('没有未结事件', 'no open incident')
        : say(`未结事件 ${open.length} 起`, `${open.length} open`),
      ...open.map(({ incident, plan }) => `· ${incidentLine(incident, plan, facts, language)}`),
      ...(followUps.length > 0 ? [say('后续整改', 'follow-ups')] : []),
      ...followUps.map(
        (one) =>
          `· ${one.code} ${one.id} ${one.text}${one.owner ? ` · ${one.owner}` : ''}${one.due ? ` · ${one.due}` : ''}`,
      ),
      ...(facts.texts.length > 0 ? [say('留言', 'left for you')] : []),
      ...facts.texts.map((one) => `· ${facts.nameOf(one.by)} ${when(one.at)}：${one.text}`),
    ],
  };
}

const STATUS = {
  open: { zh: '处置中', en: 'open' },
  restored: { zh: '业务已恢复', en: 'restored' },
  resolved: { zh: '已解决', en: 'resolved' },
  closed: { zh: '已关闭', en: 'closed' },
} as const;

function incidentLine(incident: Incident, plan: Plan, facts: HandoverFacts, language: Language): string {
  const level = incident.severity ? SEVERITY[incident.severity] : null;
  const running = clocks(incident, plan, facts.at)
    .flatMap((one) =>
      one.deadline !== null && (one.status === 'running' || one.status === 'overdue')
        ? [{ title: one.title[language], deadline: one.deadline, late: one.deadline < facts.at }]
        : [],
    )
    .sort((a, b) => a.deadline - b.deadline);
  const due = running
    .slice(0, 3)
    .map(
      (one) =>
        `${one.title} ${clockTime(one.deadline, facts.zone, facts.at)}${one.late ? { zh: '（已超时）', en: ' (overdue)' }[language] : ''}`,
    );
  const approvals = incident.actions.filter((one) => one.status === 'proposed').length;
  const unanswered = incident.pages.filter((one) => one.status === 'open').length;
  return [
    `${level ? `${level.mark} ${level[language]}` : { zh: '待定级', en: 'severity open' }[language]} ${incident.code} ${subject(incident)}：${incident.title}`,
    STATUS[incident.status][language],
    ...(due.length > 0 ? [`${{ zh: '下一时限', en: 'next due' }[language]} ${due.join('、')}`] : []),
    ...(approvals > 0 ? [{ zh: `待批准 ${approvals}`, en: `${approvals} to approve` }[language]] : []),
    ...(unanswered > 0 ? [{ zh: `未应答 ${unanswered}`, en: `${unanswered} unanswered` }[language]] : []),
  ].join(' · ');
}
