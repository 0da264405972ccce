import { act, ask, type ChatCommand } from './command.ts';

export const reject: ChatCommand = {
  name: 'reject',
  zh: ['驳回'],
  en: ['reject'],
  usage: { zh: '驳回 A1 原因', en: 'reject A1 REASON' },
  about: { zh: '驳回一个操作', en: 'reject an action' },
  needsIncident: true,
  takes: ['reject'],
  run: (call) => {
    const [first = '', ...rest] = call.text.split(/\s+/);
    const reason = call.args.reason ?? rest.join(' ');
    const action = call.args.action ?? first.toUpperCase();
    if (!reason.trim())
      return ask({ ...call, text: '', args: { ...call.args, action } }, 'reject', {
        title: { zh: `驳回 ${action}`, en: `Reject ${action}` },
        label: { zh: '原因', en: 'Reason' },
        field: 'reason',
      });
    return act({ type: 'reject', action, reason });
  },
};
