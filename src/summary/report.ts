import { BOT } from '../incident/events.ts';
import { namesIn } from '../incident/guests.ts';
import { compose } from './compose.ts';
import type { Block, Document, Party } from './document.ts';
import { summarize } from './index.ts';
import type { Summary } from './message.ts';
import { actions, carriedOutSteps } from './report/actions.ts';
import { sources, timeline } from './report/chronicle.ts';
import { clockSection } from './report/clocks.ts';
import { day, type Frame, isoIn, type ReportInput, say } from './report/frame.ts';
import { courseFigure, identity, moments, outcome } from './report/header.ts';
import { organisations, signatories } from './report/organisations.ts';
import { deeds, ownClocks, ownNotes, requests } from './report/own.ts';
import { pages, remoteSessions, responders } from './report/pages.ts';
import { replacedParts } from './report/parts.ts';
import { followUps, lessons, meeting, satisfaction } from './report/review.ts';
import { severity, shutdowns } from './report/severity.ts';
import { captured, cause, diagnosis, impact } from './report/substance.ts';
import { reportTitle } from './report/titles.ts';

export { saidInTheRoom } from './report/chronicle.ts';
export type { ReportInput, ReportKind, TalkLine } from './report/frame.ts';

/**
 * One of the three documents that follow an incident: 故障处理报告 (plan L198), 服务报告 (L130) or
 * 技术处理和备件更换报告 (L136). Pure. Every statement cites events (`E` and the position) or messages (`M` and the
 * id); where neither states a thing the document says 未说明, also when the event or message behind it was taken out
 * of the input.
 */
export function incidentReport(input: ReportInput): Document {
  const known = namesIn(input.incident, input.names);
  const names = (person: string): string =>
    person === BOT.id ? say(input, BOT.name, 'the incident room') : known(person);
  const frame: Frame = { ...input, names, ...heardIn(input.talk, input.plan.zone) };
  const { incident, language, head } = input;
  return compose({
    language,
    title: titleOf(frame),
    meta: {
      code: incident.code,
      organisation: incident.intake.organisation,
      date: day(frame, input.now),
      draft: input.draft,
      chainHead: head,
    },
    blocks: sections(frame),
    sources: sources(frame),
  });
}

function titleOf(frame: Frame): string {
  const { incident, language, organisation } = frame;
  const whose = organisation ? `（${frame.orgs(organisation)}）` : '';
  const title = `${incident.system.name ?? ''}${say(frame, '', ' ')}${reportTitle(frame.report, language)}`;
  return `${title.trim()}${whose}`;
}

/** Commands are talk as well; what they state is an event already. */
function isForTheBot(text: string): boolean {
  return text.startsWith('/');
}

/** What the talk states, and the lines its facts cite. */
export function heardIn(
  talk: ReportInput['talk'],
  zone: string,
): { readonly lines: ReportInput['talk']; readonly heard: Summary } {
  const lines = talk.filter((line) => !isForTheBot(line.text));
  const people = lines.map((line) => ({
    at: isoIn(zone, line.at),
    author: line.author,
    // The bot repeats what others said: it must not become a second witness.
    text: line.org === BOT.org ? '' : line.text,
  }));
  return { lines, heard: summarize(people) };
}

function sections(frame: Frame): readonly Block[] {
  switch (frame.report) {
    case 'handling':
      return handling(frame);
    case 'service':
      return service(frame);
    case 'parts':
      return technical(frame);
    case 'minutes':
      return minutes(frame);
    case 'joint':
      return joint(frame);
    case 'vendor':
      return ownReport(frame);
    default: {
      const never: never = frame.report;
      return never;
    }
  }
}

const heading = (frame: Frame, zh: string, en: string, level: 1 | 2 = 1): Block => ({
  block: 'heading',
  level,
  text: say(frame, zh, en),
});

const figure = (frame: Frame): readonly Block[] => {
  const drawn = courseFigure(frame);
  return drawn === null ? [] : [drawn];
};

