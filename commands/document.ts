import type { Button, Message } from '../src/chat/message.ts';
import { DOCUMENTS, type DocumentKind } from '../src/incident/events.ts';
import type { DocumentVersion, Incident } from '../src/incident/state.ts';
import { DOCUMENT } from '../src/words/terms.ts';
import { clockTime } from '../src/words/time.ts';
import { act, ask, type Call, type ChatCommand, type Outcome } from './command.ts';
import { findPerson } from './reading/people.ts';

const NAMES: readonly (readonly [RegExp, DocumentKind])[] = [
  [/^(?:服务报告|service)$/i, 'service'],
  [/^(?:技术处理和备件更换报告|备件报告|备件|parts)$/i, 'parts'],
  [/^(?:复盘会议纪要|会议纪要|纪要|minutes)$/i, 'minutes'],
  [/^(?:联合处置报告|联合报告|联合|joint)$/i, 'joint'],
  [/^(?:单位处置报告|单位报告|本单位报告|本单位|own)$/i, 'vendor'],
  [/^(?:故障处理报告|故障报告|处理报告|handling)$/i, 'handling'],
];

/** Versions of the documents: put one down, have it approved, send it by e-mail. */
export const document: ChatCommand = {
  name: 'document',
  zh: ['定稿', '文件'],
  en: ['document'],
  usage: {
    zh: '定稿 服务报告|故障处理报告|备件报告|会议纪要|联合报告|单位报告 [批准 | 退回 原因 | 发送 收件人…]',
    en: 'document service|handling|parts|minutes|joint|own [approve | return WHY | send TO…]',
  },
  about: {
    zh: '生成一个版本、批准、退回、发邮件；不带参数看各版本',
    en: 'put a version down, approve, return, send it by e-mail; alone, the versions',
  },
  needsIncident: true,
  takes: ['own-report', 'draft-document', 'approve-document', 'return-document', 'send-document'],
  run: (call) => {
    const words = call.text
      .trim()
      .split(/\s+/)
      .filter((one) => one !== '');
    const [first = '', ...rest] = words;
    const named =
      DOCUMENTS.find((one) => one === call.args.document) ??
      NAMES.find(([pattern]) => pattern.test(first))?.[1];
    if (named === undefined) return { kind: 'show', message: versions(call) };
    const [verb = '', ...after] = call.args.document === undefined ? rest : words;
    return carry(call, named, call.args.do ?? verb, after.join(' '));
  },
};

function carry(call: Call, kind: DocumentKind, verb: string, words: string): Outcome {
  const title = DOCUMENT[kind];
  // One's own report is meant, whoever types it.
  const which = kind === 'vendor' ? { document: kind, organisation: call.author.org } : { document: kind };
  if (/^(?:approve|批准|同意)$/i.test(verb)) return act({ type: 'approve-document', ...which });
  if (/^(?:return|退回|reject)$/i.test(verb)) {
    const reason = (call.args.reason ?? words).trim();
    return reason === ''
      ? ask({ ...call, text: '', args: { document: kind, do: 'return' } }, 'document', {
          title: { zh: `退回${title.zh}`, en: `Return the ${title.en}` },
          label: { zh: '要改什么', en: 'What is to change' },
          field: 'reason',
        })
      : act({ type: 'return-document', ...which, reason });
  }
  if (/^(?:send|发送|发给|发)$/i.test(verb)) {
    // An organisation's own report goes to nobody whom its people did not name.
    const unnamed = kind === 'vendor' && words === '';
    if (call.args.to === undefined && (call.args.do === 'send' || unnamed))
      return ask({ ...call, text: '', args: { document: kind, do: 'send' } }, 'document', {
        title: { zh: `发送${title.zh}`, en: `Send the ${title.en}` },
        label: {
          zh: '收件人：名册上的人或邮箱，多人用空格隔开',
          en: 'To: people on the roster or e-mail addresses, with spaces between',
        },
        field: 'to',
      });
    const to = (call.args.to ?? words).split(/[\s、，,;；]+/).filter((one) => one !== '');
    return act({
      type: 'send-document',
      ...which,
      to: to.map((one) => findPerson(one.replace(/^@/, ''), call.directory) ?? one),
    });
  }
  return { kind: 'draft-document', document: kind };
}

function versions(call: Call): Message {
  const { incident, language } = call;
  const zh = language === 'zh';
  const known = (incident?.documents ?? []).filter(
    (one) => one.organisation === undefined || one.organisation === call.author.org,
  );
  return {
    headline: zh
      ? `📄 文件：${known.length === 0 ? '还没有定稿的版本' : `${known.length} 个版本`}`
      : `📄 documents: ${known.length === 0 ? 'no version yet' : `${known.length} versions`}`,
    blocks: [
      { block: 'list', ordered: false, items: known.map((one) => versionLine(one, call)) },
      {
        block: 'buttons',
        buttons: incident
          ? DOCUMENTS.flatMap((one) => documentButtons(incident, one, zh, call.author.org))
          : [],
      },
    ],
    tone: 'plain',
    card: null,
  };
}

function versionLine(one: DocumentVersion, call: Call) {
  const { language, plan, now, directory, incident } = call;
  const name = (person: string): string => directory.people[person]?.name ?? person;
  const zh = language === 'zh';
  const state =
    one.status === 'approved'
      ? `${zh ? '已批准' : 'approved'}（${name(one.approvedBy ?? '')}）`
      : one.status === 'returned'
        ? `${zh ? '已退回' : 'returned'}：${one.reason ?? ''}`
        : zh
          ? '待批准'
          : 'waits for approval';
  const mails = one.mailed.filter((mail) => mail.outcome === 'accepted').map((mail) => name(mail.to));
  const label = `${DOCUMENT[one.document][language]} v${one.version}`;
  return [
    { link: { label, path: documentPath(incident?.code ?? '', one, 'docx') } },
    ` · ${clockTime(one.at, plan.zone, now)} · ${name(one.by)} · ${state}${mails.length === 0 ? '' : ` · ✉ ${mails.join('、')}`}`,
  ];
}

export function documentPath(
  code: string,
  one: Pick<DocumentVersion, 'document' | 'version'>,
  format: string,
): string {
  return `/i/${code}/document/${one.document}/${one.version}/${format}`;
}

/** What comes next for one document: a version, its approval, its sending. */
export function documentButtons(
  incident: Incident,
  kind: DocumentKind,
  zh: boolean,
  org: string,
): readonly Button[] {
  const last = incident.documents.findLast(
    (one) => one.document === kind && (one.organisation ?? org) === org,
  );
  const title = DOCUMENT[kind][zh ? 'zh' : 'en'];
  const button = (label: string, args: Record<string, string>, style: Button['style'] = 'plain'): Button => ({
    label,
    command: 'document',
    args: { document: kind, ...args },
    style,
  });
  const make = button(zh ? `${title}：生成新版本` : `${title}: a new version`, { do: 'draft' });
  if (last?.status === 'draft')
    return [
      button(
        zh ? `批准${title} v${last.version}` : `Approve ${title} v${last.version}`,
        { do: 'approve' },
        'primary',
      ),
      button(zh ? '退回…' : 'Return…', { do: 'return' }),
    ];
  if (last?.status === 'approved')
    return [
      button(
        zh ? `发送${title} v${last.version}…` : `Send ${title} v${last.version}…`,
        { do: 'send' },
        'primary',
      ),
      make,
    ];
  return [make];
}
