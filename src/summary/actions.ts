import { bareDeed, didInEnglish, didSomething, enteredDeed } from './deeds.ts';
import type { Fact } from './message.ts';
import type { Note, Reading } from './reading.ts';
import { verbatim } from './span.ts';
import { type Clause, clausesOf, has, hitOf, type Sentence, type Span } from './speech.ts';
import { coverage, topicTokens } from './tokens.ts';
import { isFailing } from './trouble.ts';

const shortSentence = 44;
const longAction = 160;
/** English names and adjectives that look like verbs need a doer or the head of the entry. */
const latin = /^[^\u0080-\uffff]*$/;
const doer =
  /\b(?:i|we|team|engineers?(?:-\d+)?|he|she|they|[a-z]+-\d+|on-?call|ops|sre|vendor|support)(?:'ve|'s)?\b/i;

/** A deed is told again within a while; comparing it with all that came before would cost more the longer people talk. */
const recent = 40;

/** What was done and what was agreed to do, each as a short verbatim stretch. */
export function actionsOf(reading: Reading): Fact[] {
  const actions: Fact[] = [];
  const topics: ReadonlySet<string>[] = [];
  for (const note of reading.notes) {
    for (const sentence of note.sentences) {
      const span = actionIn(sentence, note, reading.monologue);
      if (span === null) continue;
      const value = verbatim(note.text, span);
      const tokens = topicTokens(value);
      if (value.length < 3 || tokens.size < (value.length > 9 || /\d/.test(value) ? 1 : 2)) continue;
      if (topics.slice(-recent).some((topic) => coverage(tokens, topic) > 0.85)) continue;
      actions.push({ value, cites: [note.index] });
      topics.push(tokens);
    }
  }
  return actions;
}

const finished = /已|了|完/;
const denied = /\b(?:not|never|cannot|should|would)\b|n't\b/i;
/** "After some updates, …", "Thanks for the updates": what was around the deed, and none itself. */
const circumstance = /^(?:after|due to|because of|owing to|thanks|thank you|since) /i;
/** "This clears the cache": the effect of what was done before. */
const aloneStanding = /^(?:this|it|that|which|these|there|how|who|what)\b/i;
/** What notices say of themselves. */
const courtesy =
  /\b(?:(?:provide|post|share) (?:\w+ )?(?:updates?|more)|stay tuned|more information|keep you (?:updated|posted)|we expect|apolog\w+|thank you)\b|敬请谅解|深表歉意|请及时|欢迎/i;
/** "可以提交了", "关了吧": tells how it is, or what shall be, and nothing that was done. */
const noDeedZh =
  /^(?:可以|能|又能|都能|开始)[\u3400-\u9fff]{1,4}了|(?:关|散|撤)了?吧$|就不[\u3400-\u9fff]+了/;
const asking = /谁|什么|哪|怎么|多少|几/;

function actionIn(sentence: Sentence, note: Note, monologue: boolean): Span | null {
  const { hits } = sentence;
  if (sentence.question || has(hits, 'conditional', 'retract', 'notFalseAlarm')) return null;
  if (has(hits, 'reject') && !has(hits, 'plan')) return null;
  const { text } = sentence;
  const spoken = didSomething(text) || didInEnglish(text) || (note.entry && enteredDeed(text));
  if (!has(hits, 'done', 'doing', 'plan') && !spoken && !monologue) return null;
  const clauses = clausesOf(sentence).filter((clause) => acts(clause, note, sentence, monologue));
  const first = clauses[0];
  const last = clauses.at(-1);
  if (first === undefined || last === undefined) return null;
  if (sentence.text.length <= shortSentence && !has(hits, 'hedge', 'causeRoot'))
    return { start: sentence.start, end: sentence.end };
  const end = last.end - first.start > longAction ? first.end : last.end;
  return { start: sentence.start + first.start, end: sentence.start + end };
}

/** "does a rollout which seems to have helped" tells a deed all the same. */
function hedgedFirst(clause: Clause): boolean {
  const hedge = hitOf(clause.hits, 'hedge');
  if (hedge === undefined) return false;
  const deed = hitOf(clause.hits, 'done', 'doing');
  return (
    !enteredDeed(clause.text.slice(0, Math.max(0, hedge.start - clause.start))) &&
    !(deed !== undefined && deed.start < hedge.start)
  );
}

function acts(clause: Clause, note: Note, sentence: Sentence, monologue: boolean): boolean {
  const { hits, text } = clause;
  if (has(hits, 'causeRoot', 'closed') || hedgedFirst(clause)) return false;
  if (circumstance.test(text)) return false;
  const chinese = !latin.test(text);
  if (
    has(hits, 'recovered', 'recoveredInFull', 'partial', 'futureRecovery') &&
    !has(hits, 'done', 'plan', 'doing')
  )
    return false;
  const told = chinese
    ? didSomething(text) || (monologue && bareDeed.test(text))
    : didInEnglish(text) || (note.entry && enteredDeed(text));
  if (!told && !has(hits, 'done', 'doing', 'plan')) return false;
  if (
    has(hits, 'propose', 'approve') &&
    !has(hits, 'plan') &&
    !(finished.test(text) && (told || has(hits, 'done')))
  )
    return false;
  // "三条线都停了": the line stopped, nobody stopped it.
  const befell = isFailing(clause) || has(hits, 'causeLink', 'causeState', 'reopened', 'symptom');
  // "停了" may be a deed or what befell; beside another word of trouble it befell.
  const deed = hits.some((hit) => has([hit], 'done', 'plan', 'doing') && !has([hit], 'symptom'));
  if (chinese && befell && !deed) return false;
  if (chinese) return !noDeedZh.test(text) && (!asking.test(text) || finished.test(text));
  // "checks begin to fail" tells of a trouble; its verb is nobody's deed.
  if (isFailing(clause) && !has(hits, 'done', 'plan')) return false;
  if (told) return !courtesy.test(text);
  if (aloneStanding.test(text) || courtesy.test(text)) return false;
  if (note.entry) return !denied.test(text) && !has(hits, 'onset', 'fails');
  const verb = hitOf(clause.hits, 'done', 'plan', 'doing');
  if (verb === undefined) return false;
  const lead = sentence.text.slice(clause.start, verb.start).trim();
  if (/\b(?:not|never|n't|aren't|isn't|wasn't|weren't)$/i.test(lead)) return false;
  return (
    lead.split(/\s+/).length <= 3 ||
    doer.test(sentence.text.slice(0, verb.start)) ||
    /\b(?:has|have|been|was|were|is|now)\b/.test(
      sentence.text.slice(Math.max(0, verb.start - 14), verb.start),
    )
  );
}
