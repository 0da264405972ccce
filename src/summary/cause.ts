import { announcesCause, causeWeight, content, mayTellCause, mechanism, ownFault } from './cause/evidence.ts';
import type { Fact } from './message.ts';
import type { Note, Reading } from './reading.ts';
import { clauseSpan, verbatim } from './span.ts';
import { clausesOf, has, hitOf, type Sentence, type Span } from './speech.ts';
import { coverage, topicTokens } from './tokens.ts';

export interface CauseCandidate {
  value: string;
  cites: number[];
  author: string | null;
  /** 5 named as the root cause, 4 found or confirmed, 3 one thing led to another, 2 a breakage stated, 0 a guess. */
  weight: number;
  state: 'confirmed' | 'suspected' | 'denied' | 'retracted';
  /** The message that denied it or took it back. */
  struckBy: number | null;
  /** What it is about; taken once, because every later denial asks for it. */
  topic: ReadonlySet<string>;
}

/** The last confirmed cause wins; guesses, denied and withdrawn ones never count. */
export function causeOf(
  reading: Reading,
  end: Fact | null,
): { fact: Fact | null; candidates: CauseCandidate[] } {
  const candidates: CauseCandidate[] = [];
  for (const [order, note] of reading.notes.entries()) {
    let announced = false;
    for (const sentence of note.sentences) {
      if (sentence.question) continue;
      withdraw(candidates, note, sentence);
      const found = candidateIn(note, sentence, announced);
      announced = announcesCause(sentence);
      if (found !== null) candidates.push(found);
      else settle(candidates, note, sentence, reading.notes[order - 1]);
    }
  }
  const standing = candidates.filter((candidate) => candidate.state === 'confirmed');
  const chosen = lastOf(standing, end);
  const without =
    chosen !== undefined && chosen.cites.length > 1
      ? lastOf(
          standing.filter((each) => each !== chosen),
          end,
        )
      : undefined;
  // Who points at a cause that stands without him adds nothing to it: only what a fact rests on is cited.
  const fact = chosen !== undefined && without !== undefined && restates(without, chosen) ? without : chosen;
  return { fact: fact === undefined ? null : { value: fact.value, cites: fact.cites }, candidates };
}

const restates = (less: CauseCandidate, more: CauseCandidate): boolean =>
  less.value === more.value && less.cites.every((cite) => more.cites.includes(cite));

function lastOf(standing: readonly CauseCandidate[], end: Fact | null): CauseCandidate | undefined {
  return (
    standing.findLast((candidate) => candidate.weight >= 5) ??
    standing.findLast((candidate) => candidate.weight === 4) ??
    standing.findLast((candidate) => candidate.weight === 3) ??
    uncontested(
      standing.filter((candidate) => candidate.weight === 2),
      end,
    )
  );
}

/**
 * Of several breakages that are merely told, the last is the cause when the trouble ended after it; while the trouble
 * goes on, none is until somebody says so.
 */
function uncontested(told: readonly CauseCandidate[], end: Fact | null): CauseCandidate | undefined {
  const last = told.at(-1);
  if (last === undefined || (end !== null && (end.cites[0] ?? -1) > (last.cites[0] ?? 0))) return last;
  const rival = told.some((each) => each !== last && coverage(each.topic, last.topic) < 0.3);
  return rival ? undefined : last;
}

function candidateIn(note: Note, sentence: Sentence, announced: boolean): CauseCandidate | null {
  const hedged = has(sentence.hits, 'hedge');
  const told = mayTellCause(sentence) ? causeWeight(sentence, note) : 0;
  const follows = announced && !has(sentence.hits, 'plan', 'done', 'doing', 'propose', 'recovered', 'deny');
  const weight = follows ? Math.max(told, 4) : told;
  if (weight === 0 && !(hedged && mayTellCause(sentence))) return null;
  const span = causeSpan(sentence);
  if (span === null) return null;
  const value = verbatim(note.text, span);
  if (content(value) < 3) return null;
  return {
    value,
    cites: [note.index],
    topic: topicTokens(value),
    author: note.author,
    weight: hedged ? 0 : weight,
    state: hedged ? 'suspected' : 'confirmed',
    struckBy: null,
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
