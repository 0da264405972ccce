import type { Fact } from './message.ts';
import { toll } from './news.ts';
import type { Note, Reading } from './reading.ts';
import { marksFor } from './rules.ts';
import { placeSigns, type Scene } from './scene.ts';
import { clauseSpan, verbatim } from './span.ts';
import { clausesOf, has, marksIn, type Sentence, type Span } from './speech.ts';
import { timesIn } from './times.ts';
import { fails, inside, isFailing, nothingFails, people } from './trouble.ts';
import { isBelieved, scoreOf, type Weighed } from './trust.ts';

export interface ImpactCandidate extends Fact, Weighed {
  /** 6 counted and called impact, 5 counted, 4 called impact, 3 somebody cannot work, 2 an alarm, 1 a mere symptom. */
  weight: number;
  /** What its own words and its place tell; what came of it is added when all is read. */
  told: readonly string[];
}

const counted =
  /\d[\d,.]*\s*(?:多|余|万|千|百|亿)*\s*(?:笔|户|人次|人|家|位|名|台|条|单|件|起|次|封|份|班|张|项|所|校|列|架|辆|通|车|趟|宗|例|座|个(?!小时|月|星期|工作日|版本)|万元|元|%|％)|\b\d[\d,.]*\s?(?:%|k|m)?\s*(?:percent|of\s+(?:all\s+)?(?:requests|users|customers|traffic|builds|jobs)|users|customers|requests|orders|transactions|tenants|sites|jobs|builds|messages|emails|sessions|accounts|minutes of)\b/i;
const loosely = /[一二两三四五六七八九十百千几]{1,4}(?:多|余|来)?(?:笔|户|人|家|台|单|车|辆|张|个)/;

/** Who or what was hit, and how much: what speaks for it most is the harm, if enough does. */
export function impactOf(
  reading: Reading,
  cause: Fact | null,
  scene: Scene,
): { fact: Fact | null; candidates: ImpactCandidate[]; weighed: ImpactCandidate[] } {
  const candidates: ImpactCandidate[] = [];
  for (const note of reading.notes) {
    let opened = note.index !== scene.known && note.index !== 0;
    for (const sentence of note.sentences) {
      const candidate =
        candidateIn(note, sentence, scene) ?? (opened ? null : openingIn(note, sentence, scene));
      if (candidate === null) continue;
      opened = true;
      if (!isOf(candidate, cause)) candidates.push(candidate);
    }
  }
  const first = new Map<number, ImpactCandidate>();
  const last = new Map<number, ImpactCandidate>();
  for (const candidate of candidates) {
    if (!first.has(candidate.weight)) first.set(candidate.weight, candidate);
    last.set(candidate.weight, candidate);
  }
  const most = candidates.reduce((most, { weight }) => Math.max(most, weight), 0);
  // The later count corrects the earlier one; an alarm says less than whoever tells what does not work.
  const choosable = (each: ImpactCandidate): boolean =>
    !(each.weight >= 5 && last.get(each.weight) !== each) &&
    !(each.weight < 1 && each.weight > 0 && most >= 1);
  let best: ImpactCandidate | null = null;
  for (const candidate of candidates) {
    const { weight } = candidate;
    candidate.signs = [
      ...candidate.told,
      ...(first.get(weight) === candidate ? ['first of its kind'] : []),
      ...(last.get(weight) === candidate ? ['last of its kind'] : []),
      ...(first.get(weight) === last.get(weight) ? ['the only one of its kind'] : []),
      ...(weight === most ? ['none says more'] : []),
      ...(cause === null ? [] : ['cause known']),
      ...(cause?.cites.includes(candidate.cites[0] ?? -1) === true ? ['beside the cause'] : []),
    ];
    candidate.score = scoreOf('impact', candidate.signs);
    if (!choosable(candidate)) continue;
    if (best === null || candidate.score > best.score) best = candidate;
  }
  // What is counted and called the impact in so many words needs no weighing.
  const counts = last.get(6) ?? null;
  const chosen = counts ?? (best !== null && isBelieved('impact', best) ? best : null);
  return {
    fact: chosen === null ? null : { value: chosen.value, cites: chosen.cites },
    candidates,
    weighed: candidates.filter(choosable),
  };
}

