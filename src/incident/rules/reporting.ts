import type { Command, CommandOf, Decision, Env } from '../commands.ts';
import { DEPARTMENT_HEAD } from '../directory.ts';
import { isSamePlace } from '../place.ts';
import { postOf } from '../posts.ts';
import { accept, type Case, consequence, refuse, stated } from './case.ts';
import { notify } from './notify.ts';
import { raiseTier } from './tiers.ts';

/**
 * One line opens a room: the department head is told first (plan L177), the first responder is paged, and an
 * exceptional impact brings R&D in at once (plan L215).
 */
export function report(body: CommandOf<'report'>, command: Command, env: Env): Decision {
  if (!body.title.trim()) return refuse('title-missing', {}, ['report']);
  const first = raiseTier(null, 1, 'reported', env);
  const core = body.exceptional ? raiseTier(null, 2, 'exceptional-impact', env) : [];
  return accept(
    stated(command, env, {
      type: 'IncidentReported',
      code: body.code,
      kind: body.kind,
      title: body.title.trim(),
      system: body.system,
      intake: body.intake,
      systemDown: body.systemDown,
      specialTime: body.specialTime,
      remoteOnly: body.remoteOnly,
      exceptional: body.exceptional,
    }),
    consequence(env, { type: 'PlanPinned', plan: env.plan.id, version: env.plan.version }),
    consequence(env, { type: 'KnowledgePinned', version: body.knowledge }),
    consequence(env, { type: 'RoomOpened', place: body.place }),
    ...(body.room ? [consequence(env, { type: 'RoomRequested', ...body.room })] : []),
    ...notify(env, DEPARTMENT_HEAD, 'reported', null),
    ...first,
    ...core,
  );
}

export function openRoom({ state, body, command, env }: Case<'open-room'>): Decision {
  if (state.places.some((place) => isSamePlace(place, body.place))) return accept();
  const because = body.because === undefined ? {} : { because: body.because };
  return accept(stated(command, env, { type: 'RoomOpened', place: body.place, ...because }));
}

export function join({ state, body, command, env }: Case<'join'>): Decision {
  const { id, name, org } = command.by;
  const known = state.participants.find((one) => one.person === id);
  if (known && (body.post === null || body.post === known.post)) return accept();
  const post = body.post ?? postOf(id, state, env.directory);
  return accept(stated(command, env, { type: 'PersonJoined', person: id, name, org, post }));
}

export function chooseAccountability({ state, body, command, env }: Case<'choose-accountability'>): Decision {
  const leads = state.lead === null ? null : env.directory.organisations[state.lead];
  if (leads && leads.side !== 'vendor' && body.accountability === 'lead')
    return refuse('lead-elsewhere', { org: leads.name }, ['hand-lead']);
  const changed = body.accountability !== state.accountability;
  if (changed && state.component !== null && !body.reason?.trim()) {
    return refuse('reason-missing', { what: 'accountability' }, ['choose-accountability']);
  }
  return accept(
    stated(command, env, {
      type: 'AccountabilityChosen',
      accountability: body.accountability,
      component: body.component,
      reason: body.reason,
    }),
  );
}
