import { act, ask, type ChatCommand, textOf } from './command.ts';
import { findOrganisation } from './reading/organisations.ts';

/** Another organisation answers for the result; the clocks follow (plan L19, L74–77). */
export const handLead: ChatCommand = {
  name: 'hand-lead',
  zh: ['移交主责'],
  en: ['hand-lead'],
  usage: { zh: '移交主责 单位 原因', en: 'hand-lead ORGANISATION REASON' },
  about: {
    zh: '把主责移交给另一个单位：我方由“恢复”改按“建议”计时，收回时相反（L19）',
    en: 'another organisation leads: our restore clock gives way to the advice clock, and back (L19)',
  },
  takes: ['hand-lead'],
  needsIncident: true,
  run: (call) => {
    const text = textOf(call, 'to');
    if (text === '')
      return ask(call, 'hand-lead', {
        title: { zh: '移交主责', en: 'Hand the lead over' },
        label: { zh: '单位 原因', en: 'Organisation, and why' },
        field: 'to',
      });
    const [first = '', ...rest] = text.split(/\s+/);
    const reason = (call.args.reason ?? rest.join(' ')).trim();
    return act({ type: 'hand-lead', to: findOrganisation(first, call.directory), reason });
  },
};
