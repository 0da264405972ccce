import { ask, type ChatCommand, textOf } from './command.ts';

export const handover: ChatCommand = {
  name: 'handover',
  zh: ['交班', '交接班', '交班留言'],
  en: ['handover', 'shift-note'],
  usage: { zh: '交班 要告诉下一班的话', en: 'handover WHAT THE NEXT SHIFT HAS TO KNOW' },
  about: {
    zh: '给下一班留言；换班时与未结事件、时限一起发给交班人和接班人',
    en: 'leave a text for the next shift; it goes out with the open incidents at the change of turn',
  },
  needsIncident: false,
  takes: [],
  run: (call) => {
    const text = textOf(call);
    if (!text)
      return ask(call, 'handover', {
        title: { zh: '交班留言', en: 'For the next shift' },
        label: { zh: '要告诉下一班什么', en: 'What the next shift has to know' },
      });
    return { kind: 'shift-note', text };
  },
};
