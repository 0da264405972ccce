import type { Gateway } from '../roster/schema.ts';
import { parseBody, valueAt } from './answer.ts';

/** What a gateway says later of a message that it took. */
export interface DeliveryReport {
  /** As it was sent, or as the gateway's answer called it. */
  readonly id: string;
  readonly outcome: 'delivered' | 'seen' | 'undelivered';
  readonly detail: string;
}

/** The reports in one call of the gateway, one or a list; states that say nothing new are left out. */
export function readReports(
  reports: NonNullable<Gateway['reports']>,
  text: string,
): readonly DeliveryReport[] | null {
  const body = parseBody(text);
  if (body === null) return null;
  const entries: readonly unknown[] = Array.isArray(body) ? body : [body];
  return entries.flatMap((entry): readonly DeliveryReport[] => {
    const messageId = valueAt(entry, reports.id);
    const status = valueAt(entry, reports.status);
    if (messageId === null || status === null) return [];
    const outcome = reports.seen.includes(status)
      ? 'seen'
      : reports.delivered.includes(status)
        ? 'delivered'
        : reports.failed.includes(status)
          ? 'undelivered'
          : null;
    if (outcome === null) return [];
    const detail = (reports.detail ? valueAt(entry, reports.detail) : null) ?? status;
    return [{ id: messageId, outcome, detail: detail.slice(0, 200) }];
  });
}
