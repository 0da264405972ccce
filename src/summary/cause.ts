import type { Fact } from './message.ts';
import type { Note, Reading } from './reading.ts';
import { clauseSpan, verbatim } from './span.ts';
import { clausesOf, has, hitOf, type Sentence, type Span } from './speech.ts';
import { coverage, topicTokens } from './tokens.ts';
import { failing } from './trouble.ts';

export interface CauseCandidate {
  value: string;
  cites: number[];
  author: string | null;
  /** 5 named as the root cause, 4 found or confirmed, 3 one thing led to another, 2 a breakage stated, 0 a guess. */
  weight: number;
  state: 'confirmed' | 'suspected' | 'denied' | 'retracted';
  /** What it is about; taken once, because every later denial asks for it. */
  topic: ReadonlySet<string>;
}

const contrast =
  /不是[^，,。；？]{1,40}[，,]\s*(?:而|就)?是|(?:是|为)[^，,。；？]{2,60}[，,]\s*(?:并)?不是|\bnot (?:the |a |an )?[^,.;]{1,60}(?:,|but)/i;
const strongFound =
  /定位到|定位是|查明|实锤|确认是|确认为|证实|identified (?:that|as)|identified (?:\w+ ){1,8}as (?:an?|the)|turn(?:s|ed) out|(?:issue|problem) (?:was|is)(?: that)?|traced|tracked (?:it )?down|narrowed down|determined that|reali[sz]ed|pinpointed|确认了/i;
/** "We have identified the issue and are working on a fix" names nothing. */
const saysNothing =
  /^[\s:：,，.-]*(?:(?:the|an?|this|that|its)\s)?(?:(?:root|underlying|potential|likely|possible)\s)?(?:issue|problem|cause|source|fix|了|到|结果|原因|问题)?[\s,，.了]*(?:$|and\b|has\b|have\b|is being\b|so\b|we\b|with\b|并|正在|已|在处理|后续|稍后)/i;

const broken =
  /满了|没了|空了|坏了|丢了|\b(?:full|failing|exhaust\w*|crash\w*|lock(?:ed|s)?|expired|faulty|defective|dirty|damaged|loose|lacks?|lacked|deleted|removed|missing|incompatible|mismatch\w*|invalid|wrong(?:ly)?|stale|unset|disabled|misconfig\w*|leak\w*|bug|typo|overwrit\w*|overload\w*|quota|unsupported|outdated|not (?:set|renewed|rotated|updated|installed))\b/i;
const blames = /(?:造成|导致|引起|引发|触发|惹|搞|弄)的[了吧啊]?$/;
const ownFault =
  /(?:that'?s|that is|this is|it'?s) on us\b|\b(?:our|my) (?:fault|mistake|bad)\b|怪我|我的锅|我们的锅|是我们(?:的问题|这边)|我这边的问题|是我[干弄]的/i;
/** Who runs the part says what was wrong with it. */
const ownerSays =
  /\b(?:provider|partner|vendor|upstream|isp|supplier|carrier|host(?:er|ing)?)\b[^.;]{0,30}\b(?:reports?|reported|confirms?|confirmed|says|said|told us)\b/i;
