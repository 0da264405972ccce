import type { TimelineEdit } from './events.ts';

/** What people made of one entry of the compiled timeline. */
export interface EntryEdit {
  readonly dropped: boolean;
  /** The words that are shown instead; null while the compiled ones stand. */
  readonly text: string | null;
  /** The entry in front of which it stands (`end`: last of all); null while its time decides. */
  readonly before: string | null;
  /** Positions of the events that changed it, so that a document can cite who did. */
  readonly by: readonly number[];
}

/** By entry: `E` and the position of an event, or `M` and the id of a message. */
export type Curation = Readonly<Record<string, EntryEdit>>;

export const END = 'end';

const UNTOUCHED: EntryEdit = { dropped: false, text: null, before: null, by: [] };

export function edited(curation: Curation, entry: string, edit: TimelineEdit, position: number): Curation {
  const known = curation[entry] ?? UNTOUCHED;
  return { ...curation, [entry]: { ...change(known, edit), by: [...known.by, position] } };
}

function change(known: EntryEdit, edit: TimelineEdit): EntryEdit {
  switch (edit.do) {
    case 'drop':
      return { ...known, dropped: true };
    case 'restore':
      return UNTOUCHED;
    case 'reword':
      return { ...known, text: edit.text };
    case 'move':
      return { ...known, before: edit.before ?? END };
    default: {
      const unknown: never = edit;
      throw new Error(`unknown edit ${JSON.stringify(unknown)}`);
    }
  }
}

export interface Curated<T> {
  readonly row: T;
  readonly edit: EntryEdit | null;
}

/**
 * Rows in the order people gave them; what was dropped is still among them, marked, for a view that offers it back.
 * A row that was moved in front of one that is not there keeps its own place.
 */
export function curated<T extends { readonly id: string }>(
  rows: readonly T[],
  curation: Curation,
): readonly Curated<T>[] {
  const known = new Set(rows.map((row) => row.id));
  const moved = rows.filter((row) => {
    const before = curation[row.id]?.before ?? null;
    return before !== null && before !== row.id && (before === END || known.has(before));
  });
  const order = rows.filter((row) => !moved.includes(row));
  // In the order of the moves, so that the last word counts where two were put in front of the same entry.
  const byMove = moved.toSorted((a, b) => lastMove(curation, a.id) - lastMove(curation, b.id));
  for (const row of byMove) {
    const at = order.findIndex((one) => one.id === curation[row.id]?.before);
    order.splice(at < 0 ? order.length : at, 0, row);
  }
  return order.map((row) => ({ row, edit: curation[row.id] ?? null }));
}

function lastMove(curation: Curation, id: string): number {
  return curation[id]?.by.at(-1) ?? 0;
}