/** Whoever opens the room tells what is wrong, in whatever words. */
function openingIn(note: Note, sentence: Sentence, scene: Scene): ImpactCandidate | null {
  const { hits } = sentence;
  if (
    note.entry ||
    scene.monologue ||
    has(hits, 'conditional', 'plan', 'done', 'history', 'deployed', 'futureRecovery', 'recovered')
  )
    return null;
  const value = verbatim(note.text, { start: sentence.start, end: sentence.end });
  // A greeting, a heading and what only a question asks for tell of no harm.
  const latin = !/[\u3400-\u9fff]/.test(value);
  if (latin ? !isFailing(sentence) && !has(hits, 'symptom') : value.length > 60) return null;
  if (value.length < 5 || greets.test(value) || onlyNamed.test(value) || /[:：]$/.test(sentence.text))
    return null;
  return {
    value,
    cites: [note.index],
    weight: 0,
    told: ['opening words', ...wordSigns(value, sentence, note, scene), ...placeSigns(note, scene)],
    signs: [],
    score: 0,
  };
}

/** What was found to be the cause is told once: its own words are not the harm as well, unless the harm is counted. */
function isOf(candidate: ImpactCandidate, cause: Fact | null): boolean {
  if (cause === null || candidate.weight >= 4 || !cause.cites.includes(candidate.cites[0] ?? -1))
    return false;
  return cause.value.includes(candidate.value);
}

function candidateIn(note: Note, sentence: Sentence, scene: Scene): ImpactCandidate | null {
  const { hits, text } = sentence;
  if (sentence.question || has(hits, 'conditional', 'propose', 'retract', 'history')) return null;
  const marked = has(hits, 'impactMark');
  const trouble = has(hits, 'symptom', 'onset', 'alert') || isFailing(sentence);
  if (!marked && !trouble && !during.test(text) && !toll.test(text)) return null;
  const clauses = clausesOf(sentence);
  const span = clauseSpan(sentence, (clause) => {
    const shown =
      (/\b(?:shows?|showed|still)\b/i.test(clause.text) || has(clause.hits, 'detect')) && isFailing(clause);
    if (
      has(clause.hits, 'noImpact', 'plan', 'causeRoot', 'recovered') ||
      (clause.hits.some((hit) => has([hit], 'done') && !has([hit], 'symptom')) && !shown)
    )
      return false;
    const costs = toll.test(clause.text) && counted.test(clause.text);
    if (
      has(clause.hits, 'doing', 'detect') &&
      !isFailing(clause) &&
      !has(clause.hits, 'impactMark') &&
      !costs
    )
      return false;
    if (has(clause.hits, 'recoveredWeak', 'deny') && !isFailing(clause)) return false;
    if (leadsUp.test(clause.text) && clauses.some((each) => each.start > clause.start && isFailing(each)))
      return false;
    const times = timesIn(clause.text, note.anchor);
    const rest = times.reduce((left, time) => left - (time.end - time.start), clause.text.length);
    return times.length === 0 || rest > 8 || isFailing(clause) || toll.test(clause.text);
  });
  if (span === null) return null;
  const harm = withoutLabel(sentence, withoutCause(sentence, span));
  const value = verbatim(note.text, harm);
  const number = counted.test(value);
  const inHarm = hits.filter(
    (hit) => sentence.start + hit.start >= harm.start && sentence.start + hit.start < harm.end,
  );
  const chained = has(hits, 'causeLink') || /\bled to\b/i.test(text);
  const weight = weigh(marked && !has(hits, 'noImpact'), number, value, inHarm, note, chained);
  if (weight === 0 || value.length < 4) return null;
  const told = [
    degrees[weight] ?? 'some trouble',
    ...wordSigns(value, sentence, note, scene),
    ...placeSigns(note, scene),
  ];
  return { value, cites: [note.index], weight, told, signs: [], score: 0 };
}

