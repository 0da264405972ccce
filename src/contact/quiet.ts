import type { Instant } from '../incident/events.ts';
import { type Severity, severityRank } from '../incident/plan.ts';
import { partsIn } from '../incident/zone.ts';
import type { Config, Contact } from '../roster/schema.ts';

/**
 * A person's contact methods for a page now. Below the severity that overrides, the methods named as quiet are
 * left out at night; when nothing else would be left, all of them ring: a page is never lost to politeness.
 */
export function contactsNow(
  contacts: readonly Contact[],
  quiet: Config['delivery']['quiet'],
  severity: Severity | null,
  at: Instant,
  zone: string,
): readonly Contact[] {
  if (!quiet || severity === null || severityRank(severity) >= severityRank(quiet.below)) return contacts;
  if (!isBetween(at, quiet.from, quiet.to, zone)) return contacts;
  const loud = contacts.filter(
    (one) => !quiet.methods.includes(one.method === 'webhook' ? one.gateway : one.method),
  );
  return loud.length > 0 ? loud : contacts;
}

function isBetween(at: Instant, from: string, to: string, zone: string): boolean {
  const { hour, minute } = partsIn(zone, at);
  const now = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  return from <= to ? from <= now && now < to : now >= from || now < to;
}

/** The ways for what is no page: nobody's telephone rings for a hand-over. */
export function noticeContacts(
  contacts: readonly Contact[],
  gateways: Config['delivery']['gateways'],
): readonly Contact[] {
  const silent = new Set(gateways.filter((one) => one.notices).map((one) => one.id));
  return contacts.filter(
    (one) =>
      one.method === 'chat' ||
      one.method === 'email' ||
      (one.method === 'webhook' && silent.has(one.gateway)),
  );
}
