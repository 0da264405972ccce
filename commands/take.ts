import { act, type ChatCommand } from './command.ts';

export const take: ChatCommand = {
  name: 'take',
  zh: ['接手', '接管'],
  en: ['take'],
  usage: { zh: '接手', en: 'take' },
  about: {
    zh: '由我负责：应答正在呼叫的，没有呼叫也可接手',
    en: 'I take it: answers what is being called, or takes over when nobody is',
  },
  needsIncident: true,
  takes: ['take'],
  run: (call) => act({ type: 'take', override: call.args.reason ?? null }),
};
