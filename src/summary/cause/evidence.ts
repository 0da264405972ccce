import type { Note } from '../reading.ts';
import { bitsOf, type Hit, lexicon } from '../rules.ts';
import { clausesOf, has, hasAny, hitOf, type Sentence } from '../speech.ts';
import { fails, isFailing } from '../trouble.ts';

const contrast =
  /不是[^，,。；？]{1,40}[，,]\s*(?:而|就)?是|(?:是|为)[^，,。；？]{2,60}[，,]\s*(?:并)?不是|\bnot (?:the |a |an )?[^,.;]{1,60}(?:,|but)/i;
const because = /是因为(?!我|你|他)|原因[是：:]|\b(?:it's|it is|it was|that's|that was) because\b/i;
const strongFound =
  /定位到|定位是|确实是|查明|实锤|确认是|确认为|证实|identified (?:that|as)|identified (?:\w+ ){1,8}as (?:an?|the)|turn(?:s|ed) out|(?:issue|problem) (?:was|is)(?: that)?|traced|tracked (?:it )?down|narrowed down|determined that|reali[sz]ed|pinpointed|确认了/i;
/** "We have identified the issue and are working on a fix" names nothing. */
const saysNothing =
  /^[\s:：,，.-]*(?:可见|详见|见|如下|另报|待)|^[\s:：,，.-]*(?:(?:the|an?|this|that|its)\s)?(?:(?:root|underlying|potential|likely|possible)\s)?(?:issue|problem|cause|source|fix|了|到|结果|原因|问题)?[\s,，.了]*(?:$|and\b|has\b|have\b|is being\b|so\b|we\b|with\b|并|正在|已|在处理|后续|稍后)/i;

const broken =
  /满了|没了|空了|坏了|丢了|\b(?:full|failing|exhaust\w*|crash\w*|lock(?:ed|s)?|expired|faulty|defective|dirty|damaged|loose|lacks?|lacked|deleted|removed|missing|incompatible|mismatch\w*|invalid|wrong(?:ly)?|stale|unset|disabled|misconfig\w*|leak\w*|bug|typo|overwrit\w*|overload\w*|quota|unsupported|outdated|not (?:set|renewed|rotated|updated|installed))\b/i;
/** Things that break other things. A trouble that is only told as the effect of another trouble explains nothing. */
export const mechanism =
  /\b(?:bugs?|chang\w+|deploy\w*|upgrad\w+|updat\w+|releas\w+|config\w*|migrat\w+|expir\w+|limits?|quota|leak\w*|mistake\w*|human|script|attack|ddos|traffic|load|cleanup|maintenance|version\w*|dependenc\w+|space|capacity|resources?|certificates?|certs?|cooling|power|cable|fib(?:er|re)|hardware|firmware|strategy|plugin|regression|reboot|race|locks?|locked|cron|quer(?:y|ies)|index|settings?|timeouts?|parallelism|retr(?:y|ies)|token|credentials?|password|permissions?|policy|rule|record|dns|cache|scripts?|provider|switch|router|links?|overload\w*|memory)\b|[\u3400-\u9fff]*(?:证书|配置|策略|升级|变更|发版|版本|脚本|补丁|驱动|权限|密码|密钥|授权|额度|参数|磁盘|硬盘|内存|连接|泄漏|老化|损|坏|烧|断电|停电|跳闸|攻击|失误|误|漏|忘|没|未|满|超|缺|错|旧|期|被|占|锁|循环|脏数据|缓存|重试|并发|流量|带宽|割接|快照|备份|空调|降频)/i;
const linkBefore =
  /\b(?:due to|because of|because|caused by|triggered by|as a result of|result of|owing to|resulted from|stem(?:s|med) from)\b|由于|因为|缘于/i;
/** Said of how things are in general, and not of what happened. */
const inGeneral =
  /\b(?:often|usually|typically|generally|sometimes|in general|tends? to|normally)\b|一般(?:来说|都|是)|通常|往往|经常/i;
