import { act, ask, type ChatCommand } from './command.ts';

export const done: ChatCommand = {
  name: 'done',
  zh: ['完成', '执行', '已执行'],
  en: ['done', 'did'],
  usage: { zh: '完成 A1 [成功|失败] [说明]', en: 'done A1 [succeeded|failed] [NOTE]' },
  about: { zh: '记录操作结果', en: 'record the outcome of an action' },
  needsIncident: true,
  takes: ['carry-out'],
  run: (call) => {
    const [first = '', ...rest] = call.text.split(/\s+/);
    const action = call.args.action ?? first.toUpperCase();
    const word = call.args.outcome ?? rest[0] ?? '';
    const failed = /^(失败|failed)$/i.test(word);
    const named = failed || /^(成功|succeeded)$/i.test(word);
    const note = (call.args.text ?? rest.slice(named && !call.args.outcome ? 1 : 0).join(' ')) || null;
    if (failed && note === null)
      return ask({ ...call, text: '', args: { ...call.args, action, outcome: 'failed' } }, 'done', {
        title: { zh: `${action} 失败`, en: `${action} failed` },
        label: { zh: '发生了什么', en: 'What happened' },
      });
    return act({ type: 'carry-out', action, outcome: failed ? 'failed' : 'succeeded', note });
  },
};
