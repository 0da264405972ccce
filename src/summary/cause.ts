import { formOf, type Setting, settingOf, weigh } from './evidence.ts';
import type { Fact } from './message.ts';
import type { Note, Reading } from './reading.ts';
import { likeliest, type Rival } from './rivals.ts';
import { bitsOf } from './rules.ts';
import { placeSigns, type Scene } from './scene.ts';
import { clauseSpan, verbatim } from './span.ts';
import { clausesOf, has, hasAny, hitOf, type Sentence, type Span } from './speech.ts';
import { coverage, topicTokens } from './tokens.ts';

export interface CauseCandidate extends Fact, Rival {
  state: 'confirmed' | 'suspected' | 'denied' | 'retracted';
  /** The message that denied it or took it back. */
  struckBy: number | null;
  /** What it was before somebody pointed at it; null when nobody did. */
  unpointed: CauseCandidate | null;
  /** Taken once, because every later denial asks for it. */
  topic: ReadonlySet<string>;
}

/** What speaks for it most is the cause, if enough does; denied, withdrawn and merely suspected ones never are. */
export function causeOf(reading: Reading, scene: Scene): { fact: Fact | null; candidates: CauseCandidate[] } {
  const candidates: CauseCandidate[] = [];
  for (const [order, note] of reading.notes.entries()) {
    for (const sentence of note.sentences) {
      if (sentence.question) continue;
      withdraw(candidates, note, sentence);
      settle(candidates, note, sentence);
      if (reading.long && !hasAny(sentence.hits, telling)) continue;
      const found = candidateIn(note, sentence, settingOf(reading.notes, order), scene);
      if (found !== null) candidates.push(found);
    }
  }
  const standing = candidates.filter(isConfirmed);
  const chosen = settledBy(standing);
  // Who points at a cause that stands without him adds nothing to it: only what a fact rests on is cited.
  const unpointed = standing.flatMap((each) => each.unpointed ?? each).filter(isConfirmed);
  const alone = chosen === null || chosen.unpointed === null ? null : settledBy(unpointed);
  const fact = alone !== null && alone.value === chosen?.value ? alone : chosen;
  return { fact: fact === null ? null : { value: fact.value, cites: fact.cites }, candidates };
}

/** "就是这个": what somebody pointed at in so many words needs no weighing, unless a root cause is named. */
function settledBy(standing: readonly CauseCandidate[]): CauseCandidate | null {
  const { believed } = likeliest('cause', standing);
  if (believed?.signs.includes('causeRoot') === true) return believed;
  return standing.findLast(({ unpointed }) => unpointed !== null) ?? believed;
}

const isConfirmed = ({ state }: CauseCandidate): boolean => state === 'confirmed';

/** In long talk a cause has one of these kinds of words. */
const telling = bitsOf([
  'causeRoot',
  'causeFound',
  'causeLink',
  'causeState',
  'contrast',
  'hedge',
  'breakage',
]);

/** Fewer characters name nothing that could break something. */
const shortest = 3;
/** Within so many messages a deed answers what was said. */
const near = 8;

function candidateIn(note: Note, sentence: Sentence, setting: Setting, scene: Scene): CauseCandidate | null {
  const value = verbatim(note.text, causeSpan(sentence));
  if (value.length < shortest) return null;
  const topic = topicTokens(value);
  const signs = [
    ...formOf(note, sentence, sentence),
    ...setting.signs,
    ...placeSigns(note, scene),
    ...takenUp(note.index, topic, scene),
  ];
  return {
    value,
    cites: [note.index],
    index: note.index,
    state: has(sentence.hits, 'hedge') ? 'suspected' : 'confirmed',
    struckBy: null,
    unpointed: null,
    topic,
    ...weigh('cause', signs, { ...setting, words: sentence.text }),
  };
}

/** What came of it: whoever mends what was said to be broken bears it out. */
function takenUp(at: number, topic: ReadonlySet<string>, scene: Scene): string[] {
  for (let later = at; later <= at + near; later += 1) {
    const deed = scene.deeds.get(later);
    if (deed === undefined || coverage(topicTokens(deed.text), topic) === 0) continue;
    const signs = later > at ? ['a deed speaks of it'] : [];
    if (scene.ended && scene.end >= later && scene.end <= later + near)
      signs.push('a deed on it, and the end');
    return signs;
  }
  return [];
}

/** The clauses that carry the cause: good news, remedies and bare denials around it fall away. */
function causeSpan(sentence: Sentence): Span {
  const span = clauseSpan(
    sentence,
    ({ hits, text }) =>
      !(
        has(hits, 'done', 'noImpact', 'recovered', 'recoveredWeak', 'plan', 'doing', 'retract') &&
        !has(hits, 'causeState', 'causeLink', 'causeRoot', 'causeFound')
      ) && !/^(?:并)?不是/.test(text),
  );
  return span ?? { start: sentence.start, end: sentence.end };
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

/** A root cause that was called one stands: "证书没问题了" after it tells of the repair. */
const isNamed = ({ state, signs }: CauseCandidate): boolean =>
  state === 'confirmed' && signs.includes('causeRoot');

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
      if (candidate.state !== 'denied' && !isNamed(candidate) && coverage(subject, candidate.topic) >= 0.5)
        strike(candidate, 'denied', note);
    }
  }
}

/** A bare confirmation is short, and speaks of what was suspected within so many messages. */
const bare = 24;
const remembered = 12;

/**
 * "实锤，就是这个": a bare confirmation makes a cause of what its speaker said right before, else of the last living guess;
 * both messages are cited.
 */
function settle(candidates: readonly CauseCandidate[], note: Note, sentence: Sentence): void {
  if (
    !has(sentence.hits, 'settled') ||
    has(sentence.hits, 'hedge', 'deny', 'recovered', 'closed', 'falseAlarm') ||
    sentence.text.length > bare
  )
    return;
  const said = candidates.at(-1);
  const own = said?.index === note.index - 1 && said.author !== null && said.author === note.author;
  const meant = own ? said : candidates.findLast(({ state }) => state === 'suspected');
  if (meant === undefined || note.index - meant.index > remembered) return;
  meant.unpointed = { ...meant };
  meant.state = 'confirmed';
  meant.cites = [meant.index, note.index];
  Object.assign(meant, weigh('cause', [...meant.signs, 'confirmed by another'], meant));
}
