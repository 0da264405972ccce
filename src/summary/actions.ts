import { idle } from './course/detect.ts';
import { type Evidence, formOf, type Setting, settingOf, weigh } from './evidence.ts';
import type { Fact } from './message.ts';
import type { Note, Reading } from './reading.ts';
import { bitsOf } from './rules.ts';
import { verbatim } from './span.ts';
import { type Clause, clausesOf, has, hasAny, type Sentence } from './speech.ts';
import { coverage, topicTokens } from './tokens.ts';
import { isFailing } from './trouble.ts';
import { isBelieved } from './trust.ts';

/** Sentences up to this long are shown whole, beyond it the clauses that tell the deed. */
const shortSentence = 44;
const longAction = 160;

/** A deed is told again within a while; comparing it with all that came before would cost more the longer people talk. */
const recent = 40;

/** In long talk a deed has one of these kinds of words. */
const telling = bitsOf(['done', 'doing', 'plan']);

/** "先把池扩到 400 吧": what somebody would do is no deed; whoever takes it up tells it again. */
const isMereProposal = ({ hits, text }: Sentence): boolean =>
  (has(hits, 'propose') || /吧[！!~～]*$/.test(text)) && !has(hits, 'done', 'doing');

/** A clause that may tell a deed, with what speaks for and against it. */
export interface ActionCandidate extends Fact, Evidence {}

/** Who is who, as far as the talk shows: whoever told of the trouble first is seldom the one who mends it. */
interface Cast {
  reporter: string | null;
  monologue: boolean;
}

/** What was done and what was agreed to do, each as a short verbatim stretch. */
export function actionsOf(reading: Reading): { facts: Fact[]; candidates: ActionCandidate[] } {
  const facts: Fact[] = [];
  const candidates: ActionCandidate[] = [];
  const topics: ReadonlySet<string>[] = [];
  const cast: Cast = { reporter: reporterOf(reading.notes), monologue: reading.monologue };
  for (const [order, note] of reading.notes.entries()) {
    for (const sentence of note.sentences) {
      if (sentence.question || isMereProposal(sentence)) continue;
      if (reading.long && !hasAny(sentence.hits, telling)) continue;
      const told = deedsIn(sentence, note, settingOf(reading.notes, order), cast);
      candidates.push(...told);
      const span = spanOf(sentence, told);
      if (span === null) continue;
      const value = verbatim(note.text, span);
      const tokens = topicTokens(value);
      if (value.length < 3 || tokens.size < (value.length > 9 || /\d/.test(value) ? 1 : 2)) continue;
      if (topics.slice(-recent).some((topic) => coverage(tokens, topic) > 0.85)) continue;
      facts.push({ value, cites: [note.index] });
      topics.push(tokens);
    }
  }
  return { facts, candidates };
}

/** Whoever told of the trouble first. */
export function reporterOf(notes: readonly Note[]): string | null {
  for (const note of notes) {
    if (
      (note.index === 0 && !idle.test(note.text.trim())) ||
      note.sentences.some((each) => has(each.hits, 'symptom') || isFailing(each))
    )
      return note.author;
  }
  return null;
}

interface Told extends ActionCandidate {
  clause: Clause;
}

function deedsIn(sentence: Sentence, note: Note, setting: Setting, cast: Cast): readonly Told[] {
  const parts: readonly Clause[] =
    sentence.text.length <= shortSentence ? [wholeOf(sentence)] : clausesOf(sentence);
  return parts.map((clause, order) => ({
    value: clause.text,
    cites: [note.index],
    clause,
    ...weigh('action', [...signsOf(clause, sentence, note, cast, order), ...setting.signs], {
      ...setting,
      words: clause.text,
    }),
  }));
}

const wholeOf = ({ text, hits, failing, start, end }: Sentence): Clause => ({
  start: 0,
  end: end - start,
  text,
  hits,
  failing,
});

function signsOf(clause: Clause, sentence: Sentence, note: Note, cast: Cast, order: number): string[] {
  const signs = formOf(note, sentence, clause);
  if (sentence.item) signs.push('list item');
  if (note.entry) signs.push('entry');
  else if (cast.monologue) signs.push('one author');
  else if (note.author !== null && note.author === cast.reporter) signs.push('by who reported');
  if (isFailing(clause)) signs.push('failing');
  if (order > 0) signs.push('later clause');
  return signs;
}

function spanOf(sentence: Sentence, told: readonly Told[]): { start: number; end: number } | null {
  const first = told.find((each) => isBelieved('action', each))?.clause;
  const last = told.findLast((each) => isBelieved('action', each))?.clause;
  if (first === undefined || last === undefined) return null;
  if (sentence.text.length <= shortSentence && !has(sentence.hits, 'hedge', 'causeRoot'))
    return { start: sentence.start, end: sentence.end };
  const end = last.end - first.start > longAction ? first.end : last.end;
  return { start: sentence.start + first.start, end: sentence.start + end };
}
