import { Counter, Histogram, Registry } from 'prom-client';
import type { Difference } from './audit.ts';

const BOUNDS_S = [0.1, 0.5, 1, 5, 15, 60, 300];

/** What this instance has seen since its start, for a collector and for `/health`. */
export interface Counts {
  readonly registry: Registry;
  /** A page left the house so long after it fell due. Milliseconds. */
  late(ms: number): void;
  /** One attempt to send something by a route: a gateway, a platform, `email`. */
  sent(route: string, outcome: 'accepted' | 'temporary' | 'permanent'): void;
  /** A sign of life for the outside monitor, and whether it was taken. */
  beat(outcome: 'acknowledged' | 'unacknowledged'): void;
  /** The auditor found that something did not happen in time. */
  missed(what: Difference['what']): void;
}

export function createCounts(): Counts {
  const registry = new Registry();
  const registers = [registry];
  const lateness = new Histogram({
    name: 'warroom_page_lateness_seconds',
    help: 'How long after it fell due a page was taken by a platform.',
    buckets: BOUNDS_S,
    registers,
  });
  const sends = new Counter({
    name: 'warroom_sends_total',
    help: 'Attempts to send, by route; failures are temporary (tried again) or permanent.',
    labelNames: ['route', 'outcome'],
    registers,
  });
  const missed = new Counter({
    name: 'warroom_missed_total',
    help: 'What the auditor found unserved: a page, a clock, a tier.',
    labelNames: ['what'],
    registers,
  });
  const beats = new Counter({
    name: 'warroom_heartbeats_total',
    help: 'Signs of life sent to the outside monitor, by whether it acknowledged them.',
    labelNames: ['outcome'],
    registers,
  });
  // A series that is absent raises no alarm; these begin at zero.
  for (const what of ['page', 'clock', 'tier'] as const) missed.inc({ what }, 0);
  return {
    registry,
    late: (ms) => lateness.observe(ms / 1000),
    sent: (route, outcome) => sends.inc({ route, outcome }),
    beat: (outcome) => beats.inc({ outcome }),
    missed: (what) => missed.inc({ what }),
  };
}
