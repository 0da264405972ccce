import type { Lateness } from '../audit/lateness.ts';
import type { StoreStats } from '../store/port.ts';

/** Prometheus text: what tells that the watch itself is awake. */
export function metricsText(stats: StoreStats, missed: number, lateness: Lateness): string {
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
  const gauges = rows
    .map(([name, help, value]) => `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`)
    .join('');
  return (
    gauges +
    histogram('warroom_page_lateness_seconds', 'How late pages were sent by this instance.', lateness)
  );
}

function histogram(name: string, help: string, lateness: Lateness): string {
  const { counts, sum, count } = lateness.buckets();
  const lines = counts.map((one) => `${name}_bucket{le="${one.le}"} ${one.count}`);
  return `# HELP ${name} ${help}\n# TYPE ${name} histogram\n${lines.join('\n')}\n${name}_sum ${sum}\n${name}_count ${count}\n`;
}