/** "The root cause was not identified": tells that nobody knows it. */
const unfound =
  /\b(?:not|never|yet to be|isn't|wasn't|hasn't been|haven't)\s(?:yet\s)?(?:been\s)?(?:identified|known|found|clear|determined|understood|figured)\b|\bunknown (?:cause|reason)|\b(?:cause|reason)s? (?:is|was|are|remains?) (?:still )?unknown|(?:stating|states?|stated|said) (?:that )?the (?:root )?cause|原因(?:还)?(?:不明|未明|未知|在查|待查|没查|没找)/i;
const searching =
  /\b(?:investigat|determin|identify|find|look|search|diagnos|discuss|understand)\w*(?: \w+){0,4} (?:root )?cause|(?:查|找|分析|排查|定位)(?:一下)?原因/i;
const goodEffect =
  /\b(?:caus|mak|made|allow|result|lead|led)\w*\b.{0,160}\b(?:again|correctly|successfully|to succeed|recover\w*|resolved?|normal)\b/i;
const repairSlip =
  /\b(?:reverts?|reverted|fix(?:es|ed)|restores?|restored|repairs?|repaired|rolls? back|rolled back)\b[^.;]{0,80},? but\b/i;
/** Why the repair took its time. */
const ofRepair =
  /\b(?:delayed|held up|slowed(?: down)?|took (?:so |us |a )?(?:long\w*|while)) (?:by|due|because)\b|耽误|耽搁/i;
/** "This caused an outage": what "this" was stands elsewhere. */
const effectOnly =
  /^(?:this|it|that|which|these)\s+(?:\w+ly\s)?(?:caused|led|leads|resulted|results|prevent\w*|made|makes)\b/i;