const toldWrong =
  /\b(?:did not|didn't|failed|failing|faulty|dirty|broken|misconfig\w*|wrong|expired|cut|damaged|outage|bug)\b/i;
const itsFault =
  /是[^，,。]{2,24}(?:的)?问题$|^确认[，,：:][^。]{0,40}(?:被|把|导致|没(?!有|问题)|漏|误|错了|改)/;
const foundIt = /\bfound (?:it|the (?:problem|issue|cause|culprit))\b/i;

function content(text: string): number {
  return (text.match(/[\u3400-\u9fff]/g)?.length ?? 0) + 2 * (text.match(/[A-Za-z0-9_]{2,}/g)?.length ?? 0);
}

/** The last confirmed cause wins; guesses, denied and withdrawn ones never count. */
export function causeOf(reading: Reading): { fact: Fact | null; candidates: CauseCandidate[] } {
  const candidates: CauseCandidate[] = [];
  for (const note of reading.notes) {
    for (const sentence of note.sentences) {
      if (sentence.question) continue;
      withdraw(candidates, note, sentence);
      const found = candidateIn(note, sentence);
      if (found !== null) candidates.push(found);
      else settle(candidates, note, sentence);
    }
  }
  const standing = candidates.filter((candidate) => candidate.state === 'confirmed');
  const chosen =
    standing.findLast((candidate) => candidate.weight >= 4) ??
    standing.findLast((candidate) => candidate.weight === 3) ??
    standing.findLast((candidate) => candidate.weight === 2);
  return { fact: chosen === undefined ? null : { value: chosen.value, cites: chosen.cites }, candidates };
}

const causeKinds = ['causeRoot', 'causeFound', 'causeLink', 'causeState', 'contrast', 'hedge'] as const;
/** The few words by which a cause is told without any phrase of the rules. */
const mayBlame =
  /不是|[，,]系|怪我|锅|问题$|^确认|on us|fault|mistake|confirm|report|sa(?:id|ys)|told|not (?:the|a)/i;

function candidateIn(note: Note, sentence: Sentence): CauseCandidate | null {
  const { hits, text } = sentence;
  if (!has(hits, ...causeKinds) && !mayBlame.test(text)) return null;
  if (has(hits, 'conditional', 'plan', 'reject', 'approve')) return null;
  const marker = hitOf(hits, 'causeRoot') ?? hitOf(hits, 'causeFound');
  const trouble = has(hits, 'symptom', 'causeState') || failing.test(text) || broken.test(text);
  let weight = 0;
  if (marker !== undefined) {
    const after = text.slice(marker.end);
    const named = !saysNothing.test(after) && content(after) >= 3;
    const root = has([marker], 'causeRoot');
    const before =
      root &&
      content(after) < 3 &&
      content(text.slice(0, marker.start)) >= 4 &&
      /是$|(?:is|was) the$|is$|was$/.test(text.slice(0, marker.start).trim());
    if (named || before) weight = root ? 5 : foundWeight(text, hits, note);
  }
  if (weight === 0 && contrast.test(text) && (trouble || has(hits, 'causeLink') || content(text) >= 14))
    weight = 4;
  if (weight === 0 && itsFault.test(text) && content(text) >= 8) weight = 4;
  if (weight === 0 && ownFault.test(text) && content(text) >= 12) weight = 4;
  if (weight === 0 && ownerSays.test(text) && trouble && !has(hits, 'detect', 'impactMark')) weight = 4;
  if (weight === 0 && ownerSays.test(text) && toldWrong.test(text)) weight = 4;
  if (weight === 0 && has(hits, 'causeLink') && (trouble || blames.test(text)))
    weight = blames.test(text) ? 4 : 3;
  if (weight === 0 && has(hits, 'causeState') && !has(hits, 'alert')) weight = 2;
  if (
    weight > 0 &&
    weight < 5 &&
    has(hits, 'closed', 'recovered', 'futureRecovery', 'propose', 'notRecovered')
  )
    weight = 0;
  const hedged = has(hits, 'hedge');
  if (weight === 0 && !hedged) return null;
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
  };
}

function foundWeight(text: string, hits: Sentence['hits'], note: Note): number {
  if (
    strongFound.test(text) ||
    foundIt.test(text) ||
    ownFault.test(text) ||
    itsFault.test(text) ||
    has(hits, 'causeState', 'causeLink')
  )
    return 4;
  // The writer of a timeline enters what turned out to matter; in a chat "found that" is said of anything.
  return note.entry && broken.test(text) && !has(hits, 'deny') ? 4 : 0;
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

/** Denials strike what they speak about; a withdrawal strikes the speaker's own last idea as well. */
function withdraw(candidates: CauseCandidate[], note: Note, sentence: Sentence): void {
  if (has(sentence.hits, 'retract') && ownWords.test(sentence.text)) {
    const own = candidates.findLast(
      (candidate) => candidate.author === note.author && candidate.state !== 'denied',
    );
    if (own !== undefined) own.state = 'retracted';
  }
  if (!has(sentence.hits, 'deny') || has(sentence.hits, 'hedge')) return;
  for (const clause of clausesOf(sentence)) {
    const denial = hitOf(clause.hits, 'deny');
    if (denial === undefined) continue;
    const subject = topicTokens(
      clause.text.replace(/不是|没问题|没有问题|没关系|无关|排除|那|就|应该|跟|和|问题/g, ' '),
    );
    for (const candidate of candidates.slice(-recent)) {
      if (candidate.state === 'suspected' || candidate.weight < 5) {
        if (coverage(subject, candidate.topic) >= 0.5) candidate.state = 'denied';
      }
    }
  }
}

/** "实锤，就是这个": a bare confirmation makes the last living guess a cause, and both are cited. */
function settle(candidates: CauseCandidate[], note: Note, sentence: Sentence): void {
  if (
    !has(sentence.hits, 'settled') ||
    has(sentence.hits, 'hedge', 'deny', 'recovered', 'closed', 'falseAlarm')
  )
    return;
  if (content(sentence.text) > 12) return;
  const last = candidates.findLast((candidate) => candidate.state === 'suspected');
  if (last === undefined || note.index - (last.cites[0] ?? 0) > 12) return;
  last.state = 'confirmed';
  last.weight = 4;
  last.cites = [...last.cites, note.index];
}
