import type { Decision, Refusal } from '../commands.ts';
import type { Incident } from '../state.ts';
import { accept, type Case, isBot, refuse, stated } from './case.ts';

/** The confidence from which a finding is taken for one. */
const SURE = 0.5;

/** While the service is down people have better things to do: what it taught is written down afterwards. */
export function tooEarly(state: Incident): Refusal | null {
  return state.status === 'open'
    ? { code: 'wrong-state', params: { status: state.status }, possible: ['restore'] }
    : null;
}

/** What an incident taught; a change is a new revision of the draft. */
export function draftKnowledge({ state, body, command, env }: Case<'draft-knowledge'>): Decision {
  const early = tooEarly(state);
  if (early) return { ok: false, refusal: early };
  if (isBot(command.by)) return refuse('break-glass-bot');
  if (body.trial.confidence < SURE) {
    return refuse('knowledge-not-recognised', { confidence: body.trial.confidence.toFixed(2) }, []);
  }
  const before = body.draft === null ? null : state.drafts.find((one) => one.id === body.draft);
  if (before === undefined) return noSuch(state, body.draft ?? '');
  if (before?.status === 'approved')
    return refuse('draft-not-open', { draft: before.id, status: 'approved' });
  return accept(
    stated(command, env, {
      type: 'KnowledgeDrafted',
      draft: before?.id ?? `K${state.drafts.length + 1}`,
      revision: (before?.revision ?? 0) + 1,
      entry: body.entry,
      version: body.version,
      title: body.title,
      owner: body.owner,
      text: body.text,
      trial: body.trial,
    }),
  );
}

/**
 * A second person agrees or not; whoever wrote any revision is not a second person. An entry that takes another
 * incident's log for its own is refused whatever the reviewer says.
 */
export function reviewKnowledge({ state, body, command, env }: Case<'review-knowledge'>): Decision {
  const draft = state.drafts.find((one) => one.id === body.draft);
  if (!draft) return noSuch(state, body.draft);
  if (draft.status !== 'drafted') return refuse('draft-not-open', { draft: draft.id, status: draft.status });
  if (isBot(command.by)) return refuse('break-glass-bot');
  if (!env.directory.people[command.by.id]) return refuse('unknown-person', { person: command.by.name });
  if (draft.authors.includes(command.by.id)) return refuse('second-person', { person: command.by.name });
  if (!body.approve && !body.reason?.trim()) return refuse('reason-missing', { what: 'review' });
  const verdict = !body.approve ? 'refused' : body.trial.alarms.length > 0 ? 'false-alarm' : 'approved';
  return accept(
    stated(command, env, {
      type: 'KnowledgeReviewed',
      draft: draft.id,
      revision: draft.revision,
      entry: draft.entry,
      version: draft.version,
      verdict,
      reason: body.reason,
      trial: body.trial,
    }),
  );
}

/**
 * One person is enough: an entry that misleads people in an emergency must go at once, and it comes back only as a
 * new revision with a second person.
 */
export function withdrawKnowledge({ body, command, env }: Case<'withdraw-knowledge'>): Decision {
  if (isBot(command.by)) return refuse('break-glass-bot');
  if (!env.directory.people[command.by.id]) return refuse('unknown-person', { person: command.by.name });
  if (!body.reason.trim()) return refuse('reason-missing', { what: 'withdraw' });
  const { entry, version, reason } = body;
  return accept(stated(command, env, { type: 'KnowledgeWithdrawn', entry, version, reason }));
}

function noSuch(state: Incident, draft: string): Decision {
  const known = state.drafts.filter((one) => one.status !== 'approved').map((one) => one.id);
  return refuse('no-such-draft', { draft, open: known.join(', ') || '-' });
}
