/** A message by the one name that receipts, replies, edits and reactions share. */
export function nameOf(conversation: string, id: string): string {
  return `${conversation}:${id}`;
}

/**
 * A message of words and files is several things, and each has a name of its own in the record: the first the
 * message's, the later ones that and their place. What answers or pins the message means the first.
 */
export function nameOfThing(message: string, place: number): string {
  return place === 0 ? message : `${message}/${place}`;
}

const PLACE = /\/\d{1,3}$/;

/** The message that holds a thing. */
export function holderOf(thing: string): string {
  return thing.replace(PLACE, '');
}

/** A long answer is several messages, and goes by the name of the first: whichever of them is answered. */
export function createParts(memory: {
  remember(key: string, value: string): Promise<void>;
  recall(key: string): Promise<string | null>;
}) {
  const keyOf = (name: string): string => `part:${name}`;
  return {
    async keep(first: string, other: string): Promise<void> {
      await memory.remember(keyOf(other), first);
    },
    wholeOf: async (name: string): Promise<string> => (await memory.recall(keyOf(name))) || name,
  };
}
export type Parts = ReturnType<typeof createParts>;
