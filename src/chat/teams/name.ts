import type { Memory } from './refs.ts';

/** A message by the one name that receipts, replies, edits, reactions and the message menu share. */
export function nameOf(conversation: string, id: string): string {
  return `${conversation}:${id}`;
}

/** A long answer is several messages, and goes by the name of the first: whichever of them is answered. */
export function createParts(memory: Memory) {
  const keyOf = (name: string): string => `part:${name}`;
  return {
    async keep(first: string, other: string): Promise<void> {
      await memory.remember(keyOf(other), first);
    },
    wholeOf: async (name: string): Promise<string> => (await memory.recall(keyOf(name))) || name,
  };
}
export type Parts = ReturnType<typeof createParts>;
