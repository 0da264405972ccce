import { didSomething } from './deeds.ts';
import type { Fact } from './message.ts';
import type { Note, Reading } from './reading.ts';
import { type Clause, clausesOf, has, type Sentence } from './speech.ts';
import { type TimeMention, timesIn } from './times.ts';
import { failing } from './trouble.ts';

/** A moment somebody states, with how far it is to be believed. */
export interface Moment {
  value: string;
  /** Wall clock; NaN never occurs. */
  wall: number;
  cites: number[];
  weight: number;
  /** Position of the message in the conversation. */
  index: number;
  author: string | null;
  /** The time is written in the text, so that a later correction can mean it. */
  stated: boolean;
}

export interface Course {
  started: Fact | null;
  detected: Fact | null;
  mitigated: Fact | null;
  resolved: Fact | null;
  falseAlarm: boolean;
  /** What was considered for each, for the reader who wants to know why. */
  candidates: { started: Moment[]; detected: Moment[]; recovered: Recovery[] };
}

export interface Recovery extends Moment {
  /** `lost`: said not to be over; `again`: it was over and came back. */
  degree: 'partial' | 'mitigated' | 'recovered' | 'full' | 'closed' | 'lost' | 'again';
}

const minute = 60_000;

const component =
  /数据库|网络|磁盘|CPU|内存|线程|会话|交换机|防火墙|日志|DNS|存储|硬件|链路|主机|库|池|配置|监听|中间件|GC|负载|心跳|证书|链路|端到端|\b(?:network|database|db|disk|cpu|memory|logs?|grafana|metrics|cluster|nodes?)\b/i;

function momentAt(note: Note, weight: number): Moment | null {
  if (note.anchor === null) return null;
  if (note.at === null && note.anchor.heading !== true) return null;
  const dateOnly = note.at === null;
  const value = dateOnly ? new Date(note.anchor.wall).toISOString().slice(0, 10) : note.at;
  if (value === null) return null;
  return {
    value,
    wall: note.anchor.wall,
    cites: [note.index],
    weight,
    index: note.index,
    author: note.author,
    stated: false,
  };
}

function stated(note: Note, time: TimeMention, weight: number): Moment {
  return {
    value: time.value,
    wall: time.wall,
    cites: [note.index],
    weight,
    index: note.index,
    author: note.author,
    stated: true,
  };
}

/** Follows the incident through the conversation: when it began, was noticed, was relieved and was over. */
export function courseOf(reading: Reading): Course {
  const falseAlarm = isFalseAlarm(reading.notes);
  const starts = startsOf(reading);
  const finds = detectionsOf(reading);
  const ends = recoveriesOf(reading);
  for (const note of reading.notes) applyCorrection(note, reading.origin, [starts, finds, ends]);
  const detected = opening(reading, pickDetected(finds)) ?? firstTrouble(reading.notes);
  const { mitigated, resolved } = pickEnds(ends);
  const started =
    pickStarted(starts, detected, resolved ?? mitigated) ?? changeBefore(reading.notes, detected);
  const fact = (moment: Moment | null): Fact | null =>
    moment === null ? null : { value: moment.value, cites: moment.cites };
  return {
    started: falseAlarm ? null : fact(started),
    detected: fact(detected),
    mitigated: falseAlarm ? null : fact(mitigated),
    resolved: falseAlarm ? null : fact(resolved),
    falseAlarm,
    candidates: { started: starts, detected: finds, recovered: ends },
  };
}

function isFalseAlarm(notes: readonly Note[]): boolean {
  let verdict = false;
  for (const note of notes) {
    for (const sentence of note.sentences) {
      if (sentence.question || has(sentence.hits, 'hedge', 'conditional', 'plan')) continue;
      if (has(sentence.hits, 'notFalseAlarm')) verdict = false;
      else if (has(sentence.hits, 'falseAlarm')) verdict = true;
    }
  }
  return verdict;
}

const approximate = /左右|大概|大约|约|差不多|前后|\b(?:about|around|approximately|roughly|circa)\b|~/i;
const rangeJoin = /^\s*(?:到|至|-|–|—|~|～|→|to|until|till|and)\s*$/i;

