import type { Words } from './plan.ts';

/** A past incident that said nearly the same, as it was shown in the room. */
export interface PastIncident {
  readonly code: string;
  readonly title: string;
  /** 0 to 1. */
  readonly score: number;
  readonly cause: string | null;
  /** Titles of the actions that succeeded. */
  readonly fixed: readonly string[];
}

/** How a drafted entry did on every stored log and on the samples of the knowledge. */
export interface Trial {
  /** What it makes of the log that it was learnt from, 0 to 1. */
  readonly confidence: number;
  readonly excerpts: number;
  readonly samples: number;
  /** What it takes for its fault and is not. */
  readonly alarms: readonly Alarm[];
  /** Incidents whose log has the same signature, or that are linked: it finds these too, rightly. */
  readonly also: readonly string[];
}

export interface Alarm {
  /** Code of an incident, or `file:line` of a sample. */
  readonly where: string;
  readonly line: number;
  readonly text: string;
}

/** An entry on its way into the knowledge; each change is a new revision, tried and reviewed anew. */
export interface Draft {
  readonly id: string;
  readonly revision: number;
  readonly entry: string;
  readonly version: number;
  readonly title: Words;
  readonly owner: string;
  /** YAML. */
  readonly text: string;
  readonly trial: Trial;
  /** Everybody who wrote at any revision. */
  readonly authors: readonly string[];
  readonly status: 'drafted' | 'approved' | 'refused' | 'false-alarm' | 'withdrawn';
  readonly reviewer: string | null;
  readonly reason: string | null;
}

/** What was asked of a draft; the fields come from a form. */
export type Lesson =
  | { readonly do: 'form'; readonly draft: string | null }
  | { readonly do: 'draft'; readonly draft: string | null; readonly fields: Readonly<Record<string, string>> }
  /** An entry that another site has exported. */
  | { readonly do: 'carry'; readonly text: string }
  /** By the entry's name or by the draft's id in the incident that taught it. */
  | { readonly do: 'withdraw'; readonly name: string; readonly reason: string }
  | {
      readonly do: 'review';
      readonly draft: string;
      readonly approve: boolean;
      readonly reason: string | null;
    };
