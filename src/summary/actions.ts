import { actionSigns, type Cast } from './actions/signs.ts';
import { idle } from './course/detect.ts';
import type { Fact } from './message.ts';
import type { Note, Reading } from './reading.ts';
import { verbatim } from './span.ts';
import { type Clause, clausesOf, has, type Sentence } from './speech.ts';
import { coverage, topicTokens } from './tokens.ts';
import { isFailing } from './trouble.ts';
import { isBelieved, scoreOf, type Weighed } from './trust.ts';

/** Sentences up to this long are shown whole, beyond it the clauses that tell the deed. */
const shortSentence = 44;
const longAction = 160;

/** A deed is told again within a while; comparing it with all that came before would cost more the longer people talk. */
const recent = 40;

/** A clause that may tell a deed, with what speaks for and against it. */
export interface ActionCandidate extends Fact, Weighed {
  author: string | null;
}

/** What was done and what was agreed to do, each as a short verbatim stretch. */
export function actionsOf(reading: Reading): { facts: Fact[]; candidates: ActionCandidate[] } {
  const facts: Fact[] = [];
  const candidates: ActionCandidate[] = [];
  const topics: ReadonlySet<string>[] = [];
  const cast: Cast = { reporter: reporterOf(reading.notes), monologue: reading.monologue };
  for (const note of reading.notes) {
    for (const sentence of note.sentences) {
      const told = deedsIn(sentence, note, cast);
      if (told.length === 0) continue;
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

const nothing: readonly Told[] = [];

function deedsIn(sentence: Sentence, note: Note, cast: Cast): readonly Told[] {
  if (sentence.question) return nothing;
  let told: Told[] | undefined;
  for (const [order, clause] of clausesOf(sentence).entries()) {
    const signs = actionSigns(clause, sentence, note, cast, order);
    if (signs === null) continue;
    told ??= [];
    told.push({
      value: clause.text,
      cites: [note.index],
      author: note.author,
      signs,
      score: scoreOf('action', signs),
      clause,
    });
  }
  return told ?? nothing;
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
