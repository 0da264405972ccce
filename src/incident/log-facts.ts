import type { Instant } from './events.ts';
import type { Words } from './plan.ts';

/** Hits by minute (as printed) or by lines; one row of counts a fault. */
export interface LogChart {
  readonly unit: 'minute' | 'line';
  readonly from: number;
  readonly step: number;
  readonly series: readonly {
    readonly fault: string;
    readonly title: Words;
    readonly counts: readonly number[];
  }[];
}

/** One thing that a log says happened, put on the timeline by a person (FAULTS F). */
export interface LogFact {
  /** When, where the zone is known; null leaves the printed time to speak for itself. */
  readonly at: Instant | null;
  /** The time as the log prints it. */
  readonly printed: string | null;
  readonly what: Words;
  /** Thread, pool, code, pid and the like. */
  readonly facts: Readonly<Record<string, string>>;
  /** Where it stands. */
  readonly file: string | null;
  readonly line: number;
  readonly text: string;
}
