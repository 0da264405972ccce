import { isShortNews } from '../news.ts';
import type { Note, Reading } from '../reading.ts';
import { bitsOf } from '../rules.ts';
import { type Clause, clausesOf, has, hasAny, type Sentence } from '../speech.ts';
import { type TimeMention, timesIn } from '../times.ts';
import { fails, isFailing } from '../trouble.ts';
import { type Moment, minute, momentAt, negated, stated } from './moment.ts';

export interface Recovery extends Moment {
  /**
   * `hinted`: words that may mean it, from whoever waited for it; `believed`: somebody thinks that it is over;
   * `lost`: said not to be over; `again`: it was over and came back.
   */
  degree:
    | 'hinted'
    | 'partial'
    | 'believed'
    | 'mitigated'
    | 'recovered'
    | 'full'
    | 'closed'
    | 'lost'
    | 'again';
  /** "三线也好了": adds to the good news before it, so that the end is here. */
  joins?: boolean;
}

const degrees: Recovery['degree'][] = [
  'hinted',
  'partial',
  'believed',
  'mitigated',
  'recovered',
  'full',
  'closed',
  'lost',
  'again',
];

const component =
  /数据库|网络|磁盘|CPU|内存|线程|会话|交换机|防火墙|日志|DNS|存储|硬件|链路|主机|库|池|配置|监听|中间件|GC|负载|心跳|证书|链路|端到端|\b(?:network|database|db|disk|cpu|memory|logs?|grafana|metrics|cluster|nodes?)\b/i;

export function recoveriesOf(reading: Reading, deeds: ReadonlyMap<number, unknown>): Recovery[] {
  const found: Recovery[] = [];
  let acted = false;
  let backlog = false;
  const reporters = new Set<string>();
  for (const note of reading.notes) {
    for (const sentence of note.sentences) {
      acted ||= hasAny(sentence.hits, acting) || deeds.has(note.index) || takesUp.test(sentence.text);
      if (sentence.question && found.length > 0 && asksOnceMore(sentence, note)) {
        const moment = momentAt(note, 3);
        if (moment !== null) found.push({ ...moment, degree: 'again' });
      }
      if (sentence.question || has(sentence.hits, 'history')) continue;
      backlog ||= /积压|堆积|backlog/i.test(sentence.text);
      const own = reporters.has(note.author ?? '') && isShortNews(sentence.text);
      const recovery =
        endOfRange(sentence, note, reading.origin) ??
        recoveryIn(sentence, note, acted || own, reading.origin) ??
        (backlog && acted ? caughtUp(sentence, note) : null) ??
        closingWord(sentence, note, found.at(-1)) ??
        (acted && reporters.has(note.author ?? '') ? goodNews(sentence, note) : null);
      if (recovery !== null) found.push(recovery);
      else if (found.length > 0 && relapses(sentence, note)) {
        const moment = momentAt(note, 3);
        if (moment !== null) found.push({ ...moment, degree: 'again' });
      } else if (note.author !== null && isFailing(sentence)) reporters.add(note.author);
      else if (acted && note.index > 0 && !note.entry) {
        const hint = deeds.has(note.index) ? null : hintIn(sentence, note);
        if (hint !== null) found.push(hint);
      }
    }
  }
  return found;
}

const rangeJoin = /^\s*(?:到|至|-|–|—|~|～|→|to|until|till|and)\s*$/i;
const longRange = /^\s*(?:am|pm)?\s*(?:到|至|-|–|—|~|～|→|to|until|till|and)\s*$/i;

/** "Down from 2:02am to 9:46am": of a trouble that is told with both its times the second is the end. */
function endOfRange(sentence: Sentence, note: Note, origin: number | null): Recovery | null {
  if (has(sentence.hits, 'plan', 'futureRecovery', 'conditional', 'history')) return null;
  if (!isFailing(sentence) && !has(sentence.hits, 'symptom', 'impactMark')) return null;
  const times = timesIn(sentence.text, note.anchor, origin);
  const [first, second] = times;
  if (first === undefined || second === undefined || second.dateOnly || second.wall <= first.wall)
    return null;
  const between = sentence.text.slice(first.end, second.start);
  if (!rangeJoin.test(between) && !longRange.test(between)) return null;
  return { ...stated(note, second, 4), degree: 'recovered' };
}

