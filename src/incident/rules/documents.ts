import type { Command, Decision, Env } from '../commands.ts';
import type { DocumentKind, Fact } from '../events.ts';
import { type DocumentVersion, type Incident, isOver } from '../state.ts';
import { accept, type Case, consequence, refuse, stated } from './case.ts';

const EMERGENCY_LEAD = 'emergency-lead';
const ADDRESS = /^[^\s@<>"',;]{1,64}@[^\s@<>"',;]{1,255}$/;

interface Named {
  readonly document: DocumentKind;
  readonly organisation?: string | undefined;
}

function latest(state: Incident, named: Named): DocumentVersion | undefined {
  return state.documents.findLast(
    (one) => one.document === named.document && one.organisation === named.organisation,
  );
}

/** Names a document in an event; whose own it is stands only where it is one. */
function named({ document, organisation }: Named): Named {
  return organisation === undefined ? { document } : { document, organisation };
}

/** An organisation's own report is its people's business alone (plan L247–310): nobody else makes or sends it. */
function foreign(body: Named, command: Command, env: Env): Decision | null {
  const { organisation } = body;
  if (body.document !== 'vendor') return null;
  if (organisation === command.by.org) return null;
  const org = env.directory.organisations[organisation ?? '']?.name ?? organisation ?? '';
  return refuse('own-report', { org });
}

/** A version is what one text was: the same text makes no second one. */
export function draftDocument({ state, body, command, env }: Case<'draft-document'>): Decision {
  const barred = foreign(body, command, env);
  if (barred) return barred;
  const last = latest(state, body);
  if (last?.sha256 === body.sha256)
    return refuse('document-unchanged', { document: body.document, version: String(last.version) });
  return accept(
    stated(command, env, {
      type: 'DocumentDrafted',
      ...named(body),
      version: (last?.version ?? 0) + 1,
      sha256: body.sha256,
      language: body.language,
    }),
  );
}

/** A person answers for what leaves; the approval is for one version and not for the next. */
export function approveDocument({ state, body, command, env }: Case<'approve-document'>): Decision {
  const barred = foreign(body, command, env);
  if (barred) return barred;
  const last = latest(state, body);
  if (!last) return refuse('document-missing', { document: body.document });
  if (last.status === 'approved') return refuse('document-approved', { version: String(last.version) });
  return accept(stated(command, env, { type: 'DocumentApproved', ...named(body), version: last.version }));
}

export function returnDocument({ state, body, command, env }: Case<'return-document'>): Decision {
  const barred = foreign(body, command, env);
  if (barred) return barred;
  const last = latest(state, body);
  if (!last) return refuse('document-missing', { document: body.document });
  if (!body.reason.trim()) return refuse('reason-missing', { what: 'return' }, ['return-document']);
  return accept(
    stated(command, env, {
      type: 'DocumentReturned',
      ...named(body),
      version: last.version,
      reason: body.reason.trim(),
    }),
  );
}

/** To people or addresses; unless named to the emergency lead, who asked for the report (plan L198). */
export function sendDocument({ state, body, command, env }: Case<'send-document'>): Decision {
  const barred = foreign(body, command, env);
  if (barred) return barred;
  const last = latest(state, body);
  if (!last) return refuse('document-missing', { document: body.document });
  if (last.status !== 'approved')
    return refuse('document-not-approved', { document: body.document, version: String(last.version) });
  if (hasClock(body.document) && !isOver(state))
    return refuse('wrong-state', { status: state.status }, ['resolve']);
  const lead = env.directory.approvers[EMERGENCY_LEAD]?.holder;
  // An organisation's own report goes to nobody whom it did not name.
  const to = body.to.length > 0 ? body.to : lead && body.document !== 'vendor' ? [lead] : [];
  const unknown = to.find((one) => !env.directory.people[one] && !ADDRESS.test(one));
  if (to.length === 0 || unknown !== undefined)
    return refuse('no-recipient', { to: unknown ?? EMERGENCY_LEAD });
  return accept(stated(command, env, { type: 'DocumentSent', ...named(body), version: last.version, to }));
}

/** Once a mail server of the customer has taken a report, it is delivered: its clock stops (plan L130). */
export function recordMailing({ state, body, env }: Case<'record-mailing'>): Decision {
  const { document, version, to, outcome, detail } = body;
  const mailed = consequence(env, { type: 'DocumentMailed', ...named(body), version, to, outcome, detail });
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

/** The three reports that are due (plan L130, L136, L198). */
export function hasClock(document: DocumentKind): document is 'handling' | 'service' | 'parts' {
  return document === 'handling' || document === 'service' || document === 'parts';
}
