import type { AuthorisationRow } from './authorisation.ts';

/**
 * The part of an emergency plan that the rules read. The plan itself is a YAML file (`plans/`), checked by
 * `src/plan/schema.ts`; the core only knows this shape, so a vendor with another plan brings another file.
 */

export const SEVERITIES = ['blue', 'yellow', 'orange', 'red'] as const;
/** Four levels, low to high (plan L167–175). */
export type Severity = (typeof SEVERITIES)[number];

export type Language = 'zh' | 'en';
/** Words for a person; the plan's own terms stay Chinese, `en` is the gloss. */
export type Words = Readonly<Record<Language, string>>;

/** Facts with a time that clocks start and stop on. Each is set by an event that a person confirmed. */
export const MOMENTS = [
  'reported',
  'first-contact',
  'dispatched',
  'on-site',
  'cause-stated',
  'advice-given',
  'restored',
  'resolved',
  'last-tier-engaged',
  'status-updated',
  'service-report-delivered',
  'handling-report-delivered',
  'parts-report-delivered',
] as const;
export type Moment = (typeof MOMENTS)[number];

export const CLOCK_IDS = [
  'callback',
  'arrival',
  'diagnosis',
  'restore',
  'advice',
  'escalation',
  'status-update',
  'service-report',
  'handling-report',
  'parts-report',
] as const;
/** The plan's clocks. Pages and approvals have deadlines of their own, one per page and per proposal. */
export type ClockId = (typeof CLOCK_IDS)[number];

export type Kind =
  | 'fault'
  | 'go-live'
  | 'consultation'
  | 'early-warning'
  | 'security-patch'
  | 'drill'
  | 'replacement';
/** Who answers for the result: it decides between the restore and the advice clock (plan L19, L74, L76). */
export type Accountability = 'lead' | 'assist';

/** A limit applies when every condition named in it holds; the first that applies wins. Minutes. */
export interface ClockLimit {
  readonly minutes: number;
  readonly severities?: readonly Severity[] | undefined;
  readonly systemDown?: boolean | undefined;
  readonly specialTime?: boolean | undefined;
}

/** One way to read a printed time limit. Remote-only incidents start at `startsRemote` where it is given. */
export interface ClockReading {
  readonly id: string;
  readonly title: Words;
  readonly starts: Moment;
  readonly startsRemote?: Moment | undefined;
  readonly limits: readonly ClockLimit[];
}

export interface ClockRule {
  readonly id: ClockId;
  readonly title: Words;
  /** Where the plan prints it, for example `L74`. */
  readonly line: string;
  readonly stops: Moment;
  /** The first is the default; `chosen` may pick another one for a severity. */
  readonly readings: readonly ClockReading[];
  readonly chosen?: Readonly<Partial<Record<Severity, string>>> | undefined;
  readonly accountability?: Accountability | undefined;
  readonly kinds?: readonly Kind[] | undefined;
  /** The clock starts anew each time it stops, while the incident is unresolved. */
  readonly repeats?: boolean | undefined;
  /** Somebody has to travel for it: it does not run in an incident that is served remotely. */
  readonly onSiteOnly?: boolean | undefined;
  /** The clock no longer matters once this moment is known. */
  readonly endsWith?: Moment | undefined;
  /** Whose it is in a joint war room: everybody's, or each organisation's own (plan L247–310). */
  readonly scope: 'joint' | 'own';
}

export interface LadderReading {
  readonly id: string;
  readonly title: Words;
  readonly line: string;
  readonly from: Moment;
  readonly fromRemote?: Moment | undefined;
  /** Minutes after `from` at which each tier above the first is raised. */
  readonly raise: readonly { readonly tier: number; readonly minutes: number }[];
}

export interface Tier {
  readonly tier: number;
  readonly title: Words;
  readonly line: string;
  /** People told, not asked to act, when the tier is raised (the general manager at tier 3, plan L213). */
  readonly informs?: readonly string[] | undefined;
}

export type Shutdown = 'none' | 'system' | 'system-and-related';

export interface SeverityRule {
  readonly title: Words;
  readonly line: string;
  readonly criteria: Words;
  readonly shutdown: Shutdown;
  /** Leaders supervise and an expert group is formed (督战, 专家团队; plan L195–196). */
  readonly leadership: boolean;
  readonly acknowledgeMinutes: number;
  readonly ladder: string;
}

export const QUESTIONS = [
  'interrupted',
  'data-damaged',
  'data-lost',
  'data-recoverable',
  'economic-loss',
  'whole-network',
  'core-part-replaced',
  'major-upgrade',
  'department-confirms-red',
] as const;
/** The questions whose answers decide the severity (plan L167–175). */
export type Question = (typeof QUESTIONS)[number];

export interface Post {
  readonly id: string;
  readonly title: Words;
  /** One of those that a joint war room has to cover (plan L252). */
  readonly joint: boolean;
  /** What people call it beside its titles. */
  readonly also: readonly string[];
}

export interface Plan {
  readonly id: string;
  /** Digest of the file: an incident keeps the version it began with. */
  readonly version: string;
  readonly title: Words;
  readonly zone: string;
  readonly severities: Readonly<Record<Severity, SeverityRule>>;
  readonly questions: Readonly<
    Record<Question, { readonly title: Words; readonly line: string; readonly first: boolean }>
  >;
  readonly clocks: readonly ClockRule[];
  readonly warnAt: readonly number[];
  readonly tiers: readonly Tier[];
  readonly ladders: readonly LadderReading[];
  readonly paging: { readonly attemptsPerPerson: number };
  readonly approval: { readonly minutes: number; readonly deputiesAfterMinutes: number };
  /** Not printed in the plan: when people are reminded of the review and of corrective actions. Minutes. */
  readonly review: {
    readonly remindMinutes: number;
    /** Before the day a corrective action is due, and again after it each time this long has passed. */
    readonly followUpMinutes: number;
    readonly followUpReminders: number;
  };
  /** A time typed in this many minutes after the fact asks for a reason and is marked in the report. */
  readonly backdating: { readonly minutes: number };
  readonly posts: readonly Post[];
  /** Who may do what: every command stands in one row. */
  readonly authorisation: readonly AuthorisationRow[];
  readonly leadComponents: readonly string[];
  readonly assistComponents: readonly string[];
}

export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
