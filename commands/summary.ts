import type { Message, Text } from '../src/chat/message.ts';
import { clocks } from '../src/incident/clocks.ts';
import { SEVERITY, STATUS } from '../src/words/terms.ts';
import { clockTime } from '../src/words/time.ts';
import { type Call, type ChatCommand, show } from './command.ts';

const FORMATS = ['docx', 'pdf', 'html', 'md'] as const;

/** What the draft says so far, what is still open, and the document in each format, one press away. */
export const summary: ChatCommand = {
  name: 'summary',
  zh: ['报告', '总结', '报告草稿'],
  en: ['summary', 'draft'],
  usage: { zh: '报告', en: 'summary' },
  about: {
    zh: '故障处理报告草稿：Word、PDF、HTML、Markdown',
    en: 'the draft report as Word, PDF, HTML and Markdown',
  },
  needsIncident: true,
  run: (call) => {
    const { incident, language } = call;
    if (!incident) return show('');
    const folder = `/i/${incident.code}/report/handling`;
    const title = { zh: '故障处理报告', en: 'fault handling report' }[language];
    const links: readonly Text[] = [
      [{ link: { label: { zh: '预览', en: 'Preview' }[language], path: folder } }],
      ...FORMATS.map(
        (format): Text => [{ link: { label: `${title}.${format}`, path: `${folder}/${format}` } }],
      ),
    ];
    const blocks: Message['blocks'] = [
      { block: 'fields', fields: facts(call) },
      { block: 'list', ordered: false, items: links },
    ];
    return {
      kind: 'show',
      message: {
        headline: { zh: `📄 报告草稿 ${incident.code}`, en: `📄 draft report ${incident.code}` }[language],
        blocks,
        tone: 'plain',
        card: null,
      },
      documents: true,
    };
  },
};

function facts(call: Call): readonly { readonly label: string; readonly value: string }[] {
  const { incident, language, plan } = call;
  if (!incident) return [];
  const unstated = { zh: '未说明', en: 'not stated' }[language];
  const back = incident.moments.restored?.at;
  const judged = clocks(incident, plan, call.now).filter((one) =>
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
