import type { Delivery, Instant } from '../incident/events.ts';
import type { Language, Words } from '../incident/plan.ts';
import { ROUTE, term } from './terms.ts';
import { clockTime, duration } from './time.ts';

/** Steps of a page's receipt trail. */
export const DELIVERY: Readonly<Record<Delivery['outcome'], Words>> = {
  accepted: { zh: '已受理', en: 'accepted' },
  failed: { zh: '未送达', en: 'failed' },
  exhausted: { zh: '全部失败', en: 'all failed' },
  'possible-duplicate': { zh: '已受理（可能重复）', en: 'accepted (possible duplicate)' },
  delivered: { zh: '已送达手机', en: 'on the phone' },
  seen: { zh: '已看到/接听', en: 'seen or answered' },
  undelivered: { zh: '受理后未送达', en: 'taken, never delivered' },
};

/** Later than this is worth saying. Milliseconds. */
const LATE_MS = 1000;
const SENDING: readonly Delivery['outcome'][] = ['accepted', 'possible-duplicate', 'failed', 'exhausted'];

/** `短信 已受理 03:13，迟 20 秒`; by which route, what became of it, when, how late after it fell due. */
export function deliveryLine(
  one: Delivery & { readonly at: Instant },
  zone: string,
  language: Language,
  now?: Instant,
): string {
  const late =
    one.lateMs > LATE_MS && SENDING.includes(one.outcome)
      ? { zh: `，迟 ${duration(one.lateMs, 'zh')}`, en: `, ${duration(one.lateMs, 'en')} late` }[language]
      : '';
  return `${term(ROUTE, one.method, language)} ${DELIVERY[one.outcome][language]} ${clockTime(one.at, zone, now)}${late}`;
}
