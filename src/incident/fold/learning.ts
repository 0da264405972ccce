import type { EventOf, IncidentEvent } from '../events.ts';
import type { Draft } from '../learning.ts';
import type { Incident } from '../state.ts';

type LearningEvent = EventOf<'KnowledgeDrafted' | 'KnowledgeReviewed' | 'KnowledgeWithdrawn'>;

/** What the knowledge learns from the incident. */
export function foldLearning(state: Incident, body: LearningEvent, event: IncidentEvent): Incident {
  switch (body.type) {
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
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
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
