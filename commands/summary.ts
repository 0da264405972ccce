import type { Form, Message, Text } from '../src/chat/message.ts';
import { clocksSeenBy } from '../src/incident/org-clocks.ts';
import { refusalMessage } from '../src/words/refusal.ts';
import { DOCUMENT, SEVERITY, STATUS } from '../src/words/terms.ts';
import { clockTime } from '../src/words/time.ts';
import {
  type Call,
  type ChatCommand,
  type Documents,
  eyesOf,
  FORMATS,
  type Outcome,
  REPORTS,
  show,
} from './command.ts';
import { documentButtons } from './document.ts';
import { findOrganisation } from './reading/organisations.ts';

/** What the draft says so far, what is still open, and the document in each format, one press away. */
export const summary: ChatCommand = {
  name: 'summary',
  zh: ['报告', '总结', '报告草稿'],
  en: ['summary', 'draft'],
  usage: { zh: '报告 [单位 本单位]', en: 'summary [own]' },
  about: {
    zh: '故障处理报告草稿：Word、PDF、HTML、Markdown',
    en: 'the draft report as Word, PDF, HTML and Markdown',
  },
  needsIncident: true,
  takes: [],
  run: (call) => {
    const { incident, language } = call;
    if (!incident) return show('');
    const own = OWN.exec(call.text.trim());
    if (own) return ownReport(call, own[1]?.trim() ?? '');
    if (call.args.ask === 'which') return { kind: 'ask', form: choice(call) };
    const wanted = documentsOf(call);
    const folder = `/i/${incident.code}/report/${wanted.report}`;
    const title = DOCUMENT[wanted.report][language];
    const links: readonly Text[] = [
      [{ link: { label: { zh: '预览', en: 'Preview' }[language], path: folder } }],
      ...FORMATS.map(
        (format): Text => [{ link: { label: `${title}.${format}`, path: `${folder}/${format}` } }],
      ),
    ];
    const blocks: Message['blocks'] = [
      { block: 'fields', fields: facts(call) },
      { block: 'list', ordered: false, items: links },
      {
        block: 'buttons',
        buttons: [
          {
            label: { zh: '其他报告、格式、语言…', en: 'Another report, format, language…' }[language],
            command: 'summary',
            args: { ask: 'which' },
            style: 'plain',
          },
        ],
      },
    ];
    return {
      kind: 'show',
      message: {
        headline: { zh: `📄 报告草稿 ${incident.code}`, en: `📄 draft report ${incident.code}` }[language],
        blocks,
        tone: 'plain',
        card: null,
      },
      documents: wanted,
    };
  },
};

/** `单位 数据库厂商`, `单位` for one's own. */
const OWN = /^(?:单位|organisation|own)(?:\s+(.*))?$/i;

/** An organisation's own report is read in the web room, where everybody sees that of their own alone. */
function ownReport(call: Call, named: string): Outcome {
  const { incident, language, directory, author } = call;
  const org = named === '' ? author.org : findOrganisation(named, directory);
  const name = directory.organisations[org]?.name ?? org;
  if (org !== author.org) {
    const message = refusalMessage(
      { code: 'own-report', params: { org: name }, possible: [] },
      language,
      call.plan.zone,
    );
    return { kind: 'show', message };
  }
  const folder = `/i/${incident?.code ?? ''}/report/vendor`;
  const title = `${DOCUMENT.vendor[language]}（${name}）`;
  return show({ zh: `📄 ${title}`, en: `📄 ${title}` }[language], [
    {
      block: 'list',
      ordered: false,
      items: [
        [{ link: { label: { zh: '预览', en: 'Preview' }[language], path: folder } }],
        ...FORMATS.map(
          (format): Text => [{ link: { label: `${title}.${format}`, path: `${folder}/${format}` } }],
        ),
      ],
    },
    {
      block: 'buttons',
      buttons: incident ? documentButtons(incident, 'vendor', language === 'zh', author.org) : [],
    },
  ]);
}

/** Both ways a report is passed on, unless others are asked for: one to write in, one to read. */
function documentsOf(call: Call): Documents {
  const format = FORMATS.find((one) => one === call.args.format);
  return {
    report: REPORTS.find((one) => one === call.args.report) ?? 'handling',
    formats: format ? [format] : ['docx', 'pdf'],
    language: call.args.language === 'en' ? 'en' : call.args.language === 'zh' ? 'zh' : call.language,
  };
}

function choice(call: Call): Form {
  const zh = call.language === 'zh';
  return {
    title: zh ? '生成报告' : 'Make a report',
    command: 'summary',
    args: {},
    fields: [
      {
        name: 'report',
        label: zh ? '报告' : 'Report',
        type: 'choice',
        required: true,
        value: 'handling',
        options: REPORTS.map((one) => ({ value: one, label: DOCUMENT[one][call.language] })),
      },
      {
        name: 'format',
        label: zh ? '格式（不选则 Word 与 PDF）' : 'Format (Word and PDF unless chosen)',
        type: 'choice',
        required: false,
        options: FORMATS.map((one) => ({ value: one, label: one })),
      },
      {
        name: 'language',
        label: zh ? '语言' : 'Language',
        type: 'choice',
        required: true,
        value: call.language,
        options: [
          { value: 'zh', label: '中文' },
          { value: 'en', label: 'English' },
        ],
      },
    ],
    submit: zh ? '生成' : 'Make it',
  };
}

function facts(call: Call): readonly { readonly label: string; readonly value: string }[] {
  const { incident, language, plan } = call;
  if (!incident) return [];
  const unstated = { zh: '未说明', en: 'not stated' }[language];
  const back = incident.moments.restored?.at;
  const judged = clocksSeenBy(incident, plan, call.now, eyesOf(call)).filter((one) =>
    ['met', 'missed', 'overdue'].includes(one.status),
  );
  const met = judged.filter((one) => one.status === 'met').length;
  const level = incident.severity
    ? SEVERITY[incident.severity][language]
    : { zh: '待定级', en: 'open' }[language];
  return [
    {
      label: { zh: '等级', en: 'severity' }[language],
      value: `${level} · ${STATUS[incident.status][language]}`,
    },
    {
      label: { zh: '业务恢复', en: 'restored' }[language],
      value: back === undefined ? unstated : clockTime(back, plan.zone, call.now),
    },
    { label: { zh: '原因', en: 'cause' }[language], value: incident.cause?.text ?? unstated },
    { label: { zh: '影响', en: 'impact' }[language], value: incident.impact?.text ?? unstated },
    { label: { zh: '时限达成', en: 'clocks met' }[language], value: `${met}/${judged.length}` },
  ];
}
