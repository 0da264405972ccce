import { act, ask, type ChatCommand } from './command.ts';
import { readAppointment } from './reading/appointment.ts';
import { findPerson } from './reading/people.ts';

const MORNING = 10;

/** The review meeting: when, held by whom, what is published, how it stands. */
export const review: ChatCommand = {
  name: 'review',
  zh: ['复盘'],
  en: ['review', 'postmortem'],
  usage: {
    zh: '复盘 [2026-11-26 10:00 地点 | 公布 | 已开 参会人…]',
    en: 'review [2026-11-26 10:00 WHERE | publish | held ATTENDEES…]',
  },
  about: {
    zh: '复盘会：约时间、公布本组织的经验教训、记下已开；不带参数看进度',
    en: 'the review: set its time, publish your lessons, record that it was held; alone, how it stands',
  },
  needsIncident: true,
  takes: ['schedule-review', 'hold-review', 'publish-lessons'],
  reads: true,
  run: (call) => {
    const [word = '', ...rest] = call.text.trim().split(/[\s、,，]+/);
    const verb = call.args.do ?? '';
    if (verb === 'publish' || /^(?:公布|发布|publish)$/i.test(word)) return { kind: 'publish-lessons' };
    if (verb === 'held' || /^(?:已开|已召开|held|done)$/i.test(word)) {
      const named = (call.args.attendees?.split(/[\s、,，]+/) ?? rest).filter((one) => one !== '');
      const attendees = named.map((one) => findPerson(one.replace(/^@/, ''), call.directory) ?? one);
      return act({ type: 'hold-review', attendees });
    }
    const typed = call.args.text ?? (verb === 'schedule' ? '' : call.text);
    if (typed.trim() === '' && verb !== 'schedule') return { kind: 'review' };
    const ahead = readAppointment(typed, call.now, call.plan.zone, MORNING);
    if (ahead.at === null)
      return ask({ ...call, args: { do: 'schedule' } }, 'review', {
        title: { zh: '约复盘会', en: 'Schedule the review' },
        label: {
          zh: '何时、何处，例如：11月26日 10:00 三楼会议室',
          en: 'When and where, such as: Thu 10:00 room 3',
        },
      });
    return act({ type: 'schedule-review', on: ahead.at, where: ahead.rest === '' ? null : ahead.rest });
  },
};
