import type { DocumentKind, EventOf, EventType, IncidentEvent, Instant } from '../../incident/events.ts';
import { guestOrg } from '../../incident/fold/moments.ts';
import type { OrgClock } from '../../incident/org-clocks.ts';
import type { Language, Moment, Plan } from '../../incident/plan.ts';
import type { Incident } from '../../incident/state.ts';
import { clockTime, dayOf, fullTime } from '../../words/time.ts';
import { type CiteId, type Stated, stated } from '../document.ts';
import type { Summary } from '../message.ts';

/** The three reports have a clock each; the minutes and the joint report have none. */
export type ReportKind = DocumentKind;

/** A message of the room, as far as the reader of the report may see it. `at` in milliseconds since the epoch. */
export interface TalkLine {
  readonly id: string;
  readonly at: Instant;
  readonly author: string;
  readonly org: string;
  readonly text: string;
  /** Said among the people of one organisation alone; only its own report may hold it. */
  readonly own?: boolean;
}

/** Everything a report is made of; nothing else is read, so the same input gives the same document. */
export interface ReportInput {
  readonly incident: Incident;
  readonly events: readonly IncidentEvent[];
  /** As `clocks()` derives them at `now`: each carries its other readings. */
  readonly clocks: readonly OrgClock[];
  readonly talk: readonly TalkLine[];
  readonly names: (person: string) => string;
  readonly orgs: (org: string) => string;
  readonly plan: Plan;
  /** Head of the audit chain; null when the store has none. */
  readonly head: string | null;
  readonly language: Language;
  readonly report: ReportKind;
  /** Whose own report it is. */
  readonly organisation?: string | null;
  /** Nobody has approved it yet: every page says so. */
  readonly draft: boolean;
  readonly now: Instant;
}

/** An event together with its body's exact type. */
export type Recorded<T extends EventType> = IncidentEvent & { readonly body: EventOf<T> };

/** The input with what the sections ask of it again and again. */
export interface Frame extends ReportInput {
  /** What the talk states, for the facts that no event states. */
  readonly heard: Summary;
  /** Messages the talk's facts cite, by index. */
  readonly lines: readonly TalkLine[];
}

export const eventCite = (position: number): CiteId => `E${position}`;
export const talkCite = (id: string): CiteId => `M${id}`;

export const say = (frame: Pick<Frame, 'language'>, zh: string, en: string): string =>
  frame.language === 'zh' ? zh : en;

/** A statement that rests on events. */
export const byEvents = (text: string, ...events: readonly Pick<IncidentEvent, 'position'>[]): Stated =>
  stated(text, ...events.map((event) => eventCite(event.position)));

/** A statement that rests on what was said: indexes into the frame's lines. */
export function byTalk(frame: Frame, text: string, cites: readonly number[]): Stated {
  return stated(
    text,
    ...cites.flatMap((index) => {
      const line = frame.lines[index];
      return line === undefined ? [] : [talkCite(line.id)];
    }),
  );
}

export function eventsOf<T extends EventType>(
  frame: Pick<Frame, 'events'>,
  ...types: readonly T[]
): readonly Recorded<T>[] {
  const wanted: ReadonlySet<string> = new Set(types);
  return frame.events.filter((event): event is Recorded<T> => wanted.has(event.body.type));
}

export const time = (frame: Pick<Frame, 'plan'>, at: Instant): string => fullTime(at, frame.plan.zone);
export const day = (frame: Pick<Frame, 'plan'>, at: Instant): string => dayOf(at, frame.plan.zone);

/** The time of day, with its date when the incident spans several days. */
export function shortTime(frame: Pick<Frame, 'plan' | 'incident'>, at: Instant): string {
  return clockTime(at, frame.plan.zone, frame.incident.moments.reported?.at ?? at);
}

/** ISO 8601 with the offset of the plan's zone at that moment. */
export function isoIn(zone: string, at: Instant): string {
  const wall = fullTime(at, zone).replace(' ', 'T');
  const minutes = Math.round((Date.parse(`${wall}Z`) - Math.floor(at / 1000) * 1000) / 60_000);
  const sign = minutes < 0 ? '-' : '+';
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${wall}${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/** 补录 with its reason, or null for what was recorded as it happened. */
export function lateMark(frame: Frame, event: IncidentEvent): string | null {
  if (event.backdated === null) return null;
  return say(
    frame,
    `补录于 ${shortTime(frame, event.recorded)}：${event.backdated}`,
    `recorded late at ${shortTime(frame, event.recorded)}: ${event.backdated}`,
  );
}

const MOMENT_EVENTS: Readonly<Partial<Record<Moment, EventType>>> = {
  reported: 'IncidentReported',
  'first-contact': 'FirstContactMade',
  dispatched: 'PersonDispatched',
  'on-site': 'PersonArrived',
  'advice-given': 'AdviceGiven',
  'status-updated': 'StatusUpdated',
  restored: 'ServiceRestored',
  resolved: 'IncidentResolved',
};

export interface Ended {
  readonly event: IncidentEvent;
  /** Taken back as wrong; the report prints it struck and nothing is reckoned from it. */
  readonly withdrawn: boolean;
  /** True of an end after which the incident was re-opened: both ends stay in the report. */
  readonly reopened: boolean;
}

/** Every event that stated the moment, in order, with what became of it. */
export function statedMoments(frame: Frame, moment: Moment): readonly Ended[] {
  const type = MOMENT_EVENTS[moment];
  const found: { event: IncidentEvent; withdrawn: boolean; reopened: boolean }[] = [];
  for (const event of frame.events) {
    const { body } = event;
    if (!isOfTheReport(frame, moment, event)) continue;
    if (body.type === type) found.push({ event, withdrawn: false, reopened: false });
    else if (body.type === 'MomentWithdrawn' && body.moment === moment) {
      const last = found.findLast((one) => !one.withdrawn);
      if (last !== undefined) last.withdrawn = true;
    } else if (body.type === 'IncidentReopened' && (moment === 'restored' || moment === 'resolved')) {
      for (const one of found) one.reopened = true;
    }
  }
  return found;
}

/** Where each organisation travels and advises for itself, a report states its own; those that all share state ours. */
function isOfTheReport(frame: Frame, moment: Moment, { body, by }: IncidentEvent): boolean {
  if (moment !== 'dispatched' && moment !== 'on-site' && moment !== 'advice-given') return true;
  const whose = body.type === 'PersonDispatched' ? (body.org ?? by.org) : by.org;
  return guestOrg(frame.incident, whose) === guestOrg(frame.incident, frame.organisation ?? '');
}

/** The event behind a moment that a clock starts or stops on; undefined when it has not come. */
export function momentEvent(frame: Frame, moment: Moment): IncidentEvent | undefined {
  if (moment === 'cause-stated') return eventsOf(frame, 'CauseStated').find((one) => one.body.confirmed);
  if (moment === 'last-tier-engaged') return lastTierEngaged(frame);
  const delivered = /^(service|handling|parts)-report-delivered$/.exec(moment)?.[1];
  if (delivered !== undefined) {
    return eventsOf(frame, 'ReportDelivered').findLast((one) => one.body.report === delivered);
  }
  const position = frame.incident.moments[moment]?.position;
  return frame.events.find((event) => event.position === position);
}

function lastTierEngaged(frame: Frame): IncidentEvent | undefined {
  const last = Math.max(...frame.plan.tiers.map((tier) => tier.tier));
  const pages = new Set(frame.incident.pages.filter((page) => page.tier === last).map((page) => page.id));
  return eventsOf(frame, 'PageAcknowledged').find((event) => pages.has(event.body.page));
}
