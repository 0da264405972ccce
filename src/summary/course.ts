import { changeBefore, pickStarted, startsOf } from './course/begin.ts';
import { applyCorrection } from './course/correct.ts';
import {
  detectionsOf,
  firstTrouble,
  isAfterwards,
  opening,
  openingWords,
  pickDetected,
} from './course/detect.ts';
import { pickEnds, type Recovery, recoveriesOf } from './course/end.ts';
import { type Moment, momentAt, negated, stated } from './course/moment.ts';
import { weighMoments, witnessesOf } from './course/signs.ts';
import type { Fact } from './message.ts';
import type { Note, Reading } from './reading.ts';
import { has } from './speech.ts';
import { timesIn } from './times.ts';

export interface Course {
  started: Fact | null;
  detected: Fact | null;
  mitigated: Fact | null;
  resolved: Fact | null;
  /** The message that calls it all a false alarm; null when none does, or one took that back. */
  falseAlarm: number | null;
  /** Positions of the messages by which it was known and over, be they believed or not: what stands around them is judged by it. */
  probable: { known: number; end: number | null };
  /** What was considered for each, for the reader who wants to know why. */
  candidates: { started: Moment[]; detected: Moment[]; recovered: Recovery[] };
  /** The choice for each fact, with what speaks for and against it. */
  weighed: Record<'started' | 'detected' | 'mitigated' | 'resolved', Moment[]>;
}

/** Of long talk so many messages at either end are weighed: it began and ended there. */
const outermost = 100;

/** Follows the incident through the conversation: when it began, was noticed, was relieved and was over. */
export function courseOf(
  reading: Reading,
  reporter: string | null,
  deeds: ReadonlyMap<number, unknown>,
): Course {
  const falseAlarm = falseAlarmIn(reading.notes);
  const starts = startsOf(reading);
  const ends = recoveriesOf(reading, deeds);
  const early = pickEnds(ends);
  const finds = detectionsOf(reading, early.mitigated ?? early.resolved);
  const every = everyMoment(reading);
  const told = [starts, finds, ends, every].map((list) => list.filter((moment) => moment.stated));
  for (const note of reading.notes) applyCorrection(note, reading.origin, told);
  const picked = pickEnds(ends);
  const witnesses = witnessesOf(
    reading,
    reporter,
    deeds,
    ends.filter(({ degree }) => degree === 'lost' || degree === 'again'),
  );
  const afterwards = isAfterwards(reading, picked.resolved ?? picked.mitigated);
  const noticed = opening(reading, pickDetected(finds, afterwards)) ?? firstTrouble(reading.notes);
  const found = withOthers(
    [...finds, ...(noticed === null ? [] : [noticed]), ...openingWords(reading)],
    every,
  );
  const noticing = weighMoments('detected', found, noticed, witnesses, []);
  const known = noticing.believed ?? noticing.likeliest;
  const over = ends.filter(({ degree }) => degree !== 'lost' && degree !== 'again');
  // What somebody thinks or heard from elsewhere neither relieves nor ends; whoever looks for himself says it again.
  const hearsay = new Set(ends.filter(({ degree }) => degree === 'believed').map(({ index }) => index));
  const endings = withOthers(over, every).filter(
    ({ wall, index }) => !hearsay.has(index) && (known === null || wall >= known.wall),
  );
  const reliefs = endings.map((moment) => ({ ...moment }));
  const ending = weighMoments('resolved', endings, picked.resolved, witnesses, [['it was known', known]]);
  const resolved = ending.believed;
  const relieving = reliefs.filter(({ wall }) => resolved === null || wall < resolved.wall);
  const mitigated = weighMoments('mitigated', relieving, picked.mitigated, witnesses, [
    ['it was known', known],
    ['the end', ending.likeliest],
  ]).believed;
  const first = pickStarted(starts, noticed, resolved ?? mitigated) ?? changeBefore(reading.notes, noticed);
  const beginning = withOthers([...starts, ...(first === null ? [] : [first])], every).filter(
    ({ wall }) => resolved === null || wall < resolved.wall,
  );
  const started = weighMoments('started', beginning, first, witnesses, [['it was known', known]]).believed;
  const fact = (moment: Moment | null): Fact | null =>
    moment === null ? null : { value: moment.value, cites: moment.cites };
  return {
    started: falseAlarm === null ? fact(started) : null,
    detected: fact(noticing.believed),
    mitigated: falseAlarm === null ? fact(mitigated) : null,
    resolved: falseAlarm === null ? fact(resolved) : null,
    falseAlarm,
    probable: { known: noticing.likeliest?.index ?? -1, end: ending.likeliest?.index ?? null },
    candidates: {
      started: starts,
      detected: finds,
      recovered: ends,
    },
    weighed: { started: beginning, detected: found, mitigated: relieving, resolved: endings },
  };
}

const outer = <T>(list: readonly T[]): readonly T[] =>
  list.length <= 2 * outermost ? list : [...list.slice(0, outermost), ...list.slice(-outermost)];

/** Every time that is stated and the time of every message: whose words tell a fact shows when they are weighed. */
function everyMoment({ notes, origin }: Reading): Moment[] {
  return outer(notes).flatMap((note) => {
    const own = note.sentences.some(({ question }) => !question) ? momentAt(note, 0) : null;
    const said = note.sentences.flatMap((sentence) =>
      sentence.question
        ? []
        : timesIn(sentence.text, note.anchor, origin)
            .filter((time) => !negated(sentence.text, time))
            .map((time) => ({ ...stated(note, time, 0), words: sentence.text })),
    );
    return [...(own === null ? [] : [own]), ...said];
  });
}

/** What the rules heard, and all other moments: each message and time once. One telling is weighed for several facts. */
function withOthers(heard: readonly Moment[], every: readonly Moment[]): Moment[] {
  const nameOf = ({ index, value }: Moment): string => `${index} ${value}`;
  const named = new Map([...every, ...outer(heard)].map((moment) => [nameOf(moment), moment]));
  return [...named.values()].map((moment) => ({ ...moment })).sort((a, b) => a.index - b.index);
}

function falseAlarmIn(notes: readonly Note[]): number | null {
  let verdict: number | null = null;
  for (const note of notes) {
    for (const sentence of note.sentences) {
      if (sentence.question || has(sentence.hits, 'hedge', 'conditional', 'plan')) continue;
      if (has(sentence.hits, 'notFalseAlarm')) verdict = null;
      else if (has(sentence.hits, 'falseAlarm')) verdict = note.index;
    }
  }
  return verdict;
}
