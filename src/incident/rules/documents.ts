import type { Decision, Env } from '../commands.ts';
import type { DocumentKind, Fact } from '../events.ts';
import { type DocumentVersion, type Incident, isOver } from '../state.ts';
import { accept, type Case, consequence, refuse, stated } from './case.ts';

const EMERGENCY_LEAD = 'emergency-lead';
const ADDRESS = /^[^\s@<>"',;]{1,64}@[^\s@<>"',;]{1,255}$/;

function latest(state: Incident, document: DocumentKind): DocumentVersion | undefined {
  return state.documents.findLast((one) => one.document === document);
}

/** A version is what one text was: the same text makes no second one. */
export function draftDocument({ state, body, command, env }: Case<'draft-document'>): Decision {
  const last = latest(state, body.document);
  if (last?.sha256 === body.sha256)
    return refuse('document-unchanged', { document: body.document, version: String(last.version) });
  return accept(
    stated(command, env, {
      type: 'DocumentDrafted',
      document: body.document,
      version: (last?.version ?? 0) + 1,
      sha256: body.sha256,
      language: body.language,
    }),
  );
}

/** A person answers for what leaves; the approval is for one version and not for the next. */
export function approveDocument({ state, body, command, env }: Case<'approve-document'>): Decision {
  const last = latest(state, body.document);
  if (!last) return refuse('document-missing', { document: body.document });
  if (last.status === 'approved') return refuse('document-approved', { version: String(last.version) });
  return accept(
    stated(command, env, { type: 'DocumentApproved', document: body.document, version: last.version }),
  );
}

export function returnDocument({ state, body, command, env }: Case<'return-document'>): Decision {
  const last = latest(state, body.document);
  if (!last) return refuse('document-missing', { document: body.document });
  if (!body.reason.trim()) return refuse('reason-missing', { what: 'return' }, ['return-document']);
  return accept(
    stated(command, env, {
      type: 'DocumentReturned',
      document: body.document,
      version: last.version,
      reason: body.reason.trim(),
    }),
  );
}

/** To people or addresses; unless named to the emergency lead, who asked for the report (plan L198). */
export function sendDocument({ state, body, command, env }: Case<'send-document'>): Decision {
  const last = latest(state, body.document);
  if (!last) return refuse('document-missing', { document: body.document });
  if (last.status !== 'approved')
    return refuse('document-not-approved', { document: body.document, version: String(last.version) });
  if (hasClock(body.document) && !isOver(state))
    return refuse('wrong-state', { status: state.status }, ['resolve']);
  const lead = env.directory.approvers[EMERGENCY_LEAD]?.holder;
  const to = body.to.length > 0 ? body.to : lead ? [lead] : [];
  const unknown = to.find((one) => !env.directory.people[one] && !ADDRESS.test(one));
  if (to.length === 0 || unknown !== undefined)
    return refuse('no-recipient', { to: unknown ?? EMERGENCY_LEAD });
  return accept(
    stated(command, env, { type: 'DocumentSent', document: body.document, version: last.version, to }),
  );
}

/** Once a mail server of the customer has taken a report, it is delivered: its clock stops (plan L130). */
export function recordMailing({ state, body, env }: Case<'record-mailing'>): Decision {
  const { document, version, to, outcome, detail } = body;
  const mailed = consequence(env, { type: 'DocumentMailed', document, version, to, outcome, detail });
  return accept(mailed, ...(outcome === 'accepted' ? delivered(state, document, to, env) : []));
}

function delivered(state: Incident, document: DocumentKind, to: string, env: Env): readonly Fact[] {
  if (!hasClock(document) || !isOver(state)) return [];
  if (state.moments[`${document}-report-delivered`]) return [];
  const person = env.directory.people[to];
  // An address off the roster says nothing about whose it is: a person records that delivery.
  if (person?.customerSide !== true) return [];
  return [consequence(env, { type: 'ReportDelivered', report: document, to: person.name })];
}

function hasClock(document: DocumentKind): document is 'handling' | 'service' | 'parts' {
  return document !== 'minutes' && document !== 'joint';
}
