import { announcesCause, causeWeight, content, mayTellCause, mechanism, ownFault } from './cause/evidence.ts';
import { causeSigns, namedAlone, ownTrouble } from './cause/signs.ts';
import { formsOfDeed } from './deeds.ts';
import type { Fact } from './message.ts';
import type { Note, Reading } from './reading.ts';
import { placeSigns, type Scene } from './scene.ts';
import { clauseSpan, verbatim } from './span.ts';
import { clausesOf, has, hitOf, type Sentence, type Span } from './speech.ts';
import { coverage, topicTokens } from './tokens.ts';
import { isFailing } from './trouble.ts';
import { isBelieved, scoreOf, type Weighed } from './trust.ts';

export interface CauseCandidate extends Fact, Weighed {
  author: string | null;
  /** 5 named as the root cause, 4 found or confirmed, 3 one thing led to another, 2 a breakage stated, 0 a guess. */
  weight: number;
  state: 'confirmed' | 'suspected' | 'denied' | 'retracted';
  /** The message that denied it or took it back. */
  struckBy: number | null;
  /** What it is about; taken once, because every later denial asks for it. */
  topic: ReadonlySet<string>;
  /** What its own words and its place tell. */
  told: readonly string[];
  /** The same and what came of it, and their sum: how likely it is by itself. */
  own: readonly string[];
  alone: number;
}

/** What speaks for it most is the cause, if enough does; denied and withdrawn ones never are. */
export function causeOf(reading: Reading, scene: Scene): { fact: Fact | null; candidates: CauseCandidate[] } {
  const candidates: CauseCandidate[] = [];
  for (const [order, note] of reading.notes.entries()) {
    let announced = false;
    for (const sentence of note.sentences) {
      if (sentence.question) continue;
      withdraw(candidates, note, sentence);
      const before = reading.notes[order - 1];
      const found = candidateIn(note, sentence, announced, before, scene);
      announced = announcesCause(sentence);
      if (found !== null) candidates.push(found);
      else settle(candidates, note, sentence, before);
    }
  }
  for (const candidate of candidates) {
    candidate.own = [...candidate.told, ...takenUp(candidate, scene)];
    candidate.alone = scoreOf('cause', candidate.own);
    candidate.signs = candidate.own;
    candidate.score = candidate.alone;
  }
  const standing = candidates.filter((each) => each.state === 'confirmed' && isAnswered(each));
  const chosen = settledBy(standing);
  // Who points at a cause that stands without him adds nothing to it: only what a fact rests on is cited.
  const without =
    chosen !== null && chosen.cites.length > 1 ? settledBy(standing.filter((each) => each !== chosen)) : null;
  const fact = chosen !== null && without !== null && restates(without, chosen) ? without : chosen;
  return { fact: fact === null ? null : { value: fact.value, cites: fact.cites }, candidates };
}

/** Mere words of a breakage that nobody acts on may be anything. */
const isAnswered = ({ weight, own }: CauseCandidate): boolean =>
  weight > 0 || own.some((sign) => deedSigns.has(sign));
const deedSigns: ReadonlySet<string> = new Set([
  'beside a deed',
  'a deed at once',
  'a deed soon',
  'beside the end',
]);

const settledBy = (standing: readonly CauseCandidate[]): CauseCandidate | null =>
  pointedAt(standing) ?? likeliest(standing);

/** "就是这个": what somebody pointed at in so many words needs no weighing, unless a root cause is named. */
const pointedAt = (standing: readonly CauseCandidate[]): CauseCandidate | null =>
  standing.some(({ weight }) => weight >= 5)
    ? null
    : (standing.findLast(({ cites, told }) => cites.length > 1 && !told.includes('entry')) ?? null);

const restates = (less: CauseCandidate, more: CauseCandidate): boolean =>
  less.value === more.value && less.cites.every((cite) => more.cites.includes(cite));

/** Of so many that are likeliest by themselves each is set against the others. */
const rivals = 6;