const beginKinds = ['onset', 'onsetWeak', 'symptom', 'impactMark', 'causeState', 'alert'] as const;

function startsOf(reading: Reading): Moment[] {
  const found: Moment[] = [];
  for (const note of reading.notes) {
    for (const sentence of note.sentences) {
      if (sentence.question || has(sentence.hits, 'conditional', 'plan')) continue;
      if (!has(sentence.hits, ...beginKinds) && !failing.test(sentence.text)) continue;
      const times = timesIn(sentence.text, note.anchor, reading.origin);
      const best = startIn(sentence, times, note);
      if (best !== null) found.push(best);
      else if (
        note.entry &&
        times.length === 0 &&
        has(sentence.hits, 'onset') &&
        !has(sentence.hits, 'detect', 'alert') &&
        isOnsetOfTrouble(sentence)
      ) {
        const moment = momentAt(note, 4);
        if (moment !== null) found.push(moment);
      }
    }
  }
  return found;
}

function isOnsetOfTrouble(sentence: Sentence): boolean {
  return (
    has(sentence.hits, 'symptom') ||
    failing.test(sentence.text) ||
    /outage|incident|impact|故障|宕|stopp?ed|stops|down|expired|到期|过期/i.test(sentence.text)
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
    if (negated(sentence.text, time)) continue;
    const position = clauses.findIndex((clause) => clause.start <= time.start && time.start < clause.end);
    const own = clauses[position];
    if (own === undefined || has(own.hits, 'recovered', 'closed', 'done', 'futureRecovery', 'plan')) continue;
    if (has(own.hits, 'detect', 'deployed', 'escalate', 'arrival', 'reopened')) continue;
    const weight = startWeight(sentence, time, own, clauses.slice(position + 1));
    const finer = weight > 0 && weight === best?.weight && best.value.length <= 10 && !time.dateOnly;
    if (weight > (best?.weight ?? 0) || finer) best = stated(note, time, weight);
  }
  return best;
}

const fromThenOn = /^\s*(?:左右|许|前后|分)?[）)]?\s*(?:起|开始|以来|之后一直)/;
const ranOut = /\bexpired (?:at|on)\b|过期|到期|断电|掉电/i;

/** 4 says that it began then, 3 something broke then, 2 a trouble is told with this time in front of it. */
function startWeight(sentence: Sentence, time: TimeMention, own: Clause, later: readonly Clause[]): number {
  const [next] = later;
  if (has(own.hits, 'onset')) return 4;
  if (fromThenOn.test(sentence.text.slice(time.end, time.end + 8)) && isOnsetOfTrouble(sentence)) return 4;
  if (has(own.hits, 'onsetWeak') || (has(own.hits, 'causeState') && ranOut.test(own.text))) return 3;
  const trouble = isOnsetOfTrouble(sentence);
  if (next !== undefined && has(next.hits, 'onset', 'onsetWeak') && trouble) return 3;
  const broken = (clause: Clause): boolean => has(clause.hits, 'symptom') || failing.test(clause.text);
  const lead = sentence.text.slice(0, time.start).replace(/^(?:【[^】]{0,12}】|\[[^\]]{0,12}\])\s*/, '');
  if (/\b(?:at|since|around|from)\s*$/i.test(lead) && broken(own) && !has(own.hits, 'notRecovered')) return 3;
  const leads = lead.length <= 2 || approximate.test(own.text);
  if (!leads || has(sentence.hits, 'notRecovered', 'recovered', 'approve')) return 0;
  if (broken(own)) return 2;
  // "今天早些时候（00:40 左右），由于某些问题，部分服务器宕机": the time opens the sentence, the trouble ends it.
  const told = later.findIndex((clause) => broken(clause) && !has(clause.hits, 'done', 'detect'));
  const between = later.slice(0, told);
  return told === -1 || [own, ...between].some((clause) => has(clause.hits, 'done', 'detect')) ? 0 : 2;
}

const negation = /(?:不是|而非|并非|不像|not(?: at)?|rather than|instead of)\s*$/i;

function negated(text: string, time: TimeMention): boolean {
  return negation.test(text.slice(Math.max(0, time.start - 16), time.start));
}

