import { act, ask, type ChatCommand } from './command.ts';

export const close: ChatCommand = {
  name: 'close',
  zh: ['关闭', '误报'],
  en: ['close', 'false-alarm'],
  usage: { zh: '关闭 [误报 原因 | 并入 INC-… 原因]', en: 'close [false-alarm REASON | merged INC-… REASON]' },
  about: { zh: '关闭；误报或并入要写原因', en: 'close; false alarm and merge need a reason' },
  needsIncident: true,
  takes: ['close'],
  run: (call) => {
    const [word = '', ...rest] = call.text.split(/\s+/);
    const as = call.args.as ?? word;
    const reason = call.args.reason ?? null;
    if (/^(误报|false-alarm)$/i.test(as)) {
      const why = reason ?? rest.join(' ');
      if (!why.trim())
        return ask({ ...call, text: '', args: { as: 'false-alarm' } }, 'close', {
          title: { zh: '按误报关闭', en: 'Close as false alarm' },
          label: { zh: '怎样确认是误报', en: 'How it was confirmed' },
          field: 'reason',
        });
      return act({ type: 'close', as: 'false-alarm', into: null, reason: why });
    }
    if (/^(并入|merged|merge)$/i.test(as)) {
      const [into = '', ...why] = call.args.into ? [call.args.into, reason ?? ''] : rest;
      return { kind: 'merge', into, reason: why.join(' ') || into };
    }
    return act({ type: 'close', as: 'done', into: null, reason: reason ?? (call.text || null) });
  },
};
