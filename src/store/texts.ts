import { z } from 'zod';
import type { EventType, Fact } from '../incident/events.ts';

/** What stands where a text was removed. */
export const REDACTED = '［已删除 redacted］';

/**
 * What people typed, and what names a person: it lies beside the facts, so that it can be removed without
 * breaking the chain. A new event type does not compile until somebody has decided which of it is text.
 * `*` stands for every element or key.
 */
const TEXTS: { readonly [T in EventType]: readonly string[] } = {
  IncidentReported: [
    'title',
    'system.name',
    'intake.caller',
    'intake.number',
    'intake.organisation',
    'intake.since',
  ],
  PlanPinned: [],
  KnowledgePinned: [],
  RoomRequested: [],
  RoomOpened: [],
  OrganisationInvited: [],
  OrganisationRemoved: ['reason'],
  PlaceUnlinked: [],
  PlaceShared: [],
  GuestLinkIssued: [],
  GuestLinkOpened: ['name'],
  GuestLinkRevoked: ['reason'],
  PostNeeded: ['reason'],
  LevelRaised: ['because'],
  LeadHandedOver: ['reason'],
  PersonJoined: ['name'],
  QuestionAnswered: [],
  SeverityProposed: [],
  SeveritySet: ['reason'],
  AccountabilityChosen: ['reason'],
  PersonNotified: [],
  PostVacant: [],
  PersonPaged: ['because'],
  PageAcknowledged: [],
  PageDeclined: ['reason'],
  PageTimedOut: [],
  PageWithdrawn: [],
  PageDelivered: ['delivery.detail'],
  TierRaised: ['because'],
  TierSkipped: [],
  QualificationOverridden: ['reason'],
  PersonDispatched: ['to'],
  FirstContactMade: ['note'],
  PersonArrived: ['note'],
  MomentWithdrawn: ['reason'],
  LogPasted: ['name'],
  FaultDiagnosed: [
    'findings.*.evidence.*.text',
    'findings.*.evidence.*.file',
    'findings.*.facts.*',
    'findings.*.measured.*.zh',
    'findings.*.measured.*.en',
    'findings.*.otherwise.*.check',
    'telling.*.text',
    'similar.*.title',
    'similar.*.cause',
    'similar.*.fixed.*',
  ],
  LogFactAdded: ['fact.text', 'fact.file', 'fact.facts.*'],
  EvidenceCaptured: ['what'],
  CauseStated: ['text'],
  ImpactStated: ['text'],
  ActionProposed: [
    'content.title',
    'content.target',
    'content.impact',
    'content.rollback',
    'content.commands.*',
  ],
  ActionEdited: [
    'content.title',
    'content.target',
    'content.impact',
    'content.rollback',
    'content.commands.*',
  ],
  ActionApproved: ['reason'],
  ActionRejected: ['reason'],
  ActionCarriedOut: ['note'],
  ApprovalReminded: [],
  StatusUpdated: ['text'],
  AdviceGiven: ['text'],
  ServiceRestored: ['note'],
  IncidentResolved: ['note'],
  IncidentReopened: ['reason'],
  IncidentClosed: ['reason'],
  IncidentLinked: [],
  ReportDelivered: ['to'],
  ClockWarned: [],
  ClockBreached: [],
  ClockPaused: ['reason'],
  PauseConfirmed: [],
  ClockResumed: [],
  MessagePinned: ['text', 'author'],
  TimelineEdited: ['edit.text'],
  DocumentDrafted: [],
  DocumentApproved: [],
  DocumentReturned: ['reason'],
  DocumentSent: ['to.*'],
  DocumentMailed: ['to', 'detail'],
  ReviewScheduled: ['where'],
  ReviewReminded: [],
  ReviewHeld: ['attendees.*'],
  LessonNoted: ['text', 'author'],
  FollowUpReminded: [],
  FollowUpDone: ['proof'],
  SatisfactionAsked: [],
  SatisfactionGiven: ['text'],
  FollowUpAdded: ['text', 'owner'],
  KnowledgeDrafted: ['title.zh', 'title.en', 'owner', 'text', 'trial.alarms.*.text'],
  KnowledgeReviewed: ['reason', 'trial.alarms.*.text'],
  KnowledgeWithdrawn: ['reason'],
  RemoteSessionOpened: ['scope'],
  RemoteSessionEnded: [],
  AccessRefused: [],
};

/** The branches of an object on which texts hang; an empty one is the text itself. */
type Branch = Map<string, Branch>;

const BRANCHES: ReadonlyMap<string, Branch> = new Map(
  Object.entries(TEXTS).map(([type, paths]) => [
    type,
    branchOf(['by.name', 'backdated', ...paths.map((path) => `body.${path}`)]),
  ]),
);

function branchOf(paths: readonly string[]): Branch {
  const root: Branch = new Map();
  for (const path of paths) {
    let at = root;
    for (const step of path.split('.')) {
      const next: Branch = at.get(step) ?? new Map();
      at.set(step, next);
      at = next;
    }
  }
  return root;
}

/** A fact as JSON without its texts, and the texts in the order in which they were taken out. */
export function takeTexts(fact: Fact): { readonly facts: string; readonly texts: readonly string[] } {
  const texts: string[] = [];
  const branch = BRANCHES.get(fact.body.type);
  if (!branch) throw new Error(`unknown event type ${fact.body.type}`);
  return { facts: JSON.stringify(take(fact, branch, texts)), texts };
}

function take(value: unknown, branch: Branch, texts: string[]): unknown {
  if (branch.size === 0) {
    if (typeof value !== 'string') return value;
    return { $text: texts.push(value) - 1 };
  }
  if (Array.isArray(value)) {
    const each = branch.get('*');
    return each ? value.map((one) => take(one, each, texts)) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const each = branch.get('*');
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const sub = branch.get(key) ?? each;
      return [key, sub ? take(inner, sub, texts) : inner];
    }),
  );
}

/** The fact whole again; `null` texts were redacted. Where a text goes is told by the facts alone. */
export function putTexts(facts: string, texts: readonly string[] | null): unknown {
  return put(JSON.parse(facts), texts);
}

function put(value: unknown, texts: readonly string[] | null): unknown {
  if (Array.isArray(value)) return value.map((one) => put(one, texts));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === '$text' && typeof only[1] === 'number') {
    return texts === null ? REDACTED : (texts[only[1]] ?? REDACTED);
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, put(inner, texts)]));
}

const textList = z.array(z.string());

export function readTexts(texts: string | null): readonly string[] | null {
  return texts === null ? null : textList.parse(JSON.parse(texts));
}
