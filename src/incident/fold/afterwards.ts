import type { DocumentKind, EventOf, IncidentEvent } from '../events.ts';
import type { DocumentVersion, Incident } from '../state.ts';

type LaterEvent = EventOf<
  | 'FollowUpAdded'
  | 'FollowUpReminded'
  | 'FollowUpDone'
  | 'DocumentDrafted'
  | 'DocumentApproved'
  | 'DocumentReturned'
  | 'DocumentSent'
  | 'DocumentMailed'
  | 'ReviewScheduled'
  | 'ReviewReminded'
  | 'ReviewHeld'
  | 'SatisfactionGiven'
>;

/** What follows an incident: documents, the review, corrective actions, the judgement. */
export function foldAfterwards(state: Incident, body: LaterEvent, event: IncidentEvent): Incident {
  switch (body.type) {
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
            ...(body.organisation === undefined ? {} : { organisation: body.organisation }),
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
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

type FollowUp = Incident['followUps'][number];

function changeFollowUp(state: Incident, id: string, change: (one: FollowUp) => FollowUp): Incident {
  return { ...state, followUps: state.followUps.map((one) => (one.id === id ? change(one) : one)) };
}

function changeVersion(
  state: Incident,
  named: {
    readonly document: DocumentKind;
    readonly organisation?: string | undefined;
    readonly version: number;
  },
  change: (one: DocumentVersion) => DocumentVersion,
): Incident {
  return {
    ...state,
    documents: state.documents.map((one) =>
      one.document === named.document &&
      one.organisation === named.organisation &&
      one.version === named.version
        ? change(one)
        : one,
    ),
  };
}
