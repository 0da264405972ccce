import type { PastIncident, Trial } from './learning.ts';
import type { LogChart, LogFact } from './log-facts.ts';
import type { Accountability, ClockId, Kind, Moment, Question, Severity, Words } from './plan.ts';
import type { Role } from './roles.ts';

export type { LogChart, LogFact } from './log-facts.ts';

/** Milliseconds since the epoch. */
export type Instant = number;

/** Who did it. The bot itself is `BOT`; it never decides what the plan leaves to a person. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly org: string;
}
export const BOT: Actor = { id: 'warroom', name: '战情室', org: 'warroom' };

export const APPROVAL_ROLES = ['emergency-lead', 'system-owner', 'component-owner', 'duty-engineer'] as const;
/** 应急保障负责人, 系统主管, the owner of the component (D), the on-duty engineer (O). */
export type ApprovalRole = (typeof APPROVAL_ROLES)[number];
/** R0 read-only, R1 reversible, R2 disruptive, R3 destructive. */
export type Risk = 'R0' | 'R1' | 'R2' | 'R3';

/** What is to be done, where, what it may cost and how to go back. */
export interface ActionContent {
  readonly step: string | null;
  readonly title: string;
  readonly target: string | null;
  readonly risk: Risk;
  readonly impact: string | null;
  readonly rollback: string | null;
  readonly commands: readonly string[];
  readonly kind: 'step' | 'protective-shutdown' | 'replacement';
  readonly requires: readonly ApprovalRole[];
}

/** Who has to agree: O, S, D and D with S of the knowledge's risk table. */
export type Approver = 'duty' | 'lead+owner' | 'component' | 'component+lead+owner';

export interface AdvisedStep {
  readonly id: string;
  readonly title: Words;
  readonly commands: readonly string[];
  readonly risk: Risk;
  readonly approver: Approver;
  readonly rollback: Words | null;
}

/** A finding as it was shown in the room; the masked excerpt lies in the talk stream. */
export interface DiagnosedFault {
  readonly fault: string;
  readonly title: Words;
  readonly cause: Words;
  /** 0 to 1. */
  readonly confidence: number;
  readonly phase: 'startup' | 'running' | 'unknown';
  /** `line` counts over all that was pasted; `file` and `fileLine` tell the place in an archive of several files. */
  readonly evidence: readonly {
    readonly line: number;
    readonly text: string;
    readonly file?: string;
    readonly fileLine?: number;
  }[];
  /** What was counted over many lines: threads of dumps, pauses of a GC log. */
  readonly measured?: readonly Words[];
  readonly facts: Readonly<Record<string, string>>;
  readonly capture: readonly { readonly title: Words; readonly commands: readonly string[] }[];
  readonly steps: readonly AdvisedStep[];
  readonly ruledOut: readonly Words[];
  readonly mustNot: readonly Words[];
  /** What else it could be, and the check that decides. */
  readonly otherwise?: readonly { readonly because: Words; readonly check: string | null }[];
  /** Every rule that spoke for and against, with its weight and line. */
  readonly reasons?: readonly Words[];
  /** What ends it for good, once the service is back. */
  readonly later?: Words;
}

/**
 * One step of a page's receipt trail: taken by the platform or not, on the phone, seen by somebody (read, or the
 * call was answered), taken and yet never delivered.
 */
export interface Delivery {
  /** The route: the gateway's or platform's name, `email`, `room`. */
  readonly method: string;
  readonly outcome:
    | 'accepted'
    | 'failed'
    | 'possible-duplicate'
    | 'exhausted'
    | 'delivered'
    | 'seen'
    | 'undelivered';
  readonly detail: string;
  /** Since the page fell due. */
  readonly lateMs: number;
}

/** Where the incident is mirrored: (platform, workspace, conversation). */
export interface Place {
  readonly platform: string;
  readonly workspace: string;
  readonly conversation: string;
  readonly language: 'zh' | 'en';
  /** Whose conversation it is. */
  readonly org: string;
  /** `org`: nobody but people of that organisation is in it. Absent: others may read along. */
  readonly audience?: 'org' | undefined;
  /**
   * Made for this incident alone: people are invited into it, and it is archived at the end. `from` is the
   * conversation it was asked for in.
   */
  readonly own?: { readonly name: string; readonly from: string } | undefined;
}

export const DOCUMENTS = ['handling', 'service', 'parts', 'minutes', 'joint', 'vendor'] as const;
/**
 * The three reports of the plan (L130, L136, L198), the minutes of the review, the joint report, and each
 * organisation's own, which nobody else reads.
 */
export type DocumentKind = (typeof DOCUMENTS)[number];

export type LessonSide = 'well' | 'badly' | 'lucky';

