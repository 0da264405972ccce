import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import {
  type Knowledge,
  type KnowledgeFiles,
  readKnowledge,
  type Step,
  withEntries,
} from '../diagnosis/index.ts';
import type { LearntRow, Store } from '../store/port.ts';
import { filesOf, readEntry } from './entry.ts';

/**
 * The shipped knowledge with every learnt entry that is active. Learnt entries live in the store and not in a
 * folder, because an approval and the entry that it makes active are one transaction, several instances share one
 * store, and a backup of the store is whole.
 */
export interface Library {
  /** Looks whether something was learnt since. */
  current(): Promise<Knowledge>;
  /** What `current` answered last; for questions that cannot wait. */
  latest(): Knowledge;
  /** The knowledge an incident began with; the present one for an incident without. */
  pinned(version: string | null): Promise<Knowledge>;
  /** Something may have been learnt, here or in another instance. */
  changed(): void;
}

const VERSIONS_KEPT = 8;

/** Names and no texts: what is redacted in the store must not live on in a copy. */
const kept = z.object({
  base: z.string(),
  learnt: z.array(z.object({ entry: z.string(), version: z.number(), incident: z.string() })),
});

export async function openLibrary(
  store: Store,
  shipped: Knowledge,
  log: (what: string, detail: Readonly<Record<string, unknown>>) => void,
): Promise<Library> {
  await store.putNote(baseNote(shipped.version), pack(shipped.files));
  const known = new Map<string, Knowledge>([[shipped.version, shipped]]);
  let fresh = false;
  let latest = shipped;
  let usableBefore = 0;

  async function current(): Promise<Knowledge> {
    if (fresh) return latest;
    // Set before reading: what is learnt meanwhile asks for another look.
    fresh = true;
    const all = await store.learnt();
    const usable = all.filter((row) => row.withdrawn === null).length;
    // What was withdrawn or redacted must not go on answering the incidents that began with it.
    if (usable < usableBefore) known.clear();
    known.set(shipped.version, shipped);
    usableBefore = usable;
    const rows = active(all);
    if (rows.length === 0) {
      latest = shipped;
      return shipped;
    }
    const next = extended(shipped, rows);
    if (next.version !== latest.version) {
      latest = next;
      remember(next);
      const note = {
        base: shipped.version,
        learnt: rows.map(({ entry, version, incident }) => ({ entry, version, incident })),
      };
      await store.putNote(versionNote(next.version), JSON.stringify(note));
    }
    return latest;
  }

  async function pinned(version: string | null): Promise<Knowledge> {
    const present = await current();
    if (version === null || version === '') return present;
    const found = known.get(version) ?? (await rebuilt(version));
    if (found) return found;
    log('the knowledge an incident began with is not kept, the present one answers', { version });
    return present;
  }

  /** After a restart, and after an update of the shipped entries. */
  async function rebuilt(version: string): Promise<Knowledge | null> {
    const note = await store.getNote(versionNote(version));
    const { base, learnt } = note === null ? { base: version, learnt: [] } : kept.parse(JSON.parse(note));
    const files = base === shipped.version ? null : await store.getNote(baseNote(base));
    if (base !== shipped.version && files === null) return null;
    const below = files === null ? shipped : readKnowledge(unpack(files));
    const rows = learnt.length === 0 ? [] : await store.learnt();
    const named = learnt.flatMap((one) =>
      rows.filter(
        (row) =>
          row.withdrawn === null &&
          row.entry === one.entry &&
          row.version === one.version &&
          row.incident === one.incident,
      ),
    );
    const knowledge = named.length === 0 ? below : extended(below, named);
    // Under the name the incident asks by: without a withdrawn entry the knowledge has another version of its own.
    remember(knowledge, version);
    return knowledge;
  }

  function remember(knowledge: Knowledge, version = knowledge.version): void {
    known.set(version, knowledge);
    for (const other of known.keys())
      if (known.size > VERSIONS_KEPT && other !== shipped.version && other !== latest.version)
        known.delete(other);
  }

  function extended(base: Knowledge, rows: readonly Pick<LearntRow, 'text'>[]): Knowledge {
    const entries = rows.flatMap(({ text }) => {
      const read = readEntry(text);
      // A text that was redacted, or written by a newer version, is no reason to stop diagnosing.
      if (!read.ok) log('a learnt entry cannot be read', { problems: read.problems });
      return read.ok ? [read.entry] : [];
    });
    const texts = Object.fromEntries(entries.flatMap((entry) => Object.entries(filesOf(entry))));
    const steps: Step[] = entries.flatMap((entry) => entry.steps);
    return withEntries(base, { faults: entries.map((entry) => entry.fault), steps, texts });
  }

  await current();
  return {
    current,
    latest: () => latest,
    pinned,
    changed: () => {
      fresh = false;
    },
  };
}

/** Of each entry the version that was approved last, unless it was withdrawn. */
export function active(rows: readonly LearntRow[]): readonly LearntRow[] {
  return [...new Map(rows.map((row) => [row.entry, row])).values()]
    .filter((row) => row.withdrawn === null)
    .sort((a, b) => (a.entry < b.entry ? -1 : 1));
}

const baseNote = (version: string): string => `knowledge-files:${version}`;
const versionNote = (version: string): string => `knowledge:${version}`;

function pack(files: KnowledgeFiles): string {
  return gzipSync(JSON.stringify(files)).toString('base64');
}

function unpack(packed: string): KnowledgeFiles {
  const text = gunzipSync(Buffer.from(packed, 'base64')).toString('utf8');
  return z.record(z.string(), z.string()).parse(JSON.parse(text));
}
