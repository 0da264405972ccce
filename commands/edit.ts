import { act, ask, type ChatCommand } from './command.ts';
import { contentOf } from './propose.ts';

export const edit: ChatCommand = {
  name: 'edit',
  zh: ['修改'],
  en: ['edit'],
  usage: { zh: '修改 A1 新的内容', en: 'edit A1 NEW TEXT' },
  about: { zh: '修改操作；已有的批准作废', en: 'change an action; approvals given so far are void' },
  needsIncident: true,
  takes: ['edit-action'],
  run: (call) => {
    const [first = '', ...rest] = call.text.split(/\s+/);
    const action = call.args.action ?? first.toUpperCase();
    const text = (call.args.text ?? rest.join(' ')).trim();
    if (!text) {
      return ask({ ...call, text: '', args: { action } }, 'edit', {
        title: { zh: `修改 ${action}`, en: `Edit ${action}` },
        label: { zh: '新的内容', en: 'New text' },
      });
    }
    const before = call.incident?.actions.find((one) => one.id === action)?.content;
    const content = contentOf({ ...call, args: {} }, text);
    const kept = before && content.step === null ? { ...before, title: text } : content;
    return act({ type: 'edit-action', action, content: kept });
  },
};