const hinting = bitsOf(['recovered', 'recoveredWeak', 'closed', 'mitigated', 'partial']);
const noHint = bitsOf([
  'done',
  'symptom',
  'fails',
  'propose',
  'conditional',
  'notRecovered',
  'reopened',
  'plan',
]);
const mayHintZh =
  /(?:了|通|行|好|走|出来|回来|正常|跑完|对平|清空|完成)(?:了|哈|啊|哦|呀)*[\s，,。！!~～]*(?:谢+|感谢|辛苦|👍|ok)?[\s，,。！!~～]*$/i;
const mayHintEn =
  /\b(?:again|(?:is|are|it's|all|we're) back|back (?:up|online|to normal|in business|again|now)|restored|renewed|returned|sorted|works?|working|up|fixed|resolved?)\b/i;
/** The good news of a Chinese clause stands at its end. */
const tail = 16;
const mayHint = (text: string): boolean =>
  mayHintZh.test(text.slice(-tail)) || (/[a-z]{2}/i.test(text) && mayHintEn.test(text));

/** Words that may well mean that it is over, where no rule says so; what speaks for them decides. */
function hintIn(sentence: Sentence, note: Note): Recovery | null {
  if (hasAny(sentence.hits, noHint) || /通知|告知|报备|登记|退款|作废/.test(sentence.text)) return null;
  const hint =
    hasAny(sentence.hits, hinting) ||
    (sentence.text.length <= 60 && clausesOf(sentence).some((clause) => mayHint(clause.text)));
  const moment = hint ? momentAt(note, 1) : null;
  return moment === null ? null : { ...moment, degree: 'hinted' };
}

const onceMore = /\b(?:still|again)\b|又(?!是谁|怎么)|再次|还是|仍/i;
/** "I see stalled builds again, are there still issues?", "又挂了?": the question takes the good news back. */
const asksOnceMore = (sentence: Sentence, note: Note): boolean =>
  !note.entry &&
  isFailing(sentence) &&
  (/^(?:@\S+\s)?(?:i|we|it|my|our)\b.{0,80}\b(?:again|still)\b/i.test(sentence.text) ||
    /^[^，,。]{0,6}又/.test(sentence.text));

const bareAgain = /^(?:@\S+ )?(?:down |broken |and )?again[.!]*$/i;

/** After good news somebody has the trouble still, or once more; of parts and of how it was he speaks otherwise. */
function relapses(sentence: Sentence, note: Note): boolean {
  if (note.entry || has(sentence.hits, 'hedge', 'causeRoot', 'causeFound', 'causeLink', 'plan', 'deny'))
    return false;
  return bareAgain.test(sentence.text) || (onceMore.test(sentence.text) && isFailing(sentence));
}

/** "有声音了", "新单过了": after something was done, the one who reported the trouble says that it is gone. */
function goodNews(sentence: Sentence, note: Note): Recovery | null {
  if (!isShortNews(sentence.text)) return null;
  if (has(sentence.hits, 'done', 'plan', 'hedge', 'symptom', 'fails', 'propose', 'conditional', 'settled'))
    return null;
  const moment = momentAt(note, 2);
  const begins = sentence.text.startsWith('开始');
  return moment === null ? null : { ...moment, degree: begins ? 'partial' : 'recovered' };
}

/** "看下", "我看看": somebody is at it, so that good news after it is news of the trouble. */
const takesUp = /^(?:我|我们)?(?:来|先|去)?(?:看看|看下|看一下|查一下|查下|处理一下|处理下)$/;

const workedOff =
  /^(?:都|已经?|全部)?(?:积压|队列|堆积)?[^，,。\s]{0,4}(?:清|消化|追|跑|补)(?:完|平|干净|上)了?$/;

/** "清完了" after talk of a backlog: with it the trouble is over. */
function caughtUp(sentence: Sentence, note: Note): Recovery | null {
  const moment = workedOff.test(sentence.text) ? momentAt(note, 3) : null;
  return moment === null ? null : { ...moment, degree: 'recovered', joins: true };
}

