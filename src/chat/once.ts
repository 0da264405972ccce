/**
 * A platform repeats what it thinks was not received, and may tell of one message by several events. The core acts once
 * by the delivery's id; this keeps the repeat from being answered again, downloaded again or said again.
 */
export function createOnce(most: number): (id: string, work: () => Promise<void>) => Promise<void> {
  const seen = new Set<string>();
  return async (id, work) => {
    if (seen.has(id)) return;
    seen.add(id);
    if (seen.size > most) {
      const [oldest] = seen;
      if (oldest !== undefined) seen.delete(oldest);
    }
    try {
      await work();
    } catch (error) {
      // What failed may be repeated.
      seen.delete(id);
      throw error;
    }
  };
}

/** Runs work of one conversation one after another, so that an edit never overtakes its message. */
export function createLanes(): (lane: string, work: () => Promise<void>) => Promise<void> {
  const last = new Map<string, Promise<void>>();
  return (lane, work) => {
    const before = last.get(lane) ?? Promise.resolve();
    const turn = before.then(work, work);
    const settled = turn.catch(() => {});
    last.set(lane, settled);
    return turn.finally(() => {
      if (last.get(lane) === settled) last.delete(lane);
    });
  };
}
