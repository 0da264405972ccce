import { ask, type ChatCommand, textOf } from './command.ts';

export const here: ChatCommand = {
  name: 'here',
  zh: ['接入'],
  en: ['here'],
  usage: { zh: '接入 接入码', en: 'here CODE' },
  about: {
    zh: '用邀请得到的接入码，把这个会话接进事件',
    en: 'link this conversation with the code that an invitation gave',
  },
  needsIncident: false,
  takes: ['open-room'],
  run: (call) => {
    const code = textOf(call, 'code');
    return code
      ? { kind: 'link-place', code }
      : ask(call, 'here', {
          title: { zh: '接入会话', en: 'Link this conversation' },
          label: { zh: '接入码', en: 'Code' },
          field: 'code',
        });
  },
};
