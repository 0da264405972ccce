import { act, ask, type ChatCommand, textOf } from './command.ts';

export const followUp: ChatCommand = {
  name: 'follow-up',
  zh: ['整改', '待办'],
  en: ['follow-up', 'todo'],
  usage: { zh: '整改 内容 @负责人 期限', en: 'follow-up TEXT @OWNER DUE' },
  about: { zh: '记录整改措施', en: 'record a corrective action' },
  needsIncident: true,
  run: (call) => {
    const text = textOf(call);
    if (!text)
      return ask(call, 'follow-up', {
        title: { zh: '整改措施', en: 'Corrective action' },
        label: { zh: '做什么 @谁 何时', en: 'What @who by when' },
      });
    const owner = /(?:^|\s)@(\S{1,40})/.exec(text)?.[1] ?? null;
    const due = /(\d{4}-\d{2}-\d{2}|\d{1,2}月\d{1,2}日|\d{1,2}[-/]\d{1,2})(?=\s|$)/.exec(text)?.[1] ?? null;
    const what = text
      .replace(/(?:^|\s)@\S{1,40}/, '')
      .replace(due ?? '\u0000', '')
      .trim();
    return act({ type: 'follow-up', text: what, owner: call.args.owner ?? owner, due: call.args.due ?? due });
  },
};
