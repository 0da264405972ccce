import { clocksSeenBy } from '../src/incident/org-clocks.ts';
import { clockTime, duration } from '../src/words/time.ts';
import { type ChatCommand, eyesOf, show } from './command.ts';

const STATUS = {
  waiting: { zh: '未开始', en: 'not started' },
  running: { zh: '进行中', en: 'running' },
  paused: { zh: '暂停', en: 'paused' },
  overdue: { zh: '已超时', en: 'overdue' },
  met: { zh: '达成', en: 'met' },
  missed: { zh: '未达成', en: 'missed' },
  void: { zh: '不再需要', en: 'not needed' },
} as const;

export const clocks: ChatCommand = {
  name: 'clocks',
  zh: ['时限', '计时'],
  en: ['clocks'],
  usage: { zh: '时限', en: 'clocks' },
  about: { zh: '全部时限，两种读法', en: 'all clocks with both readings' },
  needsIncident: true,
  takes: [],
  run: (call) => {
    if (!call.incident) return show('');
    const fields = clocksSeenBy(call.incident, call.plan, call.now, eyesOf(call)).map((clock) => {
      const due =
        clock.deadline === null
          ? clock.readingTitle[call.language]
          : clockTime(clock.deadline, call.plan.zone, call.now);
      const left =
        clock.deadline !== null && (clock.status === 'running' || clock.status === 'overdue')
          ? ` · ${clock.status === 'overdue' ? '+' : '−'}${duration(Math.abs(clock.deadline - call.now), call.language)}`
          : '';
      const others = clock.others.map(
        (one) =>
          ` · ${one.title[call.language]} ${one.deadline === null ? '' : clockTime(one.deadline, call.plan.zone, call.now)}`,
      );
      return {
        label: clock.title[call.language],
        value: `${STATUS[clock.status][call.language]} · ${due}${left}${others.join('')}`,
      };
    });
    return show({ zh: '时限', en: 'Clocks' }[call.language], [{ block: 'fields', fields }]);
  },
};
