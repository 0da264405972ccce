import { ask, type ChatCommand } from './command.ts';

/** `approve`, `refuse` and `change` name a draft; without any of them a new one is begun. */
export const learn: ChatCommand = {
  name: 'learn',
  zh: ['学习', '沉淀'],
  en: ['learn'],
  usage: {
    zh: '沉淀 [批准 K1 | 驳回 K1 原因 | 修改 K1 | 撤回 条目 原因]',
    en: 'learn [approve K1 | refuse K1 REASON | change K1 | withdraw ENTRY REASON]',
  },
  about: {
    zh: '把这次的特征、依据和处置沉淀为知识，由第二人复核后生效',
    en: 'make a knowledge entry of this incident; a second person reviews it',
  },
  needsIncident: true,
  takes: ['draft-knowledge', 'review-knowledge', 'withdraw-knowledge'],
  run: (call) => {
    const [word = '', named = '', ...rest] = call.text.split(/\s+/);
    const deed = call.args.do ?? deedNamed(word);
    const draft = call.args.draft ?? named.toUpperCase();
    if (deed === 'approve')
      return { kind: 'learn', ask: { do: 'review', draft, approve: true, reason: null } };
    if (deed === 'refuse') {
      const reason = (call.args.reason ?? rest.join(' ')).trim();
      if (!reason)
        return ask({ ...call, text: '', args: { do: 'refuse', draft } }, 'learn', {
          title: { zh: `驳回 ${draft}`, en: `Refuse ${draft}` },
          label: { zh: '原因（进入记录）', en: 'Reason (goes into the record)' },
          field: 'reason',
        });
      return { kind: 'learn', ask: { do: 'review', draft, approve: false, reason } };
    }
    if (deed === 'withdraw') {
      // An entry's name is written small, a draft's id is found in any case.
      const name = call.args.draft ?? named;
      const reason = (call.args.reason ?? rest.join(' ')).trim();
      if (name && !reason)
        return ask({ ...call, text: '', args: { do: 'withdraw', draft: name } }, 'learn', {
          title: {
            zh: `撤回知识 ${name}（即刻起不再使用）`,
            en: `Withdraw ${name} (no longer used at once)`,
          },
          label: { zh: '原因（进入记录）', en: 'Reason (goes into the record)' },
          field: 'reason',
        });
      return { kind: 'learn', ask: { do: 'withdraw', name, reason } };
    }
    const about = deed === 'change' || call.args.draft ? draft : null;
    if (call.args.lines !== undefined)
      return { kind: 'learn', ask: { do: 'draft', draft: about, fields: call.args } };
    if (/^\s*fault:/m.test(call.text)) return { kind: 'learn', ask: { do: 'carry', text: call.text } };
    return { kind: 'learn', ask: { do: 'form', draft: about } };
  },
};

function deedNamed(word: string): string {
  if (/^(批准|同意|approve)$/i.test(word)) return 'approve';
  if (/^(驳回|不同意|refuse|reject)$/i.test(word)) return 'refuse';
  if (/^(撤回|停用|withdraw|retire)$/i.test(word)) return 'withdraw';
  return /^(修改|change|edit)$/i.test(word) ? 'change' : '';
}
