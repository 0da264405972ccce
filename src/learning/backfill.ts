import type { Store } from '../store/port.ts';
import { aboutRow } from './rows.ts';
import { shapeOf } from './shape.ts';

/** A new number when more is compared than before: every installation then goes through its incidents once more. */
const NOTE = 'search-index:1';
const PAGE = 50;
/** Between two incidents that lacked something: pages and clocks go first. */
const PAUSE_MS = 20;

/**
 * Makes incidents findable that were written before there was an index, once for a store. What the index holds
 * already stays; what was redacted stays out. Safe to cut off and to run in several instances at a time.
 */
export function startBackfill(
  store: Store,
  log: (what: string, detail: Readonly<Record<string, unknown>>) => void,
  pauseMs = PAUSE_MS,
): { readonly done: Promise<number>; stop(): Promise<void> } {
  let stopped = false;
  const done = run().catch((error: unknown) => {
    if (!stopped) log('past incidents are not all compared', { error: String(error) });
    return 0;
  });

  async function run(): Promise<number> {
    if ((await store.getNote(NOTE)) !== null) return 0;
    let added = 0;
    for (let after = ''; !stopped; ) {
      const page = await store.indexed(after, PAGE);
      for (const { incident, sources } of page) {
        if (stopped) return added;
        after = incident;
        const rows = await missing(incident, new Set(sources));
        if (rows.length === 0) continue;
        await store.index(incident, rows);
        added += rows.length;
        // Commands of the room go first.
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      if (page.length === PAGE) continue;
      await store.putNote(NOTE, 'done');
      return added;
    }
    return added;
  }

  async function missing(id: string, sources: ReadonlySet<string>) {
    const state = (await store.load(id))?.incident;
    if (!state) return [];
    const about = sources.has('about') ? [] : aboutRow(state);
    const wanted = new Set(state.diagnoses.map((one) => one.excerpt).filter((one) => !sources.has(one)));
    if (wanted.size === 0) return about;
    const logs = (await store.talk(id, ['joint'])).filter(
      (one) => one.kind === 'said' && wanted.has(one.message),
    );
    return [...about, ...logs.map(({ message, text }) => ({ source: message, words: shapeOf(text) }))].filter(
      (row) => row.words.length > 0,
    );
  }

  return {
    done,
    stop: async () => {
      stopped = true;
      await done;
    },
  };
}