const scareQuoted = /\battributed to (?:the )?[^.;]{0,24}['"‘“]/i;
const blames = /(?:造成|导致|引起|引发|触发|惹|搞|弄)的[了吧啊]?$/;
export const ownFault =
  /(?:that'?s|that is|this is|it'?s) on us\b|\b(?:our|my) (?:fault|mistake|bad)\b|怪我|我的锅|我们的锅|是我们(?:的问题|这边)|我这边的问题|是我[干弄]的/i;
/** Who runs the part says what was wrong with it. */
const ownerSays =
  /\b(?:provider|partner|vendor|upstream|isp|supplier|carrier|host(?:er|ing)?)\b[^.;]{0,30}\b(?:reports?|reported|confirms?|confirmed|says|said|told us)\b/i;
const toldWrong =
  /\b(?:did not|didn't|failed|failing|faulty|dirty|broken|misconfig\w*|wrong|expired|cut|damaged|outage|bug)\b/i;
/** The same in Chinese: "银行回复：机房空调故障". */
const ownerAnswers =
  /(?:银行|运营商|厂家|厂商|供应商|供电|上游|机房|云商|电信|移动|联通|平台方|第三方|对方|他们|那边|服务商|总部)[^，,。：:]{0,8}(?:回复|反馈|答复|回了|回电|确认|告知|通知|回应|说)(?:是|了)?[：:，,\s]?/;
/** What a validity ran out of: it breaks all that hangs on it. */
const ranOut =
  /(?:证书|许可|授权|licen[sc]e|密码|账号|密钥|token|凭证|域名|服务期|合同|套餐|额度|余额)[^，,。]{0,8}(?:到期|过期|失效|用完|用尽|耗尽|超限)/i;
const notSo =
  /没有?(?:到期|过期|失效|用完|超)|未(?:到期|过期|失效)|快(?:到期|过期)|即将|别(?:是|又)|会不会|是不是/;
/** "是备机在做快照，占了点 IO": answers what it was. */
const itWas = /^(?:原来)?(?:就)?是(?!不|否|的|吗|啊|吧|说|要|该|谁|哪|什么|多少|几)/;
/** "dump 出来了，……", "日志里……": what the evidence shows. */
const shownBy =
  /^(?:dump|堆转储|堆|日志|堆栈|线程栈|抓包|慢日志|火焰图|慢查询)[^，,。\s]{0,4}\s?(?:出来了|看了|看完了|分析完了?|分析出来了?)[，,：:\s]+/i;
const itsFault =
  /是[^，,。]{2,24}(?:的)?问题$|^确认[，,：:][^。]{0,40}(?:被|把|导致|没(?!有|问题)|漏|误|错了|改)/;
const foundIt = /\bfound (?:it|the (?:problem|issue|cause|culprit))\b/i;

const isLatin = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95;

/** How much a text says: a Chinese character counts one, a Latin word of two letters or more two. */
export function content(text: string): number {
  let amount = 0;
  let letters = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (isLatin(code)) {
      letters += 1;
      // The second letter makes it a word; a word counts as two characters.
      if (letters === 2) amount += 2;
      continue;
    }
    letters = 0;
    if (code >= 0x3400 && code <= 0x9fff) amount += 1;
  }
  return amount;
}

const causeKinds = bitsOf(['causeRoot', 'causeFound', 'causeLink', 'causeState', 'contrast', 'hedge']);
/** The few words by which a cause is told without any phrase of the rules. */
const mayBlame =
  /不是|^(?:原来)?(?:就)?是|到期|过期|失效|用完|用尽|耗尽|超限|回复|反馈|答复|回[了电应]|告知|通知|说|出来|看了|看完|分析|[，,]系|怪我|锅|问题$|^确认|on us|fault|mistake|confirm|report|sa(?:id|ys)|told|not (?:the|a)|我们/i;

/** Whether the sentence could tell a cause at all, be it as a guess. */
export function mayTellCause(sentence: Sentence): boolean {
  const { hits, text } = sentence;
  if (!hasAny(hits, causeKinds) && !mayBlame.test(text)) return false;
  if (has(hits, 'conditional', 'plan', 'reject', 'approve', 'history')) return false;
  return (
    !unfound.test(text) &&
    !inGeneral.test(text) &&
    !searching.test(text) &&
    !scareQuoted.test(text) &&
    !effectOnly.test(text) &&
    !ofRepair.test(text)
  );
}

/** "查到了。", "Explanation revealed.": what follows is the cause. */
export function announcesCause(sentence: Sentence): boolean {
  const marker = hitOf(sentence.hits, 'causeRoot') ?? hitOf(sentence.hits, 'causeFound');
  if (marker === undefined || has(sentence.hits, 'hedge', 'plan', 'deny', 'futureRecovery')) return false;
  const { text } = sentence;
  return !negatedMarker(text, marker) && content(text) <= 8 && saysNothing.test(text.slice(marker.end));
}

const negatedMarker = (text: string, marker: Hit): boolean =>
  /\b(?:not|never|cannot)\s*$/i.test(text.slice(0, marker.start));

/** 5 named as the root cause, 4 found or confirmed, 3 one thing led to another, 2 a breakage stated, 0 nothing. */
export function causeWeight(sentence: Sentence, note: Note): number {
  const weight = toldWeight(sentence, note);
  if (weight === 0 || weight === 5) return weight;
  const marks = ['causeFound', 'causeLink', 'causeState', 'contrast'] as const;
  // "已恢复，确实是证书不对": good news in one clause and the cause in the next.
  const own = clausesOf(sentence).filter((clause) => has(clause.hits, ...marks) || ranOut.test(clause.text));
  const where = own.length === 0 ? [sentence] : own;
  return where.every((part) => has(part.hits, ...notNow)) ||
    /\bstill (?:being|caus\w+|was|were)\b/i.test(sentence.text)
    ? 0
    : weight;
}

const notNow = [
  'closed',
  'recovered',
  'mitigated',
  'partial',
  'futureRecovery',
  'propose',
  'notRecovered',
] as const;

function toldWeight(sentence: Sentence, note: Note): number {
  const { hits, text } = sentence;
  const marker = hitOf(hits, 'causeRoot') ?? hitOf(hits, 'causeFound');
  const trouble = has(hits, 'symptom', 'causeState') || isFailing(sentence) || broken.test(text);
  if (marker !== undefined && !negatedMarker(text, marker)) {
    const after = text.slice(marker.end);
    const named = !saysNothing.test(after) && content(after) >= 3;
    const root = has([marker], 'causeRoot');
    const before =
      root &&
      content(after) < 3 &&
      content(text.slice(0, marker.start)) >= 4 &&
      /是$|(?:is|was) the$|is$|was$/.test(text.slice(0, marker.start).trim());
    const weight = root ? 5 : foundWeight(text, hits, note);
    if ((named || before) && weight > 0) return weight;
  }
  if (because.test(text) && (mechanism.test(text) || has(hits, 'part', 'breakage'))) return 4;
  if (contrast.test(text) && (trouble || has(hits, 'causeLink') || content(text) >= 14)) return 4;
  if (itsFault.test(text) && content(text) >= 8) return 4;
  if (ownFault.test(text) && content(text) >= 12) return 4;
  if (ranOut.test(text) && !notSo.test(text)) return 4;
  const answer = ownerAnswers.exec(text);
  if (answer !== null && !has(hits, 'recovered', 'recoveredWeak', 'plan', 'detect')) {
    const rest = text.slice(answer.index + answer[0].length);
    if (content(rest) >= 6 && mechanism.test(rest) && !notSo.test(rest)) return 4;
  }
  const shown = shownBy.exec(text);
  if (shown !== null && content(text.slice(shown[0].length)) >= 10) return 4;
  if (itWas.test(text) && content(text) >= 8 && mechanism.test(text) && !notSo.test(text)) return 3;
  if (ownerSays.test(text) && trouble && !has(hits, 'detect', 'impactMark')) return 4;
  if (ownerSays.test(text) && toldWrong.test(text)) return 4;
  if (has(hits, 'causeLink') && !goodEffect.test(text) && (trouble || blames.test(text))) {
    const weight = blames.test(text) ? 4 : linkWeight(text);
    if (weight > 0) return weight;
  }
  // "…, but clones the wrong branch by mistake": a slip on the way to the repair.
  return isState(text, hits) && !repairSlip.test(text) ? 2 : 0;
}

/** "A due to B": 3 when B is a thing that breaks others, else nothing in English and little in Chinese. */
function linkWeight(text: string): number {
  const link = linkBefore.exec(text);
  if (link === null) return 3;
  const told = text.slice(link.index + link[0].length);
  const leads = /[，,]/.test(told) && link.index < 4;
  const comma = told.search(/[，,]/);
  const part = leads ? told.slice(0, comma) : told;
  const effect = leads ? told.slice(comma) : link.index < 4 ? told : text.slice(0, link.index);
  // "Cleanup because of lost pods" explains what somebody did, and no trouble.
  if (!fails(effect, lexicon().scan(effect)) && !/outage|incident|宕|断|故障/i.test(effect)) return 0;
  if (mechanism.test(part) || broken.test(part)) return 3;
  return /[\u3400-\u9fff]/.test(text) ? 2 : 0;
}

/** A breakage told as it stands; not one that is over, or that an alarm or a caller reports. */
const isState = (text: string, hits: Sentence['hits']): boolean =>
  (has(hits, 'causeState') || (confession.test(text) && !has(hits, 'noImpact'))) &&
  !has(hits, 'alert') &&
  !/\b(?:no longer|not|without|never)\b[^,.;]{0,30}$/i.test(text.slice(0, hits.at(-1)?.start ?? 0));

/** "我们凌晨切过 IP": who runs a part says what was changed in it. */
const confession =
  /我们(?:这边)?(?:昨[天晚夜]|今[天早晨]|凌晨|早上|上午|中午|下午|晚上|夜里|刚才?|前天|周[一二三四五六日末])?[^，。]{0,8}(?:切|改|换|动|升级|调整?|迁移?|删|停|割接)过/;

const seen = /\b(?:reali[sz]e\w*|discover\w*|found that|shows?|showed|reveal\w*|notic\w+)\b/i;

function foundWeight(text: string, hits: Sentence['hits'], note: Note): number {
  // An entry that tells what was seen ("we realized that all pods fail") tells no cause by it.
  const bare =
    note.entry && seen.test(text) && !mechanism.test(text) && !broken.test(text) && !has(hits, 'causeState');
  if (bare && !/\b(?:issue|problem) (?:was|is)\b|\bidentified as\b/i.test(text)) return 0;
  if (
    strongFound.test(text) ||
    foundIt.test(text) ||
    ownFault.test(text) ||
    itsFault.test(text) ||
    has(hits, 'causeState', 'causeLink')
  )
    return 4;
  // The writer of a timeline enters what turned out to matter; in a chat "found that" is said of anything.
  return note.entry && broken.test(text) && !has(hits, 'deny') ? 4 : 0;
}