const degrees: Readonly<Record<number, string>> = {
  6: 'counted and called impact',
  5: 'counted',
  4: 'called impact',
  3.5: 'somebody cannot work',
  3: 'something does not work',
  2.5: 'an alarm in a timeline',
  2.2: 'part of a chain',
  2.1: 'impact within a chain',
  2: 'an alarm',
  1.5: 'inside the machine',
  1: 'some trouble',
  0.5: 'an alarm without trouble',
};

const marks = marksFor([
  'symptom',
  'fails',
  'alert',
  'detect',
  'onset',
  'impactMark',
  'breakage',
  'causeRoot',
  'causeFound',
  'causeLink',
  'causeState',
  'hedge',
  'deny',
  'propose',
  'done',
  'doing',
  'plan',
  'recovered',
  'recoveredWeak',
  'partial',
  'closed',
  'notRecovered',
  'reopened',
  'futureRecovery',
  'noImpact',
  'contrast',
  'deployed',
  'escalate',
  'workaround',
]);
const formLine = /^[A-Z][\w ,/()-]{2,60}:\s+(?=\S)/;
const firstPerson = /^(?:i|i'm|i've|we|my)\b|^sigh/i;
/** "Confirmed outage": that there is a trouble, and not what it does to whom. */
const onlyNamed =
  /^(?:(?:confirmed|major|minor|partial|ongoing|possible|known|another)\s)*(?:outage|incident|downtime|disruption|issue|problem)s?\W*$|^(?:又|还|出)?(?:故障|问题|事故)(?:了)?$/i;
