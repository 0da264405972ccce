import { act, type ChatCommand } from './command.ts';
import { readWhen } from './reading/when.ts';
export const resolve: ChatCommand = {
  name: 'resolve',
  zh: ['解决', '已解决'],
  en: ['resolve', 'resolved', 'fixed'],
  usage: { zh: '解决 [时间] [说明]', en: 'resolve [WHEN] [NOTE]' },
  about: { zh: '已修复（后抢修），开始报告计时', en: 'repaired; the report clocks start' },
  needsIncident: true,
  takes: ['resolve'],
  run: (call) => {
    const when = readWhen(call.args.at ?? call.text, call.now, call.plan.zone);
    const note = (call.args.at ? call.text : when.rest) || null;
    return act({ type: 'resolve', note }, when.at, call.args.reason ?? note);
  },
};
