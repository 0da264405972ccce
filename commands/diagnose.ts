import { ask, type ChatCommand } from './command.ts';

export const diagnose: ChatCommand = {
  name: 'diagnose',
  zh: ['诊断'],
  en: ['diagnose'],
  usage: { zh: '诊断 （粘贴日志）', en: 'diagnose (paste a log)' },
  about: { zh: '识别一段日志', en: 'recognise a log excerpt' },
  needsIncident: true,
  run: (call) => {
    const text = call.args.text ?? call.text;
    if (!text.trim())
      return ask(call, 'diagnose', {
        title: { zh: '诊断日志', en: 'Diagnose a log' },
        label: { zh: '粘贴日志', en: 'Paste the log' },
      });
    return { kind: 'diagnose', text };
  },
};
