import { act, ask, type ChatCommand, textOf } from './command.ts';

export const reopen: ChatCommand = {
  name: 'reopen',
  zh: ['重开', '重新打开'],
  en: ['reopen'],
  usage: { zh: '重开 原因', en: 'reopen REASON' },
  about: { zh: '重新打开', en: 'open it again' },
  needsIncident: true,
  takes: ['reopen'],
  run: (call) => {
    const reason = textOf(call, 'reason');
    if (!reason)
      return ask(call, 'reopen', {
        title: { zh: '重新打开', en: 'Re-open' },
        label: { zh: '原因', en: 'Reason' },
        field: 'reason',
      });
    return act({ type: 'reopen', reason });
  },
};
