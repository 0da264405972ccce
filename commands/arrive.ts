import { act, type ChatCommand } from './command.ts';
import { readWhen } from './reading/when.ts';
export const arrive: ChatCommand = {
  name: 'arrive',
  zh: ['到场', '到达', '已到场'],
  en: ['arrive', 'arrived', 'onsite'],
  usage: { zh: '到场 [时间] [说明]', en: 'arrive [WHEN] [NOTE]' },
  about: {
    zh: '记录到达现场，例如“到场 10 分钟前 机房无信号”',
    en: 'record the arrival on site, for example "arrive 10 minutes ago no signal"',
  },
  needsIncident: true,
  takes: ['arrive'],
  run: (call) => {
    const when = readWhen(call.args.at ?? call.text, call.now, call.plan.zone);
    const note = (call.args.at ? call.text : when.rest) || null;
    return act({ type: 'arrive', note }, when.at, call.args.reason ?? note);
  },
};
