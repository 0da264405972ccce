import type { Curation } from './curation.ts';
import type {
  ActionContent,
  Actor,
  ApprovalRole,
  Delivery,
  DiagnosedFault,
  DocumentKind,
  Instant,
  Place,
} from './events.ts';
import type { GuestLink } from './guests.ts';
import type { Draft } from './learning.ts';
import type { Accountability, ClockId, Kind, Moment, Question, Severity } from './plan.ts';

export interface MomentMark {
  /** When it occurred. */
  readonly at: Instant;
  /** Position of the event that says so. */
  readonly position: number;
}

export interface Page {
  readonly id: string;
  readonly person: string;
  readonly tier: number | null;
  readonly post: string | null;
  /** The organisation whose contacts and ladder are called; absent for our tiers and for single people. */
  readonly org?: string | undefined;
  /** 0 are the contacts of the post, from 1 the levels of the ladder. */
  readonly level?: number | undefined;
  readonly attempt: number;
  /** Whoever answers it leads from then on. */
  readonly handoff?: true;
  readonly pagedAt: Instant;
  readonly acknowledgeBy: Instant;
  readonly because: string;
  readonly status: 'open' | 'acknowledged' | 'declined' | 'timed-out' | 'withdrawn';
  readonly answeredAt: Instant | null;
  /** Who took or declined the call, themselves or in a colleague's stead, and where they said so. */
  readonly answeredBy?: { readonly person: string; readonly route: string | null };
  /** The receipt trail: which method took it, when, how late. */
  readonly deliveries: readonly (Delivery & { readonly at: Instant })[];
}

export interface Approval {
  readonly role: ApprovalRole;
  readonly person: string;
  readonly deputyFor: string | null;
  readonly breakGlass: boolean;
  readonly reason: string | null;
  readonly at: Instant;
}

export interface Action {
  readonly id: string;
  readonly content: ActionContent;
  readonly priority: boolean;
  readonly proposer: string;
  readonly proposedAt: Instant;
  /** When the present wording was put on the table; editing starts the approval anew. */
  readonly askedAt: Instant;
  readonly approvals: readonly Approval[];
  readonly reminders: number;
  readonly status: 'proposed' | 'approved' | 'rejected' | 'succeeded' | 'failed';
  readonly outcomeNote: string | null;
  readonly doneBy: string | null;
  readonly doneAt: Instant | null;
}

export interface Pause {
  readonly clock: ClockId;
  readonly from: Instant;
  readonly reason: string;
  readonly to: Instant | null;
  /** A pause counts only once the customer's side confirms it. */
  readonly confirmedBy: string | null;
}

export interface TierRecord {
  readonly tier: number;
  readonly raisedAt: Instant;
  readonly skipped: boolean;
  readonly engagedAt: Instant | null;
}

/** A post that somebody asked for, and whose it is (plan L252). */
export interface Need {
  readonly post: string;
  readonly org: string;
  readonly by: string;
  readonly reason: string | null;
  readonly since: Instant;
  /** Minutes after `since` at which the levels of its ladder are called, while nobody answered. */
  readonly raise: readonly { readonly level: number; readonly minutes: number }[];
  readonly answeredAt: Instant | null;
  readonly answeredBy: string | null;
}

/** One level of an organisation's own ladder. */
export interface LevelRecord {
  readonly org: string;
  /** The post it was raised for; null when its people raised it themselves. */
  readonly post: string | null;
  readonly level: number;
  readonly raisedAt: Instant;
  /** False: nobody of that level could be called. */
  readonly reached: boolean;
  readonly engagedAt: Instant | null;
}

export interface Participant {
  readonly person: string;
  readonly name: string;
  readonly org: string;
  readonly post: string | null;
}

export interface DocumentVersion {
  readonly document: DocumentKind;
  /** Whose own report it is; absent for those that all share. */
  readonly organisation?: string | undefined;
  readonly version: number;
  readonly sha256: string;
  readonly language: 'zh' | 'en';
  readonly at: Instant;
  readonly by: string;
  readonly status: 'draft' | 'approved' | 'returned';
  readonly approvedBy: string | null;
  readonly reason: string | null;
  readonly sentTo: readonly string[];
  readonly mailed: readonly {
    readonly to: string;
    readonly outcome: 'accepted' | 'failed' | 'exhausted';
    readonly at: Instant;
    readonly detail: string;
  }[];
}

