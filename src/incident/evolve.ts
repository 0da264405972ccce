import { edited } from './curation.ts';
import type { DocumentKind, EventOf, IncidentEvent } from './events.ts';
import { thresholdKey } from './fired.ts';
import type { Draft } from './learning.ts';
import type { Moment } from './plan.ts';
import type { Action, DocumentVersion, Incident, MomentMark, Page, State } from './state.ts';

/** Folds one event into the state. Total: an event once accepted is never refused again. */
export function evolve(state: State, event: IncidentEvent): Incident {
  const next = state === null ? begin(event) : apply(state, event);
  return { ...next, version: event.position };
}

export function fold(events: readonly IncidentEvent[]): State {
  return events.reduce<State>(evolve, null);
}

function begin(event: IncidentEvent): Incident {
  const { body } = event;
  if (body.type !== 'IncidentReported') {
    throw new Error(`corrupt-log: incident ${event.incident} begins with ${body.type}`);
  }
  return {
    id: event.incident,
    status: 'open',
    closedAs: null,
    version: event.position,
    code: body.code,
    title: body.title,
    kind: body.kind,
    system: body.system,
    intake: body.intake,
    reporter: event.by,
    systemDown: body.systemDown,
    specialTime: body.specialTime,
    remoteOnly: body.remoteOnly,
    exceptional: body.exceptional,
    pinned: { plan: '', planVersion: '', knowledge: null },
    severity: null,
    proposed: null,
    answers: {},
    accountability: 'lead',
    component: null,
    moments: { reported: { at: event.occurred, position: event.position } },
    places: [],
    participants: [],
    notified: [],
    vacantPosts: [],
    pages: [],
    tiers: [],
    actions: [],
    pauses: [],
    fired: [],
    diagnoses: [],
    captured: [],
    cause: null,
    impact: null,
    followUps: [],
    sessions: [],
    documents: [],
    review: null,
    satisfaction: null,
    curation: {},
    drafts: [],
    links: [],
    mergedInto: null,
  };
}

