import type { ChatCommand } from './command.ts';

export const similar: ChatCommand = {
  name: 'similar',
  zh: ['类似', '以前'],
  en: ['similar'],
  usage: { zh: '类似', en: 'similar' },
  about: { zh: '以前类似的事件，以及当时的处置', en: 'past incidents like this one, and what fixed them' },
  needsIncident: true,
  takes: [],
  run: () => ({ kind: 'similar' }),
};
