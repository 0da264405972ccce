import { act, ask, type ChatCommand, textOf } from './command.ts';

export const escalate: ChatCommand = {
  name: 'escalate',
  zh: ['升级'],
  en: ['escalate'],
  usage: { zh: '升级 原因', en: 'escalate REASON' },
  about: { zh: '呼叫上一级', en: 'call the next tier' },
  needsIncident: true,
  takes: ['escalate'],
  run: (call) => {
    const reason = textOf(call, 'reason');
    if (!reason)
      return ask(call, 'escalate', {
        title: { zh: '升级到上一级', en: 'Escalate' },
        label: { zh: '原因', en: 'Reason' },
        field: 'reason',
      });
    return act({ type: 'escalate', reason });
  },
};
