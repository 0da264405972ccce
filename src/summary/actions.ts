import type { Fact } from './message.ts';
import type { Note, Reading } from './reading.ts';
import { verbatim } from './span.ts';
import { clausesOf, has, type Sentence, type Span } from './speech.ts';
import { coverage, topicTokens } from './tokens.ts';

const shortSentence = 44;
const longAction = 160;
/** English names and adjectives that look like verbs need a doer or the head of the entry. */
const latin = /^[^\u0080-\uffff]*$/;
const doer =
  /\b(?:i|we|team|engineers?(?:-\d+)?|he|she|they|[a-z]+-\d+|on-?call|ops|sre|vendor|support)(?:'ve|'s)?\b/i;

/** What was done and what was agreed to do, each as a short verbatim stretch. */
export function actionsOf(reading: Reading): Fact[] {
  const actions: Fact[] = [];
  for (const note of reading.notes) {
    for (const sentence of note.sentences) {
      const span = actionIn(sentence, note);
      if (span === null) continue;
      const value = verbatim(note.text, span);
      const tokens = topicTokens(value);
      if (value.length < 3 || tokens.size < 2) continue;
      const again = actions.find((action) => coverage(tokens, topicTokens(action.value)) > 0.85);
      if (again === undefined) actions.push({ value, cites: [note.index] });
    }
  }
  return actions;
}

function actionIn(sentence: Sentence, note: Note): Span | null {
  const { hits } = sentence;
  if (sentence.question || has(hits, 'conditional', 'hedge', 'reject', 'retract', 'notFalseAlarm'))
    return null;
  if (!has(hits, 'done', 'doing', 'plan')) return null;
  if (has(hits, 'propose') && !has(hits, 'plan') && !(has(hits, 'done') && /已|了|完/.test(sentence.text)))
    return null;
  const clauses = clausesOf(sentence).filter((clause) => acts(clause, note, sentence));
  const first = clauses[0];
  const last = clauses.at(-1);
  if (first === undefined || last === undefined) return null;
  if (sentence.text.length <= shortSentence) return { start: sentence.start, end: sentence.end };
  const end = last.end - first.start > longAction ? first.end : last.end;
  return { start: sentence.start + first.start, end: sentence.start + end };
}

function acts(clause: ReturnType<typeof clausesOf>[number], note: Note, sentence: Sentence): boolean {
  if (!has(clause.hits, 'done', 'doing', 'plan')) return false;
  if (!latin.test(clause.text)) return true;
  if (note.entry) return true;
  const verb = clause.hits.find((hit) =>
    hit.meanings.some(
      (meaning) => meaning.kind === 'done' || meaning.kind === 'plan' || meaning.kind === 'doing',
    ),
  );
  if (verb === undefined) return false;
  return (
    verb.start <= clause.start + 4 ||
    doer.test(sentence.text.slice(0, verb.start)) ||
    /\b(?:has|have|been|was|were|is|now)\b/.test(
      sentence.text.slice(Math.max(0, verb.start - 14), verb.start),
    )
  );
}
