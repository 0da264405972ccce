import { act, ask, type ChatCommand, textOf } from './command.ts';

export const capture: ChatCommand = {
  name: 'capture',
  zh: ['取证', '已取证'],
  en: ['capture', 'captured'],
  usage: { zh: '取证 内容', en: 'capture WHAT' },
  about: { zh: '记录重启前保存了什么', en: 'record what was saved before a restart' },
  needsIncident: true,
  takes: ['capture'],
  run: (call) => {
    const what = textOf(call);
    if (!what)
      return ask(call, 'capture', {
        title: { zh: '已取证', en: 'Captured' },
        label: { zh: '保存了什么', en: 'What was saved' },
      });
    return act({ type: 'capture', what });
  },
};
