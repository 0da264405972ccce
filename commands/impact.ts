import { act, ask, type ChatCommand, textOf } from './command.ts';

export const impact: ChatCommand = {
  name: 'impact',
  zh: ['影响'],
  en: ['impact'],
  usage: { zh: '影响 文字', en: 'impact TEXT' },
  about: { zh: '说明影响范围和数量', en: 'state who and what was affected' },
  needsIncident: true,
  takes: ['state-impact'],
  run: (call) => {
    const text = textOf(call);
    if (!text)
      return ask(call, 'impact', {
        title: { zh: '影响', en: 'Impact' },
        label: { zh: '影响了谁、什么、多少', en: 'Who, what, how much' },
      });
    return act({ type: 'state-impact', text });
  },
};
