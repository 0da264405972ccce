import type { Note, Reading } from '../reading.ts';
import { bitsOf } from '../rules.ts';
import { type Clause, clausesOf, has, hasAny, type Sentence } from '../speech.ts';
import { type TimeMention, timesIn } from '../times.ts';
import { isFailing } from '../trouble.ts';
import { type Moment, minute, momentAt, negated, stated } from './moment.ts';

const approximate =
  /左右|大概|大约|约|差不多|前后|最早|最晚|\b(?:about|around|approximately|roughly|circa)\b|~/i;
const rangeJoin = /^\s*(?:到|至|-|–|—|~|～|→|to|until|till|and)\s*$/i;

const beginKinds = bitsOf(['onset', 'onsetWeak', 'symptom', 'fails', 'impactMark', 'causeState', 'alert']);
const unreal = bitsOf(['conditional', 'plan', 'history']);

export function startsOf(reading: Reading): Moment[] {
  const found: Moment[] = [];
  for (const note of reading.notes) {
    for (const sentence of note.sentences) {
      if (sentence.question || hasAny(sentence.hits, unreal)) continue;
      if (!hasAny(sentence.hits, beginKinds) && !isFailing(sentence)) continue;
      const times = timesIn(sentence.text, note.anchor, reading.origin);
      const best = startIn(sentence, times, note);
      if (best !== null) found.push(best);
      else if (note.entry && times.length === 0) {
        const moment = eventOf(sentence, note);
        if (moment !== null) found.push(moment);
      }
    }
  }
  return found;
}

/** An entry without an observer ("Node runs out of memory") tells when a thing happened, not when it was seen. */
function eventOf(sentence: Sentence, note: Note): Moment | null {
  const { hits } = sentence;
  if (has(hits, 'detect', 'alert', 'escalate') || !isOnsetOfTrouble(sentence)) return null;
  if (has(hits, 'onset')) return momentAt(note, 4);
  const told = has(
    hits,
    'done',
    'doing',
    'hedge',
    'notRecovered',
    'recovered',
    'recoveredWeak',
    'closed',
    'causeFound',
  );
  return told ? null : momentAt(note, eventWeight);
}

/** A bare event counts only when it comes before anybody noticed. */
const eventWeight = 1;

function isOnsetOfTrouble(sentence: Sentence): boolean {
  return (
    has(sentence.hits, 'symptom') ||
    isFailing(sentence) ||
    /outage|incident|impact|problem|故障|宕|断电|停电|stopp?ed|stops|down|expired|到期|过期/i.test(
      sentence.text,
    )
  );
}

function startIn(sentence: Sentence, times: readonly TimeMention[], note: Note): Moment | null {
  if (times.length === 0) return null;
  const range = times.findIndex((time, index) => {
    const next = times[index + 1];
    return next !== undefined && rangeJoin.test(sentence.text.slice(time.end, next.start));
  });
  const ranged = times[range];
  if (ranged !== undefined && has(sentence.hits, 'symptom', 'impactMark', 'onset'))
    return stated(note, ranged, 4);
  const clauses = clausesOf(sentence);
  let best: Moment | null = null;
  for (const time of times) {
    if (negated(sentence.text, time) || moreThan.test(sentence.text.slice(time.end - 1, time.end + 3)))
      continue;
    const position = clauses.findIndex((clause) => clause.start <= time.start && time.start < clause.end);
    const own = clauses[position];
    if (own === undefined || has(own.hits, 'recovered', 'closed', 'done', 'futureRecovery', 'plan')) continue;
    if (has(own.hits, 'detect', 'deployed', 'escalate', 'arrival', 'reopened')) continue;
    const weight = startWeight(sentence, time, own, clauses.slice(position + 1));
    const finer = weight > 0 && weight === best?.weight && best.value.length <= 10 && !time.dateOnly;
    if (weight > (best?.weight ?? 0) || finer) best = statedStart(note, time, weight);
  }
  return best;
}

const statedStart = (note: Note, time: TimeMention, weight: number): Moment => ({
  ...stated(note, time, weight),
  vague: weight < 4 && afterAnother(time, note),
  toCome: note.at !== null && !time.dateOnly && note.anchor !== null && time.wall > note.anchor.wall + minute,
});

const afterAnother = (time: TimeMention, note: Note): boolean =>
  !time.dateOnly &&
  timesIn(note.text.slice(0, 2000), note.anchor).some(
    (each) => !each.dateOnly && each.wall < time.wall && time.wall - each.wall <= 10 * minute,
  );

