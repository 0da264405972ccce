export interface Words {
  readonly text: string;
  readonly author: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const KEPT = 5000;
const KEPT_DIRECT = 500;

/** What was lately said: a reaction names its message, a read receipt the last one read, and neither says more. */
export function createWords() {
  const said = new Map<string, Words>();
  const direct = new Map<string, string[]>();
  return {
    keep(id: string, words: Words): void {
      said.set(id, words);
      drop(said, KEPT);
    },
    find: (id: string): Words | null => said.get(id) ?? null,
    /** A direct message went out: its receipt may come. */
    sent(conversation: string, id: string): void {
      direct.set(conversation, [...(direct.get(conversation) ?? []), id].slice(-50));
      drop(direct, KEPT_DIRECT);
    },
    /** The direct messages read by now, each told once; ids count up with time. */
    read(conversation: string, last: string): readonly string[] {
      const open = direct.get(conversation) ?? [];
      const seen = open.filter((id) => Number(id) <= Number(last));
      direct.set(
        conversation,
        open.filter((id) => !seen.includes(id)),
      );
      return seen;
    },
  };
}
export type SaidWords = ReturnType<typeof createWords>;

function drop(map: Map<string, unknown>, most: number): void {
  for (const [oldest] of map) {
    if (map.size <= most) break;
    map.delete(oldest);
  }
}
