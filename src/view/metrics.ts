import { Gauge, type Registry } from 'prom-client';
import type { Counts } from '../audit/counts.ts';
import type { StoreStats } from '../store/port.ts';

/** Prometheus text: what tells that the watch itself is awake. The store is asked when the collector asks. */
export async function metricsText(
  stats: StoreStats,
  counts: Counts,
  known: readonly string[],
): Promise<string> {
  const { registry } = counts;
  const { lanes } = stats;
  gauge(registry, 'warroom_open_incidents', 'Incidents that are not closed.').set(stats.openIncidents);
  gauge(registry, 'warroom_oldest_overdue_seconds', 'Age of the oldest due moment that was not served.').set(
    stats.oldestOverdueMs / 1000,
  );
  const waiting = gauge(registry, 'warroom_outbox_waiting', 'Rows that wait to be sent, by lane.', 'lane');
  const failed = gauge(registry, 'warroom_outbox_failed', 'Rows that were given up, by lane.', 'lane');
  const oldest = gauge(
    registry,
    'warroom_outbox_oldest_seconds',
    'Age of the oldest row that waits.',
    'lane',
  );
  // Lanes that have run empty stand at zero: a series that is absent raises no alarm.
  for (const one of [waiting, failed, oldest]) {
    one.reset();
    for (const lane of known) one.set({ lane }, 0);
  }
  for (const { lane, waiting: queued, failed: lost, oldestMs } of lanes) {
    waiting.set({ lane }, queued);
    failed.set({ lane }, lost);
    oldest.set({ lane }, (oldestMs ?? 0) / 1000);
  }
  return registry.metrics();
}

function gauge<Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  ...labelNames: Label[]
): Gauge<Label> {
  const known = registry.getSingleMetric(name);
  if (known instanceof Gauge) return known;
  return new Gauge({ name, help, labelNames, registers: [registry] });
}

/** The same for `/health`, as JSON. */
export async function healthDetail(stats: StoreStats, counts: Counts): Promise<Record<string, unknown>> {
  const { openIncidents, oldestOverdueMs, outboxWaiting, outboxFailed, lanes } = stats;
  const values = async (name: string) =>
    (await counts.registry.getSingleMetric(name)?.get())?.values.map((one) => ({
      ...('metricName' in one ? { series: one.metricName } : {}),
      ...one.labels,
      value: one.value,
    })) ?? [];
  return {
    openIncidents,
    oldestOverdueMs,
    outboxWaiting,
    outboxFailed,
    lanes,
    latenessSeconds: await values('warroom_page_lateness_seconds'),
    sends: await values('warroom_sends_total'),
    missed: await values('warroom_missed_total'),
    heartbeats: await values('warroom_heartbeats_total'),
  };
}
