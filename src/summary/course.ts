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
  falseAlarm: boolean;
  /** What was considered for each, for the reader who wants to know why. */
  candidates: { started: Moment[]; detected: Moment[]; recovered: Recovery[] };
}

/** Follows the incident through the conversation: when it began, was noticed, was relieved and was over. */
export function courseOf(reading: Reading): Course {
  const falseAlarm = isFalseAlarm(reading.notes);
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
    started: falseAlarm ? null : fact(started),
    detected: fact(detected),
    mitigated: falseAlarm ? null : fact(mitigated),
    resolved: falseAlarm ? null : fact(resolved),
    falseAlarm,
    candidates: { started: starts, detected: finds, recovered: ends },
  };
}

function isFalseAlarm(notes: readonly Note[]): boolean {
  let verdict = false;
  for (const note of notes) {
    for (const sentence of note.sentences) {
      if (sentence.question || has(sentence.hits, 'hedge', 'conditional', 'plan')) continue;
      if (has(sentence.hits, 'notFalseAlarm')) verdict = false;
      else if (has(sentence.hits, 'falseAlarm')) verdict = true;
    }
  }
  return verdict;
}
