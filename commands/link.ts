import { type ChatCommand, textOf } from './command.ts';

export const link: ChatCommand = {
  name: 'link',
  zh: ['关联'],
  en: ['link'],
  usage: { zh: '关联 INC-…', en: 'link INC-…' },
  about: { zh: '关联另一事件', en: 'link another incident' },
  needsIncident: true,
  takes: ['link'],
  run: (call) => ({ kind: 'link', to: textOf(call, 'to').toUpperCase() }),
};
