import type { Directory } from './directory.ts';
import type {
  ActionContent,
  Actor,
  Delivery,
  DiagnosedFault,
  DocumentKind,
  Instant,
  LessonSide,
  LogChart,
  LogFact,
  Place,
  TimelineEdit,
} from './events.ts';
import type { PastIncident, Trial } from './learning.ts';
import type { Accountability, ClockId, Kind, Moment, Plan, Question, Severity, Words } from './plan.ts';

/** A document by its kind, and whose own report it is. */
interface WhichDocument {
  readonly document: DocumentKind;
  readonly organisation?: string | undefined;
}

/** What a person, a clock or a delivery asks of an incident. Imperative; answered with facts or a refusal. */
export type CommandBody =
  | {
      readonly type: 'report';
      readonly code: string;
      readonly kind: Kind;
      readonly title: string;
      readonly system: { readonly id: string | null; readonly name: string | null };
      readonly intake: {
        readonly channel: 'chat' | 'phone' | 'alert' | 'drill';
        readonly caller: string | null;
        readonly number: string | null;
        readonly organisation: string | null;
        readonly since: string | null;
      };
      readonly systemDown: boolean;
      readonly specialTime: boolean;
      readonly remoteOnly: boolean;
      readonly exceptional: boolean;
      readonly place: Place;
      /** A room of its own that is to be made beside `place`. */
      readonly room?: { readonly from: Place; readonly name: string } | undefined;
      readonly knowledge: string;
    }
  | { readonly type: 'open-room'; readonly place: Place; readonly because?: string | undefined }
  | { readonly type: 'invite-organisation'; readonly org: string }
  | { readonly type: 'remove-organisation'; readonly org: string; readonly reason: string }
  | { readonly type: 'unlink-place'; readonly place: Place; readonly because: string }
  | { readonly type: 'share-place'; readonly place: Place }
  | { readonly type: 'issue-guest-link'; readonly org: string; readonly hours: number }
  | { readonly type: 'open-guest-link'; readonly link: string; readonly name: string }
  /** `what`: a link, or an organisation for all of its links. */
  | { readonly type: 'revoke-guest-links'; readonly what: string; readonly reason: string }
  /** Somebody wants to see what there is; nothing is written down unless it is refused. */
  | { readonly type: 'look' }
  | { readonly type: 'join'; readonly post: string | null }
  | { readonly type: 'answer'; readonly answers: Readonly<Partial<Record<Question, boolean>>> }
  | { readonly type: 'set-severity'; readonly severity: Severity; readonly reason: string | null }
  | {
      readonly type: 'choose-accountability';
      readonly accountability: Accountability;
      readonly component: string | null;
      readonly reason: string | null;
    }
  | {
      readonly type: 'page';
      readonly person: string | null;
      readonly tier: number | null;
      readonly post: string | null;
      readonly reason: string | null;
      readonly override: string | null;
    }
  | {
      readonly type: 'need';
      readonly post: string;
      /** Null: whoever holds it, where that is clear. */
      readonly org: string | null;
      readonly reason: string | null;
      readonly override: string | null;
    }
  | { readonly type: 'hand-lead'; readonly to: string; readonly reason: string }
  | {
      readonly type: 'acknowledge';
      readonly page: string | null;
      readonly route: string;
      /** Why somebody may answer first who lacks what the plan asks of the first engineer. */
      readonly override?: string | null;
    }
  | { readonly type: 'take'; readonly override?: string | null }
  | { readonly type: 'decline'; readonly page: string | null; readonly reason: string }
  | { readonly type: 'escalate'; readonly reason: string }
  | {
      readonly type: 'handoff';
      readonly to: string;
      readonly note: string | null;
      readonly override?: string | null;
    }
  | { readonly type: 'dispatch'; readonly person: string | null; readonly to: string | null }
  | { readonly type: 'contact'; readonly note: string | null }
  | { readonly type: 'arrive'; readonly note: string | null }
  | { readonly type: 'withdraw'; readonly moment: Moment; readonly reason: string }
  | {
      readonly type: 'paste-log';
      readonly excerpt: string;
      readonly lines: number;
      readonly name: string | null;
      readonly sha256: string;
      readonly masked: number;
      readonly findings: readonly DiagnosedFault[];
      readonly signature: string;
      readonly chart?: LogChart | null;
      readonly telling?: readonly { readonly line: number; readonly text: string }[];
      readonly capture?: DiagnosedFault['capture'];
      readonly similar?: readonly PastIncident[];
      /** By these the log is found again; they are no part of the record. */
      readonly words?: readonly string[];
    }
  | {
      readonly type: 'add-log-facts';
      readonly excerpt: string;
      readonly zone: string | null;
      readonly facts: readonly LogFact[];
    }
  | { readonly type: 'capture'; readonly what: string }
  | { readonly type: 'state-cause'; readonly text: string; readonly confirmed: boolean }
  | { readonly type: 'state-impact'; readonly text: string }
  | { readonly type: 'propose'; readonly content: ActionContent }
  | { readonly type: 'edit-action'; readonly action: string; readonly content: ActionContent }
  | { readonly type: 'approve'; readonly action: string; readonly breakGlass: string | null }
  | { readonly type: 'reject'; readonly action: string; readonly reason: string }
  | {
      readonly type: 'carry-out';
      readonly action: string;
      readonly outcome: 'succeeded' | 'failed';
      readonly note: string | null;
    }
  | { readonly type: 'update-status'; readonly text: string }
  | { readonly type: 'advise'; readonly text: string }
  | { readonly type: 'restore'; readonly note: string | null }
  | { readonly type: 'resolve'; readonly note: string | null }
  | { readonly type: 'reopen'; readonly reason: string }
  | {
      readonly type: 'close';
      readonly as: 'done' | 'false-alarm' | 'merged';
      readonly into: string | null;
      readonly reason: string | null;
    }
  | { readonly type: 'link'; readonly to: string; readonly relation: 'related' | 'merged-from' }
  | {
      readonly type: 'deliver-report';
      readonly report: 'service' | 'handling' | 'parts';
      readonly to: string;
    }
  | { readonly type: 'pause'; readonly clock: ClockId; readonly reason: string }
  | { readonly type: 'confirm-pause'; readonly clock: ClockId }
  | { readonly type: 'resume'; readonly clock: ClockId }
  | {
      readonly type: 'pin';
      readonly message: string;
      readonly text: string;
      readonly author: string;
      readonly saidAt: Instant;
    }
  | { readonly type: 'edit-timeline'; readonly entry: string; readonly edit: TimelineEdit }
  | {
      readonly type: 'draft-document';
      readonly document: DocumentKind;
      readonly organisation?: string | undefined;
      readonly sha256: string;
      readonly language: 'zh' | 'en';
    }
  | ({ readonly type: 'approve-document' } & WhichDocument)
  | ({ readonly type: 'return-document'; readonly reason: string } & WhichDocument)
  | ({ readonly type: 'send-document'; readonly to: readonly string[] } & WhichDocument)
  | {
      readonly type: 'record-mailing';
      readonly document: DocumentKind;
      readonly organisation?: string | undefined;
      readonly version: number;
      readonly to: string;
      readonly outcome: 'accepted' | 'failed' | 'exhausted';
      readonly detail: string;
    }
  | { readonly type: 'schedule-review'; readonly on: Instant; readonly where: string | null }
  | { readonly type: 'hold-review'; readonly attendees: readonly string[] }
  | {
      readonly type: 'publish-lessons';
      readonly lessons: readonly {
        /** The private message that carried it. */
        readonly message: string;
        readonly author: string;
        readonly side: LessonSide;
        readonly text: string;
      }[];
    }
  | {
      readonly type: 'follow-up';
      readonly text: string;
      readonly owner: string | null;
      readonly due: string | null;
      readonly dueAt: Instant | null;
    }
  | { readonly type: 'finish-follow-up'; readonly followUp: string; readonly proof: string }
  | { readonly type: 'ask-satisfaction'; readonly person: string | null }
  | { readonly type: 'give-satisfaction'; readonly score: number; readonly text: string | null }
  | {
      readonly type: 'draft-knowledge';
      /** The draft that is changed; null for a new one. */
      readonly draft: string | null;
      readonly entry: string;
      readonly version: number;
      readonly title: Words;
      readonly owner: string;
      readonly text: string;
      readonly trial: Trial;
    }
  | {
      readonly type: 'review-knowledge';
      readonly draft: string;
      readonly approve: boolean;
      readonly reason: string | null;
      readonly trial: Trial;
    }
  | {
      readonly type: 'withdraw-knowledge';
      readonly entry: string;
      readonly version: number;
      readonly reason: string;
    }
  | {
      readonly type: 'open-session';
      readonly scope: string;
      readonly consentBy: string;
      readonly until: Instant;
    }
  | { readonly type: 'end-session'; readonly session: string }
  | { readonly type: 'record-delivery'; readonly page: string; readonly delivery: Delivery }
  | { readonly type: 'tick' };