/** "成功率回 98": a figure that is back. */
const figureBack =
  /(?:率|量|曲线|时延|延迟|耗时|RT|流量|QPS|TPS|CPU|负载)[^，,。]{0,4}(?:回到?|回升到?|回落到?|恢复到|降回|升回|掉回)\s?\d/i;

const acting = bitsOf(['done', 'approve', 'doing', 'mitigated']);
const endKinds = bitsOf([
  'recovered',
  'recoveredWeak',
  'recoveredInFull',
  'partial',
  'mitigated',
  'closed',
  'notRecovered',
  'reopened',
]);

/** Spares the clauses of the many sentences that speak of no end at all. */
const mayEnd = (sentence: Sentence, note: Note): boolean =>
  note.entry ||
  hasAny(sentence.hits, endKinds) ||
  /^back[.!]*$/i.test(sentence.text) ||
  sentence.text.includes('恢复');

function recoveryIn(sentence: Sentence, note: Note, acted: boolean, origin: number | null): Recovery | null {
  let answer: Recovery | null = null;
  if (!mayEnd(sentence, note) && !(acted && plainGood.test(sentence.text))) return null;
  const clauses = clausesOf(sentence);
  for (const [order, clause] of clauses.entries()) {
    const degree = degreeOf(clause.hits, clause.text, acted, sentence, note);
    if (degree === null) continue;
    // What is well in the very report of a trouble was never lost.
    const good = degree === 'recovered' || degree === 'full';
    if (note.index === 0 && !note.entry && good && !madeGood.test(clause.text)) continue;
    const named = endTime(clause, note, origin) ?? leadTime(clauses[order - 1], note, origin);
    // "An issue with last night's deployment is fixed": a day alone says less than the message's own time.
    const time = named?.dateOnly === true && note.at !== null ? undefined : named;
    const moment = time !== undefined ? stated(note, time, 4) : momentAt(note, 3);
    if (moment === null) continue;
    // One line of a list of services, or an aside in brackets, tells of that service alone.
    const aside = time === undefined && ((sentence.item && !note.entry) || bracketed.test(clause.text));
    const reached =
      aside && (degree === 'recovered' || degree === 'full' || degree === 'closed') ? 'partial' : degree;
    const rank = degrees.indexOf(reached);
    const best = answer === null ? -1 : degrees.indexOf(answer.degree);
    // "话音下午1时恢复，短信2时30分恢复": of ends that stand side by side with their times the last is the end.
    if (rank > best || (rank === best && time !== undefined && moment.wall > (answer?.wall ?? 0)))
      answer = { ...moment, degree: reached, joins: alsoGood.test(clause.text) };
  }
  return answer;
}

const endTime = (clause: Clause, note: Note, origin: number | null): TimeMention | undefined =>
  timesIn(clause.text, note.anchor, origin)
    .filter((each) => !negated(clause.text, each))
    .at(-1);

/** "而于下午2时30分左右，服务全面恢复": a clause that is a time alone belongs to the next. */
function leadTime(clause: Clause | undefined, note: Note, origin: number | null): TimeMention | undefined {
  if (clause === undefined || clause.text.length > 24) return undefined;
  const time = endTime(clause, note, origin);
  return time !== undefined && clause.text.length - (time.end - time.start) <= 6 ? time : undefined;
}

const justClose = /(?:^|[，,])\s*(?:那|先|就|可以|同意|都)*(?:关闭|关单|关|解除)(?:了|吧)?\s*(?:$|[，,])/;

const closedAlone = /^(?:(?:the )?(?:incident|ticket|case|issue) )?closed$/i;

/** "先关闭，原因另报": closes the incident when it stands after a recovery, and a valve anywhere else. */
function closingWord(sentence: Sentence, note: Note, last: Recovery | undefined): Recovery | null {
  if (
    last === undefined ||
    last.degree === 'lost' ||
    last.degree === 'again' ||
    last.degree === 'hinted' ||
    !(justClose.test(sentence.text) || closedAlone.test(sentence.text))
  )
    return null;
  const moment = momentAt(note, 3);
  return moment === null ? null : { ...moment, degree: 'closed' };
}