const deepInside = /连不上(?:库|数据库|缓存|redis|mq)|丢包|端口|消费(?:者|停|卡)|主从|进程/i;
const unsure = /\b(?:cannot|can't|can not) guarantee\b|不(?:能)?保证/i;
const greets =
  /^(?:hi|hello|hey|good \w+|各位|大家|早)[^，,。]{0,8}(?:早|好|$)|^(?:@\S+\s*)+$|盯紧|辛苦|请知悉|通知/i;
const asksBack = /什么|多少|(?<!好)几[个台家笔件单点]|谁|哪|怎么|[？?]$/;
const promise = /送|赔|补偿|道歉|退款|安抚|模板|请使用|请用|以后|下次|今后/;
/** Told to those who ask, and no harm. */
const instructs = /请(?:使用|用|走|参考|见|按|提|到|联系)|此类问题/;
const leftOver = /还有|还剩|剩下|只剩|没消化|\b(?:remaining|still \w+ing)\b/i;
const vague =
  /^(?:(?:there (?:is|was|are|were|seems?|appears?)|i(?:'m| am)|we(?:'re| are))\b.{0,30}\b(?:wrong|issues?|problems?|trouble)\b|(?:又|还是)?(?:有|出)问题)/i;
const timeAlone = /^(?:从|自)?[^，,。]{0,8}(?:点|时|分|早上|昨天|刚才)[^，,。]{0,3}(?:就)?(?:开始|起|以来)/;

/** What the words of a possible harm tell. */
function wordSigns(value: string, sentence: Sentence, note: Note, scene: Scene): string[] {
  const signs: string[] = marksIn(sentence.hits, marks);
  if (fails(value, sentence.hits)) signs.push('failing');
  if (people.test(value)) signs.push('names people');
  if (inside.test(value)) signs.push('speaks of the inside');
  if (toll.test(value)) signs.push('a toll');
  if (counted.test(value) || loosely.test(value)) signs.push('a count');
  if (asksBack.test(value)) signs.push('asks back');
  if (promise.test(value)) signs.push('makes good');
  if (
    !fails(value, sentence.hits) &&
    !has(sentence.hits, 'symptom', 'fails', 'impactMark') &&
    !toll.test(value)
  )
    signs.push('tells no trouble');

  if (/^[（(]/.test(value)) signs.push('an aside');
  if (!note.entry && note.author !== scene.reporter && note.index > scene.known && !people.test(value))
    signs.push('told later by another');
  if (has(sentence.hits, 'part')) signs.push('part');
  if (firstPerson.test(value)) signs.push('first person');
  if (leftOver.test(value)) signs.push('what is left of it');
  if (scene.actors.has(note.author ?? '') && note.index > scene.known && !people.test(value))
    signs.push('a finding of who acts');
  if (vague.test(value)) signs.push('says little');
  if (timeAlone.test(value)) signs.push('tells the time alone');
  if (lacksSubject.test(value)) signs.push('half a sentence');
  if (!/[\u3400-\u9fff]/.test(value)) signs.push('English');
  if (value.length < 8) signs.push('short');
  if (value.length > 90) signs.push('long');
  return signs;
}

const pinned =
  /定位|查明|查到|实锤|破案|^经(?:检查|排查|核实|查)|是因为|\b(?:attributed to|identified (?:that|as)|traced|turn(?:s|ed) out|found (?:it|that|the))\b/i;
/** Somebody in front of a broken screen says that it "seems down" and means that it is. */
const seems =
  /\bmay be (?:experiencing|seeing|unable)\b|\bcan(?:no|')?t seems?\b|\bseems? to be an? (?:issue|problem)\b|\b(?:may|might) (?:experience|see|have experienced)\b|\b(?:seems?|appears?|looks)\s+(?:to be\s+)?(?:very\s+)?(?:slow|down|broken|stuck|dead|unreachable|offline|failing)\b/i;
/** The harm is still being found out. */
const assessing =
  /(?:正在|尚在|还在)(?:确认|评估|核实|排查|统计|调查)|\b(?:assessing|determining|evaluating) the\b/i;
const lookingInto =
  /^(?:after|while|when|started|start) (?:investigating|looking|checking|digging|debugging)/i;
const during = /受影响|期间|本次|此次|共计?|累计|\bduring\b|\bin total\b/i;
/** "由于甲，乙": what comes before the harm is not the harm. */
const leadsUp = /^(?:由于|因为?|due to|because|owing to|after|following|as a result of)/i;
/** What a supporter tells others to do. */
const advice =
  /^(?:use|try|please|run|check|set|you (?:can|could|may|currently|need|should))\b|^(?:请|建议|可以先|您可以)/i;
/** A trouble that is called by its name and not told. */
const bareName =
  /\b(?:problems?|issues?|incident|outage)\b(?!.{0,200}(?:error|latency|delay|slow|degrad|elevated|spike|lost|stale|intermittent|unstable))/i;
/** Says that it began and nothing of what it was. */
const bareBegin =
  /^\W*(?:start of )?(?:outage|incident|problem|impact|downtime)s?(?: (?:begins?|starts?|began|started|opened|declared))?\W*$/i;
const apology = /^(?:sorry|thanks|thank you|(?:our |we )?apolog|抱歉|非常抱歉|对不起)/i;
const cleared = /(?:消|清|跑|处理|补|追)(?:完|平|掉|齐)|追上|清零|在(?:掉|降|下降|减少|回落|消化)/;
/** The emergency is answered; what it did to people stands elsewhere. */
const answered = /启动[^，,。]{0,6}(?:预案|响应)|连夜抢修|全力(?:抢修|恢复)/;
const because =
  /,?\s+(?:(?:seemingly|apparently|probably|likely|possibly|mainly|mostly)\s+)?(?:because|due to|(?:(?:is|was|were) )?(?:caused|triggered) by|as a result of|owing to)\b/i;
const ledTo = /(?:导致|致使|以致|造成)(?=.{4})/g;
/** Harm that is still to be kept from happening. */
const kept = /\bto\b.{0,60}\b(?:prevent|avoid)\b|防止|避免|以防/i;

/** "A failed because B", "B 导致 A": the harm alone. */
function withoutCause(sentence: Sentence, span: Span): Span {
  const text = sentence.text.slice(span.start - sentence.start, span.end - sentence.start);
  const cut = because.exec(text);
  if (cut !== null) {
    const effect = { ...span, end: span.start + cut.index };
    return fails(text.slice(0, cut.index), []) ? effect : span;
  }
  const led = [...text.matchAll(ledTo)].at(-1);
  if (led === undefined || !fails(text.slice(led.index + 2), [])) return span;
  if (fails(text.slice(0, led.index), [])) return span;
  return { ...span, start: span.start + led.index + led[0].length };
}

/** "Anything else: all nodes are down": the label of a form is no part of the answer. */
function withoutLabel(sentence: Sentence, span: Span): Span {
  const text = sentence.text.slice(span.start - sentence.start, span.end - sentence.start);
  const label = formLine.exec(text);
  return label === null ? span : { ...span, start: span.start + label[0].length };
}

/** "as he says …", "while in B there are two": leans on a sentence that is not part of it. */
const lacksSubject = /^(?:as (?:he|she|they|it|i|we)|while|whereas|although|though|starting (?:at|from))\b/i;
/** Tells what works first, and what does not as an exception to it. */
const worksElse = /^(?:it |this |that )?works\b/i;

function weigh(
  marked: boolean,
  number: boolean,
  value: string,
  hits: Sentence['hits'],
  note: Note,
  chained: boolean,
): number {
  if ((!note.entry && advice.test(value)) || bareBegin.test(value)) return 0;
  const broken = fails(value, hits);
  if (
    ((kept.test(value) || assessing.test(value)) && !number) ||
    lookingInto.test(value) ||
    nothingFails.test(value) ||
    (answered.test(value) && !number) ||
    cleared.test(value)
  )
    return 0;
  if (lacksSubject.test(value) || worksElse.test(value) || onlyNamed.test(value) || unsure.test(value))
    return 0;
  if (leftOver.test(value) && (/积压|队列|排队|堆积|pending|backlog|queue/i.test(value) || !broken)) return 0;
  if (promise.test(value) || (!note.entry && instructs.test(value))) return 0;
  if (has(hits, 'futureRecovery') && !number && !broken && !has(hits, 'detect')) return 0;
  if (/恢复时间|修复时间|\bETA\b/.test(value) || /\bwill (?:cause|fail|be)\b|\brepair\b/i.test(value))
    return 0;
  if (marked && number) return 6;
  const costs = toll.test(value) && (number || loosely.test(value));
  const over = has(hits, 'recovered', 'done', 'deny', 'causeRoot', 'hedge');
  if (costs && !over) return 5;
  if (number && (broken || (during.test(value) && people.test(value))) && !over && !has(hits, 'alert'))
    return 5;
  if (marked && (/影响|波及|affect|impact/i.test(value) || broken))
    // Within a chain of causes the word stands for one of its links.
    return chained && !people.test(value) ? 2.1 : 4;
  if (has(hits, 'recovered', 'mitigated', 'partial', 'closed', 'plan', 'noImpact') || apology.test(value))
    return 0;
  if (has(hits, 'notRecovered') && !has(hits, 'detect')) return note.entry && broken ? 1 : 0;
  if (has(hits, 'deny') && !has(hits, 'detect')) return 0;
  if (has(hits, 'hedge') && !seems.test(value)) return 0;
  // What a cause led to is part of the cause; who was hit by it is another statement.
  if (has(hits, 'causeRoot') || pinned.test(value)) return 0;
  if (!has(hits, 'symptom', 'onset') && !broken) return 0;
  if (
    hits.some((hit) => has([hit], 'done') && !has([hit], 'symptom')) &&
    !/\b(?:shows?|showed|saw|seeing|returns?|returned|still)\b|还是|仍/.test(value)
  )
    return 0;
  if (!broken || has(hits, 'causeLink'))
    return has(hits, 'alert') ? 0.5 : !broken && bareName.test(value) ? 0 : broken ? 2.2 : 1;
  if (has(hits, 'alert')) return note.entry ? 2.5 : 2;
  if (inside.test(value) || (deepInside.test(value) && !people.test(value))) return 1.5;
  return people.test(value) ? 3.5 : 3;
}
