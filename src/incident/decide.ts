import { allowedBy, checkAccess } from './access.ts';
import type { Command, CommandType, Decision, Env } from './commands.ts';
import { approve, capture, carryOut, editAction, propose, reject } from './rules/actions.ts';
import { accept, isBot, refuse, stated } from './rules/case.ts';
import { close, deliverReport, link, pin, reopen, resolve, restore } from './rules/closing.ts';
import {
  approveDocument,
  draftDocument,
  recordMailing,
  returnDocument,
  sendDocument,
} from './rules/documents.ts';
import { issueGuestLink, openGuestLink, revokeGuestLinks } from './rules/guests.ts';
import { handLead } from './rules/lead.ts';
import { draftKnowledge, reviewKnowledge, withdrawKnowledge } from './rules/learning.ts';
import { addLogFacts } from './rules/log-facts.ts';
import {
  advise,
  arrive,
  contact,
  dispatch,
  stateCause,
  stateImpact,
  updateStatus,
  withdraw,
} from './rules/moments.ts';
import { need } from './rules/needs.ts';
import { inviteOrganisation, removeOrganisation, sharePlace, unlinkPlace } from './rules/organisations.ts';
import { acknowledge, decline, escalate, handoff, page, recordDelivery, take } from './rules/paging.ts';
import { confirmPause, pause, resume } from './rules/pausing.ts';
import { chooseAccountability, join, openRoom, report } from './rules/reporting.ts';
import {
  askSatisfaction,
  finishFollowUp,
  followUp,
  giveSatisfaction,
  holdReview,
  publishLessons,
  scheduleReview,
} from './rules/review.ts';
import { endSession, openSession } from './rules/sessions.ts';
import { answer, setSeverity } from './rules/severity.ts';
import { tick } from './rules/tick.ts';
import { editTimeline } from './rules/timeline.ts';
import { type Incident, isOver, type State } from './state.ts';

/** A typed time this far ahead of ours is a slip of the pen, not a skewed clock. Milliseconds. */
const FUTURE_TOLERANCE = 90_000;

/** What a closed or resolved incident still takes. */
const AFTERWARDS: readonly CommandType[] = [
  'open-room',
  'invite-organisation',
  'remove-organisation',
  'unlink-place',
  'share-place',
  'issue-guest-link',
  'open-guest-link',
  'revoke-guest-links',
  'look',
  'join',
  'state-cause',
  'state-impact',
  'capture',
  'reopen',
  'close',
  'link',
  'deliver-report',
  'pin',
  'edit-timeline',
  'draft-knowledge',
  'review-knowledge',
  'withdraw-knowledge',
  'draft-document',
  'approve-document',
  'return-document',
  'send-document',
  'record-mailing',
  'schedule-review',
  'hold-review',
  'publish-lessons',
  'follow-up',
  'finish-follow-up',
  'ask-satisfaction',
  'give-satisfaction',
  'record-delivery',
  'end-session',
  'set-severity',
  'paste-log',
  'add-log-facts',
  'carry-out',
  'tick',
];

/** The rules: what follows from a command, or why not. Pure; everything it may not know comes in with `env`. */
export function decide(state: State, command: Command, env: Env): Decision {
  // Who may not has to hear no more of the incident than that; not even that a time is before it began.
  const access = checkAccess(state, command, env);
  if (!access.ok) return access.refused;
  const decision = decideAllowed(state, command, env);
  return decision.ok ? { ok: true, facts: allowedBy(access.as, command.by, decision.facts) } : decision;
}

function decideAllowed(state: State, command: Command, env: Env): Decision {
  const untimely = checkTimes(state, command, env);
  if (untimely) return untimely;
  if (command.body.type === 'report') {
    return state === null
      ? report(command.body, command, env)
      : refuse('already-exists', { code: state.code });
  }
  if (state === null) return refuse('no-such-incident', {}, ['report']);
  if (isOver(state) && !AFTERWARDS.includes(command.body.type)) {
    return refuse('wrong-state', { status: state.status }, ['reopen']);
  }
  return decideExisting(state, command, env);
}

/** Two times on every event: what lies in the past asks a reason, what lies ahead is refused. */
function checkTimes(state: State, command: Command, env: Env): Decision | null {
  const { at } = command;
  if (at === null || isBot(command.by)) return null;
  if (at > env.now + FUTURE_TOLERANCE) return refuse('time-in-future', { at: String(at) });
  const reported = state?.moments.reported?.at;
  if (reported !== undefined && at < reported)
    return refuse('before-report', { at: String(at), reported: String(reported) });
  if (env.now - at > env.plan.backdating.minutes * 60_000 && !command.backdateReason?.trim()) {
    return refuse('backdate-reason-missing', { at: String(at) });
  }
  return null;
}

