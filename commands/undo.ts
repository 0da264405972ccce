import { act, ask, type ChatCommand, show } from './command.ts';
import { readMoment } from './reading/severity.ts';
export const undo: ChatCommand = {
  name: 'undo',
  zh: ['撤回', '撤销'],
  en: ['undo', 'withdraw'],
  usage: { zh: '撤回 到场|联系|派出|恢复 原因', en: 'undo arrival|contact|dispatch|restore REASON' },
  about: { zh: '撤回记错的时间', en: 'undo a time recorded by mistake' },
  needsIncident: true,
  takes: ['withdraw'],
  run: (call) => {
    const read = readMoment(
      `${call.args.moment ?? ''} ${call.args.moment ? (call.args.reason ?? '') : call.text}`,
    );
    if (!read)
      return show(
        {
          zh: '撤回哪一个：联系、派出、到场、恢复、原因、建议',
          en: 'Undo which: contact, dispatch, arrival, restore, cause, advice',
        }[call.language],
      );
    if (!read.rest)
      return ask(call, 'undo', {
        title: { zh: '撤回', en: 'Undo' },
        label: { zh: '原因', en: 'Reason' },
        field: 'reason',
      });
    return act({ type: 'withdraw', moment: read.moment, reason: read.rest });
  },
};
