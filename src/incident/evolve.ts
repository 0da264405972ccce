import { refusedOfLate } from './access.ts';
import { edited } from './curation.ts';
import type { IncidentEvent } from './events.ts';
import { thresholdKey } from './fired.ts';
import { foldActions } from './fold/actions.ts';
import { foldAfterwards } from './fold/afterwards.ts';
import { foldGuests } from './fold/guests.ts';
import { foldLearning } from './fold/learning.ts';
import { mark, markBy, responded, withdrawn, withdrawnBy } from './fold/moments.ts';
import { foldOrganisations } from './fold/organisations.ts';
import { foldPaging } from './fold/paging.ts';
import type { Incident, State } from './state.ts';

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
    organisations: [],
    guests: [],
    needs: [],
    levels: [],
    lead: null,
    orgMoments: {},
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
    refused: [],
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
    case 'PostNeeded':
    case 'LevelRaised':
    case 'LeadHandedOver':
    case 'OrganisationInvited':
    case 'OrganisationRemoved':
    case 'PlaceUnlinked':
    case 'PlaceShared':
      return foldOrganisations(state, event, body);
    case 'GuestLinkIssued':
    case 'GuestLinkOpened':
    case 'GuestLinkRevoked':
      return foldGuests(state, body);
    case 'PersonJoined': {
      const { person, name, org, post } = body;
      const others = state.participants.filter((one) => one.person !== person);
      const next = { ...state, participants: [...others, { person, name, org, post }] };
      return responded(next, org, event);
    }
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
    case 'PageAcknowledged':
    case 'PageDeclined':
    case 'PageTimedOut':
    case 'PageWithdrawn':
    case 'PageDelivered':
    case 'TierRaised':
    case 'TierSkipped':
      return foldPaging(state, body, event);
    case 'PersonDispatched':
      return markBy(state, 'dispatched', body.org ?? event.by.org, event);
    case 'FirstContactMade':
      return markBy(state, 'first-contact', event.by.org, event);
    case 'PersonArrived':
      return markBy(state, 'on-site', event.by.org, event);
    case 'MomentWithdrawn':
      return withdrawnBy(state, body.moment, event.by.org);
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
    case 'ActionEdited':
    case 'ActionApproved':
    case 'ActionRejected':
    case 'ActionCarriedOut':
    case 'ApprovalReminded':
      return foldActions(state, body, event);
    case 'StatusUpdated':
      return mark(state, 'status-updated', event);
    case 'AdviceGiven':
      return markBy(state, 'advice-given', event.by.org, event);
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
    case 'FollowUpReminded':
    case 'FollowUpDone':
    case 'DocumentDrafted':
    case 'DocumentApproved':
    case 'DocumentReturned':
    case 'DocumentSent':
    case 'DocumentMailed':
    case 'ReviewScheduled':
    case 'ReviewReminded':
    case 'ReviewHeld':
    case 'SatisfactionGiven':
      return foldAfterwards(state, body, event);
    case 'KnowledgeDrafted':
    case 'KnowledgeReviewed':
    case 'KnowledgeWithdrawn':
      return foldLearning(state, body, event);
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
    case 'AccessRefused':
      return { ...state, refused: refusedOfLate(state, body, event.occurred) };
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
