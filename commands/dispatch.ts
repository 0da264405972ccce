import { act, type ChatCommand } from './command.ts';
import { findPerson } from './reading/people.ts';
import { readWhen } from './reading/when.ts';
export const dispatch: ChatCommand = {
  name: 'dispatch',
  zh: ['派出', '派人', '已派出'],
  en: ['dispatch', 'sent'],
  usage: { zh: '派出 [人] [时间]', en: 'dispatch [PERSON] [WHEN]' },
  about: { zh: '记录派人赶赴现场', en: 'record that somebody is on the way' },
  needsIncident: true,
  takes: ['dispatch'],
  run: (call) => {
    const when = readWhen(call.args.at ?? call.text, call.now, call.plan.zone);
    const [first = ''] = when.rest.split(/\s+/);
    const person = findPerson(call.args.person ?? first, call.directory);
    return act(
      { type: 'dispatch', person, to: null },
      when.at,
      call.args.reason ?? (person ? null : when.rest || null),
    );
  },
};
