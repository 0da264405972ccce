import { formOf, type Setting, settingOf, weigh } from './evidence.ts';
import type { Fact } from './message.ts';
import type { Note, Reading } from './reading.ts';
import { likeliest, type Rival } from './rivals.ts';
import { bitsOf } from './rules.ts';
import { placeSigns, type Scene } from './scene.ts';
import { verbatim } from './span.ts';
import { hasAny, type Sentence } from './speech.ts';
import { coverage, topicTokens } from './tokens.ts';

export interface ImpactCandidate extends Fact, Rival {
  topic: ReadonlySet<string>;
}

/** In long talk a harm has one of these kinds of words. */
const telling = bitsOf(['symptom', 'fails', 'impactMark', 'onset', 'alert']);

/** Fewer characters tell no harm. */
const shortest = 4;
/** The share of its words that are told again when a harm is counted anew. */
const sameHarm = 0.4;
/** "85 通电话", "12 %": what was counted. */
const counted =
  /\d[\d,.]*\s*(?:多|余|万|千|百|亿)*\s*(?:笔|户|人次|人|家|位|名|台|条|单|件|起|次|封|份|班|张|项|所|校|列|架|辆|通|车|趟|宗|例|座|个(?!小时|月|星期|工作日|版本)|万元|元|%|％)|\b\d[\d,.]*\s?(?:%|k|m)?\s*(?:percent|of\s+(?:all\s+)?(?:requests|users|customers|traffic|builds|jobs)|users|customers|requests|orders|transactions|tenants|sites|jobs|builds|messages|emails|sessions|accounts|minutes of)\b/i;
/** Somebody outside the machine room is hit. */
const people =
  /用户|客户|业务|窗口|网点|柜面|支行|师生|群众|市民|会员|商户|读者|患者|旅客|企业|\b(?:users?|customers?|people|visitors|clients?|students?|tenants?|merchants?|patients?|we|our|site|website)\b/i;

/** Who or what was hit, and how much: what speaks for it most is the harm, if enough does. */
export function impactOf(
  reading: Reading,
  cause: Fact | null,
  scene: Scene,
): { fact: Fact | null; candidates: ImpactCandidate[] } {
  const candidates: ImpactCandidate[] = [];
  for (const [order, note] of reading.notes.entries()) {
    for (const sentence of note.sentences) {
      if (sentence.question || (reading.long && !hasAny(sentence.hits, telling))) continue;
      const found = candidateIn(note, sentence, settingOf(reading.notes, order), cause, scene);
      if (found !== null) candidates.push(found);
    }
  }
  const { believed } = likeliest('impact', candidates);
  const chosen = believed === null ? null : lastCountOf(believed, candidates);
  return { fact: chosen === null ? null : { value: chosen.value, cites: chosen.cites }, candidates };
}

/** Of the same harm counted again the later count is the better one. */
function lastCountOf(chosen: ImpactCandidate, candidates: readonly ImpactCandidate[]): ImpactCandidate {
  if (!counted.test(chosen.value)) return chosen;
  return (
    candidates.findLast(
      ({ index, value, topic }) =>
        index > chosen.index && counted.test(value) && coverage(chosen.topic, topic) >= sameHarm,
    ) ?? chosen
  );
}

function candidateIn(
  note: Note,
  sentence: Sentence,
  setting: Setting,
  cause: Fact | null,
  scene: Scene,
): ImpactCandidate | null {
  const value = verbatim(note.text, sentence);
  if (value.length < shortest) return null;
  const number = counted.test(value);
  // What was found to be the cause is told once: its own words are not the harm as well, unless the harm is counted.
  if (!number && cause?.cites.includes(note.index) === true && value.includes(cause.value)) return null;
  const signs = [
    ...formOf(note, sentence, sentence),
    ...setting.signs,
    ...placeSigns(note, scene),
    ...(number ? ['a count'] : []),
    ...(people.test(value) ? ['names people'] : []),
    ...(cause === null ? [] : ['cause known']),
    ...(cause?.cites.includes(note.index) === true ? ['beside the cause'] : []),
  ];
  return {
    value,
    cites: [note.index],
    index: note.index,
    topic: topicTokens(value),
    ...weigh('impact', signs, { ...setting, words: sentence.text }),
  };
}
