import { documentButtons } from '../../commands/document.ts';
import type { Button } from '../chat/message.ts';
import type { Clock } from '../incident/clocks.ts';
import { DOCUMENTS, type DocumentKind } from '../incident/events.ts';
import type { Language } from '../incident/plan.ts';
import { hasClock } from '../incident/rules/documents.ts';
import type { Incident } from '../incident/state.ts';
import { isJoint, type Side } from '../incident/visibility.ts';
import type { ReportView } from '../web/deps.ts';
import { DOCUMENT } from '../words/terms.ts';

/** The documents of an incident, as the room's panel shows them: what is due, what is open, which versions there are. */
export function reportsOf(
  incident: Incident,
  clocks: readonly Clock[],
  nameOf: (person: string) => string,
  reader: { readonly org: string; readonly side: Side | null },
  language: Language,
): readonly ReportView[] {
  const zh = language === 'zh';
  const open = [
    ...(incident.cause ? [] : [zh ? '原因是什么？' : 'What was the cause?']),
    ...(incident.impact ? [] : [zh ? '影响了谁、多少？' : 'Who was affected, how much?']),
  ];
  return DOCUMENTS.filter((kind) => mayReadReport(kind, reader) && isWanted(incident, kind)).map((kind) => ({
    report: kind,
    title: DOCUMENT[kind][language],
    due: clocks.find((one) => one.id === `${kind}-report`)?.deadline ?? null,
    deliveredAt: deliveredAt(incident, kind),
    openFacts: open,
    versions: incident.documents
      .filter((one) => one.document === kind && (one.organisation ?? reader.org) === reader.org)
      .toReversed()
      .map((one) => ({
        version: one.version,
        at: one.at,
        by: nameOf(one.by),
        status: one.status,
        note: one.status === 'approved' ? nameOf(one.approvedBy ?? '') : one.reason,
        mailedTo: one.mailed.filter((mail) => mail.outcome === 'accepted').map((mail) => nameOf(mail.to)),
      })),
    buttons: [
      ...factButtons(incident, zh),
      ...documentButtons(incident, kind, zh, reader.org),
      ...deliveryButton(incident, kind, zh),
    ],
  }));
}

/** The reports that are due are the customer's and ours; other organisations read the joint ones and their own. */
export function mayReadReport(kind: DocumentKind, reader: { readonly side: Side | null }): boolean {
  return !hasClock(kind) || reader.side === 'customer' || reader.side === 'vendor';
}

/** Minutes when there was a meeting to write about, a joint report when several organisations took part. */
function isWanted(incident: Incident, kind: DocumentKind): boolean {
  const made = incident.documents.some((one) => one.document === kind);
  if (kind === 'minutes') return made || incident.review !== null;
  if (kind === 'vendor') return isJoint(incident);
  if (kind === 'joint') return made || new Set(incident.participants.map((one) => one.org)).size > 2;
  return true;
}

function deliveredAt(incident: Incident, kind: DocumentKind): number | null {
  return hasClock(kind) ? (incident.moments[`${kind}-report-delivered`]?.at ?? null) : null;
}

function factButtons(incident: Incident, zh: boolean): readonly Button[] {
  return [
    ...(incident.cause ? [] : [plain(zh ? '补充原因…' : 'Add the cause…', 'cause')]),
    ...(incident.impact ? [] : [plain(zh ? '补充影响…' : 'Add the impact…', 'impact')]),
  ];
}

function deliveryButton(incident: Incident, kind: DocumentKind, zh: boolean): readonly Button[] {
  if (!hasClock(kind) || !incident.moments.resolved) return [];
  return [plain(zh ? '记为已送达' : 'Record the delivery', 'deliver', { report: kind })];
}

function plain(label: string, command: string, args: Record<string, string> = {}): Button {
  return { label, command, args, style: 'plain' };
}