/** What a person changed in the compiled timeline; the record beneath stays as it was. */
export type TimelineEdit =
  | { readonly do: 'drop' }
  | { readonly do: 'restore' }
  | { readonly do: 'reword'; readonly text: string }
  /** In front of that entry; null puts it at the end. */
  | { readonly do: 'move'; readonly before: string | null };

type Body =
  | {
      readonly type: 'IncidentReported';
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
    }
  | { readonly type: 'PlanPinned'; readonly plan: string; readonly version: string }
  | { readonly type: 'KnowledgePinned'; readonly version: string }
  /** A room of its own is to be made, on the platform of the place it was asked for in. */
  | { readonly type: 'RoomRequested'; readonly from: Place; readonly name: string }
  /** `because`: why it is not the room of its own that was asked for. */
  | { readonly type: 'RoomOpened'; readonly place: Place; readonly because?: string | undefined }
  /** Another company is in the room from here on. */
  | { readonly type: 'OrganisationInvited'; readonly org: string }
  | { readonly type: 'OrganisationRemoved'; readonly org: string; readonly reason: string }
  /** Nothing of the incident goes to that conversation any more. */
  | { readonly type: 'PlaceUnlinked'; readonly place: Place; readonly because: string }
  /** Somebody of another organisation spoke there: it gets no more than what all may read. */
  | { readonly type: 'PlaceShared'; readonly place: Place }
  /** Somebody of an organisation may come into the web room by a link; its token is no part of the record. */
  | { readonly type: 'GuestLinkIssued'; readonly link: string; readonly org: string; readonly until: Instant }
  /** By whoever came first, under the name they gave; the link belongs to their browser from here on. */
  | { readonly type: 'GuestLinkOpened'; readonly link: string; readonly name: string }
  | { readonly type: 'GuestLinkRevoked'; readonly link: string; readonly reason: string }
  /** Somebody is wanted for a post, from that organisation. */
  | {
      readonly type: 'PostNeeded';
      readonly post: string;
      readonly org: string;
      readonly reason: string | null;
      /** When the levels of its ladder are called while nobody answers, as it stood then. */
      readonly raise: readonly { readonly level: number; readonly minutes: number }[];
    }
  /** An organisation's own ladder goes up; `reached` false: nobody of that level could be called. */
  | {
      readonly type: 'LevelRaised';
      readonly org: string;
      readonly post: string | null;
      readonly level: number;
      readonly because: string;
      readonly reached: boolean;
    }
  /** Another organisation answers for the result from here on (plan L19). */
  | {
      readonly type: 'LeadHandedOver';
      readonly from: string;
      readonly to: string;
      readonly reason: string;
    }
  | {
      readonly type: 'PersonJoined';
      readonly person: string;
      readonly name: string;
      readonly org: string;
      readonly post: string | null;
    }
  | { readonly type: 'QuestionAnswered'; readonly question: Question; readonly answer: boolean }
  | {
      readonly type: 'SeverityProposed';
      readonly severity: Severity;
      readonly because: readonly string[];
      readonly line: string;
    }
  | {
      readonly type: 'SeveritySet';
      readonly severity: Severity;
      readonly from: Severity | null;
      readonly reason: string | null;
    }
  | {
      readonly type: 'AccountabilityChosen';
      readonly accountability: Accountability;
      readonly component: string | null;
      readonly reason: string | null;
    }
  | {
      readonly type: 'PersonNotified';
      readonly notice: string;
      readonly person: string;
      readonly post: string;
      readonly about: string;
    }
  | { readonly type: 'PostVacant'; readonly post: string; readonly about: string }
  | {
      readonly type: 'PersonPaged';
      readonly page: string;
      readonly person: string;
      readonly tier: number | null;
      readonly post: string | null;
      /** Whose contacts and ladder are called, and which level of it; 0 are the contacts. */
      readonly org?: string | undefined;
      readonly level?: number | undefined;
      readonly attempt: number;
      readonly because: string;
      readonly acknowledgeBy: Instant;
      /** Whoever answers it leads from then on. */
      readonly handoff?: true;
    }
  | {
      readonly type: 'PageAcknowledged';
      readonly page: string;
      readonly person: string;
      readonly route: string;
    }
  | { readonly type: 'PageDeclined'; readonly page: string; readonly person: string; readonly reason: string }
  | { readonly type: 'PageTimedOut'; readonly page: string; readonly person: string }
  | {
      readonly type: 'PageWithdrawn';
      readonly page: string;
      readonly person: string;
      readonly because: string;
    }
  | {
      readonly type: 'PageDelivered';
      readonly page: string;
      readonly person: string;
      readonly delivery: Delivery;
    }
  | { readonly type: 'TierRaised'; readonly tier: number; readonly because: string }
  | { readonly type: 'TierSkipped'; readonly tier: number; readonly because: string }
  | {
      readonly type: 'QualificationOverridden';
      readonly person: string;
      readonly missing: readonly string[];
      readonly reason: string;
    }
  | {
      readonly type: 'PersonDispatched';
      readonly person: string;
      readonly to: string | null;
      /** The invited organisation that sends them; absent where it is ours. */
      readonly org?: string | undefined;
    }
  | { readonly type: 'FirstContactMade'; readonly person: string; readonly note: string | null }
  | { readonly type: 'PersonArrived'; readonly person: string; readonly note: string | null }
  | { readonly type: 'MomentWithdrawn'; readonly moment: Moment; readonly reason: string }
  | {
      readonly type: 'LogPasted';
      readonly excerpt: string;
      readonly lines: number;
      readonly name: string | null;
      readonly sha256: string;
      readonly masked: number;
    }
  | {
      readonly type: 'FaultDiagnosed';
      readonly excerpt: string;
      readonly findings: readonly DiagnosedFault[];
      readonly signature: string;
      readonly chart?: LogChart | null;
      /** Of a log that no entry knows: its clearest lines, and what to capture whatever it is. */
      readonly telling?: readonly { readonly line: number; readonly text: string }[];
      readonly capture?: DiagnosedFault['capture'];
      readonly similar?: readonly PastIncident[];
    }
  | {
      readonly type: 'LogFactAdded';
      /** The message that carried the log. */
      readonly excerpt: string;
      /** The zone a person gave for times that the log prints without one; null where nobody knew. */
      readonly zone: string | null;
      readonly fact: LogFact;
    }
  | { readonly type: 'EvidenceCaptured'; readonly what: string }
  | { readonly type: 'CauseStated'; readonly text: string; readonly confirmed: boolean }
  | { readonly type: 'ImpactStated'; readonly text: string }
  | {
      readonly type: 'ActionProposed';
      readonly action: string;
      readonly content: ActionContent;
      readonly priority: boolean;
    }
  | {
      readonly type: 'ActionEdited';
      readonly action: string;
      readonly content: ActionContent;
      readonly voided: readonly string[];
    }
  | {
      readonly type: 'ActionApproved';
      readonly action: string;
      readonly role: ApprovalRole;
      readonly person: string;
      readonly deputyFor: string | null;
      readonly breakGlass: boolean;
      readonly reason: string | null;
    }
  | {
      readonly type: 'ActionRejected';
      readonly action: string;
      readonly role: ApprovalRole | null;
      readonly person: string;
      readonly reason: string;
    }
  | {
      readonly type: 'ActionCarriedOut';
      readonly action: string;
      readonly person: string;
      readonly outcome: 'succeeded' | 'failed';
      readonly note: string | null;
    }
  | {
      readonly type: 'ApprovalReminded';
      readonly action: string;
      readonly people: readonly string[];
      readonly deputies: boolean;
    }
  | { readonly type: 'StatusUpdated'; readonly text: string }
  | { readonly type: 'AdviceGiven'; readonly text: string }
  | { readonly type: 'ServiceRestored'; readonly note: string | null }
  | { readonly type: 'IncidentResolved'; readonly note: string | null }
  | { readonly type: 'IncidentReopened'; readonly reason: string }
  | {
      readonly type: 'IncidentClosed';
      readonly as: 'done' | 'false-alarm' | 'merged';
      readonly into: string | null;
      readonly reason: string | null;
    }
  | { readonly type: 'IncidentLinked'; readonly to: string; readonly relation: 'related' | 'merged-from' }
  | {
      readonly type: 'ReportDelivered';
      readonly report: 'service' | 'handling' | 'parts';
      readonly to: string;
    }
  | {
      readonly type: 'ClockWarned';
      readonly clock: ClockId;
      readonly key: string;
      readonly percent: number;
      readonly deadline: Instant;
    }
  | {
      readonly type: 'ClockBreached';
      readonly clock: ClockId;
      readonly key: string;
      readonly deadline: Instant;
    }
  | { readonly type: 'ClockPaused'; readonly clock: ClockId; readonly reason: string }
  | { readonly type: 'PauseConfirmed'; readonly clock: ClockId; readonly person: string }
  | { readonly type: 'ClockResumed'; readonly clock: ClockId }
  | {
      readonly type: 'MessagePinned';
      readonly message: string;
      readonly text: string;
      readonly author: string;
      readonly saidAt: Instant;
    }
  | { readonly type: 'TimelineEdited'; readonly entry: string; readonly edit: TimelineEdit }
  /** A version was put down; its text lies beside the log under its digest. */
  | {
      readonly type: 'DocumentDrafted';
      readonly document: DocumentKind;
      /** Whose own report it is; absent for those that all share. */
      readonly organisation?: string | undefined;
      readonly version: number;
      readonly sha256: string;
      readonly language: 'zh' | 'en';
    }
  | {
      readonly type: 'DocumentApproved';
      readonly document: DocumentKind;
      /** Whose own report it is; absent for those that all share. */
      readonly organisation?: string | undefined;
      readonly version: number;
    }
  | {
      readonly type: 'DocumentReturned';
      readonly document: DocumentKind;
      /** Whose own report it is; absent for those that all share. */
      readonly organisation?: string | undefined;
      readonly version: number;
      readonly reason: string;
    }
  /** It leaves: to people on the roster, or to addresses. */
  | {
      readonly type: 'DocumentSent';
      readonly document: DocumentKind;
      /** Whose own report it is; absent for those that all share. */
      readonly organisation?: string | undefined;
      readonly version: number;
      readonly to: readonly string[];
    }
  | {
      readonly type: 'DocumentMailed';
      readonly document: DocumentKind;
      /** Whose own report it is; absent for those that all share. */
      readonly organisation?: string | undefined;
      readonly version: number;
      readonly to: string;
      readonly outcome: 'accepted' | 'failed' | 'exhausted';
      readonly detail: string;
    }
  | { readonly type: 'ReviewScheduled'; readonly at: Instant; readonly where: string | null }
  | { readonly type: 'ReviewReminded'; readonly at: Instant }
  | { readonly type: 'ReviewHeld'; readonly attendees: readonly string[] }
  /** Published by the organisation that had collected it for itself. */
  | {
      readonly type: 'LessonNoted';
      readonly text: string;
      readonly side: LessonSide;
      readonly author: string;
      readonly org: string;
    }
  | {
      readonly type: 'FollowUpAdded';
      readonly followUp: string;
      readonly text: string;
      readonly owner: string | null;
      /** As it was typed, and as an instant where it names a day. */
      readonly due: string | null;
      readonly dueAt: Instant | null;
    }
  | {
      readonly type: 'FollowUpReminded';
      readonly followUp: string;
      readonly overdue: boolean;
      /** The owner, where the roster knows them. */
      readonly person: string | null;
    }
  | { readonly type: 'FollowUpDone'; readonly followUp: string; readonly proof: string }
  | { readonly type: 'SatisfactionAsked'; readonly person: string }
  | {
      readonly type: 'SatisfactionGiven';
      readonly person: string;
      readonly score: number;
      readonly text: string | null;
    }
  | {
      readonly type: 'KnowledgeDrafted';
      readonly draft: string;
      readonly revision: number;
      readonly entry: string;
      readonly version: number;
      readonly title: Words;
      readonly owner: string;
      readonly text: string;
      readonly trial: Trial;
    }
  | {
      readonly type: 'KnowledgeReviewed';
      readonly draft: string;
      readonly revision: number;
      readonly entry: string;
      readonly version: number;
      /** `false-alarm`: the reviewer agreed, the stored logs did not. */
      readonly verdict: 'approved' | 'refused' | 'false-alarm';
      readonly reason: string | null;
      readonly trial: Trial;
    }
  | {
      /** Of a learnt entry that was active; no incident is answered by it any more, whatever it began with. */
      readonly type: 'KnowledgeWithdrawn';
      readonly entry: string;
      /** This version and those before it. */
      readonly version: number;
      readonly reason: string;
    }
  | {
      readonly type: 'RemoteSessionOpened';
      readonly session: string;
      readonly scope: string;
      readonly consentBy: string;
      readonly until: Instant;
    }
  | { readonly type: 'RemoteSessionEnded'; readonly session: string }
  /** Somebody asked for what is not theirs; `roles` is what they were then, none for whom the incident does not exist. */
  | {
      readonly type: 'AccessRefused';
      readonly person: string;
      readonly command: string;
      readonly roles: readonly Role[];
    };

export type EventBody = Body;
export type EventType = Body['type'];
export type EventOf<T extends EventType> = Extract<Body, { readonly type: T }>;

/** What `decide` answers with: a fact, who stated it, and both of its times (PLAN "two times"). */
export interface Fact {
  readonly by: Actor;
  /** The role by which they were allowed to; absent for the desk itself, and before the table was kept. */
  readonly as?: Role;
  /** When it happened. */
  readonly occurred: Instant;
  /** When it was written down. */
  readonly recorded: Instant;
  /** Why a time long past was typed in; null when it was recorded as it happened. */
  readonly backdated: string | null;
  /** Ids of the chat messages that carried it. */
  readonly sources: readonly string[];
  readonly body: Body;
}

/** A fact in its place: `position` counts from 1 without gaps within the incident. */
export interface IncidentEvent extends Fact {
  readonly incident: string;
  readonly position: number;
}
