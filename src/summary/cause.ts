import type { Fact } from './message.ts';
import type { Note, Reading } from './reading.ts';
import { lexicon } from './rules.ts';
import { clauseSpan, verbatim } from './span.ts';
import { clausesOf, has, hitOf, type Sentence, type Span } from './speech.ts';
import { coverage, topicTokens } from './tokens.ts';
import { fails } from './trouble.ts';

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
/** Things that break other things. A trouble that is only told as the effect of another trouble explains nothing. */
const mechanism =
  /\b(?:bugs?|chang\w+|deploy\w*|upgrad\w+|updat\w+|releas\w+|config\w*|migrat\w+|expir\w+|limits?|quota|leak\w*|mistake\w*|human|script|attack|ddos|traffic|load|cleanup|maintenance|version\w*|dependenc\w+|space|capacity|resources?|certificates?|certs?|cooling|power|cable|fib(?:er|re)|hardware|firmware|strategy|plugin|regression|reboot|race|locks?|locked|cron|quer(?:y|ies)|index|settings?|timeouts?|parallelism|retr(?:y|ies)|token|credentials?|password|permissions?|policy|rule|record|dns|cache|scripts?|provider|switch|router|links?|overload\w*|memory)\b|[\u3400-\u9fff]*(?:证书|配置|策略|升级|变更|发版|版本|脚本|补丁|驱动|权限|密码|密钥|授权|额度|参数|磁盘|硬盘|内存|连接|泄漏|老化|损|坏|烧|断电|停电|跳闸|攻击|失误|误|漏|忘|没|未|满|超|缺|错|旧|期|被|占|锁|循环|脏数据|缓存|重试|并发|流量|带宽)/i;
const linkBefore =
  /\b(?:due to|because of|because|caused by|triggered by|as a result of|result of|owing to|resulted from|stem(?:s|med) from)\b|由于|因为|缘于/i;
/** Said of how things are in general, and not of what happened. */
const inGeneral =
  /\b(?:often|usually|typically|generally|sometimes|in general|tends? to|normally)\b|一般(?:来说|都|是)|通常|往往|经常/i;
const searching =
  /\b(?:investigat|determin|identify|find|look|search|diagnos|discuss|understand)\w*(?: \w+){0,4} (?:root )?cause|(?:查|找|分析|排查|定位)(?:一下)?原因/i;
const goodEffect =
  /\b(?:caus|mak|made|allow|result|lead|led)\w*\b.{0,160}\b(?:again|correctly|successfully|to succeed|recover\w*|resolved?|normal)\b/i;
/** "This caused an outage": what "this" was stands elsewhere. */
const effectOnly =
  /^(?:this|it|that|which|these)\s+(?:\w+ly\s)?(?:caused|led|leads|resulted|results|prevent\w*|made|makes)\b/i;
const scareQuoted = /\battributed to (?:the )?[^.;]{0,24}['"‘“]/i;
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
  for (const [order, note] of reading.notes.entries()) {
    for (const sentence of note.sentences) {
      if (sentence.question) continue;
      withdraw(candidates, note, sentence);
      const found = candidateIn(note, sentence);
      if (found !== null) candidates.push(found);
      else settle(candidates, note, sentence, reading.notes[order - 1]);
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
  if (has(hits, 'conditional', 'plan', 'reject', 'approve', 'history')) return null;
  if (inGeneral.test(text) || searching.test(text) || scareQuoted.test(text) || effectOnly.test(text))
    return null;
  const marker = hitOf(hits, 'causeRoot') ?? hitOf(hits, 'causeFound');
  const trouble = has(hits, 'symptom', 'causeState') || fails(text, hits) || broken.test(text);
  let weight = 0;
  const unfound = marker !== undefined && /\b(?:not|never|cannot)\s*$/i.test(text.slice(0, marker.start));
  if (marker !== undefined && !unfound) {
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
  if (weight === 0 && has(hits, 'causeLink') && !goodEffect.test(text) && (trouble || blames.test(text)))
    weight = blames.test(text) ? 4 : linkWeight(text);
  if (weight === 0 && isState(text, hits)) weight = 2;
  if (
    weight > 0 &&
    weight < 5 &&
    has(hits, 'closed', 'recovered', 'mitigated', 'partial', 'futureRecovery', 'propose', 'notRecovered')
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

/** "A due to B": 3 when B is a thing that breaks others, else nothing in English and little in Chinese. */
function linkWeight(text: string): number {
  const link = linkBefore.exec(text);
  if (link === null) return 3;
  const told = text.slice(link.index + link[0].length);
  const leads = /[，,]/.test(told) && link.index < 4;
  const comma = told.search(/[，,]/);
  const part = leads ? told.slice(0, comma) : told;
  const effect = leads ? told.slice(comma) : text.slice(0, link.index);
  // "Cleanup because of lost pods" explains what somebody did, and no trouble.
  if (!fails(effect, lexicon().scan(effect)) && !/outage|incident|宕|断|故障/i.test(effect)) return 0;
  if (mechanism.test(part) || broken.test(part)) return 3;
  return /[\u3400-\u9fff]/.test(text) ? 2 : 0;
}

/** A breakage told as it stands; not one that is over, or that an alarm or a caller reports. */
const isState = (text: string, hits: Sentence['hits']): boolean =>
  (has(hits, 'causeState') || (confession.test(text) && !has(hits, 'noImpact'))) &&
  !has(hits, 'alert') &&
  !/\b(?:no longer|not|without|never)\b[^,.;]{0,30}$/i.test(text.slice(0, hits.at(-1)?.start ?? 0));

/** "我们凌晨切过 IP": who runs a part says what was changed in it. */
const confession =
  /我们(?:这边)?(?:昨[天晚夜]|今[天早晨]|凌晨|早上|上午|中午|下午|晚上|夜里|刚才?|前天|周[一二三四五六日末])?[^，。]{0,8}(?:切|改|换|动|升级|调整?|迁移?|删|停|割接)过/;

const seen = /\b(?:reali[sz]e\w*|discover\w*|found that|shows?|showed|reveal\w*|notic\w+)\b/i;

function foundWeight(text: string, hits: Sentence['hits'], note: Note): number {
  // An entry that tells what was seen ("we realized that all pods fail") tells no cause by it.
  const bare =
    note.entry && seen.test(text) && !mechanism.test(text) && !broken.test(text) && !has(hits, 'causeState');
  if (bare && !/\b(?:issue|problem) (?:was|is)\b|\bidentified as\b/i.test(text)) return 0;
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

/** A denial that names nothing means what was last suspected. */
const notThat = /(?:不是|不怪|跟|和)(?:它|这个|那个|这事)(?:没关系|无关)?(?:$|[，,。])|\bnot (?:that|it)\b/i;

/** Denials strike what they speak about; a withdrawal strikes the speaker's own last idea as well. */
function withdraw(candidates: CauseCandidate[], note: Note, sentence: Sentence): void {
  if (has(sentence.hits, 'retract') && ownWords.test(sentence.text)) {
    const own = candidates.findLast(
      (candidate) => candidate.author === note.author && candidate.state !== 'denied',
    );
    if (own !== undefined) own.state = 'retracted';
  }
  if (notThat.test(sentence.text)) {
    const last = candidates.slice(-recent).findLast((candidate) => candidate.state === 'suspected');
    if (last !== undefined && last.author !== note.author) last.state = 'denied';
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
