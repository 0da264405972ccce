import type { Actor, IncidentEvent, Instant } from '../incident/events.ts';

/** One decision of the table: who, what, and by which role; of a refusal, what they were. */
export interface AccessLine {
  readonly at: Instant;
  readonly position: number;
  readonly who: Actor;
  /** An event that was allowed, or the command that was refused. */
  readonly what: string;
  readonly verdict: 'allowed' | 'refused';
  readonly roles: readonly string[];
}

/**
 * Who was allowed and who was refused what. An event of before the table was kept names no role; what the desk did
 * by itself is no decision about anybody.
 */
export function accessLines(events: readonly IncidentEvent[], desk: string): readonly AccessLine[] {
  return events
    .filter((event) => event.by.id !== desk)
    .map((event) => {
      const { body } = event;
      const line = { at: event.recorded, position: event.position, who: event.by };
      return body.type === 'AccessRefused'
        ? { ...line, what: body.command, verdict: 'refused', roles: body.roles }
        : { ...line, what: body.type, verdict: 'allowed', roles: event.as === undefined ? [] : [event.as] };
    });
}