/** For the emergency lead: the whole incident, from the first call to what must not happen again (plan L198). */
function handling(frame: Frame): readonly Block[] {
  return [
    heading(frame, '基本情况', 'Key facts'),
    identity(frame),
    moments(frame),
    ...figure(frame),
    heading(frame, '等级及其变化', 'Severity and its changes'),
    ...severity(frame),
    ...shutdowns(frame),
    heading(frame, '时限执行情况', 'Clocks'),
    ...clockSection(frame),
    heading(frame, '影响', 'Impact'),
    { block: 'paragraph', statements: impact(frame) },
    heading(frame, '原因', 'Cause'),
    ...cause(frame),
    heading(frame, '处置经过', 'Timeline'),
    ...timeline(frame),
    heading(frame, '操作与审批', 'Actions and approvals'),
    ...actions(frame),
    heading(frame, '通知、呼叫与回执', 'Notices, pages and receipts'),
    ...pages(frame),
    ...remoteSessions(frame),
    heading(frame, '诊断依据', 'Diagnosis and evidence'),
    ...diagnosis(frame),
    heading(frame, '取证记录', 'What was captured', 2),
    ...captured(frame),
    heading(frame, '经验教训', 'Lessons'),
    ...lessons(frame),
    heading(frame, '整改措施', 'Corrective actions'),
    ...followUps(frame),
    heading(frame, '签字', 'Signatures'),
    {
      block: 'signatures',
      parties: [
        party(frame, '编制人', 'Prepared by'),
        party(frame, '应急保障负责人', 'Emergency lead'),
        party(frame, '系统主管', 'System owner'),
        party(frame, '主管部门负责人', 'Department head'),
      ],
    },
  ];
}

/** For the customer: what service was asked for and given, in what time, with what result (plan L25, L130). */
function service(frame: Frame): readonly Block[] {
  return [
    heading(frame, '服务概况', 'The service'),
    identity(frame),
    moments(frame),
    heading(frame, '服务人员', 'People who served', 2),
    responders(frame),
    heading(frame, '服务时限履约情况', 'Service times'),
    ...clockSection(frame),
    heading(frame, '问题及原因', 'Problem and cause'),
    heading(frame, '影响', 'Impact', 2),
    { block: 'paragraph', statements: impact(frame) },
    heading(frame, '原因', 'Cause', 2),
    ...cause(frame),
    heading(frame, '服务过程', 'Course of the service'),
    ...figure(frame),
    ...timeline(frame),
    heading(frame, '处理结果', 'Result'),
    results(frame),
    ...remoteSessions(frame),
    heading(frame, '遗留问题与建议', 'Open points and advice'),
    ...followUps(frame),
    heading(frame, '客户评价', "The customer's opinion"),
    opinion(frame),
    heading(frame, '签字', 'Signatures'),
    {
      block: 'signatures',
      parties: [
        party(frame, '服务工程师', 'Service engineer'),
        party(frame, '服务方负责人', 'For the vendor'),
        party(frame, '客户确认', 'For the customer'),
      ],
    },
  ];
}

/** For the record of the installation: what was found, done, replaced and checked (plan L136). */
function technical(frame: Frame): readonly Block[] {
  return [
    heading(frame, '系统与故障', 'System and fault'),
    identity(frame),
    moments(frame),
    heading(frame, '故障现象与诊断', 'Symptoms and diagnosis'),
    { block: 'paragraph', statements: impact(frame) },
    ...diagnosis(frame),
    heading(frame, '取证记录', 'What was captured', 2),
    ...captured(frame),
    heading(frame, '原因', 'Cause', 2),
    ...cause(frame),
    heading(frame, '技术处理', 'Technical handling'),
    ...carriedOutSteps(frame),
    heading(frame, '审批记录', 'Approvals', 2),
    ...actions(frame),
    heading(frame, '备件更换', 'Parts replaced'),
    ...replacedParts(frame),
    heading(frame, '处理后验证', 'Check after the work'),
    results(frame),
    heading(frame, '后续措施', 'What follows'),
    ...followUps(frame),
    heading(frame, '签字', 'Signatures'),
    {
      block: 'signatures',
      parties: [
        party(frame, '处理工程师', 'Engineer'),
        party(frame, '备件管理员', 'Keeper of spares'),
        party(frame, '客户确认', 'For the customer'),
      ],
    },
  ];
}

/** What the customer said; a line to fill in by hand while nothing was. */
function opinion(frame: Frame): Block {
  const said = satisfaction(frame);
  if (said !== null) return { block: 'paragraph', statements: [said] };
  return {
    block: 'note',
    text: say(
      frame,
      '满意度（请勾选）：□ 非常满意　□ 满意　□ 一般　□ 不满意　□ 很不满意　　意见：＿＿＿＿＿＿＿＿＿＿',
      'Satisfaction (please tick): □ 5 very good  □ 4 good  □ 3 fair  □ 2 poor  □ 1 very poor    Remarks: ____________________',
    ),
  };
}

