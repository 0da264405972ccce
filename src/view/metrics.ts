import type { StoreStats } from '../store/port.ts';

/** Prometheus text: what tells that the watch itself is awake. */
export function metricsText(stats: StoreStats, missed: number): string {
  const rows: readonly (readonly [string, string, number])[] = [
    ['warroom_open_incidents', 'Incidents that are not closed.', stats.openIncidents],
    [
      'warroom_oldest_overdue_seconds',
      'Age of the oldest due moment that was not served.',
      stats.oldestOverdueMs / 1000,
    ],
    ['warroom_outbox_waiting', 'Rows waiting to be sent.', stats.outboxWaiting],
    ['warroom_missed_deadlines_total', 'Deadlines that the auditor found unserved since the start.', missed],
    ['warroom_outbox_failed', 'Rows that were given up.', stats.outboxFailed],
  ];
  return rows
    .map(([name, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`)
    .join('');
}
