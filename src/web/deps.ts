import type { Button } from '../chat/message.ts';
import type { Inbound, Reply } from '../chat/port.ts';
import {
  type ApprovalRole,
  type DiagnosedFault,
  DOCUMENTS,
  type DocumentKind,
  type Instant,
  type LogChart,
} from '../incident/events.ts';
import type { OrgClock } from '../incident/org-clocks.ts';
import type { Language, Severity } from '../incident/plan.ts';
import type { DocumentVersion, Incident } from '../incident/state.ts';
import type { Side } from '../incident/visibility.ts';
import type { TalkCursor, TalkEntry } from '../store/port.ts';
import type { OidcDoor } from './oidc/door.ts';

/** Somebody who can be in the room. `org` is the id that `Actor` and talk streams carry. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly org: string;
  readonly orgName: string;
  readonly side: Side | null;
  /** What this person is here, in the reader's language, for example `值班工程师`. */
  readonly posts: readonly string[];
}

/** Who looks, and in which language the answer is to be put. */
export interface Reader {
  readonly person: Person;
  readonly language: Language;
  /** The one incident of a guest, by id; absent for people of the roster. */
  readonly only?: string | undefined;
}

export interface RoomSummary {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly system: string | null;
  readonly kind: Incident['kind'];
  readonly severity: Severity | null;
  /** Proposed and not yet confirmed by a person. */
  readonly proposed: Severity | null;
  readonly status: Incident['status'];
  readonly reportedAt: Instant;
  /** The most urgent running or overdue clock; null when none runs. */
  readonly urgent: OrgClock | null;
  readonly openApprovals: number;
  /** Pages that this reader has not answered yet: they head every page the reader looks at. */
  readonly pages: readonly PageForReader[];
}

export interface PageForReader {
  readonly id: string;
  readonly because: string;
  readonly acknowledgeBy: Instant;
  /** Acknowledge, decline. */
  readonly buttons: readonly Button[];
}

export interface PostView {
  readonly key: string;
  readonly title: string;
  /** `told`: notified, not asked to answer (the customer's department head). */
  readonly state: 'filled' | 'paged' | 'told' | 'empty';
  readonly person: { readonly name: string; readonly orgName: string } | null;
  /** Filled or told since, paged at. */
  readonly since: Instant | null;
  readonly acknowledgeBy: Instant | null;
  /** A line more: `第 2 次呼叫`, `处置组现场`, what the post waits for. */
  readonly note: string | null;
  /** The receipt trail of the page behind it: by which route, what became of it, how late. */
  readonly trail?: readonly string[] | undefined;
  readonly buttons: readonly Button[];
}

export interface ApprovalView {
  readonly action: string;
  readonly buttons: readonly Button[];
  readonly due: Instant | null;
  readonly roles: readonly {
    readonly role: ApprovalRole;
    readonly title: string;
    readonly holder: string | null;
    readonly approvedBy: string | null;
    readonly approvedAt: Instant | null;
    readonly breakGlass: boolean;
  }[];
}

