import type { Note, Reading } from '../reading.ts';
import { bitsOf } from '../rules.ts';
import { clausesOf, has, hasAny, type Sentence } from '../speech.ts';
import { timesIn } from '../times.ts';
import { isFailing } from '../trouble.ts';
import { type Moment, momentAt, negated, stated } from './moment.ts';

/** What makes an entry more than an event: somebody was there and did, decided or called. */
const reaction =
  /\b(?:decid\w+|decision|investigat\w+|looking into|notic\w+|reali[sz]\w+|asks?|asked|confirm\w*)\b|决定|排查|查看/i;

/** A program that watches speaks up when a figure is out of bounds. */
const watcher = /监控|告警|机器人|alert|monitor|\bbot\b|zabbix|prometheus|grafana|nagios/i;
const outOfBounds = /告警|报警|超过|超出|低于|高于|阈值|firing|critical|threshold/i;
const allClear = /恢复|解除|消除|resolved|\bok\b|正常/i;

const unreal = bitsOf(['conditional', 'plan', 'history']);
const seen = bitsOf(['detect', 'alert']);

/** Everything that tells that somebody knew, in the order it was told. */
export function detectionsOf(reading: Reading, relieved: Moment | null): Moment[] {
  const found: Moment[] = [];
  for (const note of reading.notes) {
    for (const sentence of note.sentences) {
      const moment = detectionIn(sentence, note, reading, relieved);
      if (moment !== null) found.push(moment);
    }
  }
  return found;
}

function detectionIn(
  sentence: Sentence,
  note: Note,
  reading: Reading,
  relieved: Moment | null,
): Moment | null {
  const { hits } = sentence;
  if (sentence.question || hasAny(hits, unreal)) return null;
  const watched =
    watcher.test(note.author ?? '') && outOfBounds.test(sentence.text) && !allClear.test(sentence.text);
  const explicit = watched || hasAny(hits, seen) || (note.entry && isDeclaration(sentence));
  if (explicit) {
    // After the relief people go on to find out things; only who finds the trouble itself detects it.
    const late = relieved !== null && note.anchor !== null && note.anchor.wall > relieved.wall;
    if (late && !tellsTrouble(sentence)) return null;
    const earlier = statedDetection(sentence, note, reading.origin);
    return earlier ?? (note.at === null ? null : momentAt(note, 4));
  }
  if (!tellsTrouble(sentence) && !has(hits, 'onset')) return null;
  if (note.entry && !(isFailing(sentence) && reacted(note))) return null;
  return note.at === null ? null : momentAt(note, 3);
}

/** An incident that is declared is known. */
const isDeclaration = (sentence: Sentence): boolean =>
  has(sentence.hits, 'escalate') && /\bincident\b|应急|事件/i.test(sentence.text);

const reacted = (note: Note): boolean =>
  note.sentences.some(
    (each) => has(each.hits, 'done', 'doing', 'escalate', 'propose') && !has(each.hits, 'deployed'),
  ) || reaction.test(note.text.slice(0, 1000));

/** "客户 8:15 就来电话了": a call that is told later happened when it happened. */
function statedDetection(sentence: Sentence, note: Note, origin: number | null): Moment | null {
  for (const clause of clausesOf(sentence)) {
    if (!has(clause.hits, 'detect', 'alert', 'escalate') || has(clause.hits, 'onset', 'onsetWeak')) continue;
    const times = timesIn(clause.text, note.anchor, origin).filter(
      (time) => !time.dateOnly && !negated(clause.text, time),
    );
    const [first] = times;
    const more = times.slice(1).every((time) => clause.text.slice(first?.end, time.start).length > 12);
    if (first !== undefined && more) return stated(note, first, 4);
  }
  return null;
}

const greeting =
  /^(?:hi|hey|hello|good morning|@\S+|大家好|各位(?:好|早)?|在吗?|急|收到|建群了?|拉群了?)[\s,，。!！all team]*$/i;
const asksHelp = /\b(?:problems?|issues?|help|wrong|strange|odd)\b|问题|帮|看下|看一下|怎么回事/i;

const takingUp =
  /^(?:我|我们)?(?:收到|看到|在看|在查|看看|看一?下|查一?下|马上|这就|来了|哪|什么时候|几点|截图|多久)|\b(?:looking|checking|on it|ack|investigating|taking a look|same here|working on|working to|thx|thanks for (?:the report|reporting|letting)|sorry)\b/i;

const isTakenUp = (first: Note, answer: Note | undefined): boolean =>
  answer !== undefined &&
  !first.sentences[0]?.question &&
  // Whoever goes on to tell of the trouble told of it before.
  (answer.author === first.author ? answer.sentences.some(goesOn) : takingUp.test(answer.text));

