import { act, ask, type ChatCommand, textOf } from './command.ts';

export const advise: ChatCommand = {
  name: 'advise',
  zh: ['建议'],
  en: ['advise', 'advice'],
  usage: { zh: '建议 文字', en: 'advise TEXT' },
  about: { zh: '给出技术建议（协助事件）', en: 'give technical advice' },
  needsIncident: true,
  takes: ['advise'],
  run: (call) => {
    const text = textOf(call);
    if (!text)
      return ask(call, 'advise', {
        title: { zh: '技术建议', en: 'Advice' },
        label: { zh: '建议', en: 'Advice' },
      });
    return act({ type: 'advise', text });
  },
};