export const REPORTS = DOCUMENTS;
export type ReportKind = DocumentKind;
export const REPORT_FORMATS = ['html', 'docx', 'pdf', 'md'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportView {
  readonly report: ReportKind;
  readonly title: string;
  readonly due: Instant | null;
  readonly deliveredAt: Instant | null;
  /** Newest first. */
  readonly versions: readonly {
    readonly version: number;
    readonly at: Instant;
    readonly by: string;
    readonly status: DocumentVersion['status'];
    /** Who approved it, or why it was returned. */
    readonly note: string | null;
    readonly mailedTo: readonly string[];
  }[];
  /** What nobody stated yet, each as the question to answer. */
  readonly openFacts: readonly string[];
  /** Add a fact, send for review, record the delivery. */
  readonly buttons: readonly Button[];
}

/** All that a room shows beside its talk. Names and titles are already in the reader's language. */
export interface RoomView {
  readonly incident: Incident;
  /** The reader's: the joint ones, and those of their organisation. */
  readonly clocks: readonly OrgClock[];
  /** What can be done now, most likely first; it stands under the status and in the composer. */
  readonly next: readonly Button[];
  readonly posts: readonly PostView[];
  /** One for each action of the incident that is proposed, or approved and not yet carried out. */
  readonly approvals: readonly ApprovalView[];
  readonly diagnosis: { readonly at: Instant; readonly findings: readonly DiagnosedFault[] } | null;
  readonly reports: readonly ReportView[];
  /** Who else may read a private note of this reader: the reader's own organisation. */
  readonly privateStream: string;
  /** Names for the ids in talk streams (`joint`, `customer+vendor`, `org:…`). */
  readonly streamTitles: Readonly<Record<string, string>>;
}

export interface TimelineEntry {
  /** Names the entry for good: an event or a message. */
  readonly entry: string;
  /** How people name it. */
  readonly number: string;
  readonly occurred: Instant;
  readonly recorded: Instant;
  readonly by: string;
  readonly text: string;
  /** Why it was typed in late; null when it was recorded as it happened. */
  readonly backdated: string | null;
  readonly tone: 'plain' | 'good' | 'warn' | 'bad';
  /** Left out of the report; offered back here. */
  readonly dropped: boolean;
  /** What stood there before it was reworded. */
  readonly original: string | null;
  /** Reword, move, leave out, restore. */
  readonly buttons: readonly Button[];
}

/** One stretch of the roster, names already in the reader's words. `person: null` is a gap. */
export interface ShiftView {
  readonly from: Instant;
  readonly to: Instant;
  readonly person: string | null;
  /** `elsewhere`: somebody whose organisation is not the reader's business. */
  readonly why: 'turn' | 'override' | 'swap' | 'gap' | 'elsewhere';
}

/** Who is on call, what will hurt within fourteen days, and what one shift leaves to the next. */
export interface OnCallView {
  readonly tiers: readonly {
    readonly title: string;
    readonly person: string | null;
    readonly why: ShiftView['why'];
    readonly until: Instant | null;
    readonly next: string | null;
    readonly shifts: readonly ShiftView[];
    /** The last hand-over, for those whose organisation has the duty; null for everybody else. */
    readonly handover: {
      readonly at: Instant;
      readonly headline: string;
      readonly lines: readonly string[];
    } | null;
    readonly waiting: readonly { readonly by: string; readonly at: Instant; readonly text: string }[];
  }[];
  readonly gaps: readonly { readonly title: string; readonly from: Instant; readonly to: Instant }[];
  readonly doubles: readonly {
    readonly person: string;
    readonly titles: readonly string[];
    readonly from: Instant;
  }[];
}

export interface CommandHint {
  /** What the composer puts in, for example `/应急 到场 `. */
  readonly insert: string;
  /** Every name it answers to, Chinese and English. */
  readonly names: readonly string[];
  readonly about: string;
}

/** Writing broke off: the record is whole, another format or another try may do. */
export type NotWritten = 'not-written';

export interface ReportFile {
  readonly contentType: string;
  readonly filename: string;
  readonly body: Uint8Array | string;
}

/** What somebody dropped into the room. */
export interface StoredFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What the customer sees of an incident before judging it. */
export interface SurveyView {
  readonly code: string;
  readonly title: string;
  readonly system: string | null;
  readonly person: string;
}

export interface SurveyAnswer {
  /** Spends the link; answers with what is wrong in words, null when it was taken. */
  answer(
    given: { readonly score: string; readonly text: string },
    language: Language,
  ): Promise<string | null>;
}

/** What a guest link says to whoever comes with it. */
export interface GuestInvitation {
  readonly target: { readonly incident: string; readonly link: string };
  readonly code: string;
  /** Whose room it is. */
  readonly host: string;
  /** For whose people the link was made. */
  readonly orgName: string;
  readonly until: Instant;
  /** Why it opens nothing now, in words; null when it would. */
  readonly closed: string | null;
  /** Takes it, under a name; answers with what is wrong in words, null when it was taken. */
  open(name: string): Promise<string | null>;
}

/** Somebody who came by a link: one incident, until the link ends. */
export interface Guest {
  readonly incident: string;
  readonly code: string;
  readonly until: Instant;
  readonly person: Person;
}

/** What changed, so that a stream looks again. `incident: null` means anything (the roster, the register). */
export interface Change {
  readonly incident: string | null;
}

/** What the web room needs of the rest of the product; `main.ts` gives it. */
export interface WebDeps {
  readonly now: () => Instant;
  readonly randomId: () => string;
  /** The plan's time zone, for example `Asia/Shanghai`. */
  readonly zone: string;
  /** How people reach this server from outside, when a proxy stands before it; null on the embedded default. */
  readonly publicUrl: string | null;
  /** True on the embedded default: whoever is logged in may act as anyone on the roster, and it says so. */
  readonly switchable: boolean;
  /** Log-in with a company's account; null where one-time links are the door. */
  readonly oidc: OidcDoor | null;
  /** Grants `/metrics` to a collector that sends it as a bearer token; null closes it to all but people. */
  readonly metricsToken: string | null;

  people(language: Language): Promise<readonly Person[]>;
  /** Names of the business systems in the register that are the reader's, for the intake form. */
  systems(reader: Reader): Promise<readonly string[]>;
  commands(language: Language): readonly CommandHint[];

  onCall(reader: Reader): Promise<OnCallView>;

  /** What the reader may see: open ones and those that ended lately, in any order. */
  rooms(reader: Reader): Promise<readonly RoomSummary[]>;
  /** By id or by code; null when there is none or the reader may not see it. */
  room(incident: string, reader: Reader): Promise<RoomView | null>;
  /** What was said after the cursor in the streams the reader may see; everything without one. */
  talk(incident: string, reader: Reader, after: TalkCursor | null): Promise<readonly TalkEntry[]>;
  /** A file that was dropped into talk which the reader may see; null when there is none, or it was taken back. */
  file(incident: string, sha256: string, reader: Reader): Promise<StoredFile | null>;
  timeline(incident: string, reader: Reader): Promise<readonly TimelineEntry[]>;
  /** Errors over time of one log that was diagnosed; null when there is none. */
  chart(incident: string, excerpt: string, reader: Reader): Promise<LogChart | null>;
  report(
    incident: string,
    report: ReportKind,
    format: ReportFormat,
    reader: Reader,
  ): Promise<ReportFile | NotWritten | null>;

  /** What a guest link's token stands for; null for a token that nobody was given. */
  invitation(token: string, language: Language): Promise<GuestInvitation | null>;
  /** Who came by a link; null once it holds no more. */
  guest(link: GuestInvitation['target'], language: Language): Promise<Guest | null>;

  /** What a link asks to be judged; null when it is unknown, used or too old. */
  survey(token: string): Promise<(SurveyView & SurveyAnswer) | null>;

  /** A version that was put down; null when there is none. */
  version(
    incident: string,
    report: ReportKind,
    version: number,
    format: ReportFormat,
    reader: Reader,
  ): Promise<ReportFile | NotWritten | null>;

  /** Typed text, a pressed button, a filled form, a dropped file. */
  receive(inbound: Inbound): Promise<Reply>;
  /** Called after each commit; the listener does no work of its own and never throws. */
  subscribe(listener: (change: Change) => void): () => void;
  /** Wakes the open pages after a session ended: theirs is perhaps the one. */
  ended(): void;

  /** Kept under a name across restarts; sessions and login tokens live here, hashed. */
  getNote(key: string): Promise<string | null>;
  putNote(key: string, value: string | null): Promise<void>;

  /** Writes a fault to the log under the number that the user was shown. */
  failed(number: string, error: unknown): void;
  health(): Promise<{ readonly ok: boolean; readonly detail: Readonly<Record<string, unknown>> }>;
  /** What a gateway says of pages that it took; 403 for whoever does not know its token. */
  deliveryReports(call: {
    readonly gateway: string;
    readonly token: string;
    readonly body: string;
  }): Promise<
    { readonly ok: true; readonly answer: string } | { readonly ok: false; readonly status: 400 | 403 }
  >;
  /** Prometheus text. */
  metrics(): Promise<string>;
}
