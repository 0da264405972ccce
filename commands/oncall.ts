import { instantIn, partsIn } from '../src/incident/zone.ts';
import { clockTime } from '../src/words/time.ts';
import { type Call, type ChatCommand, show } from './command.ts';
import { readWhen } from './reading/when.ts';

const DAY = 86_400_000;
const MOST_SHOWN = 3;
const WEEKDAYS: readonly RegExp[] = [
  /周日|周天|星期日|星期天|sunday/i,
  /周一|星期一|monday/i,
  /周二|星期二|tuesday/i,
  /周三|星期三|wednesday/i,
  /周四|星期四|thursday/i,
  /周五|星期五|friday/i,
  /周六|星期六|saturday/i,
];

const DAYS_AHEAD: readonly (readonly [RegExp, number])[] = [
  [/大后天/, 3],
  [/后天|day after tomorrow/i, 2],
  [/明天|明早|明晚|tomorrow/i, 1],
  [/今天|今早|今晚|today|tonight/i, 0],
];
const NEXT_WEEK = /下(?:个)?(?=周|星期)|next\s+(?=\w+day)/i;

/** "周六 03:00" lies ahead, unlike the times that people report; a date is taken as it stands. */
function momentAsked(call: Call): number {
  const text = (call.args.at ?? call.text).trim();
  if (text === '') return call.now;
  const zone = call.plan.zone;
  const weekday = WEEKDAYS.findIndex((pattern) => pattern.test(text));
  const near = DAYS_AHEAD.find(([pattern]) => pattern.test(text));
  const evening = /今晚|明晚|tonight/i.test(text) ? '晚上 ' : '';
  const bare =
    evening +
    text
      .replace(near?.[0] ?? /$^/, '')
      .replace(NEXT_WEEK, '')
      .replace(WEEKDAYS[weekday] ?? /$^/, '');
  const time = readWhen(bare, call.now, zone).at;
  if (weekday < 0 && !near && /\d{4}|前|ago/.test(text)) return time ?? call.now;
  const today = partsIn(zone, call.now);
  const current = new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay();
  const dayAhead = (days: number): number => {
    const { hour, minute } = time === null ? { hour: 12, minute: 0 } : partsIn(zone, time);
    return instantIn(zone, { ...partsIn(zone, call.now + days * DAY), hour, minute, second: 0 });
  };
  if (weekday < 0) {
    const at = dayAhead(near?.[1] ?? 0);
    return at < call.now && !near ? dayAhead(1) : at;
  }
  // A week begins on Monday: next Saturday is the one of the week after this.
  const monday = (day: number): number => (day + 6) % 7;
  if (NEXT_WEEK.test(text)) return dayAhead(7 + monday(weekday) - monday(current));
  const ahead = dayAhead((weekday - current + 7) % 7);
  return ahead < call.now && weekday === current ? dayAhead(7) : ahead;
}

export const oncall: ChatCommand = {
  name: 'oncall',
  zh: ['值班', '谁值班'],
  en: ['oncall', 'on-call'],
  usage: { zh: '值班 [周六 03:00]', en: 'oncall [saturday 03:00]' },
  about: { zh: '现在、下一班或某个时刻由谁值班', en: 'who is on call now, next, or at a moment' },
  needsIncident: false,
  run: (call) => {
    const at = momentAsked(call);
    const zh = call.language === 'zh';
    const name = (id: string | null): string =>
      id === null ? (zh ? '⚠️ 空档' : '⚠️ gap') : (call.directory.people[id]?.name ?? id);
    const fields = call.onCall(at).map((one) => {
      const until =
        one.until === null
          ? ''
          : zh
            ? `，至 ${clockTime(one.until, call.plan.zone, at)} 由 ${name(one.next)} 接`
            : `, until ${clockTime(one.until, call.plan.zone, at)}, then ${name(one.next)}`;
      const title =
        call.plan.tiers.find((tier) => tier.tier === one.tier)?.title[call.language] ?? String(one.tier);
      const why =
        one.why === 'swap'
          ? zh
            ? '（换班）'
            : ' (swapped)'
          : one.why === 'override'
            ? zh
              ? '（替班）'
              : ' (stands in)'
            : '';
      return { label: title, value: `${name(one.person)}${why}${until}` };
    });
    const { gaps, doubles } = call.gapsAhead(call.now);
    const title = (tier: number): string =>
      call.plan.tiers.find((one) => one.tier === tier)?.title[call.language] ?? String(tier);
    const ahead = [
      ...gaps.slice(0, MOST_SHOWN).map((one) => {
        const span = `${clockTime(one.from, call.plan.zone, call.now)}–${clockTime(one.to, call.plan.zone, call.now)}`;
        return zh ? `⚠️ 空档 ${title(one.tier)} ${span}` : `⚠️ gap, ${title(one.tier)}, ${span}`;
      }),
      ...doubles.slice(0, MOST_SHOWN).map((one) => {
        const since = clockTime(one.from, call.plan.zone, call.now);
        const both = one.tiers.map(title).join(zh ? '、' : ', ');
        return zh
          ? `⚠️ ${name(one.person)} ${since} 起同时值 ${both}`
          : `⚠️ ${name(one.person)} has two turns at once from ${since}: ${both}`;
      }),
    ];
    const left = gaps.length + doubles.length - ahead.length;
    const shown = left > 0 ? [...ahead, zh ? `另有 ${left} 项` : `${left} more`] : ahead;
    return show(
      zh
        ? `${clockTime(at, call.plan.zone, call.now)} 值班`
        : `On call at ${clockTime(at, call.plan.zone, call.now)}`,
      [
        { block: 'fields', fields },
        ...(shown.length === 0
          ? []
          : [
              { block: 'note', text: zh ? '14 天内要补的' : 'to be mended within 14 days' } as const,
              { block: 'list', ordered: false, items: shown } as const,
            ]),
      ],
    );
  },
};
