import type { Fact } from './message.ts';
import { toll } from './news.ts';
import type { Note, Reading } from './reading.ts';
import { clauseSpan, verbatim } from './span.ts';
import { clausesOf, has, type Sentence, type Span } from './speech.ts';
import { timesIn } from './times.ts';
import { fails, inside, isFailing, nothingFails, people } from './trouble.ts';

export interface ImpactCandidate extends Fact {
  /** 6 counted and called impact, 5 counted, 4 called impact, 3 somebody cannot work, 2 an alarm, 1 a mere symptom. */
  weight: number;
}

const counted =
  /\d[\d,.]*\s*(?:多|余|万|千|百|亿)*\s*(?:笔|户|人次|人|家|位|名|台|条|单|件|起|次|封|份|班|张|项|所|校|列|架|辆|通|车|趟|宗|例|座|个(?!小时|月|星期|工作日|版本)|万元|元|%|％)|\b\d[\d,.]*\s?(?:%|k|m)?\s*(?:percent|of\s+(?:all\s+)?(?:requests|users|customers|traffic|builds|jobs)|users|customers|requests|orders|transactions|tenants|sites|jobs|builds|messages|emails|sessions|accounts|minutes of)\b/i;
const loosely = /[一二两三四五六七八九十百千几]{1,4}(?:多|余|来)?(?:笔|户|人|家|台|单|车|辆|张|个)/;

/** Who or what was hit, and how much: counted statements before called ones, those before symptoms. */
export function impactOf(
  reading: Reading,
  cause: Fact | null,
  detected: Fact | null,
): { fact: Fact | null; candidates: ImpactCandidate[] } {
  // Later on people name what they find broken inside; as the harm it counts in the report of the trouble alone.
  const known = Math.max(1, detected?.cites[0] ?? 0);
  const candidates: ImpactCandidate[] = [];
  for (const note of reading.notes) {
    for (const sentence of note.sentences) {
      const candidate = candidateIn(note, sentence);
      if (candidate !== null && !isOf(candidate, cause)) candidates.push(candidate);
    }
  }
  const firm = candidates.filter(({ weight, cites }) => weight >= 3 || (cites[0] ?? 0) <= known);
  const best = firm.reduce((most, candidate) => Math.max(most, candidate.weight), 0);
  const alike = firm.filter((candidate) => candidate.weight === best);
  // The later count corrects the earlier one; of mere symptoms the first report says it best.
  const chosen = best >= 5 ? alike.at(-1) : alike[0];
  return { fact: chosen === undefined ? null : { value: chosen.value, cites: chosen.cites }, candidates };
}

/** What was found to be the cause is told once: its own words are not the harm as well, unless the harm is counted. */
function isOf(candidate: ImpactCandidate, cause: Fact | null): boolean {
  if (cause === null || candidate.weight >= 4 || !cause.cites.includes(candidate.cites[0] ?? -1))
    return false;
  return cause.value.includes(candidate.value);
}

function candidateIn(note: Note, sentence: Sentence): ImpactCandidate | null {
  const { hits, text } = sentence;
  if (sentence.question || has(hits, 'conditional', 'propose', 'retract', 'history')) return null;
  const marked = has(hits, 'impactMark');
  const trouble = has(hits, 'symptom', 'onset', 'alert') || isFailing(sentence);
  if (!marked && !trouble && !during.test(text) && !toll.test(text)) return null;
  const told = clausesOf(sentence);
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
    if (leadsUp.test(clause.text) && told.some((each) => each.start > clause.start && isFailing(each)))
      return false;
    const times = timesIn(clause.text, note.anchor);
    const rest = times.reduce((left, time) => left - (time.end - time.start), clause.text.length);
    return times.length === 0 || rest > 8 || isFailing(clause) || toll.test(clause.text);
  });
  if (span === null) return null;
  const harm = withoutCause(sentence, span);
  const value = verbatim(note.text, harm);
  const number = counted.test(value);
  const inHarm = hits.filter(
    (hit) => sentence.start + hit.start >= harm.start && sentence.start + hit.start < harm.end,
  );
  const chained = has(hits, 'causeLink') || /\bled to\b/i.test(text);
  const weight = weigh(marked && !has(hits, 'noImpact'), number, value, inHarm, note, chained);
  return weight === 0 || value.length < 4 ? null : { value, cites: [note.index], weight };
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
  if (
    ((kept.test(value) || assessing.test(value)) && !number) ||
    lookingInto.test(value) ||
    nothingFails.test(value) ||
    (answered.test(value) && !number) ||
    cleared.test(value)
  )
    return 0;
  if (lacksSubject.test(value) || worksElse.test(value)) return 0;
  const broken = fails(value, hits);
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
  if (inside.test(value)) return 1.5;
  return people.test(value) ? 3.5 : 3;
}
