import { act, ask, type ChatCommand, textOf } from './command.ts';

export const cause: ChatCommand = {
  name: 'cause',
  zh: ['原因', '疑似原因'],
  en: ['cause', 'suspect'],
  usage: { zh: '原因 文字', en: 'cause TEXT' },
  about: {
    zh: '说明原因（停止诊断计时）；“疑似原因”不停表',
    en: 'state the cause; "suspect" does not stop the clock',
  },
  needsIncident: true,
  takes: ['state-cause'],
  run: (call) => {
    const text = textOf(call);
    if (!text)
      return ask(call, 'cause', {
        title: { zh: '原因', en: 'Cause' },
        label: { zh: '原因（写入报告）', en: 'Cause (goes into the report)' },
      });
    const suspected = /^(疑似|怀疑|可能|suspect)/i.test(text) || call.args.confirmed === 'no';
    return act({
      type: 'state-cause',
      text: text.replace(/^(疑似原因|疑似|suspect)[:：\s]*/i, ''),
      confirmed: !suspected,
    });
  },
};