function decideExisting(state: Incident, command: Command, env: Env): Decision {
  const { body } = command;
  switch (body.type) {
    case 'report':
      return refuse('already-exists', { code: state.code });
    case 'open-room':
      return openRoom({ state, body, command, env });
    case 'invite-organisation':
      return inviteOrganisation({ state, body, command, env });
    case 'remove-organisation':
      return removeOrganisation({ state, body, command, env });
    case 'unlink-place':
      return unlinkPlace({ state, body, command, env });
    case 'share-place':
      return sharePlace({ state, body, command, env });
    case 'issue-guest-link':
      return issueGuestLink({ state, body, command, env });
    case 'open-guest-link':
      return openGuestLink({ state, body, command, env });
    case 'revoke-guest-links':
      return revokeGuestLinks({ state, body, command, env });
    case 'look':
      return accept();
    case 'join':
      return join({ state, body, command, env });
    case 'answer':
      return answer({ state, body, command, env });
    case 'set-severity':
      return setSeverity({ state, body, command, env });
    case 'choose-accountability':
      return chooseAccountability({ state, body, command, env });
    case 'page':
      return page({ state, body, command, env });
    case 'need':
      return need({ state, body, command, env });
    case 'hand-lead':
      return handLead({ state, body, command, env });
    case 'acknowledge':
      return acknowledge({ state, body, command, env });
    case 'take':
      return take({ state, body, command, env });
    case 'decline':
      return decline({ state, body, command, env });
    case 'escalate':
      return escalate({ state, body, command, env });
    case 'handoff':
      return handoff({ state, body, command, env });
    case 'dispatch':
      return dispatch({ state, body, command, env });
    case 'contact':
      return contact({ state, body, command, env });
    case 'arrive':
      return arrive({ state, body, command, env });
    case 'withdraw':
      return withdraw({ state, body, command, env });
    case 'paste-log':
      return accept(
        stated(command, env, {
          type: 'LogPasted',
          excerpt: body.excerpt,
          lines: body.lines,
          name: body.name,
          sha256: body.sha256,
          masked: body.masked,
        }),
        stated(command, env, {
          type: 'FaultDiagnosed',
          excerpt: body.excerpt,
          findings: body.findings,
          signature: body.signature,
          ...(body.chart ? { chart: body.chart } : {}),
          ...(body.telling?.length ? { telling: body.telling } : {}),
          ...(body.capture?.length ? { capture: body.capture } : {}),
          ...(body.similar?.length ? { similar: body.similar } : {}),
        }),
      );
    case 'add-log-facts':
      return addLogFacts({ state, body, command, env });
    case 'capture':
      return capture({ state, body, command, env });
    case 'state-cause':
      return stateCause({ state, body, command, env });
    case 'state-impact':
      return stateImpact({ state, body, command, env });
    case 'propose':
      return propose({ state, body, command, env });
    case 'edit-action':
      return editAction({ state, body, command, env });
    case 'approve':
      return approve({ state, body, command, env });
    case 'reject':
      return reject({ state, body, command, env });
    case 'carry-out':
      return carryOut({ state, body, command, env });
    case 'update-status':
      return updateStatus({ state, body, command, env });
    case 'advise':
      return advise({ state, body, command, env });
    case 'restore':
      return restore({ state, body, command, env });
    case 'resolve':
      return resolve({ state, body, command, env });
    case 'reopen':
      return reopen({ state, body, command, env });
    case 'close':
      return close({ state, body, command, env });
    case 'link':
      return link({ state, body, command, env });
    case 'deliver-report':
      return deliverReport({ state, body, command, env });
    case 'pause':
      return pause({ state, body, command, env });
    case 'confirm-pause':
      return confirmPause({ state, body, command, env });
    case 'resume':
      return resume({ state, body, command, env });
    case 'pin':
      return pin({ state, body, command, env });
    case 'edit-timeline':
      return editTimeline({ state, body, command, env });
    case 'draft-document':
      return draftDocument({ state, body, command, env });
    case 'approve-document':
      return approveDocument({ state, body, command, env });
    case 'return-document':
      return returnDocument({ state, body, command, env });
    case 'send-document':
      return sendDocument({ state, body, command, env });
    case 'record-mailing':
      return recordMailing({ state, body, command, env });
    case 'schedule-review':
      return scheduleReview({ state, body, command, env });
    case 'hold-review':
      return holdReview({ state, body, command, env });
    case 'publish-lessons':
      return publishLessons({ state, body, command, env });
    case 'follow-up':
      return followUp({ state, body, command, env });
    case 'draft-knowledge':
      return draftKnowledge({ state, body, command, env });
    case 'review-knowledge':
      return reviewKnowledge({ state, body, command, env });
    case 'withdraw-knowledge':
      return withdrawKnowledge({ state, body, command, env });
    case 'finish-follow-up':
      return finishFollowUp({ state, body, command, env });
    case 'ask-satisfaction':
      return askSatisfaction({ state, body, command, env });
    case 'give-satisfaction':
      return giveSatisfaction({ state, body, command, env });
    case 'open-session':
      return openSession({ state, body, command, env });
    case 'end-session':
      return endSession({ state, body, command, env });
    case 'record-delivery':
      return recordDelivery({ state, body, command, env });
    case 'tick':
      return tick(state, env);
    default: {
      const unknown: never = body;
      throw new Error(`unknown command ${JSON.stringify(unknown)}`);
    }
  }
}
