import { act, type ChatCommand, show } from './command.ts';
import { readClock } from './reading/severity.ts';
export const confirmPause: ChatCommand = {
  name: 'confirm-pause',
  zh: ['确认暂停'],
  en: ['confirm-pause'],
  usage: { zh: '确认暂停 时限', en: 'confirm-pause CLOCK' },
  about: { zh: '客户侧确认暂停', en: 'the customer confirms a pause' },
  needsIncident: true,
  takes: ['confirm-pause'],
  run: (call) => {
    const read = readClock(call.args.clock ?? call.text);
    if (!read)
      return show(
        {
          zh: '哪个时限：联系、到场、诊断、恢复、建议',
          en: 'Which clock: callback, arrival, diagnosis, restore, advice',
        }[call.language],
      );
    return act({ type: 'confirm-pause', clock: read.clock });
  },
};
