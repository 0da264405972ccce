import type { Stream } from '../incident/visibility.ts';
import type { Store } from '../store/port.ts';
import type { TalkLine } from '../summary/report.ts';

/** What people said, with edits followed and deletions gone; the bot's cards are views of events and left out. */
export async function spoken(
  store: Store,
  incident: string,
  streams: readonly Stream[] = ['joint'],
): Promise<readonly TalkLine[]> {
  const messages = new Map<string, TalkLine>();
  for (const entry of await store.talk(incident, streams)) {
    if (entry.form === 'bot') continue;
    if (entry.kind === 'deleted') messages.delete(entry.message);
    else {
      const first = messages.get(entry.message);
      messages.set(entry.message, {
        id: entry.message,
        at: first?.at ?? entry.occurred,
        author: entry.author.name,
        org: entry.author.org,
        text: entry.text,
        ...(entry.stream.startsWith('org:') ? { own: true } : {}),
      });
    }
  }
  return [...messages.values()].sort((a, b) => a.at - b.at);
}
