import { z } from 'zod';
import { placeKey } from '../effects/row.ts';
import type { Place } from '../incident/events.ts';
import type { Store } from '../store/port.ts';

/** A message as it stood at one moment: the entry of talk that gave it these words. */
const ref = z.object({ message: z.string(), stream: z.string(), position: z.number() });
export type Ref = z.infer<typeof ref>;

/** How far a stream has been read, by the stream's name. */
const cursor = z.record(z.string(), z.number());
export type Cursor = z.infer<typeof cursor>;

/** One thing to send: one message, one file. */
const step = z.discriminatedUnion('do', [
  /** What people said; several in one message where a platform's limits ask for it. */
  z.object({ do: z.literal('say'), of: z.array(ref).min(1) }),
  /** The bytes that belong to a message which was said just before. */
  z.object({ do: z.literal('file'), of: ref }),
  /** Words that stand there already were changed or taken back. */
  z.object({ do: z.literal('change'), of: ref }),
  /** What was said before the place came to the incident. */
  z.object({ do: z.literal('digest') }),
]);
export type Step = z.infer<typeof step>;

const standing = z.object({
  /** What has been dealt with. */
  cursor,
  /**
   * Written down before it is sent: whoever takes over after a crash sends the same and knows that it may be there
   * already. `after` is the cursor once it arrived.
   */
  sending: z.object({ step, after: cursor, refused: z.number() }).nullable(),
});
export type Standing = z.infer<typeof standing>;

/** A message that was carried into a place. */
const shown = z.object({
  /** Its name there. */
  id: z.string(),
  /** The card under which it is changed in place; null where it cannot be. */
  card: z.string().nullable(),
  of: z.array(ref).min(1),
  /** It may stand there twice, so that changing one of the two would leave the other. */
  marked: z.boolean(),
});
export type Shown = z.infer<typeof shown>;

const member = z.object({ lead: z.string() });
const origin = z.object({ incident: z.string(), message: z.string() });

/** How far each place has been told, and by which names what was told stands there. */
export function createStandings(store: Pick<Store, 'getNote' | 'putNote'>) {
  const read = async <T>(shape: z.ZodType<T>, key: string): Promise<T | null> => {
    const note = await store.getNote(key);
    return note === null ? null : shape.parse(JSON.parse(note));
  };
  const write = (key: string, value: unknown): Promise<void> => store.putNote(key, JSON.stringify(value));
  const standingKey = (incident: string, place: Place): string => `bridge:${incident}:${placeKey(place)}`;
  const shownKey = (incident: string, place: Place, message: string): string =>
    `relayed:${incident}:${placeKey(place)}:${message}`;
  const originKey = (place: Place, id: string): string => `origin:${placeKey(place)}:${id}`;

  return {
    /** Null before anything was carried into the place. */
    of: (incident: string, place: Place): Promise<Standing | null> =>
      read(standing, standingKey(incident, place)),
    put: (incident: string, place: Place, value: Standing): Promise<void> =>
      write(standingKey(incident, place), value),

    async shown(incident: string, place: Place, message: string): Promise<Shown | null> {
      const found = await read(z.union([shown, member]), shownKey(incident, place, message));
      if (found === null || !('lead' in found)) return found;
      return read(shown, shownKey(incident, place, found.lead));
    },
    /** By its name there it is found again, and by any of its messages. */
    async putShown(incident: string, place: Place, value: Shown): Promise<void> {
      const [lead, ...others] = value.of;
      if (!lead) return;
      // Side by side they share a commit.
      await Promise.all([
        ...others.map((one) => write(shownKey(incident, place, one.message), { lead: lead.message })),
        write(shownKey(incident, place, lead.message), value),
      ]);
    },
    /** Whoever answers or marks this name means that message. */
    putOrigin: (incident: string, place: Place, id: string, message: string): Promise<void> =>
      write(originKey(place, id), { incident, message }),
    async origin(incident: string, place: Place, id: string): Promise<string | null> {
      const found = await read(origin, originKey(place, id));
      return found?.incident === incident ? found.message : null;
    },
  };
}
