import { act, ask, type ChatCommand, textOf } from './command.ts';

export const update: ChatCommand = {
  name: 'update',
  zh: ['进展', '通报'],
  en: ['update', 'status-update'],
  usage: { zh: '进展 文字', en: 'update TEXT' },
  about: { zh: '通报进展，重新开始通报计时', en: 'give a status update' },
  needsIncident: true,
  takes: ['update-status'],
  run: (call) => {
    const text = textOf(call);
    if (!text)
      return ask(call, 'update', {
        title: { zh: '进展通报', en: 'Status update' },
        label: { zh: '现在怎样，下一步', en: 'What is true now, what is next' },
      });
    return act({ type: 'update-status', text });
  },
};
