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
import type { Moment } from './course/moment.ts';
import { weighMoments, witnessesOf } from './course/signs.ts';
import type { Fact } from './message.ts';
import type { Note, Reading } from './reading.ts';
import { has } from './speech.ts';

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

/** So many of the last words on the end are weighed: what was told long before them is not it. */
const latest = 100;

/** Of what only some have, or what a stop-gap brought, nobody says that it is over. */
const whole: ReadonlySet<Recovery['degree']> = new Set(['hinted', 'believed', 'recovered', 'full', 'closed']);

/** Follows the incident through the conversation: when it began, was noticed, was relieved and was over. */
export function courseOf(
  reading: Reading,
  reporter: string | null,
  deeds: ReadonlyMap<number, unknown>,
): Course {
  const falseAlarm = falseAlarmIn(reading.notes);
  const starts = startsOf(reading);
  const ends = recoveriesOf(reading);
  const early = pickEnds(ends);
  const finds = detectionsOf(reading, early.mitigated ?? early.resolved);
  const told = [starts, finds, ends].map((list) => list.filter((moment) => moment.stated));
  for (const note of reading.notes) applyCorrection(note, reading.origin, told);
  const picked = pickEnds(ends);
  const witnesses = witnessesOf(
    reading,
    reporter,
    deeds,
    ends.filter(({ degree }) => degree === 'lost' || degree === 'again'),
  );
  const lastReturn = witnesses.returns.at(-1)?.index ?? -1;
  const over = ends
    .slice(-latest)
    .filter(
      ({ degree, value, index }) =>
        whole.has(degree) &&
        index > lastReturn &&
        (degree !== 'believed' || value === picked.resolved?.value),
    );
  const resolvable = copiesOf(over);
  const ending = weighMoments('resolved', resolvable, picked.resolved, witnesses);
  const resolved = ending.believed;
  // The word of who waited for it may come after the word of who mended it: then that was the relief.
  const eased =
    picked.mitigated ??
    (picked.resolved !== null && resolved !== null && picked.resolved.wall < resolved.wall
      ? picked.resolved
      : null);
  // That somebody thinks it is over brings no relief.
  const believedOnly = ends.some((each) => each.value === eased?.value && each.degree === 'believed');
  const relieved = eased === null || believedOnly ? [] : copiesOf([eased]);
  const relief = weighMoments('mitigated', relieved, eased, witnesses).believed;
  const mitigated = relief !== null && (resolved === null || relief.wall < resolved.wall) ? relief : null;
  const end = resolved ?? mitigated;
  const afterwards = isAfterwards(reading, picked.resolved ?? picked.mitigated);
  const noticed = opening(reading, pickDetected(finds, afterwards)) ?? firstTrouble(reading.notes);
  const found = [...new Set([...(noticed === null ? [] : [noticed]), ...openingWords(reading)])];
  const noticing = weighMoments('detected', found, noticed, witnesses);
  const first = pickStarted(starts, noticed, end) ?? changeBefore(reading.notes, noticed);
  const begun = first === null ? [] : copiesOf([first]);
  const started = weighMoments('started', begun, first, witnesses).believed;
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
    weighed: { started: begun, detected: found, mitigated: relieved, resolved: resolvable },
  };
}

/** One telling may be weighed for two facts. */
const copiesOf = <T extends Moment>(told: readonly T[]): T[] => told.map((each) => ({ ...each }));

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
