import type { Store } from '../store/port.ts';
import type { Clock } from './clock.ts';

const DAY_MS = 24 * 3_600_000;
/**
 * How long a delivery is remembered so that its repetition acts only once. Chat platforms repeat within hours; a
 * browser that slept repeats what it could not send when it wakes, after a long holiday at the latest.
 */
const REMEMBERED_MS = 30 * DAY_MS;

/** Forgets, once a day, what can no longer come twice. Answers with a way to end it. */
export function startUpkeep(
  store: Store,
  clock: Clock,
  log: (what: string, detail: Readonly<Record<string, unknown>>) => void,
): () => void {
  let cancel: () => void = () => {};
  const again = (): void => {
    cancel = clock.at(clock.now() + DAY_MS, async () => {
      again();
      try {
        await store.pruneInbound(clock.now() - REMEMBERED_MS);
      } catch (error) {
        log('upkeep-failed', { error: String(error) });
      }
    });
  };
  again();
  return () => cancel();
}
