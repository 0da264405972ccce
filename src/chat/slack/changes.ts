import { nameOf } from '../name.ts';
import type { HearDeps } from './hear.ts';
import { type Intake, instant, type Origin } from './intake.ts';
import { namesOf, originOf } from './names.ts';
import type { EventBody, MessageEvent } from './payloads.ts';

/** The reaction that puts a message on the timeline: 📌. */
const PIN = 'pushpin';

/** What becomes of words that were said: changed, taken back, pinned. */
export function createChanges(deps: HearDeps, intake: Intake) {
  const { once, placeOf, decode, base, act, pinArgs } = intake;

  async function edited(event: MessageEvent, eventId: string): Promise<void> {
    const { message, previous_message: before, channel } = event;
    if (!message) return;
    // A deleted message that has answers in its thread is told of as an edit into a tombstone.
    if (message.subtype === 'tombstone') return deleted(event, eventId, message.ts);
    // Slack also tells of link previews and pins as edits; nobody changed a word then.
    if (message.bot_id || message.user === undefined || message.text === before?.text) return;
    if (!(await deps.isRoom(placeOf(channel)))) return;
    const speaker = await deps.people.speaker(message.user);
    if (speaker.bot) return;
    const text = await decode(message.text);
    const origin = { ...originOf(message, channel, message.user), at: instant(event.ts) };
    await once(`event:${eventId}`, async () => {
      await deps.receive({
        ...base(origin, speaker, eventId),
        kind: 'edited',
        messageId: nameOf(channel, message.ts),
        text,
      });
    });
  }

  async function deleted(event: MessageEvent, eventId: string, ts: string): Promise<void> {
    const { previous_message: before, channel } = event;
    if (!before?.user || before.bot_id || !(await deps.isRoom(placeOf(channel)))) return;
    const speaker = await deps.people.speaker(before.user);
    const origin = { ...originOf(before, channel, before.user), at: instant(event.ts) };
    const { words, files } = namesOf(channel, { ...before, ts });
    const things = [...(words === null ? [] : [words]), ...files];
    const gone = things.length > 0 ? things : [nameOf(channel, ts)];
    // A message that comes after its own deletion stays unsaid.
    await once(`said:${channel}:${ts}`, async () => {});
    for (const file of before.files ?? []) await once(`file:${channel}:${file.id}`, async () => {});
    await once(`event:${eventId}`, async () => {
      for (const one of gone)
        await deps.receive({
          ...base(origin, speaker, `${eventId}:${one}`),
          kind: 'deleted',
          messageId: one,
        });
    });
  }

  async function pinned(
    event: Extract<EventBody['event'], { type: 'reaction_added' }>,
    id: string,
  ): Promise<void> {
    const { channel, ts } = event.item;
    if (event.reaction !== PIN || !channel || !ts || !(await deps.isRoom(placeOf(channel)))) return;
    const found = await deps.client.conversations.replies({
      channel,
      ts,
      oldest: ts,
      latest: ts,
      inclusive: true,
      limit: 1,
    });
    const message = found.messages?.find((one) => one.ts === ts);
    // A picture without words is pinned by its name.
    const files = (message?.files ?? []).map((one) => `📎 ${one.name ?? one.id ?? ''}`);
    const text = message?.text || files.join('\n');
    if (!message || text === '') return;
    const author = message.user ? (await deps.people.speaker(message.user)).actor : null;
    const origin: Origin = {
      channel,
      user: event.user,
      thread: null,
      trigger: null,
      incident: null,
      at: instant(event.event_ts),
    };
    await once(`event:${id}`, async () => act(origin, id, 'pin', await pinArgs(channel, ts, text, author)));
  }

  return { edited, deleted, pinned };
}
