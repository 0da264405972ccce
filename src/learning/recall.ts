import type { PastIncident } from '../incident/learning.ts';
import type { Incident } from '../incident/state.ts';
import type { Store } from '../store/port.ts';

/**
 * Below this an incident is no more like the log than any other. Measured among ten thousand: nineteen of twenty
 * near-duplicates score above 0.23, the nearest neighbours of incidents that never were stay under it (p50 0.08).
 */
const ALIKE_FROM = 0.22;
const ASKED_FOR = 40;

/** Past incidents that said nearly the same and may be seen, nearest first, with what fixed them. */
export async function recall(
  store: Store,
  words: readonly string[],
  options: {
    readonly except: string | null;
    readonly limit: number;
    readonly visible: (past: Incident) => boolean;
  },
): Promise<readonly PastIncident[]> {
  const found: PastIncident[] = [];
  for (const { incident, score } of await store.similar(words, ASKED_FOR)) {
    if (score < ALIKE_FROM || found.length >= options.limit) break;
    if (incident === options.except) continue;
    const past = (await store.load(incident))?.incident;
    if (!past || !options.visible(past)) continue;
    found.push({
      code: past.code,
      title: past.title,
      score: Math.round(score * 100) / 100,
      cause: past.cause?.text ?? null,
      fixed: past.actions.filter((one) => one.status === 'succeeded').map((one) => one.content.title),
    });
  }
  return found;
}
