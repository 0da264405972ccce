import { act, type ChatCommand } from './command.ts';

export const lead: ChatCommand = {
  name: 'lead',
  zh: ['主责', '协助'],
  en: ['lead', 'assist'],
  usage: { zh: '主责|协助 [组件] [原因]', en: 'lead|assist [COMPONENT] [REASON]' },
  about: { zh: '选择主责或协助，决定恢复或建议时限', en: 'choose lead or assist; it decides the clock' },
  needsIncident: true,
  run: (call) => {
    const [word = '', component, ...reason] = call.text.split(/\s+/);
    const assist = /^(协助|assist)$/i.test(call.args.as ?? word);
    const known = component ?? null;
    return act({
      type: 'choose-accountability',
      accountability: assist ? 'assist' : 'lead',
      component: known,
      reason: call.args.reason ?? (reason.join(' ') || null),
    });
  },
};