function likeliest(standing: readonly CauseCandidate[]): CauseCandidate | null {
  let best: CauseCandidate | null = null;
  const strongest = standing.toSorted((a, b) => b.alone - a.alone).slice(0, rivals);
  for (const candidate of strongest) {
    candidate.signs = [...candidate.own, ...rivalry(candidate, strongest)];
    candidate.score = scoreOf('cause', candidate.signs);
    if (
      best === null ||
      candidate.score > best.score ||
      (candidate.score === best.score && placeOf(candidate) > placeOf(best))
    )
      best = candidate;
  }
  return best !== null && isBelieved('cause', best) ? best : null;
}

const placeOf = ({ cites }: CauseCandidate): number => cites[0] ?? 0;

/** How sure the words are, and what came of them. */
function takenUp(candidate: CauseCandidate, scene: Scene): string[] {
  const { weight, state, topic } = candidate;
  const at = placeOf(candidate);
  const signs = [state === 'suspected' ? 'guess' : (sureness[weight] ?? 'hint')];
  if (state === 'denied' || state === 'retracted') signs.push('denied');
  if (candidate.cites.length > 1) signs.push('confirmed by another');
  const { told } = candidate;
  const broken = told.includes('broken in so many words') || told.includes('something was changed before');
  const mends =
    told.includes('who says it acts next') ||
    (told.includes('beside a deed') && told.includes('by who acts'));
  if (broken && mends && state === 'confirmed' && !told.includes('after the end'))
    signs.push('broken, and its teller mends it');
  for (let later = at; later <= at + near; later += 1) {
    const deed = scene.deeds.get(later);
    if (deed === undefined || coverage(topicTokens(deed.text), topic) === 0) continue;
    if (later > at) signs.push('a deed speaks of it');
    if (scene.ended && scene.end >= later && scene.end <= later + near)
      signs.push(
        broken && state === 'confirmed' ? 'broken, a deed on it, and the end' : 'a deed on it, and the end',
      );
    break;
  }
  return signs;
}

/** A cause is told again in other words; what is as likely and speaks of something else makes it doubtful. */
function rivalry(candidate: CauseCandidate, strongest: readonly CauseCandidate[]): string[] {
  const rivals = strongest.filter((each) => each !== candidate && each.alone >= candidate.alone - 1);
  if (rivals.length === 0) return ['nothing as likely'];
  const others = rivals.filter((each) => coverage(each.topic, candidate.topic) < 0.3);
  const signs: string[] = [];
  if (others.length < rivals.length) signs.push('told again');
  if (others.some((each) => placeOf(each) > placeOf(candidate))) signs.push('another as likely later');
  if (others.some((each) => placeOf(each) <= placeOf(candidate))) signs.push('another as likely before');
  return signs;
}

/** Within so many messages a deed answers what was said. */
const near = 8;

/** "It's not the crawler", and nothing of what it is. */
const deniedAlone =
  /^(?:(?:it|that|this)(?:'s| is| was) not|not)\b(?!.*\b(?:but|it(?:'s| is| was))\b)|^(?:并)?不是[^，,。；]*$/i;
const leftOver = /^(?:the )?(?:remaining|residual|last|other|further) \w+/i;
const noFinding =
  /^(?:as an?|okay|ok|so|and|or|but|then|ps|resulting|in order|to|if|when|after|before|while|once|until)\b|\b(?:will|would|can|could|should|may|might|going to|so far|please|you)\b|\?|吧$|建议|需要|请|会不会|可以先|能先|先给|给你/i;

/** Words of breakage alone: whoever reports it, mends it or speaks of what is to come finds no cause by them. */
function tellsNoHint(value: string, sentence: Sentence, note: Note, scene: Scene): boolean {
  if (noFinding.test(value) || has(sentence.hits, 'propose', 'futureRecovery', 'deny')) return true;
  const reports = note.author !== null && note.author === scene.reporter && !scene.monologue;
  if (reports && (note.index <= scene.known || isFailing(sentence))) return true;
  if (/^我(?:的|这|们这)/.test(value)) return true;
  const english = !/[\u3400-\u9fff]/.test(value);
  if (english && (isFailing(sentence) || note.entry)) return true;
  return clausesOf(sentence).every(
    (clause) => has(clause.hits, 'done', 'doing', 'plan') || formsOfDeed(clause.text).length > 0,
  );
}

