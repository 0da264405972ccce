import type { EventOf, IncidentEvent } from '../events.ts';
import type { Action, Incident } from '../state.ts';

type ActionEvent = EventOf<
  | 'ActionProposed'
  | 'ActionEdited'
  | 'ActionApproved'
  | 'ActionRejected'
  | 'ActionCarriedOut'
  | 'ApprovalReminded'
>;

/** What changes the system: proposed, approved, carried out. */
export function foldActions(state: Incident, body: ActionEvent, event: IncidentEvent): Incident {
  switch (body.type) {
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
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
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
