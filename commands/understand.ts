import type { Button } from '../src/chat/message.ts';
import type { Language } from '../src/incident/plan.ts';
import type { Incident } from '../src/incident/state.ts';

interface Hint {
  readonly pattern: RegExp;
  readonly command: string;
  readonly label: { readonly zh: string; readonly en: string };
  readonly when: (incident: Incident) => boolean;
  /** What the command gets of the words: everything, or nothing. */
  readonly keep: boolean;
}

/** Free words and the command they sound like. The bot offers it as a button and never acts alone. */
const HINTS: readonly Hint[] = [
  {
    pattern: /^(ack|收到|在|接了|我来)[!！。.]*$/i,
    command: 'ack',
    label: { zh: '应答呼叫', en: 'Acknowledge' },
    when: (one) => one.pages.some((page) => page.status === 'open'),
    keep: false,
  },
  {
    pattern: /已?(到场|到现场|到达现场|到了现场)|arrived on site|i am on site/i,
    command: 'arrive',
    label: { zh: '记为到场', en: 'Record the arrival' },
    when: (one) => !one.moments['on-site'],
    keep: true,
  },
  {
    pattern: /(已经?|刚)?(派人|派出|出发)了|on (my|the) way/i,
    command: 'dispatch',
    label: { zh: '记为已派出', en: 'Record the dispatch' },
    when: (one) => !one.moments.dispatched,
    keep: false,
  },
  {
    pattern: /(已|刚)?(联系上|联系了|打通)|spoke (to|with) the customer/i,
    command: 'contact',
    label: { zh: '记为首次联系', en: 'Record first contact' },
    when: (one) => !one.moments['first-contact'],
    keep: false,
  },
  {
    pattern:
      /(能办了|能用了|可以办理了|恢复了|恢复正常|业务恢复|好了，?都正常|is back|back to normal|recovered|works again)(?![？?])/i,
    command: 'restore',
    label: { zh: '记为业务恢复', en: 'Record: service restored' },
    when: (one) => one.status === 'open',
    keep: false,
  },
  {
    pattern: /^(根本?原因|原因)(是|：|:|查明|确认)|root cause (is|was)/i,
    command: 'cause',
    label: { zh: '记为原因', en: 'State as the cause' },
    when: (one) => one.cause === null,
    keep: true,
  },
  {
    pattern: /影响(了|约|范围|客户|笔|户)|affected (users|customers)/i,
    command: 'impact',
    label: { zh: '记为影响', en: 'State as the impact' },
    when: (one) => one.impact === null,
    keep: true,
  },
  {
    pattern: /误报|false alarm/i,
    command: 'close',
    label: { zh: '按误报关闭…', en: 'Close as a false alarm…' },
    when: () => true,
    keep: false,
  },
];

/** The command that free words sound like; null for questions and for plain talk. */
export function understand(text: string, incident: Incident, language: Language): Button | null {
  const trimmed = text.trim();
  if (
    trimmed.length === 0 ||
    trimmed.length > 200 ||
    /[？?]\s*$/.test(trimmed) ||
    /(没|未|不能|还没|not )/.test(trimmed)
  )
    return null;
  const hint = HINTS.find((one) => one.pattern.test(trimmed) && one.when(incident));
  if (!hint) return null;
  const args: Record<string, string> = hint.keep ? { text: trimmed } : {};
  if (hint.command === 'arrive') args.at = trimmed;
  if (hint.command === 'close') args.as = 'false-alarm';
  return { label: hint.label[language], command: hint.command, args, style: 'primary' };
}