function detectionsOf(reading: Reading): Moment[] {
  const found: Moment[] = [];
  for (const note of reading.notes) {
    for (const sentence of note.sentences) {
      if (sentence.question || has(sentence.hits, 'conditional', 'plan')) continue;
      const noticed = has(sentence.hits, 'detect', 'alert');
      if (!noticed && (note.entry || !has(sentence.hits, 'symptom', 'onset'))) continue;
      const earlier = noticed ? statedDetection(sentence, note, reading.origin) : null;
      const moment = earlier ?? (note.at === null ? null : momentAt(note, noticed ? 4 : 3));
      if (moment !== null) found.push(moment);
    }
  }
  return found;
}

/** "客户 8:15 就来电话了": a call that is told later happened when it happened. */
function statedDetection(sentence: Sentence, note: Note, origin: number | null): Moment | null {
  for (const clause of clausesOf(sentence)) {
    if (!has(clause.hits, 'detect', 'alert') || has(clause.hits, 'onset', 'onsetWeak')) continue;
    const times = timesIn(clause.text, note.anchor, origin).filter(
      (time) => !time.dateOnly && !negated(clause.text, time),
    );
    const [first] = times;
    if (first !== undefined && times.length === 1) return stated(note, first, 4);
  }
  return null;
}

const greeting =
  /^(?:hi|hey|hello|good morning|@\S+|大家好|各位(?:好|早)?|在吗?|急|收到|建群了?|拉群了?)[\s,，。!！all team]*$/i;

const tellsTrouble = (sentence: Sentence): boolean =>
  has(sentence.hits, 'symptom') || failing.test(sentence.text);

/** People come into a room to tell of a trouble: of a conversation its first message is when it was known. */
function opening(reading: Reading, found: Moment | null): Moment | null {
  const [first] = reading.notes;
  if (first === undefined || first.index !== 0 || first.entry || first.at === null || reading.monologue)
    return found;
  const sentence = first.sentences.find(tellsTrouble) ?? first.sentences[0];
  if (sentence === undefined || greeting.test(first.text) || first.text.length < 6) return found;
  const trouble = tellsTrouble(sentence);
  if (!trouble && has(sentence.hits, 'done', 'plan', 'deployed', 'propose')) return found;
  if (has(sentence.hits, 'recovered', 'closed', 'conditional')) return found;
  const moment = momentAt(first, 2);
  if (moment === null || (found !== null && found.wall <= moment.wall)) return found;
  return trouble || found === null || found.wall - moment.wall < 30 * minute ? moment : found;
}

/** A timeline that names no alarm and no caller: its first line that tells of a trouble is when it was seen. */
function firstTrouble(notes: readonly Note[]): Moment | null {
  for (const note of notes) {
    if (!note.entry) continue;
    for (const sentence of note.sentences) {
      if (has(sentence.hits, 'recovered', 'recoveredWeak', 'closed', 'partial')) return null;
      if (has(sentence.hits, 'onset', 'hedge', 'plan', 'done')) continue;
      if (has(sentence.hits, 'symptom') || failing.test(sentence.text)) return momentAt(note, 2);
    }
  }
  return null;
}

function pickDetected(found: readonly Moment[]): Moment | null {
  let best: Moment | null = null;
  for (const moment of found) if (best === null || moment.wall < best.wall) best = moment;
  return best;
}

function pickStarted(found: readonly Moment[], detected: Moment | null, over: Moment | null): Moment | null {
  const possible = found.filter(
    (moment) =>
      (detected === null ||
        moment.wall <= detected.wall + 2 * minute ||
        detected.cites[0] === moment.cites[0]) &&
      (over === null || moment.wall < over.wall),
  );
  let best: Moment | null = null;
  for (const moment of possible) if (best === null || moment.weight > best.weight) best = moment;
  return best;
}

const change =
  /\b(?:deploy\w*|releas\w+|roll(?:s|ed|ing)? out|rollout|migrat\w+|upgrad\w+|chang\w+|config\w*|appl(?:y|ies|ied)|patch\w*|merg\w+|maintenance|cutover|switch\w*)\b/i;

