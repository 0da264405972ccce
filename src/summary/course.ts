import { changeBefore, pickStarted, startsOf } from './course/begin.ts';
import { applyCorrection } from './course/correct.ts';
import { detectionsOf, firstTrouble, isAfterwards, opening, pickDetected } from './course/detect.ts';
import { pickEnds, type Recovery, recoveriesOf } from './course/end.ts';
import type { Moment } from './course/moment.ts';
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
  /** What was considered for each, for the reader who wants to know why. */
  candidates: { started: Moment[]; detected: Moment[]; recovered: Recovery[] };
}

/** Follows the incident through the conversation: when it began, was noticed, was relieved and was over. */
export function courseOf(reading: Reading): Course {
  const falseAlarm = falseAlarmIn(reading.notes);
  const starts = startsOf(reading);
  const ends = recoveriesOf(reading);
  const early = pickEnds(ends);
  const finds = detectionsOf(reading, early.mitigated ?? early.resolved);
  const told = [starts, finds, ends].map((list) => list.filter((moment) => moment.stated));
  for (const note of reading.notes) applyCorrection(note, reading.origin, told);
  const { mitigated, resolved } = pickEnds(ends);
  const over = resolved ?? mitigated;
  const afterwards = isAfterwards(reading, over);
  const detected = opening(reading, pickDetected(finds, afterwards)) ?? firstTrouble(reading.notes);
  const started = pickStarted(starts, detected, over) ?? changeBefore(reading.notes, detected);
  const fact = (moment: Moment | null): Fact | null =>
    moment === null ? null : { value: moment.value, cites: moment.cites };
  return {
    started: falseAlarm === null ? fact(started) : null,
    detected: fact(detected),
    mitigated: falseAlarm === null ? fact(mitigated) : null,
    resolved: falseAlarm === null ? fact(resolved) : null,
    falseAlarm,
    candidates: { started: starts, detected: finds, recovered: ends },
  };
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
