import { act, type ChatCommand } from './command.ts';
import { readWhen } from './reading/when.ts';
export const restore: ChatCommand = {
  name: 'restore',
  zh: ['恢复', '已恢复', '业务恢复'],
  en: ['restore', 'restored', 'mitigated'],
  usage: { zh: '恢复 [时间] [说明]', en: 'restore [WHEN] [NOTE]' },
  about: { zh: '业务恢复（先抢通）', en: 'the service is back' },
  needsIncident: true,
  takes: ['restore'],
  run: (call) => {
    const when = readWhen(call.args.at ?? call.text, call.now, call.plan.zone);
    const note = (call.args.at ? call.text : when.rest) || null;
    return act({ type: 'restore', note }, when.at, call.args.reason ?? note);
  },
};