/** For those who met: what happened in short, what was learnt, what is to be done (会议纪要; review meeting, plan L198). */
function minutes(frame: Frame): readonly Block[] {
  return [
    heading(frame, '会议情况', 'The meeting'),
    meeting(frame),
    heading(frame, '事件回顾', 'What happened'),
    identity(frame),
    moments(frame),
    ...figure(frame),
    heading(frame, '影响', 'Impact', 2),
    { block: 'paragraph', statements: impact(frame) },
    heading(frame, '原因', 'Cause', 2),
    ...cause(frame),
    heading(frame, '时限执行情况', 'Clocks'),
    ...clockSection(frame),
    heading(frame, '经验教训', 'Lessons'),
    ...lessons(frame),
    heading(frame, '整改措施', 'Corrective actions'),
    ...followUps(frame),
    heading(frame, '客户评价', "The customer's opinion"),
    { block: 'paragraph', statements: [satisfaction(frame) ?? { kind: 'unstated' }] },
    heading(frame, '签字', 'Signatures'),
    {
      block: 'signatures',
      parties: [party(frame, '主持人', 'Chair'), party(frame, '记录人', 'Recorder'), ...signatories(frame)],
    },
  ];
}

/**
 * For one organisation's own files (plan L247–310): what it was asked, when it answered and came, what it did and
 * advised, its own clocks, and what its people noted among themselves.
 */
function ownReport(frame: Frame): readonly Block[] {
  return [
    heading(frame, '基本情况', 'Key facts'),
    identity(frame),
    moments(frame),
    heading(frame, '向本单位提出的请求与应答', 'What was asked of us, and our answer'),
    requests(frame),
    heading(frame, '本单位时限', 'Our own clocks'),
    ownClocks(frame),
    heading(frame, '本单位所做的工作与建议', 'What we did and advised'),
    deeds(frame),
    heading(frame, '影响与原因', 'Impact and cause'),
    { block: 'paragraph', statements: impact(frame) },
    ...cause(frame),
    heading(frame, '内部记录（仅限本单位）', 'Internal notes (our own people only)'),
    ownNotes(frame),
    heading(frame, '签字', 'Signatures'),
    {
      block: 'signatures',
      parties: [party(frame, '编制人', 'Prepared by'), party(frame, '单位负责人', 'For the organisation')],
    },
  ];
}

/** For all who took part: who they were, what each did, what remains (联防联控, plan L247–310). */
function joint(frame: Frame): readonly Block[] {
  return [
    heading(frame, '基本情况', 'Key facts'),
    identity(frame),
    moments(frame),
    ...figure(frame),
    heading(frame, '参与单位与人员', 'Organisations and people'),
    organisations(frame),
    heading(frame, '等级及其变化', 'Severity and its changes'),
    ...severity(frame),
    heading(frame, '时限执行情况', 'Clocks'),
    ...clockSection(frame),
    heading(frame, '影响与原因', 'Impact and cause'),
    { block: 'paragraph', statements: impact(frame) },
    ...cause(frame),
    heading(frame, '联合处置经过', 'Course of the joint work'),
    ...timeline(frame),
    heading(frame, '操作与审批', 'Actions and approvals'),
    ...actions(frame),
    heading(frame, '诊断依据', 'Diagnosis and evidence'),
    ...diagnosis(frame),
    heading(frame, '经验教训', 'Lessons'),
    ...lessons(frame),
    heading(frame, '整改措施', 'Corrective actions'),
    ...followUps(frame),
    heading(frame, '签字', 'Signatures'),
    { block: 'signatures', parties: signatories(frame) },
  ];
}

function results(frame: Frame): Block {
  const items = outcome(frame);
  return items.length === 0
    ? { block: 'paragraph', statements: [{ kind: 'unstated' }] }
    : { block: 'list', ordered: true, items };
}

/** Left blank: who signs is decided with the pen in hand. */
function party(frame: Frame, zh: string, en: string): Party {
  return { role: say(frame, zh, en), organisation: null, name: null };
}