const sureness: Readonly<Record<number, string>> = {
  5: 'named the root cause',
  4: 'found or confirmed',
  3: 'one led to another',
  2: 'a breakage stated',
};

function candidateIn(
  note: Note,
  sentence: Sentence,
  announced: boolean,
  before: Note | undefined,
  scene: Scene,
): CauseCandidate | null {
  const hedged = has(sentence.hits, 'hedge');
  const may = mayTellCause(sentence);
  const told = may ? causeWeight(sentence, note) : 0;
  const follows = announced && !has(sentence.hits, 'plan', 'done', 'doing', 'propose', 'recovered', 'deny');
  const weight = follows ? Math.max(told, 4) : told;
  const hinted =
    has(sentence.hits, 'breakage', 'part') && !has(sentence.hits, 'conditional', 'reject', 'history');
  if (weight === 0 && !hinted && !(hedged && may)) return null;
  if (weight < 4 && ownTrouble.test(sentence.text)) return null;
  if (namedAlone.test(sentence.text) || deniedAlone.test(sentence.text)) return null;
  const span = causeSpan(sentence);
  if (span === null) return null;
  const value = verbatim(note.text, span);
  if (content(value) < 3 || leftOver.test(value)) return null;
  if (weight === 0 && !hedged && tellsNoHint(value, sentence, note, scene)) return null;
  return {
    value,
    cites: [note.index],
    topic: topicTokens(value),
    author: note.author,
    weight: hedged ? 0 : weight,
    state: hedged ? 'suspected' : 'confirmed',
    struckBy: null,
    told: [...causeSigns(value, sentence, before), ...placeSigns(note, scene)],
    own: [],
    alone: 0,
    signs: [],
    score: 0,
  };
}

/** "That's on us", "是我们的脚本问题": says whose fault it was; what the fault was stands beside it. */
const blamesAlone = (text: string): boolean =>
  (ownFault.test(text) && content(text) <= 8) ||
  /^(?:那)?是(?:我们?|他们|你们)[^，,]{0,8}(?:问题|锅)$/.test(text);

/** The clauses that carry the cause: bare markers before and remedies after fall away. */
function causeSpan(sentence: Sentence): Span | null {
  const marked = has(sentence.hits, 'causeRoot', 'causeFound', 'causeLink', 'causeState');
  const clauses = clausesOf(sentence);
  const opening = clauses.findIndex(
    (clause) =>
      has(clause.hits, 'causeRoot', 'causeFound', 'causeLink', 'causeState', 'contrast') ||
      /^(?:而|就)?是/.test(clause.text),
  );
  const confesses = opening > 0 && blamesAlone(clauses[opening]?.text ?? '');
  const from = marked && opening > 0 && !confesses ? (clauses[opening]?.start ?? 0) : 0;
  const joined =
    from > 0 &&
    /^(?:导致|引起|造成|所以|因此|进而|致使|跟|结果|which|causing|leading|so)/.test(sentence.text.slice(from))
      ? 0
      : from;
  return clauseSpan(sentence, (clause) => {
    if (clause.start < joined) return false;
    const bare =
      clause.hits.some((hit) => hit.start <= clause.start && hit.end >= clause.end - 1) &&
      content(clause.text) <= 5;
    const aside =
      has(clause.hits, 'done', 'noImpact', 'recovered', 'recoveredWeak', 'plan', 'doing', 'retract') &&
      !has(clause.hits, 'causeState', 'causeLink', 'causeRoot', 'causeFound');
    return !bare && !aside && !blamesAlone(clause.text) && !/^(?:并)?不是/.test(clause.text);
  });
}

