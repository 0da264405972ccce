import { act, ask, type ChatCommand, show } from './command.ts';
import { readClock } from './reading/severity.ts';
export const pause: ChatCommand = {
  name: 'pause',
  zh: ['暂停'],
  en: ['pause'],
  usage: { zh: '暂停 时限 原因', en: 'pause CLOCK REASON' },
  about: { zh: '暂停时限，客户侧确认后计入', en: 'pause a clock; counts once the customer confirms' },
  needsIncident: true,
  takes: ['pause'],
  run: (call) => {
    const read = readClock(call.args.clock ?? call.text);
    if (!read)
      return show(
        {
          zh: '暂停哪个时限：联系、到场、诊断、恢复、建议',
          en: 'Pause which clock: callback, arrival, diagnosis, restore, advice',
        }[call.language],
      );
    const reason = call.args.reason ?? read.rest;
    if (!reason.trim())
      return ask({ ...call, text: '', args: { clock: read.clock } }, 'pause', {
        title: { zh: '暂停时限', en: 'Pause a clock' },
        label: {
          zh: '原因，例如：等客户提供日志',
          en: "Reason, for example: waiting for the customer's logs",
        },
        field: 'reason',
      });
    return act({ type: 'pause', clock: read.clock, reason });
  },
};