/**
 * A written timeline opens with what set the trouble off: a change entered as its first line, shortly before
 * anybody noticed, is when it began.
 */
function changeBefore(notes: readonly Note[], detected: Moment | null): Moment | null {
  const [first] = notes;
  if (first === undefined || detected === null || !first.entry || first.anchor === null) return null;
  const early = first.index === 0 && first.anchor.wall < detected.wall;
  if (!early || detected.wall - first.anchor.wall > 30 * minute || !change.test(first.text)) return null;
  return first.sentences.some(
    (sentence) => has(sentence.hits, 'detect', 'alert', 'plan') || failing.test(sentence.text),
  )
    ? null
    : momentAt(first, 1);
}

function recoveriesOf(reading: Reading): Recovery[] {
  const found: Recovery[] = [];
  let acted = false;
  for (const note of reading.notes) {
    for (const sentence of note.sentences) {
      acted ||= has(sentence.hits, 'done', 'approve', 'doing', 'mitigated') || didSomething(sentence.text);
      if (sentence.question) continue;
      const recovery =
        recoveryIn(sentence, note, acted, reading.origin) ?? closingWord(sentence, note, found.at(-1));
      if (recovery !== null) found.push(recovery);
    }
  }
  return found;
}

const endKinds = [
  'recovered',
  'recoveredWeak',
  'recoveredInFull',
  'partial',
  'mitigated',
  'closed',
  'notRecovered',
  'reopened',
] as const;

/** Spares the clauses of the many sentences that speak of no end at all. */
const mayEnd = (sentence: Sentence, note: Note): boolean =>
  note.entry || has(sentence.hits, ...endKinds) || sentence.text.includes('恢复');

function recoveryIn(sentence: Sentence, note: Note, acted: boolean, origin: number | null): Recovery | null {
  let answer: Recovery | null = null;
  if (!mayEnd(sentence, note)) return null;
  for (const clause of clausesOf(sentence)) {
    const degree = degreeOf(clause.hits, clause.text, acted, sentence, note.entry);
    if (degree === null) continue;
    const time = timesIn(clause.text, note.anchor, origin)
      .filter((each) => !negated(clause.text, each))
      .at(-1);
    const moment = time !== undefined ? stated(note, time, 4) : momentAt(note, 3);
    if (moment === null) continue;
    // One line of a list of services, or an aside in brackets, tells of that service alone.
    const aside = time === undefined && (sentence.item || bracketed.test(clause.text));
    const reached =
      aside && (degree === 'recovered' || degree === 'full' || degree === 'closed') ? 'partial' : degree;
    const rank = degrees.indexOf(reached);
    if (answer === null || rank > degrees.indexOf(answer.degree)) answer = { ...moment, degree: reached };
  }
  return answer;
}

const justClose = /(?:^|[，,])\s*(?:那|先|就|可以|同意|都)*(?:关闭|关单|关)(?:了|吧)?\s*(?:$|[，,])/;

const closedAlone = /^(?:(?:the )?(?:incident|ticket|case|issue) )?closed$/i;

/** "先关闭，原因另报": closes the incident when it stands after a recovery, and a valve anywhere else. */
function closingWord(sentence: Sentence, note: Note, last: Recovery | undefined): Recovery | null {
  if (
    last === undefined ||
    last.degree === 'lost' ||
    last.degree === 'again' ||
    !(justClose.test(sentence.text) || closedAlone.test(sentence.text))
  )
    return null;
  const moment = momentAt(note, 3);
  return moment === null ? null : { ...moment, degree: 'closed' };
}

const bracketed = /[（(][^）)]{0,20}(?:恢复|修复|restored|fixed|resolved)[^（(]{0,40}[）)]/i;
/** "A 恢复，B 仍在抢修": good news of one part, bad of another. */
const elsewhere =
  /但[^，。]{0,6}(?:慢|还|仍)|仍在|还在|尚在|仍未|还没|尚未|\b(?:others?|some|rest) (?:still|remain)/i;
const bareRecovery =
  /(?:^|[\d分点时半许后即均就便才方全已]\s?)恢复(?:$|[，。！、\s]|了|正常|上线|访问|服务|使用)/;

