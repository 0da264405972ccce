import { act, ask, type ChatCommand, textOf } from './command.ts';

export const pin: ChatCommand = {
  name: 'pin',
  zh: ['记录'],
  en: ['pin'],
  usage: { zh: '记录 文字', en: 'pin TEXT' },
  about: { zh: '把一条消息记入时间线', en: 'put a message on the timeline' },
  needsIncident: true,
  takes: ['pin'],
  run: (call) => {
    const text = textOf(call);
    if (!text)
      return ask(call, 'pin', {
        title: { zh: '记入时间线', en: 'Pin to the timeline' },
        label: { zh: '内容', en: 'Text' },
      });
    return act({
      type: 'pin',
      message: call.args.message ?? '',
      text,
      author: call.args.author ?? call.author.name,
      saidAt: Number(call.args.saidAt ?? call.now),
    });
  },
};
