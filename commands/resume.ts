import { act, type ChatCommand, show } from './command.ts';
import { readClock } from './reading/severity.ts';
export const resume: ChatCommand = {
  name: 'resume',
  zh: ['继续', '继续计时'],
  en: ['resume'],
  usage: { zh: '继续 时限', en: 'resume CLOCK' },
  about: { zh: '继续计时', en: 'let the clock go on' },
  needsIncident: true,
  takes: ['resume'],
  run: (call) => {
    const read = readClock(call.args.clock ?? call.text);
    if (!read)
      return show(
        {
          zh: '哪个时限：联系、到场、诊断、恢复、建议',
          en: 'Which clock: callback, arrival, diagnosis, restore, advice',
        }[call.language],
      );
    return act({ type: 'resume', clock: read.clock });
  },
};
