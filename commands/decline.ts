import { act, ask, type ChatCommand, textOf } from './command.ts';

export const decline: ChatCommand = {
  name: 'decline',
  zh: ['拒接', '不接'],
  en: ['decline'],
  usage: { zh: '拒接 原因', en: 'decline REASON' },
  about: { zh: '拒接呼叫，转下一人', en: 'decline the page; the next person is called' },
  needsIncident: true,
  takes: ['decline'],
  run: (call) => {
    const reason = textOf(call, 'reason');
    if (!reason)
      return ask(call, 'decline', {
        title: { zh: '拒接', en: 'Decline' },
        label: { zh: '原因', en: 'Reason' },
        field: 'reason',
      });
    return act({ type: 'decline', page: call.args.page ?? null, reason });
  },
};
