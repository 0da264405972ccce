import { act, type ChatCommand } from './command.ts';
import { readWhen } from './reading/when.ts';
export const contact: ChatCommand = {
  name: 'contact',
  zh: ['联系', '首次联系', '已联系'],
  en: ['contact', 'called'],
  usage: { zh: '联系 [时间] [说明]', en: 'contact [WHEN] [NOTE]' },
  about: { zh: '记录首次人工联系', en: 'record the first human contact' },
  needsIncident: true,
  takes: ['contact'],
  run: (call) => {
    const when = readWhen(call.args.at ?? call.text, call.now, call.plan.zone);
    const note = (call.args.at ? call.text : when.rest) || null;
    return act({ type: 'contact', note }, when.at, call.args.reason ?? note);
  },
};