const goesOn = (sentence: Sentence): boolean => tellsTrouble(sentence) || has(sentence.hits, 'onset');

const tellsTrouble = (sentence: Sentence): boolean => has(sentence.hits, 'symptom') || isFailing(sentence);

/** Greetings and small talk, by which nobody reports anything. */
export const idle =
  /^(?:谁|哪|什么|几点|怎么|为什么|啥|中午|晚上吃)|^(?:早|早上好|在吗|大家好|各位(?:老师)?(?:早|好)?|收到|好的?|hi|hello|hey|good morning|morning)[\s,，。!！~呀啊]*$/i;
/** "有人能打开合同系统吗", "anybody else?": who asks so has the trouble himself. */
const asksOthers =
  /有(?:没有)?人.{0,12}(?:能|吗|么)|(?:大家|你们|谁)(?:那边|那里)?(?:也|还|能).{0,12}(?:吗|么|\?|？)|\b(?:any(?:one|body) else|is (?:it|the \w+|\w+) down|is something wrong|are there (?:any )?(?:problems|issues))\b/i;

const allWell = /正常|平稳|稳定|没问题|\b(?:normal|fine|stable)\b/i;
const isForeseen = (sentence: Sentence): boolean =>
  has(sentence.hits, 'futureRecovery', 'deployed', 'conditional', 'recovered', 'closed');

/** The first words of a room that are no greeting, and the first question whether others have it too. */
export function openingWords(reading: Reading): Moment[] {
  if (reading.monologue) return [];
  const words = reading.notes.slice(0, 12).filter(({ entry }) => !entry);
  const first = words.find(
    ({ text, sentences }) => !idle.test(text.trim()) && text.length >= 4 && sentences[0]?.question !== true,
  );
  const asking = words.find(({ text }) => asksOthers.test(text));
  return [first, asking].flatMap((note) => {
    if (note !== undefined && (allWell.test(note.text) || note.sentences.some(isForeseen))) return [];
    const moment = note === undefined || note.at === null ? null : momentAt(note, note === asking ? 1 : 0);
    return moment === null ? [] : [moment];
  });
}

/** People come into a room to tell of a trouble: of a conversation its first message is when it was known. */
export function opening(reading: Reading, found: Moment | null): Moment | null {
  const [first] = reading.notes;
  if (first === undefined || first.index !== 0 || first.entry || first.at === null || reading.monologue)
    return found;
  const sentence = first.sentences.find(tellsTrouble) ?? first.sentences[0];
  if (sentence === undefined || greeting.test(first.text) || first.text.length < 6) return found;
  const trouble = tellsTrouble(sentence) || asksHelp.test(first.text);
  if (!trouble && has(sentence.hits, 'done', 'plan', 'deployed', 'propose')) return found;
  if (has(sentence.hits, 'recovered', 'closed', 'conditional')) return found;
  if (!trouble && allWell.test(first.text)) return found;
  const moment = momentAt(first, 2);
  if (moment === null || (found !== null && found.wall <= moment.wall)) return found;
  // Of words that no rule reads, only an answer tells whether they were a report or idle talk.
  const spoken = first.sentences.some((each) => each.hits.length > 0);
  return trouble || spoken || isTakenUp(first, reading.notes[1]) ? moment : found;
}

/** A timeline that names no alarm and no caller: its first line that tells of a trouble is when it was seen. */
export function firstTrouble(notes: readonly Note[]): Moment | null {
  for (const note of notes) {
    if (!note.entry) continue;
    for (const sentence of note.sentences) {
      if (has(sentence.hits, 'recovered', 'recoveredWeak', 'closed', 'partial')) return null;
      if (has(sentence.hits, 'onset', 'hedge', 'plan', 'done', 'history')) continue;
      if (tellsTrouble(sentence)) return momentAt(note, 2);
    }
  }
  return null;
}

/**
 * A notice written when all was over tells of no moment of its own at which somebody knew: only a stated one counts.
 */
export function pickDetected(found: readonly Moment[], afterwards: boolean): Moment | null {
  let best: Moment | null = null;
  for (const moment of found) {
    if (afterwards && !moment.stated) continue;
    if (best === null || moment.wall < best.wall) best = moment;
  }
  return best;
}

/** One author whose first message already knows how it ended. */
export function isAfterwards(reading: Reading, over: Moment | null): boolean {
  const [first] = reading.notes;
  if (!reading.monologue || first === undefined || first.entry || first.anchor === null || over === null)
    return false;
  return over.index === first.index || over.wall <= first.anchor.wall;
}
