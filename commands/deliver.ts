import { act, type ChatCommand } from './command.ts';
import { readWhen } from './reading/when.ts';
export const deliver: ChatCommand = {
  name: 'deliver',
  zh: ['送达', '已送达'],
  en: ['deliver', 'delivered'],
  usage: {
    zh: '送达 服务报告|故障处理报告|备件报告 [给谁] [时间]',
    en: 'deliver service|handling|parts [TO] [WHEN]',
  },
  about: {
    zh: '记录报告已送达；服务报告停 12 小时计时',
    en: 'record a delivery; the service report stops the 12-hour clock',
  },
  needsIncident: true,
  takes: ['deliver-report'],
  run: (call) => {
    const when = readWhen(call.args.at ?? call.text, call.now, call.plan.zone);
    const [word = '', ...rest] = (call.args.report ?? when.rest).split(/\s+/);
    const report = /备件|parts/i.test(word)
      ? 'parts'
      : /故障|处理|handling/i.test(word)
        ? 'handling'
        : 'service';
    const to = call.args.to ?? rest.join(' ');
    return act(
      {
        type: 'deliver-report',
        report,
        to: to || { zh: '应急保障负责人', en: 'emergency lead' }[call.language],
      },
      when.at,
      call.args.reason ?? (rest.join(' ') || null),
    );
  },
};
