import { deliveryLine } from '../src/words/delivery.ts';
import { BECAUSE, ROUTE, term } from '../src/words/terms.ts';
import { clockTime, duration } from '../src/words/time.ts';
import { type ChatCommand, show } from './command.ts';

const STATUS = {
  open: { zh: '呼叫中', en: 'calling' },
  acknowledged: { zh: '已应答', en: 'acknowledged' },
  declined: { zh: '拒接', en: 'declined' },
  'timed-out': { zh: '未应答', en: 'no answer' },
  withdrawn: { zh: '不再需要', en: 'not needed' },
} as const;

export const pages: ChatCommand = {
  name: 'pages',
  zh: ['呼叫记录'],
  en: ['pages'],
  usage: { zh: '呼叫记录', en: 'pages' },
  about: { zh: '呼叫了谁、何时、是否应答', en: 'who was paged, when, and whether they answered' },
  needsIncident: true,
  takes: [],
  run: (call) => {
    const zone = call.plan.zone;
    const fields = (call.incident?.pages ?? []).map((page) => {
      const name = call.directory.people[page.person]?.name ?? page.person;
      const { answeredBy: by } = page;
      const took =
        page.answeredAt === null
          ? ''
          : ` ${clockTime(page.answeredAt, zone, call.now)}（${[
              duration(page.answeredAt - page.pagedAt, call.language),
              ...(by && by.person !== page.person
                ? [call.directory.people[by.person]?.name ?? by.person]
                : []),
              ...(by?.route ? [term(ROUTE, by.route, call.language)] : []),
            ].join(' · ')}）`;
      const trail = page.deliveries.map((one) => ` · ${deliveryLine(one, zone, call.language, call.now)}`);
      const queued =
        trail.length === 0 && page.status === 'open'
          ? { zh: ' · 已排队，待发出', en: ' · queued, not sent yet' }[call.language]
          : '';
      return {
        label: `${clockTime(page.pagedAt, zone, call.now)} ${name}${page.attempt > 1 ? ` ×${page.attempt}` : ''}`,
        value: `${STATUS[page.status][call.language]}${took} · ${term(BECAUSE, page.because, call.language)}${queued}${trail.join('')}`,
      };
    });
    if (fields.length === 0)
      return show({ zh: '还没有呼叫过谁', en: 'nobody has been paged' }[call.language]);
    return show({ zh: '呼叫记录', en: 'Pages' }[call.language], [{ block: 'fields', fields }]);
  },
};