export type CommandType = CommandBody['type'];
export type CommandOf<T extends CommandType> = Extract<CommandBody, { readonly type: T }>;

export interface Command {
  readonly by: Actor;
  /** When it happened, where that is not now. */
  readonly at: Instant | null;
  readonly backdateReason: string | null;
  readonly sources: readonly string[];
  readonly body: CommandBody;
}

/** What the rules may not fetch themselves: the time, fresh ids, the pinned plan, who is who. */
export interface Env {
  readonly now: Instant;
  readonly newId: () => string;
  readonly plan: Plan;
  readonly directory: Directory;
}

/** A refusal is a value: a stable code and its parameters, put into words at the edge. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly params: Readonly<Record<string, string>>;
  /** What is possible now instead. */
  readonly possible: readonly CommandType[];
}

export type RefusalCode =
  | 'no-such-incident'
  | 'not-allowed'
  | 'already-exists'
  | 'wrong-state'
  | 'title-missing'
  | 'severity-unchanged'
  | 'red-needs-person'
  | 'reason-missing'
  | 'backdate-reason-missing'
  | 'time-in-future'
  | 'before-report'
  | 'out-of-order'
  | 'already-recorded'
  | 'nothing-to-withdraw'
  | 'no-open-page'
  | 'unknown-person'
  | 'unknown-organisation'
  | 'not-in-room'
  | 'guest-hours'
  | 'too-many-guests'
  | 'no-such-link'
  | 'link-revoked'
  | 'link-too-old'
  | 'link-used'
  | 'guest-name'
  | 'unreachable-person'
  | 'unqualified'
  | 'no-person-for-post'
  | 'unknown-post'
  | 'which-organisation'
  | 'no-ladder'
  | 'no-higher-level'
  | 'leads-already'
  | 'lead-elsewhere'
  | 'no-higher-tier'
  | 'already-paged'
  | 'no-such-action'
  | 'action-not-open'
  | 'not-an-approver'
  | 'role-already-approved'
  | 'one-person-one-role'
  | 'proposer-one-role'
  | 'approval-missing'
  | 'break-glass-bot'
  | 'cause-missing'
  | 'not-restored'
  | 'no-such-clock'
  | 'clock-not-running'
  | 'already-paused'
  | 'not-paused'
  | 'customer-confirms'
  | 'text-missing'
  | 'merge-target-missing'
  | 'no-such-session'
  | 'no-such-draft'
  | 'draft-not-open'
  | 'second-person'
  | 'knowledge-not-recognised'
  | 'no-such-entry'
  | 'private-note'
  | 'review-in-past'
  | 'own-report'
  | 'document-unchanged'
  | 'document-missing'
  | 'document-approved'
  | 'document-not-approved'
  | 'no-recipient'
  | 'nothing-to-publish'
  | 'no-such-follow-up'
  | 'follow-up-done'
  | 'customer-judges'
  | 'score-out-of-range';

export type Decision =
  | { readonly ok: true; readonly facts: readonly import('./events.ts').Fact[] }
  /** `record`: what is written down although it was refused. */
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      readonly record?: readonly import('./events.ts').Fact[];
    };
