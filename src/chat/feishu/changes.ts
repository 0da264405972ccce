import type { Actor, Place } from '../../incident/events.ts';
import { nameOfThing } from '../name.ts';
import type { Inbound } from '../port.ts';
import { filesIn } from './files.ts';
import type { HearDeps, Origin } from './hear.ts';
import * as payloads from './payloads.ts';
import { readWords, wordsIn } from './text.ts';

interface ChangeDeps extends HearDeps {
  readonly once: (id: string, work: () => Promise<void>) => Promise<void>;
  readonly placeOf: (tenant: string, chat: string) => Place;
  readonly baseOf: (
    origin: Origin,
    id: string,
  ) => Omit<Extract<Inbound, { kind: 'action' }>, 'kind' | 'command' | 'args'>;
  readonly take: (origin: Origin, inbound: Inbound) => Promise<void>;
  /** The name of the answer of which a message is a part. */
  readonly wholeOf: (name: string) => Promise<string>;
}

const KEPT_AUTHORS = 5000;
/** The emoji of Feishu's own palette (…/message-reaction/emojis-introduce). */
const PIN = /^(?:pin|pushpin)$/i;

/** What becomes of words that were said: taken back, pinned. */
export function createChanges(deps: ChangeDeps) {
  /** Whose the last messages were: their recall does not say. */
  const authors = new Map<string, Actor>();

  async function heard(id: string, author: Actor, things: number): Promise<void> {
    authors.set(id, author);
    const [oldest] = authors.keys();
    if (authors.size > KEPT_AUTHORS && oldest !== undefined) authors.delete(oldest);
    if (things > 1) await deps.remember(`things:${id}`, String(things));
  }

  /** Who recalled it is not told: it is taken back in the name of the one who said it. */
  async function recalled(event: payloads.Recalled): Promise<void> {
    const place = deps.placeOf(event.tenant_key, event.chat_id);
    // A message that comes after its own recall stays unsaid.
    await deps.once(`said:${event.message_id}`, async () => {});
    if (!(await deps.isRoom(place))) return;
    const author = authors.get(event.message_id) ?? (await authorOf(event.message_id));
    if (!author) return;
    const things = Number((await deps.recall(`things:${event.message_id}`)) ?? 1);
    for (let thing = 0; thing < things; thing += 1)
      await deps.receive({
        id: thing === 0 ? event.event_id : `${event.event_id}:${thing}`,
        place,
        incident: null,
        author,
        at: Number(event.recall_time),
        language: deps.language,
        kind: 'deleted',
        messageId: nameOfThing(event.message_id, thing),
      });
  }

  /** Somebody's own message, as Feishu has it now. */
  async function readBack(id: string) {
    const answer = await deps.wire.call((client) =>
      client.im.v1.message.get({ path: { message_id: id }, params: { user_id_type: 'open_id' } }),
    );
    const read = payloads.readBack.safeParse(answer);
    return read.success ? read.data.data.items[0] : undefined;
  }

  async function authorOf(id: string): Promise<Actor | null> {
    const sender = (await readBack(id))?.sender;
    return sender?.id_type === 'open_id' ? (await deps.people.speaker(sender.id)).actor : null;
  }

  /** The event names a message and says nothing of it. */
  async function pinned(event: payloads.Reacted): Promise<void> {
    const user = event.user_id?.open_id;
    if (event.operator_type !== 'user' || user === undefined || !PIN.test(event.reaction_type.emoji_type))
      return;
    const message = await readBack(event.message_id);
    if (!message) return;
    const content = message.body?.content ?? '';
    const files = filesIn(message.message_id, message.msg_type, content).map((one) => `📎 ${one.name}`);
    const raw = wordsIn(message.msg_type, content) ?? files.join('\n');
    if (raw === '') return;
    if (!(await deps.isRoom(deps.placeOf(event.tenant_key, message.chat_id)))) return;
    const mentions = (message.mentions ?? []).map((one) => ({ ...one, id: { open_id: one.id } }));
    const author =
      message.sender.id_type === 'open_id' ? (await deps.people.speaker(message.sender.id)).actor : null;
    const origin: Origin = {
      tenant: event.tenant_key,
      chat: message.chat_id,
      direct: false,
      at: Number(event.action_time),
      incident: null,
      speaker: await deps.people.speaker(user),
    };
    const args = {
      message: await deps.wholeOf(message.message_id),
      text: readWords(raw, mentions, deps.bot()).text,
      ...(author ? { author: author.name } : {}),
      saidAt: message.create_time,
    };
    await deps.take(origin, { ...deps.baseOf(origin, event.event_id), kind: 'action', command: 'pin', args });
  }

  return { heard, recalled, pinned };
}
