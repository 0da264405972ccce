import type { CommandType, Decision, Env } from '../commands.ts';
import type { ApprovalRole } from '../events.ts';
import type { Action, Incident } from '../state.ts';
import { accept, type Case, isBot, nameOf, refuse, stated } from './case.ts';
import { actionId } from './shutdown.ts';

export function propose({ state, body, command, env }: Case<'propose'>): Decision {
  if (!body.content.title.trim()) return refuse('text-missing', { what: 'propose' }, ['propose']);
  return accept(
    stated(command, env, {
      type: 'ActionProposed',
      action: actionId(state),
      content: body.content,
      priority: false,
    }),
  );
}

/** Editing voids what was approved: nobody has agreed to the new wording yet. */
export function editAction({ state, body, command, env }: Case<'edit-action'>): Decision {
  const action = state.actions.find((one) => one.id === body.action);
  if (!action) return noSuch(state, body.action);
  if (action.status !== 'proposed' && action.status !== 'approved') return notOpen(action);
  return accept(
    stated(command, env, {
      type: 'ActionEdited',
      action: action.id,
      content: body.content,
      voided: action.approvals.map((one) => one.person),
    }),
  );
}

/** Two distinct people in the two roles, or their named deputies (plan L184: 应急保障负责人及系统主管确认). */
export function approve({ state, body, command, env }: Case<'approve'>): Decision {
  const action = state.actions.find((one) => one.id === body.action);
  if (!action) return noSuch(state, body.action);
  if (action.status !== 'proposed') return notOpen(action);
  if (isBot(command.by)) return refuse('break-glass-bot');
  const person = command.by.id;
  if (action.approvals.some((one) => one.person === person)) {
    return refuse('one-person-one-role', { person: command.by.name, action: action.id });
  }
  if (body.breakGlass !== null) return breakGlass(action, body.breakGlass, { state, body, command, env });
  const open = action.content.requires.filter((role) => !action.approvals.some((one) => one.role === role));
  const role = open.find((one) => holds(env, one, person)) ?? open.find((one) => deputises(env, one, person));
  if (!role) {
    const held = action.content.requires.some(
      (one) => holds(env, one, person) || deputises(env, one, person),
    );
    if (held) return refuse('role-already-approved', { person: command.by.name });
    return refuse('not-an-approver', { who: open.map((one) => whoMay(env, one)).join('；') }, ['reject']);
  }
  const holder = env.directory.approvers[role]?.holder ?? null;
  return accept(
    stated(command, env, {
      type: 'ActionApproved',
      action: action.id,
      role,
      person,
      deputyFor: holder === person ? null : holder,
      breakGlass: false,
      reason: null,
    }),
  );
}

/** One voice in the place of two, when waiting costs more: it needs a reason and is marked in the report. */
function breakGlass(action: Action, reason: string, { command, env }: Case<'approve'>): Decision {
  if (!reason.trim()) return refuse('reason-missing', { what: 'break-glass' }, ['approve']);
  return accept(
    stated(command, env, {
      type: 'ActionApproved',
      action: action.id,
      role: action.content.requires[0] ?? 'emergency-lead',
      person: command.by.id,
      deputyFor: null,
      breakGlass: true,
      reason,
    }),
  );
}

function holds(env: Env, role: ApprovalRole, person: string): boolean {
  if (role === 'duty-engineer')
    return Object.values(env.directory.tiers).some((people) => people.includes(person));
  return env.directory.approvers[role]?.holder === person;
}

function deputises(env: Env, role: ApprovalRole, person: string): boolean {
  return env.directory.approvers[role]?.deputies.includes(person) ?? false;
}

function whoMay(env: Env, role: ApprovalRole): string {
  const named = env.directory.approvers[role];
  const people = [named?.holder ?? null, ...(named?.deputies ?? [])].filter((one) => one !== null);
  return `${role}: ${people.map((one) => nameOf(env, one)).join('/') || '-'}`;
}

export function reject({ state, body, command, env }: Case<'reject'>): Decision {
  const action = state.actions.find((one) => one.id === body.action);
  if (!action) return noSuch(state, body.action);
  if (action.status !== 'proposed' && action.status !== 'approved') return notOpen(action);
  if (!body.reason.trim()) return refuse('reason-missing', { what: 'reject' }, ['reject']);
  const person = command.by.id;
  const role =
    action.content.requires.find((one) => holds(env, one, person) || deputises(env, one, person)) ?? null;
  if (role === null && action.proposer !== person) {
    const who = action.content.requires.map((one) => whoMay(env, one)).join('；');
    return refuse('not-an-approver', { who }, []);
  }
  return accept(
    stated(command, env, { type: 'ActionRejected', action: action.id, role, person, reason: body.reason }),
  );
}

/** A person does it and says how it went; the bot never touches a customer's machine. */
export function carryOut({ state, body, command, env }: Case<'carry-out'>): Decision {
  const action = state.actions.find((one) => one.id === body.action);
  if (!action) return noSuch(state, body.action);
  if (isBot(command.by)) return refuse('break-glass-bot');
  if (action.status === 'proposed') {
    const given = new Set(action.approvals.map((one) => one.role));
    const open = action.content.requires.filter((role) => !given.has(role));
    return refuse(
      'approval-missing',
      { action: action.id, who: open.map((one) => whoMay(env, one)).join('；') },
      ['approve'],
    );
  }
  if (action.status !== 'approved') return notOpen(action);
  return accept(
    stated(command, env, {
      type: 'ActionCarriedOut',
      action: action.id,
      person: command.by.id,
      outcome: body.outcome,
      note: body.note,
    }),
  );
}

export function capture({ body, command, env }: Case<'capture'>): Decision {
  if (!body.what.trim()) return refuse('text-missing', { what: 'capture' }, ['capture']);
  return accept(stated(command, env, { type: 'EvidenceCaptured', what: body.what.trim() }));
}

function noSuch(state: Incident, action: string): Decision {
  const open = state.actions.filter((one) => one.status === 'proposed' || one.status === 'approved');
  return refuse('no-such-action', { action, open: open.map((one) => one.id).join(', ') || '-' }, ['propose']);
}

function notOpen(action: Action): Decision {
  const possible: CommandType[] = action.status === 'approved' ? ['carry-out', 'edit-action'] : ['propose'];
  return refuse('action-not-open', { action: action.id, status: action.status }, possible);
}
