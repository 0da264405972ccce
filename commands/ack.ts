import { act, type ChatCommand } from './command.ts';

export const ack: ChatCommand = {
  name: 'ack',
  zh: ['应答', '收到', '接'],
  en: ['ack', 'acknowledge'],
  usage: { zh: '应答', en: 'ack' },
  about: { zh: '应答呼叫', en: 'acknowledge the page' },
  needsIncident: true,
  takes: ['acknowledge'],
  run: (call) =>
    act({
      type: 'acknowledge',
      page: call.args.page ?? null,
      route: call.args.route ?? 'room',
      override: call.args.reason ?? null,
    }),
};
