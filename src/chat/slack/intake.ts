import type { webApi } from '@slack/bolt';
import type { Actor, Place } from '../../incident/events.ts';
import { createLanes, createOnce } from '../once.ts';
import type { Inbound, Reply } from '../port.ts';
import type { People, Speaker } from './people.ts';
import type { Asker, Memory, Sender } from './sender.ts';
import { decodeText, mentionedUsers } from './text.ts';

export interface IntakeDeps extends Memory {
  readonly client: webApi.WebClient;
  readonly people: People;
  readonly sender: Sender;
  readonly language: 'zh' | 'en';
  readonly org: string;
  readonly now: () => number;
  readonly identity: () => { readonly team: string; readonly bot: string };
  readonly receive: (inbound: Inbound) => Promise<Reply>;
  /** A delivery that has not the shape it has to have. */
  readonly refused: (body: unknown) => void;
  /** Work that nobody waits for but the end of the platform. */
  readonly later: (work: Promise<void>) => void;
}

const KEPT_DELIVERIES = 10_000;

/** Where something was said or pressed, by whom, and when. */
export interface Origin {
  readonly channel: string;
  readonly user: string;
  readonly thread: string | null;
  readonly trigger: string | null;
  readonly incident: string | null;
  readonly at: number;
}

/** What every delivery needs on its way in: each acts once, in its turn, and its answer finds its asker. */
export function createIntake(deps: IntakeDeps) {
  const once = createOnce(KEPT_DELIVERIES);
  const lane = createLanes();

  const placeOf = (channel: string): Place => ({
    platform: 'slack',
    workspace: deps.identity().team,
    conversation: channel,
    language: deps.language,
    org: deps.org,
  });
  const askerOf = (origin: Origin, speaker: Speaker): Asker => ({ ...origin, language: speaker.language });
  const decode = async (raw: string): Promise<string> =>
    decodeText(raw, await deps.people.names(mentionedUsers(raw)));
  const base = (origin: Origin, speaker: Speaker, id: string) => ({
    id,
    place: placeOf(origin.channel),
    incident: origin.incident,
    author: speaker.actor,
    at: origin.at,
    language: speaker.language,
  });

  /** The next command does not wait for the answer to this one; the answers to one person keep their order. */
  async function take(inbound: Inbound, asker: Asker): Promise<void> {
    const reply = await deps.receive(inbound);
    if (!reply.form && !reply.toAsker) return;
    deps.later(
      lane(`answer:${asker.user}`, async () => {
        if (reply.form) await deps.sender.open(asker, reply.form);
        if (reply.toAsker) await deps.sender.tell(asker, reply.toAsker);
        if (reply.attachments) await deps.sender.attach(asker, reply.attachments);
      }),
    );
  }

  async function act(
    origin: Origin,
    id: string,
    command: string,
    args: Readonly<Record<string, string>>,
  ): Promise<void> {
    const speaker = await deps.people.speaker(origin.user);
    if (speaker.bot) return;
    await take({ ...base(origin, speaker, id), kind: 'action', command, args }, askerOf(origin, speaker));
  }

  async function pinArgs(
    channel: string,
    ts: string,
    raw: string,
    author: Actor | null,
  ): Promise<Record<string, string>> {
    return {
      message: `${channel}:${ts}`,
      text: await decode(raw),
      ...(author ? { author: author.name } : {}),
      saidAt: String(instant(ts)),
    };
  }

  return { once, lane, placeOf, askerOf, decode, base, take, act, pinArgs };
}
export type Intake = ReturnType<typeof createIntake>;

/** `1700000000.000100` seconds → milliseconds. */
export function instant(ts: string): number {
  return Math.round(Number(ts) * 1000);
}