/** Everything the rules need to know about an incident that exists. */
export interface Incident {
  readonly id: string;
  /** `open` until the service is back, `restored` until the cause is repaired, then `resolved`, then `closed`. */
  readonly status: 'open' | 'restored' | 'resolved' | 'closed';
  readonly closedAs: 'done' | 'false-alarm' | 'merged' | null;
  readonly version: number;
  readonly code: string;
  readonly title: string;
  readonly kind: Kind;
  readonly system: { readonly id: string | null; readonly name: string | null };
  readonly intake: {
    readonly channel: 'chat' | 'phone' | 'alert' | 'drill';
    readonly caller: string | null;
    readonly number: string | null;
    readonly organisation: string | null;
    readonly since: string | null;
  };
  readonly reporter: Actor;
  readonly systemDown: boolean;
  readonly specialTime: boolean;
  readonly remoteOnly: boolean;
  readonly exceptional: boolean;
  readonly pinned: { readonly plan: string; readonly planVersion: string; readonly knowledge: string | null };
  readonly severity: Severity | null;
  readonly proposed: {
    readonly severity: Severity;
    readonly because: readonly string[];
    readonly line: string;
  } | null;
  readonly answers: Readonly<Partial<Record<Question, boolean>>>;
  readonly accountability: Accountability;
  readonly component: string | null;
  readonly moments: Readonly<Partial<Record<Moment, MomentMark>>>;
  readonly places: readonly Place[];
  readonly participants: readonly Participant[];
  /** Companies that were invited beside the customer and us, with those that were removed again. */
  readonly organisations: readonly {
    readonly org: string;
    readonly since: Instant;
    readonly invitedBy: string;
    readonly removedAt: Instant | null;
  }[];
  /** Links into the web room, oldest first. */
  readonly guests: readonly GuestLink[];
  /** Posts that were asked for, oldest first. */
  readonly needs: readonly Need[];
  readonly levels: readonly LevelRecord[];
  /** The accountable organisation after a hand-over; null while it is ours. */
  readonly lead: string | null;
  /** What the people of each invited organisation did, and when; ours stands in `moments`. */
  readonly orgMoments: Readonly<Record<string, Readonly<Partial<Record<Moment, MomentMark>>>>>;
  readonly notified: readonly { readonly person: string; readonly post: string; readonly at: Instant }[];
  readonly vacantPosts: readonly string[];
  readonly pages: readonly Page[];
  readonly tiers: readonly TierRecord[];
  readonly actions: readonly Action[];
  readonly pauses: readonly Pause[];
  /** Thresholds that have been announced, as `clockKey:percent`. */
  readonly fired: readonly string[];
  readonly diagnoses: readonly {
    readonly excerpt: string;
    readonly at: Instant;
    readonly position: number;
    readonly findings: readonly DiagnosedFault[];
    readonly signature: string;
    /** A person put its facts on the timeline. */
    readonly onTimeline?: boolean;
  }[];
  readonly captured: readonly string[];
  readonly cause: { readonly text: string; readonly confirmed: boolean; readonly position: number } | null;
  readonly impact: { readonly text: string; readonly position: number } | null;
  readonly followUps: readonly {
    readonly id: string;
    readonly text: string;
    readonly owner: string | null;
    readonly due: string | null;
    readonly dueAt: Instant | null;
    readonly reminders: number;
    readonly remindedAt: Instant | null;
    /** What shows that it was done; null while it is open. */
    readonly proof: string | null;
  }[];
  /** Every version of every document, oldest first. */
  readonly documents: readonly DocumentVersion[];
  readonly review: {
    readonly at: Instant;
    readonly where: string | null;
    readonly reminded: boolean;
    readonly heldAt: Instant | null;
  } | null;
  /** The customer's judgement, 1 to 5; the last one counts. */
  readonly satisfaction: {
    readonly person: string;
    readonly score: number;
    readonly text: string | null;
  } | null;
  readonly sessions: readonly {
    readonly id: string;
    readonly scope: string;
    readonly consentBy: string;
    readonly until: Instant;
    readonly ended: boolean;
  }[];
  /** The compiled timeline as people edited it, by entry. */
  readonly curation: Curation;
  /** What this incident taught, on its way into the knowledge. */
  readonly drafts: readonly Draft[];
  readonly links: readonly { readonly to: string; readonly relation: 'related' | 'merged-from' }[];
  readonly mergedInto: string | null;
  /** What was refused of late, once for each person and command. */
  readonly refused: readonly { readonly person: string; readonly command: string; readonly at: Instant }[];
}

/** What a snapshot of an older program may lack: it knew of no such thing, so there was none. */
export const SINCE_ADDED: Pick<
  Incident,
  'organisations' | 'guests' | 'refused' | 'needs' | 'levels' | 'lead' | 'orgMoments'
> = { organisations: [], guests: [], refused: [], needs: [], levels: [], lead: null, orgMoments: {} };

/** `null` is the incident that does not exist yet. */
export type State = Incident | null;

export function isOver(incident: Incident): boolean {
  return incident.status === 'resolved' || incident.status === 'closed';
}
