import { instantIn, partsIn } from '../src/incident/zone.ts';
import { clockTime } from '../src/words/time.ts';
import { type Call, type ChatCommand, show } from './command.ts';
import { readWhen } from './reading/when.ts';

const DAY = 86_400_000;
const WEEKDAYS: readonly RegExp[] = [
  /周日|周天|星期日|星期天|sunday/i,
  /周一|星期一|monday/i,
  /周二|星期二|tuesday/i,
  /周三|星期三|wednesday/i,
  /周四|星期四|thursday/i,
  /周五|星期五|friday/i,
  /周六|星期六|saturday/i,
];

/** "周六 03:00" lies ahead, unlike the times that people report. */
function momentAsked(call: Call): number {
  const text = call.args.at ?? call.text;
  if (!text.trim()) return call.now;
  const zone = call.plan.zone;
  const weekday = WEEKDAYS.findIndex((pattern) => pattern.test(text));
  const time = readWhen(text.replace(WEEKDAYS[weekday] ?? /$^/, ''), call.now, zone).at;
  if (weekday < 0) return time ?? call.now;
  const today = partsIn(zone, call.now);
  const current = new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay();
  const ahead = ((weekday - current + 7) % 7) * DAY;
  const { hour, minute } = time === null ? { hour: 12, minute: 0 } : partsIn(zone, time);
  const day = partsIn(zone, call.now + ahead);
  return instantIn(zone, { ...day, hour, minute, second: 0 });
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
      return { label: title, value: `${name(one.person)}${until}` };
    });
    return show(
      zh
        ? `${clockTime(at, call.plan.zone, call.now)} 值班`
        : `On call at ${clockTime(at, call.plan.zone, call.now)}`,
      [{ block: 'fields', fields }],
    );
  },
};
