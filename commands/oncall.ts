import { clockTime } from '../src/words/time.ts';
import { type ChatCommand, show } from './command.ts';
import { readAhead } from './reading/ahead.ts';

const MOST_SHOWN = 3;
export const oncall: ChatCommand = {
  name: 'oncall',
  zh: ['值班', '谁值班'],
  en: ['oncall', 'on-call'],
  usage: { zh: '值班 [周六 03:00]', en: 'oncall [saturday 03:00]' },
  about: { zh: '现在、下一班或某个时刻由谁值班', en: 'who is on call now, next, or at a moment' },
  needsIncident: false,
  takes: [],
  run: (call) => {
    const at = readAhead(call.args.at ?? call.text, call.now, call.plan.zone);
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
      const who = one.why === 'elsewhere' ? (zh ? '其他单位' : 'another organisation') : name(one.person);
      return { label: title, value: `${who}${why}${until}` };
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
    const vacant = call.plan.posts.filter(
      (one) => one.joint && (call.directory.posts[one.id] ?? []).length === 0,
    );
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
        ...(vacant.length === 0
          ? []
          : [
              {
                block: 'note',
                text: zh
                  ? `联合战情室没有单位登记联系人的岗位（L252）：${vacant.map((one) => one.title.zh).join('、')}`
                  : `posts of the joint war room for which no organisation names a contact (L252): ${vacant.map((one) => one.title.en).join(', ')}`,
              } as const,
            ]),
      ],
    );
  },
};