/** In a written timeline, after something was done, a line with one of these tells that it helped. */
const goodAgain =
  /\b(?:again|gone|clears?|cleared|recover\w*|normal|healthy|stable|usable|reachable|succeed\w*|pass(?:es|ing)|resum\w+|online|green)\b/i;

const degrees: Recovery['degree'][] = [
  'partial',
  'mitigated',
  'recovered',
  'full',
  'closed',
  'lost',
  'again',
];

function degreeOf(
  hits: Sentence['hits'],
  text: string,
  acted: boolean,
  sentence: Sentence,
  entry: boolean,
): Recovery['degree'] | null {
  if (has(hits, 'notRecovered')) return 'lost';
  if (has(hits, 'reopened')) return 'again';
  if (
    has(hits, 'futureRecovery', 'conditional', 'propose', 'notFalseAlarm') ||
    has(sentence.hits, 'conditional')
  )
    return null;
  if (has(hits, 'hedge')) return null;
  if (has(hits, 'closed')) return 'closed';
  if (has(hits, 'partial')) return 'partial';
  if (has(hits, 'mitigated')) return 'mitigated';
  if (has(hits, 'recoveredInFull')) return 'full';
  if (has(hits, 'recovered')) return elsewhere.test(sentence.text) ? 'partial' : 'recovered';
  if (bareRecovery.test(text)) return elsewhere.test(sentence.text) ? 'partial' : 'recovered';
  if (has(hits, 'recoveredWeak') && acted && !component.test(text))
    return elsewhere.test(sentence.text) ? 'partial' : 'recovered';
  if (
    entry &&
    acted &&
    goodAgain.test(text) &&
    !failing.test(text) &&
    !component.test(text) &&
    !has(hits, 'done', 'plan', 'deny')
  )
    return 'recovered';
  return null;
}

/** Good news repeated within a while is one recovery; told again much later, the first was a relief and this the end. */
function lastingRecovery(lasting: readonly Recovery[]): Recovery | null {
  const told = lasting.filter((each) => each.degree === 'recovered');
  const [first] = told;
  const last = told.at(-1);
  if (first === undefined || last === undefined) return null;
  return last.wall - first.wall > 45 * minute ? last : first;
}

/**
 * The last end counts. What was good and broke again stays as the first relief; a claim contradicted at once is none.
 */
function pickEnds(found: readonly Recovery[]): { mitigated: Moment | null; resolved: Moment | null } {
  const standing: Recovery[] = [];
  let sinceLost = 0;
  for (const recovery of found) {
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
    before.find(
      (each) =>
        each.degree === 'recovered' ||
        each.degree === 'full' ||
        each.degree === 'mitigated' ||
        each.degree === 'closed',
    ) ??
    before.find((each) => each.degree === 'partial') ??
    null;
  return { mitigated: relief, resolved };
}

const correctionMark =
  /更正|纠正|订正|修正|看错|说错|打错|记错|写错|不对|\b(?:correction|misread|typo|scratch that|make that|strike that|i meant|should (?:be|read)|not at|rather than)\b/i;

/** A correction follows soon; looking further back would cost more the longer people talk. */
const recent = 200;

/** "更正，是9:42不是9:24": the time that was meant takes the new value and the new citation. */
function applyCorrection(note: Note, origin: number | null, lists: Moment[][]): void {
  for (const sentence of note.sentences) {
    if (sentence.question || !has(sentence.hits, 'correction', 'retract')) continue;
    const times = timesIn(sentence.text, note.anchor, origin);
    const right = times.find((time) => !negated(sentence.text, time));
    const wrong = times.find((time) => negated(sentence.text, time));
    if (right === undefined || (wrong === undefined && !correctionMark.test(sentence.text))) continue;
    const meant = (moment: Moment): boolean =>
      moment.stated &&
      moment.index < note.index &&
      (wrong === undefined ? moment.author === note.author : moment.wall === wrong.wall);
    const [target] = lists
      .flatMap((list) => list.slice(-recent).findLast(meant) ?? [])
      .sort((a, b) => b.index - a.index);
    if (target === undefined) continue;
    target.value = right.value;
    target.wall = right.wall;
    target.cites = [note.index];
    target.weight = 6;
  }
}