function apply(state: Incident, event: IncidentEvent): Incident {
  const { body } = event;
  switch (body.type) {
    case 'IncidentReported':
      throw new Error(`corrupt-log: incident ${event.incident} reported twice`);
    case 'PlanPinned':
      return { ...state, pinned: { ...state.pinned, plan: body.plan, planVersion: body.version } };
    case 'KnowledgePinned':
      return { ...state, pinned: { ...state.pinned, knowledge: body.version } };
    case 'RoomOpened':
      return { ...state, places: [...state.places, body.place] };
    case 'PersonJoined':
      return {
        ...state,
        participants: [
          ...state.participants.filter((one) => one.person !== body.person),
          { person: body.person, name: body.name, org: body.org, post: body.post },
        ],
      };
    case 'QuestionAnswered':
      return { ...state, answers: { ...state.answers, [body.question]: body.answer } };
    case 'SeverityProposed':
      return { ...state, proposed: { severity: body.severity, because: body.because, line: body.line } };
    case 'SeveritySet':
      return { ...state, severity: body.severity };
    case 'AccountabilityChosen':
      return { ...state, accountability: body.accountability, component: body.component };
    case 'PersonNotified':
      return {
        ...state,
        notified: [...state.notified, { person: body.person, post: body.post, at: event.occurred }],
      };
    case 'PostVacant':
      return { ...state, vacantPosts: [...new Set([...state.vacantPosts, body.post])] };
    case 'PersonPaged':
      return { ...state, pages: [...state.pages, openPage(body, event)] };
    case 'PageAcknowledged':
      return acknowledged(answerPage(state, body.page, 'acknowledged', event), body.page, event);
    case 'PageDeclined':
      return answerPage(state, body.page, 'declined', event);
    case 'PageTimedOut':
      return answerPage(state, body.page, 'timed-out', event);
    case 'PageWithdrawn':
      return answerPage(state, body.page, 'withdrawn', event);
    case 'PageDelivered':
      return {
        ...state,
        pages: state.pages.map((page) =>
          page.id === body.page
            ? { ...page, deliveries: [...page.deliveries, { ...body.delivery, at: event.occurred }] }
            : page,
        ),
      };
    case 'TierRaised':
      return {
        ...state,
        tiers: [
          ...state.tiers,
          { tier: body.tier, raisedAt: event.occurred, skipped: false, engagedAt: null },
        ],
      };
    case 'TierSkipped':
      return {
        ...state,
        tiers: [
          ...state.tiers,
          { tier: body.tier, raisedAt: event.occurred, skipped: true, engagedAt: null },
        ],
      };
    case 'PersonDispatched':
      return mark(state, 'dispatched', event);
    case 'FirstContactMade':
      return mark(state, 'first-contact', event);
    case 'PersonArrived':
      return mark(state, 'on-site', event);
    case 'MomentWithdrawn':
      return withdrawn(state, body.moment);
    case 'FaultDiagnosed':
      return {
        ...state,
        diagnoses: [
          ...state.diagnoses,
          {
            excerpt: body.excerpt,
            at: event.occurred,
            position: event.position,
            findings: body.findings,
            signature: body.signature,
          },
        ],
      };
    case 'LogFactAdded':
      return {
        ...state,
        diagnoses: state.diagnoses.map((one) =>
          one.excerpt === body.excerpt ? { ...one, onTimeline: true } : one,
        ),
      };
    case 'EvidenceCaptured':
      return { ...state, captured: [...state.captured, body.what] };
    case 'CauseStated': {
      const next = {
        ...state,
        cause: { text: body.text, confirmed: body.confirmed, position: event.position },
      };
      return body.confirmed && !state.moments['cause-stated'] ? mark(next, 'cause-stated', event) : next;
    }
    case 'ImpactStated':
      return { ...state, impact: { text: body.text, position: event.position } };
    case 'ActionProposed':
      return { ...state, actions: [...state.actions, openAction(body, event)] };
    case 'ActionEdited':
      return changeAction(state, body.action, (action) => ({
        ...action,
        content: body.content,
        proposer: event.by.id,
        approvals: [],
        askedAt: event.occurred,
        reminders: 0,
        status: 'proposed',
      }));
    case 'ActionApproved':
      return changeAction(state, body.action, (action) => {
        const approvals = [
          ...action.approvals,
          {
            role: body.role,
            person: body.person,
            deputyFor: body.deputyFor,
            breakGlass: body.breakGlass,
            reason: body.reason,
            at: event.occurred,
          },
        ];
        const given = new Set(approvals.map((one) => one.role));
        const whole = body.breakGlass || action.content.requires.every((role) => given.has(role));
        return { ...action, approvals, status: whole ? 'approved' : 'proposed' };
      });
    case 'ActionRejected':
      return changeAction(state, body.action, (action) => ({
        ...action,
        status: 'rejected',
        outcomeNote: body.reason,
      }));
    case 'ActionCarriedOut':
      return changeAction(state, body.action, (action) => ({
        ...action,
        status: body.outcome,
        outcomeNote: body.note,
        doneBy: body.person,
        doneAt: event.occurred,
      }));
    case 'ApprovalReminded':
      return changeAction(state, body.action, (action) => ({ ...action, reminders: action.reminders + 1 }));
    case 'StatusUpdated':
      return mark(state, 'status-updated', event);
    case 'AdviceGiven':
      return mark(state, 'advice-given', event);
    case 'ServiceRestored':
      return mark({ ...state, status: 'restored' }, 'restored', event);
    case 'IncidentResolved':
      return mark({ ...state, status: 'resolved' }, 'resolved', event);
    case 'IncidentReopened':
      return withdrawn(
        withdrawn(
          { ...state, status: 'open', closedAs: null, mergedInto: null, places: placesLeft(state) },
          'resolved',
        ),
        'restored',
      );
    case 'IncidentClosed':
      return { ...state, status: 'closed', closedAs: body.as, mergedInto: body.into };
    case 'IncidentLinked':
      return { ...state, links: [...state.links, { to: body.to, relation: body.relation }] };
    case 'ReportDelivered':
      return mark(state, `${body.report}-report-delivered`, event);
    case 'ClockWarned':
      return { ...state, fired: [...state.fired, thresholdKey(body.key, body.percent)] };
    case 'ClockBreached':
      return { ...state, fired: [...state.fired, thresholdKey(body.key, 100)] };
    case 'ClockPaused':
      return {
        ...state,
        pauses: [
          ...state.pauses,
          { clock: body.clock, from: event.occurred, reason: body.reason, to: null, confirmedBy: null },
        ],
      };
    case 'PauseConfirmed':
      return {
        ...state,
        pauses: state.pauses.map((pause) =>
          pause.clock === body.clock && pause.confirmedBy === null
            ? { ...pause, confirmedBy: body.person }
            : pause,
        ),
      };
    case 'ClockResumed':
      return {
        ...state,
        pauses: state.pauses.map((pause) =>
          pause.clock === body.clock && pause.to === null ? { ...pause, to: event.occurred } : pause,
        ),
      };
    case 'TimelineEdited':
      return { ...state, curation: edited(state.curation, body.entry, body.edit, event.position) };
    case 'FollowUpAdded':
      return {
        ...state,
        followUps: [
          ...state.followUps,
          {
            id: body.followUp,
            text: body.text,
            owner: body.owner,
            due: body.due,
            dueAt: body.dueAt,
            reminders: 0,
            remindedAt: null,
            proof: null,
          },
        ],
      };
    case 'KnowledgeDrafted':
      return { ...state, drafts: drafted(state, body, event) };
    case 'KnowledgeReviewed':
      return {
        ...state,
        drafts: state.drafts.map((one) =>
          one.id === body.draft
            ? {
                ...one,
                status: body.verdict,
                reviewer: event.by.id,
                reason: body.reason,
                trial: body.trial,
              }
            : one,
        ),
      };
    case 'KnowledgeWithdrawn':
      return {
        ...state,
        drafts: state.drafts.map((one) =>
          one.status === 'approved' && one.entry === body.entry && one.version <= body.version
            ? { ...one, status: 'withdrawn', reviewer: event.by.id, reason: body.reason }
            : one,
        ),
      };
    case 'FollowUpReminded':
      return changeFollowUp(state, body.followUp, (one) => ({
        ...one,
        reminders: one.reminders + 1,
        remindedAt: event.occurred,
      }));
    case 'FollowUpDone':
      return changeFollowUp(state, body.followUp, (one) => ({ ...one, proof: body.proof }));
    case 'DocumentDrafted':
      return {
        ...state,
        documents: [
          ...state.documents,
          {
            document: body.document,
            version: body.version,
            sha256: body.sha256,
            language: body.language,
            at: event.occurred,
            by: event.by.id,
            status: 'draft',
            approvedBy: null,
            reason: null,
            sentTo: [],
            mailed: [],
          },
        ],
      };
    case 'DocumentApproved':
      return changeVersion(state, body, (one) => ({ ...one, status: 'approved', approvedBy: event.by.id }));
    case 'DocumentReturned':
      return changeVersion(state, body, (one) => ({ ...one, status: 'returned', reason: body.reason }));
    case 'DocumentSent':
      return changeVersion(state, body, (one) => ({
        ...one,
        sentTo: [...new Set([...one.sentTo, ...body.to])],
      }));
    case 'DocumentMailed':
      return changeVersion(state, body, (one) => ({
        ...one,
        mailed: [
          ...one.mailed,
          { to: body.to, outcome: body.outcome, at: event.occurred, detail: body.detail },
        ],
      }));
    case 'ReviewScheduled':
      return { ...state, review: { at: body.at, where: body.where, reminded: false, heldAt: null } };
    case 'ReviewReminded':
      return { ...state, review: state.review && { ...state.review, reminded: true } };
    case 'ReviewHeld':
      return {
        ...state,
        review: {
          at: state.review?.at ?? event.occurred,
          where: state.review?.where ?? null,
          reminded: true,
          heldAt: event.occurred,
        },
      };
    case 'SatisfactionGiven':
      return { ...state, satisfaction: { person: body.person, score: body.score, text: body.text } };
    case 'RemoteSessionOpened':
      return {
        ...state,
        sessions: [
          ...state.sessions,
          { id: body.session, scope: body.scope, consentBy: body.consentBy, until: body.until, ended: false },
        ],
      };
    case 'RemoteSessionEnded':
      return {
        ...state,
        sessions: state.sessions.map((one) => (one.id === body.session ? { ...one, ended: true } : one)),
      };
    case 'RoomRequested':
    case 'QualificationOverridden':
    case 'LogPasted':
    case 'MessagePinned':
    case 'LessonNoted':
    case 'SatisfactionAsked':
      return state;
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

/** Closing archived the rooms of its own; the others go on. */
function placesLeft(state: Incident): Incident['places'] {
  return state.status === 'closed' ? state.places.filter((place) => !place.own) : state.places;
}

function mark(state: Incident, moment: Moment, event: IncidentEvent): Incident {
  const at: MomentMark = { at: event.occurred, position: event.position };
  return { ...state, moments: { ...state.moments, [moment]: at } };
}

function withdrawn(state: Incident, moment: Moment): Incident {
  const { [moment]: _gone, ...moments } = state.moments;
  const status = moment === 'restored' && state.status === 'restored' ? 'open' : state.status;
  return { ...state, status, moments };
}

function openPage(body: EventOf<'PersonPaged'>, event: IncidentEvent): Page {
  return {
    id: body.page,
    person: body.person,
    tier: body.tier,
    post: body.post,
    attempt: body.attempt,
    because: body.because,
    pagedAt: event.occurred,
    acknowledgeBy: body.acknowledgeBy,
    status: 'open',
    answeredAt: null,
    deliveries: [],
  };
}

function answerPage(state: Incident, id: string, status: Page['status'], event: IncidentEvent): Incident {
  return {
    ...state,
    pages: state.pages.map((page) =>
      page.id === id ? { ...page, status, answeredAt: event.occurred } : page,
    ),
  };
}

/** A tier is engaged when one of its people takes the call (plan L215). */
function acknowledged(state: Incident, id: string, event: IncidentEvent): Incident {
  const page = state.pages.find((one) => one.id === id);
  if (page?.tier == null) return state;
  return {
    ...state,
    tiers: state.tiers.map((one) =>
      one.tier === page.tier && one.engagedAt === null ? { ...one, engagedAt: event.occurred } : one,
    ),
  };
}

function drafted(
  state: Incident,
  body: EventOf<'KnowledgeDrafted'>,
  event: IncidentEvent,
): Incident['drafts'] {
  const { draft, revision, entry, version, title, owner, text, trial } = body;
  const before = state.drafts.find((one) => one.id === draft);
  const next: Draft = {
    id: draft,
    revision,
    entry,
    version,
    title,
    owner,
    text,
    trial,
    authors: [...new Set([...(before?.authors ?? []), event.by.id])],
    status: 'drafted',
    reviewer: null,
    reason: null,
  };
  return before ? state.drafts.map((one) => (one === before ? next : one)) : [...state.drafts, next];
}

function openAction(body: EventOf<'ActionProposed'>, event: IncidentEvent): Action {
  return {
    id: body.action,
    content: body.content,
    priority: body.priority,
    proposer: event.by.id,
    proposedAt: event.occurred,
    askedAt: event.occurred,
    approvals: [],
    reminders: 0,
    status: body.content.requires.length === 0 ? 'approved' : 'proposed',
    outcomeNote: null,
    doneBy: null,
    doneAt: null,
  };
}

function changeAction(state: Incident, id: string, change: (action: Action) => Action): Incident {
  return { ...state, actions: state.actions.map((action) => (action.id === id ? change(action) : action)) };
}

type FollowUp = Incident['followUps'][number];

function changeFollowUp(state: Incident, id: string, change: (one: FollowUp) => FollowUp): Incident {
  return { ...state, followUps: state.followUps.map((one) => (one.id === id ? change(one) : one)) };
}

function changeVersion(
  state: Incident,
  named: { readonly document: DocumentKind; readonly version: number },
  change: (one: DocumentVersion) => DocumentVersion,
): Incident {
  return {
    ...state,
    documents: state.documents.map((one) =>
      one.document === named.document && one.version === named.version ? change(one) : one,
    ),
  };
}
