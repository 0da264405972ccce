import type { EventOf, IncidentEvent } from '../events.ts';
import type { Incident, Page } from '../state.ts';
import { responded } from './moments.ts';

type PagingEvent = EventOf<
  | 'PersonPaged'
  | 'PageAcknowledged'
  | 'PageDeclined'
  | 'PageTimedOut'
  | 'PageWithdrawn'
  | 'PageDelivered'
  | 'TierRaised'
  | 'TierSkipped'
>;

/** Pages, their answers and receipts, and the tiers they belong to. */
export function foldPaging(state: Incident, body: PagingEvent, event: IncidentEvent): Incident {
  switch (body.type) {
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
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}

function openPage(body: EventOf<'PersonPaged'>, event: IncidentEvent): Page {
  return {
    id: body.page,
    person: body.person,
    tier: body.tier,
    post: body.post,
    ...(body.org === undefined ? {} : { org: body.org, level: body.level ?? 0 }),
    attempt: body.attempt,
    because: body.because,
    ...(body.handoff ? { handoff: true } : {}),
    pagedAt: event.occurred,
    acknowledgeBy: body.acknowledgeBy,
    status: 'open',
    answeredAt: null,
    deliveries: [],
  };
}

function answerPage(state: Incident, id: string, status: Page['status'], event: IncidentEvent): Incident {
  const { body } = event;
  const answeredBy =
    body.type === 'PageAcknowledged'
      ? { person: body.person, route: body.route }
      : body.type === 'PageDeclined'
        ? { person: body.person, route: null }
        : undefined;
  const answer = { status, answeredAt: event.occurred, ...(answeredBy ? { answeredBy } : {}) };
  return {
    ...state,
    pages: state.pages.map((page) => (page.id === id ? { ...page, ...answer } : page)),
  };
}

/** A tier is engaged when one of its people takes the call (plan L215). */
function acknowledged(state: Incident, id: string, event: IncidentEvent): Incident {
  const page = state.pages.find((one) => one.id === id);
  if (page?.org !== undefined) return engaged(state, page, event);
  if (page?.tier == null) return state;
  return {
    ...state,
    tiers: state.tiers.map((one) =>
      one.tier === page.tier && one.engagedAt === null ? { ...one, engagedAt: event.occurred } : one,
    ),
  };
}

/** An organisation has answered for a post: its level is engaged, and its ladder rises no further by itself. */
function engaged(state: Incident, page: Page, event: IncidentEvent): Incident {
  const { body, occurred } = event;
  const by = body.type === 'PageAcknowledged' ? body.person : page.person;
  const answered = responded(state, page.org ?? event.by.org, event);
  const same = (one: { readonly org: string; readonly post: string | null }): boolean =>
    one.org === page.org && one.post === page.post;
  return {
    ...answered,
    levels: state.levels.map((one) =>
      same(one) && one.level === page.level && one.engagedAt === null ? { ...one, engagedAt: occurred } : one,
    ),
    needs: state.needs.map((one) =>
      same(one) && one.answeredAt === null ? { ...one, answeredAt: occurred, answeredBy: by } : one,
    ),
  };
}
