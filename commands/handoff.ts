import { act, ask, type ChatCommand, textOf } from './command.ts';
import { findPerson } from './reading/people.ts';
export const handoff: ChatCommand = {
  name: 'handoff',
  zh: ['交接', '移交'],
  en: ['handoff', 'hand-over'],
  usage: { zh: '交接 人 [说明]', en: 'handoff PERSON [NOTE]' },
  about: {
    zh: '交给另一人，对方应答前您仍负责',
    en: 'hand over; you stay responsible until they acknowledge',
  },
  needsIncident: true,
  takes: ['handoff'],
  run: (call) => {
    const [first = '', ...rest] = textOf(call, 'to').split(/\s+/);
    if (!first)
      return ask(call, 'handoff', {
        title: { zh: '交接', en: 'Hand over' },
        label: { zh: '交给谁', en: 'To whom' },
        field: 'to',
      });
    return act({
      type: 'handoff',
      to: findPerson(first, call.directory) ?? first,
      note: rest.join(' ') || null,
      override: call.args.reason ?? null,
    });
  },
};