const alsoGood =
  /[线号台厅站校院区组]也|[^都]也(?:好|行|恢复|通|能|正常)|全(?:部)?(?:好|恢复|正常|通)|\b(?:also|all of)\b/i;
const bracketed = /[（(][^）)]{0,20}(?:恢复|修复|restored|fixed|resolved)[^（(]{0,40}[）)]/i;
/** "A 恢复，B 仍在抢修": good news of one part, bad of another. */
const elsewhere =
  /但[^，。]{0,6}(?:慢|还|仍)|仍在|还在|尚在|仍未|还没|尚未|\b(?:others?|some|rest) (?:still|remain)/i;
const bareRecovery =
  /(?:^|[\d分点时半许后即均就便才方全已右]\s?)恢复(?:$|[，。！、\s]|了|正常|上线|访问|服务|使用)/;

/** In a written timeline, after something was done, a line with one of these tells that it helped. */
const goodAgain =
  /\b(?:again|gone|clears?|cleared|recover\w*|normal|healthy|stable|usable|reachable|succeed\w*|pass(?:es|ing)|resum\w+|online|green)\b/i;
/** "engineer-2 online": people come and go. */
const somebody = /\b(?:engineers?|[a-z]+-\d+|lead|team|on-?call)\b.{0,12}\b(?:online|back|again)\b/i;
/** Needs nothing done before: it says of itself that it was away and is here. */
const backAgain =
  /^back[.!]*$|\b(?:up again|back up|up now|up and running|back online|(?:is|are|'s|its) back|works? again|working again)\b/i;

const plainGood =
  /率|[量线]回|延迟|时延|RT|正常$|\b(?:back|up) (?:now|again)\b|\bup and running\b|\bup now\b/i;
/** "Will keep this open until it works again", "starting to get this to work": not yet. */
const notYet =
  /\b(?:until|once)\b.{0,80}\b(?:work\w*|normal|fixed|resolved|back|recovered|stable)\b|\b(?:start\w*|try\w*|attempt\w*|working)\b.{0,30}\bto (?:work|get|bring|come)\b|\bin order (?:for|to)\b/i;

const noMore =
  /\b(?:won't|will not|not|never|n't)\b.{0,24}\b(?:re-?occur|happen|return|come back)|不会再|没再|未再/i;

const stillToCome =
  /\b(?:should|will|would|may|might|can|could|hope\w*|when|once|until|if|expect\w*|before|after|seems?|thought|(?:work|try)\w* (?:on|to)|in order (?:for|to)|so that)\b[^.]{0,80}$/i;

/** "银行说好了": passed on from somebody who is not here; whoever looks for himself says it again. */
const passedOn =
  /^(?!我|用户|客户|现场|窗口|业务)[^，,。]{1,8}(?:说|回复|反馈|通知)(?:是|已经?)?(?:好|恢复|修好|正常|可以)|\b(?:they|provider|vendor|upstream|isp|carrier)\b[^,.]{0,12}\b(?:says?|said|claims?|reports?|told)\b/i;
const guessed = /\b(?:seems?|appears?|looks?)\b.{0,40}$/i;
/** What still works beside a trouble that is being told is no recovery of it. */
const worksStill = /但|而且|仍|还能|其[他它余]|\b(?:but|still|only|other)\b/i;
const madeGood = /恢复|好了|修|重新|已|\b(?:again|now|restored|fixed|recovered|resolved|back)\b/i;

type Hits = Sentence['hits'];

function degreeOf(
  hits: Hits,
  text: string,
  acted: boolean,
  sentence: Sentence,
  note: Note,
): Recovery['degree'] | null {
  if (has(hits, 'notRecovered')) return 'lost';
  // "起来了还是黑": what follows takes the good news back.
  if (/(?:还是|仍然?|依旧)(?!正常|好|能|可以)/.test(text) && !/恢复|正常$/.test(text)) return null;
  if (notYet.test(text)) return null;
  const back = backAgain.exec(text);
  const here = back !== null && note.index > 0 && !has(hits, 'conditional', 'retract', 'closed');
  if (here && !stillToCome.test(text.slice(0, back.index)) && !/\bnot\b/i.test(text)) {
    return has(hits, 'partial') || elsewhere.test(sentence.text) ? 'partial' : 'recovered';
  }
  if (has(hits, 'reopened')) return noMore.test(text) ? null : 'again';
  const open = has(hits, 'futureRecovery', 'conditional', 'propose', 'notFalseAlarm');
  if (open || has(sentence.hits, 'conditional')) return null;
  const degree = toldDegree(hits, text, acted, sentence, note);
  if (degree === 'recovered' && (passedOn.test(text) || guessed.test(text))) return 'believed';
  if (degree === null || !has(hits, 'hedge')) return degree;
  if (degree === 'partial' || degree === 'mitigated') return note.entry ? 'partial' : null;
  return note.entry || /\bapparently\b/i.test(text) ? 'believed' : null;
}

function toldDegree(
  hits: Hits,
  text: string,
  acted: boolean,
  sentence: Sentence,
  note: Note,
): Recovery['degree'] | null {
  if (has(hits, 'closed')) return 'closed';
  if (has(hits, 'partial')) return 'partial';
  if (has(hits, 'mitigated')) return 'mitigated';
  if (has(hits, 'recoveredInFull')) return 'full';
  if (acted && figureBack.test(text)) return 'mitigated';
  if (isFailing(sentence) && worksStill.test(sentence.text) && !madeGood.test(sentence.text)) return null;
  const whole = elsewhere.test(sentence.text) ? 'partial' : 'recovered';
  if (has(hits, 'recovered') || bareRecovery.test(text)) return whole;
  const enough = acted || (note.index > 0 && backAgain.test(text));
  if (has(hits, 'recoveredWeak') && enough && !component.test(text)) return whole;
  if (acted && /^[\u3400-\u9fff]{0,6}正常(?:了)?$/.test(text) && !component.test(text)) return whole;
  const good = note.entry && acted && goodAgain.test(text) && !component.test(text) && !somebody.test(text);
  return good &&
    !/\b(?:not|never|no)\b|n't\b/i.test(text) &&
    !fails(text, hits) &&
    !has(hits, 'done', 'plan', 'deny')
    ? 'recovered'
    : null;
}

/** Good news repeated within a while is one recovery; told again much later, the first was a relief and this the end. */
function lastingRecovery(lasting: readonly Recovery[]): Recovery | null {
  const told = lasting.filter((each) => each.degree === 'recovered');
  const [first] = told;
  const last = told.at(-1);
  if (first === undefined || last === undefined) return null;
  if (last.wall - first.wall > 45 * minute) return last;
  return told.findLast((each) => each.joins) ?? first;
}

/**
 * The last end counts. What was good and broke again stays as the first relief; a claim contradicted at once is none.
 */
export function pickEnds(found: readonly Recovery[]): { mitigated: Moment | null; resolved: Moment | null } {
  const standing: Recovery[] = [];
  let sinceLost = 0;
  for (const recovery of found) {
    if (recovery.degree === 'hinted') continue;
    if (recovery.degree !== 'lost' && recovery.degree !== 'again') {
      standing.push(recovery);
      continue;
    }
    const last = standing.at(-1);
    const denied = recovery.degree === 'lost' ? 10 * minute : minute;
    if (last !== undefined && recovery.wall - last.wall < denied && standing.length > sinceLost)
      standing.pop();
    sinceLost = standing.length;
  }
  const lasting = standing.slice(sinceLost);
  const resolved =
    lasting.findLast((each) => each.degree === 'closed') ??
    lasting.findLast((each) => each.degree === 'full') ??
    lastingRecovery(lasting);
  const before = standing.filter(
    (each) => resolved === null || (each.index < resolved.index && each.wall < resolved.wall),
  );
  const relief =
    before.find((each) => each.degree !== 'partial' && each.degree !== 'believed') ?? before[0] ?? null;
  return { mitigated: relief, resolved };
}
