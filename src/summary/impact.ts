import type { Fact } from './message.ts';
import type { Note, Reading } from './reading.ts';
import { clauseSpan, verbatim } from './span.ts';
import { has, type Sentence, type Span } from './speech.ts';
import { timesIn } from './times.ts';
import { failing, inside, nothingFails, people } from './trouble.ts';

export interface ImpactCandidate extends Fact {
  /** 6 counted and called impact, 5 counted, 4 called impact, 3 somebody cannot work, 2 a symptom. */
  weight: number;
}

const counted =
  /\d[\d,.]*\s*(?:多|余|万|千|百)*\s*(?:笔|户|人次|人|家|位|名|台|条|单|件|起|次|封|份|班|张|项|所|校|列|架|辆|个(?:网点|支行|单位|用户|客户|节点|系统|窗口|地市|区县|省)|万元|元|%|％)|\b\d[\d,.]*\s?(?:%|k|m)?\s*(?:percent|of\s+(?:all\s+)?(?:requests|users|customers|traffic|builds|jobs)|users|customers|requests|orders|transactions|tenants|sites|jobs|builds|messages|emails|sessions|accounts|minutes of)\b/i;

/** Who or what was hit, and how much: counted statements before called ones, those before symptoms. */
export function impactOf(reading: Reading): { fact: Fact | null; candidates: ImpactCandidate[] } {
  const candidates: ImpactCandidate[] = [];
  for (const note of reading.notes) {
    for (const sentence of note.sentences) {
      const candidate = candidateIn(note, sentence);
      if (candidate !== null) candidates.push(candidate);
    }
  }
  const best = candidates.reduce((most, candidate) => Math.max(most, candidate.weight), 0);
  const alike = candidates.filter((candidate) => candidate.weight === best);
  // The later count corrects the earlier one; of mere symptoms the first report says it best.
  const chosen = best >= 5 ? alike.at(-1) : alike[0];
  return { fact: chosen === undefined ? null : { value: chosen.value, cites: chosen.cites }, candidates };
}

function candidateIn(note: Note, sentence: Sentence): ImpactCandidate | null {
  const { hits, text } = sentence;
  if (sentence.question || has(hits, 'conditional', 'propose', 'retract')) return null;
  const marked = has(hits, 'impactMark');
  const trouble = has(hits, 'symptom', 'onset', 'alert') || failing.test(text);
  if (!marked && !trouble && !during.test(text)) return null;
  const span = clauseSpan(sentence, (clause) => {
    if (has(clause.hits, 'noImpact', 'plan', 'done', 'causeRoot', 'recovered')) return false;
    if (has(clause.hits, 'doing', 'detect') && !failing.test(clause.text) && !has(clause.hits, 'impactMark'))
      return false;
    const times = timesIn(clause.text, note.anchor);
    const rest = times.reduce((left, time) => left - (time.end - time.start), clause.text.length);
    return times.length === 0 || rest > 8;
  });
  if (span === null) return null;
  const harm = withoutCause(sentence, span);
  const value = verbatim(note.text, harm);
  const number = counted.test(value);
  const inHarm = hits.filter(
    (hit) => sentence.start + hit.start >= harm.start && sentence.start + hit.start < harm.end,
  );
  const weight = weigh(marked && !has(hits, 'noImpact'), number, value, inHarm, note);
  return weight === 0 || value.length < 4 ? null : { value, cites: [note.index], weight };
}

const pinned =
  /定位|查明|查到|实锤|破案|\b(?:identified (?:that|as)|traced|turn(?:s|ed) out|found (?:it|that|the))\b/i;
/** Somebody in front of a broken screen says that it "seems down" and means that it is. */
const seems =
  /\bmay be (?:experiencing|seeing|unable)\b|\b(?:may|might) (?:experience|see|have experienced)\b|\b(?:seems?|appears?|looks)\s+(?:to be\s+)?(?:very\s+)?(?:slow|down|broken|stuck|dead|unreachable|offline|failing)\b/i;
const lookingInto =
  /^(?:after|while|when|started|start) (?:investigating|looking|checking|digging|debugging)/i;
const during =
  /停线|少做|少产|延误|耽误|滞留|受影响|停办|停诊|停运|期间|本次|此次|共计?|累计|\bduring\b|\bin total\b/i;
const because = /,?\s+(?:because|due to|caused by|as a result of|owing to)\b/i;
const ledTo = /(?:导致|致使|造成)(?=.{4})/g;

/** "A failed because B", "B 导致 A": the harm alone. */
function withoutCause(sentence: Sentence, span: Span): Span {
  const text = sentence.text.slice(span.start - sentence.start, span.end - sentence.start);
  const cut = because.exec(text);
  if (cut !== null && failing.test(text.slice(0, cut.index))) return { ...span, end: span.start + cut.index };
  const led = [...text.matchAll(ledTo)].at(-1);
  if (led === undefined || !failing.test(text.slice(led.index + 2))) return span;
  if (failing.test(text.slice(0, led.index))) return span;
  return { ...span, start: span.start + led.index + led[0].length };
}

function weigh(marked: boolean, number: boolean, value: string, hits: Sentence['hits'], note: Note): number {
  if (has(hits, 'futureRecovery') && !number && !has(hits, 'detect')) return 0;
  if (lookingInto.test(value) || nothingFails.test(value)) return 0;
  if (marked && number) return 6;
  if (
    number &&
    (failing.test(value) || (during.test(value) && people.test(value))) &&
    !has(hits, 'alert', 'recovered', 'done', 'deny', 'causeRoot')
  )
    return 5;
  if (marked && (/影响|波及|affect|impact/i.test(value) || failing.test(value))) return 4;
  if (has(hits, 'recovered', 'closed', 'plan', 'noImpact')) return 0;
  if (has(hits, 'notRecovered') && !has(hits, 'detect')) return 0;
  if (has(hits, 'deny') && !has(hits, 'detect')) return 0;
  if (has(hits, 'hedge') && !seems.test(value)) return 0;
  // What a cause led to is part of the cause; who was hit by it is another statement.
  if (has(hits, 'causeRoot') || pinned.test(value)) return 0;
  if (!has(hits, 'symptom', 'onset') && !failing.test(value)) return 0;
  if (has(hits, 'done') && !/\b(?:shows?|showed|saw|seeing|returns?|returned|still)\b|还是|仍/.test(value))
    return 0;
  if (failing.test(value)) {
    if (has(hits, 'alert')) return note.entry ? 2.5 : 2;
    if (inside.test(value)) return 1.5;
    return people.test(value) ? 3.5 : 3;
  }
  return 0;
}