/** A denial speaks of what was said lately; looking further back would cost more the longer people talk. */
const recent = 60;
const ownWords =
  /撤回|收回|我错了|我说错|我误判|当我没说|搞错|弄错|判断错|take that back|i was wrong|scratch that|nevermind|never mind|nvm|my mistake|my bad|disregard/i;

/** A denial that names nothing means what was last suspected. */
const notThat = /(?:不是|不怪|跟|和)(?:它|这个|那个|这事)(?:没关系|无关)?(?:$|[，,。])|\bnot (?:that|it)\b/i;

function strike(candidate: CauseCandidate, state: 'denied' | 'retracted', note: Note): void {
  candidate.state = state;
  candidate.struckBy = note.index;
}

/** Denials strike what they speak about; a withdrawal strikes the speaker's own last idea as well. */
function withdraw(candidates: CauseCandidate[], note: Note, sentence: Sentence): void {
  if (has(sentence.hits, 'retract') && ownWords.test(sentence.text)) {
    const own = candidates.findLast(
      (candidate) => candidate.author === note.author && candidate.state !== 'denied',
    );
    if (own !== undefined) strike(own, 'retracted', note);
  }
  if (notThat.test(sentence.text)) {
    const last = candidates.slice(-recent).findLast((candidate) => candidate.state === 'suspected');
    if (last !== undefined && last.author !== note.author) strike(last, 'denied', note);
  }
  if (!has(sentence.hits, 'deny') || has(sentence.hits, 'hedge')) return;
  for (const clause of clausesOf(sentence)) {
    const denial = hitOf(clause.hits, 'deny');
    if (denial === undefined) continue;
    const subject = topicTokens(
      clause.text.replace(/不是|没问题|没有问题|没关系|无关|排除|那|就|应该|跟|和|问题/g, ' '),
    );
    for (const candidate of candidates.slice(-recent)) {
      if (candidate.state !== 'denied' && (candidate.state === 'suspected' || candidate.weight < 5)) {
        if (coverage(subject, candidate.topic) >= 0.5) strike(candidate, 'denied', note);
      }
    }
  }
}

/** "就是这个" right after the speaker's own finding means that finding, and not an older guess of somebody else. */
function justSaid(
  note: Note,
  before: Note | undefined,
  last: CauseCandidate | undefined,
): CauseCandidate | null {
  if (before === undefined || before.author === null || before.author !== note.author) return null;
  if (note.index - before.index > 1 || (last?.cites[0] ?? -1) >= before.index) return null;
  const finding = before.sentences.at(-1);
  if (finding === undefined || finding.question || has(finding.hits, 'plan', 'propose', 'recovered'))
    return null;
  const span = causeSpan(finding);
  if (span === null) return null;
  const value = verbatim(before.text, span);
  if (content(value) < 8 || !(mechanism.test(value) || has(finding.hits, 'causeState'))) return null;
  return {
    value,
    cites: [before.index, note.index],
    author: note.author,
    weight: 4,
    state: 'confirmed',
    struckBy: null,
    topic: topicTokens(value),
    told: ['confirmed at once'],
    own: [],
    alone: 0,
    signs: [],
    score: 0,
  };
}

/** "实锤，就是这个": a bare confirmation makes the last living guess a cause, and both are cited. */
function settle(
  candidates: CauseCandidate[],
  note: Note,
  sentence: Sentence,
  before: Note | undefined,
): void {
  if (
    !has(sentence.hits, 'settled') ||
    has(sentence.hits, 'hedge', 'deny', 'recovered', 'closed', 'falseAlarm')
  )
    return;
  if (content(sentence.text) > 12) return;
  const last = candidates.findLast((candidate) => candidate.state === 'suspected');
  const said = justSaid(note, before, last);
  if (said !== null) {
    candidates.push(said);
    return;
  }
  if (last === undefined || note.index - (last.cites[0] ?? 0) > 12) return;
  last.state = 'confirmed';
  last.weight = 4;
  last.cites = [...last.cites, note.index];
}