/** "三点多" is no time of day: some minutes of it are left open. */
const moreThan = /^.?(?:多|来钟)/;
const fromThenOn = /^\s*(?:左右|许|前后|分)?[）)]?\s*(?:起|开始|以来|之后一直)/;
const ranOut = /\bexpired (?:at|on)\b|过期|到期|断电|掉电|停电/i;

/** 4 says that it began then, 3 something broke then, 2 a trouble is told with this time in front of it. */
function startWeight(sentence: Sentence, time: TimeMention, own: Clause, later: readonly Clause[]): number {
  const [next] = later;
  if (has(own.hits, 'onset')) return 4;
  if (fromThenOn.test(sentence.text.slice(time.end, time.end + 8)) && isOnsetOfTrouble(sentence)) return 4;
  const trouble = isOnsetOfTrouble(sentence);
  const weak = has(own.hits, 'onsetWeak') && (trouble || !/^[\x20-\x7e]*$/.test(own.text));
  if (weak || (has(own.hits, 'causeState') && ranOut.test(own.text))) return 3;
  if (next !== undefined && has(next.hits, 'onset', 'onsetWeak') && trouble) return 3;
  const broken = (clause: Clause): boolean => has(clause.hits, 'symptom') || isFailing(clause);
  const lead = sentence.text.slice(0, time.start).replace(/^(?:【[^】]{0,12}】|\[[^\]]{0,12}\])\s*/, '');
  if (
    /(?:\b(?:at|since|around|from)|停在|自|从)\s*$/i.test(lead) &&
    broken(own) &&
    !has(own.hits, 'notRecovered')
  )
    return 3;
  const leads = lead.length <= 2 || approximate.test(own.text);
  if (!leads || has(sentence.hits, 'notRecovered', 'recovered', 'approve')) return 0;
  if (broken(own)) return 2;
  // "今天早些时候（00:40 左右），由于某些问题，部分服务器宕机": the time opens the sentence, the trouble ends it.
  const told = later.findIndex((clause) => broken(clause) && !has(clause.hits, 'done', 'detect'));
  const between = later.slice(0, told);
  return told === -1 || [own, ...between].some((clause) => has(clause.hits, 'done', 'detect')) ? 0 : 2;
}

export function pickStarted(
  found: readonly Moment[],
  detected: Moment | null,
  over: Moment | null,
): Moment | null {
  const possible = found.filter((moment) => {
    if (over !== null && moment.wall >= over.wall) return false;
    // A day in front of a trouble is when it was talked of as often as when it began.
    if (moment.weight < 3 && moment.value.length <= 10) return false;
    // "Expired today": the day of the talk itself says nothing of when.
    if (moment.value.length <= 10 && detected !== null && moment.value === detected.value.slice(0, 10))
      return false;
    if (moment.vague === true || moment.toCome === true) return false;
    if (moment.weight === eventWeight) return detected !== null && moment.wall < detected.wall;
    return (
      detected === null || moment.wall <= detected.wall + 2 * minute || detected.cites[0] === moment.cites[0]
    );
  });
  // A day says less than a clock time, whoever was surer of it.
  const rank = (moment: Moment): number => moment.weight - (moment.value.length <= 10 ? 1.5 : 0);
  let best: Moment | null = null;
  for (const moment of possible) if (best === null || rank(moment) > rank(best)) best = moment;
  return best;
}

const change =
  /\b(?:deploy\w*|releas\w+|roll(?:s|ed|ing)? out|rollout|migrat\w+|upgrad\w+|chang\w+|config\w*|appl(?:y|ies|ied)|patch\w*|merg\w+|maintenance|cutover|switch\w*)\b/i;

/**
 * A written timeline opens with what set the trouble off: a change entered as its first line, shortly before
 * anybody noticed, is when it began.
 */
export function changeBefore(notes: readonly Note[], detected: Moment | null): Moment | null {
  const [first] = notes;
  if (first === undefined || detected === null || !first.entry || first.anchor === null) return null;
  const early = first.index === 0 && first.anchor.wall < detected.wall;
  if (!early || detected.wall - first.anchor.wall > 30 * minute || !change.test(first.text)) return null;
  return first.sentences.some(
    (sentence) => has(sentence.hits, 'detect', 'alert', 'plan') || isFailing(sentence),
  )
    ? null
    : momentAt(first, 1);
}
