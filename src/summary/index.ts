import { type ActionCandidate, actionsOf, reporterOf } from './actions.ts';
import { type CauseCandidate, causeOf } from './cause.ts';
import { type Course, courseOf } from './course.ts';
import { type ImpactCandidate, impactOf } from './impact.ts';
import type { Message, Summary } from './message.ts';
import { atItsEnds, read } from './reading.ts';
import { deedsAt, sceneOf } from './scene.ts';
import { mainStrand } from './strands.ts';
import { timelineOf } from './timeline.ts';

export type { Fact, Message, Summary } from './message.ts';

/** A summary with what was considered and set aside, for a reader who asks why. */
export interface Explained {
  summary: Summary;
  /** The message that calls it all a false alarm; null when none does. */
  falseAlarm: number | null;
  candidates: Course['candidates'] & { cause: CauseCandidate[]; impact: ImpactCandidate[] };
  /** What could be said for each fact, with the signs for and against it and their sum. */
  weighed: Course['weighed'] & {
    cause: CauseCandidate[];
    impact: ImpactCandidate[];
    action: ActionCandidate[];
  };
}

/**
 * Finds what the messages state about an incident; a fact that nobody states is null, and every value cites the
 * messages it stands in (indexes into `messages`). Linear in the number of messages; reads nothing but its argument.
 */
export function summarize(messages: readonly Message[]): Summary {
  return explain(messages).summary;
}

export function explain(messages: readonly Message[]): Explained {
  const reading = read(messages);
  const main = { ...reading, notes: mainStrand(reading.notes) };
  const actions = actionsOf(reading);
  const deeds = deedsAt(actions.candidates);
  const reporter = reporterOf(main.notes);
  const course = courseOf(atItsEnds(main), reporter, deeds);
  const scene = sceneOf(main, course, deeds, reporter);
  const cause = causeOf(main, scene);
  const impact = impactOf(main, cause.fact, scene);
  const { started, detected, mitigated, resolved, falseAlarm } = course;
  return {
    summary: {
      started,
      detected,
      mitigated,
      resolved,
      cause: cause.fact,
      impact: falseAlarm === null ? impact.fact : null,
      actions: actions.facts,
      timeline: timelineOf(reading),
    },
    falseAlarm,
    candidates: { ...course.candidates, cause: cause.candidates, impact: impact.candidates },
    weighed: {
      ...course.weighed,
      cause: cause.candidates.filter(({ state }) => state === 'confirmed'),
      impact: impact.candidates,
      action: actions.candidates,
    },
  };
}
