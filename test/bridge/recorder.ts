import { type Block, type Button, type Message, plainText } from '../../src/chat/message.ts';
import type { Attachment, Capabilities, ChatPlatform, Posting, Receipt } from '../../src/chat/port.ts';
import type { Place } from '../../src/incident/events.ts';

/** One message as it stands in a conversation now. */
export interface Standing {
  readonly id: string;
  readonly text: string;
  readonly replyTo: string | null;
  readonly file: { readonly name: string; readonly bytes: Uint8Array } | null;
  readonly at: number;
  /** Said by people elsewhere, and no word of the bot's own. */
  readonly relayed: boolean;
  readonly buttons: readonly Button[];
}

export interface Recorder extends ChatPlatform {
  /** What a conversation shows, cards where they were said first. */
  shows(conversation: string): readonly Standing[];
  /** The texts alone, without the bot's cards about the incident. */
  said(conversation: string): readonly string[];
  /** Refuses everything until it is up again. */
  down(is: boolean): void;
  /** Takes the next message and loses the answer. */
  loseAnswer(): void;
  readonly sends: readonly { readonly key: string; readonly at: number; readonly text: string }[];
}

/** A platform that keeps what it is told: for what the bridge does, not for how a vendor's service behaves. */
export function recorder(options: {
  readonly name: string;
  readonly now: () => number;
  readonly capabilities?: Partial<Capabilities>;
  readonly perMinute?: number;
  readonly takesFiles?: boolean;
}): Recorder {
  const rooms = new Map<string, Standing[]>();
  const cards = new Map<string, string>();
  const sends: { key: string; at: number; text: string }[] = [];
  let isDown = false;
  let losing = false;
  let count = 0;

  function put(place: Place, one: Omit<Standing, 'id' | 'at'>, card: string | null): Receipt {
    if (isDown) return { ok: false, permanent: false, retryAfterMs: null, error: 'HTTP 503' };
    const room = rooms.get(place.conversation) ?? [];
    rooms.set(place.conversation, room);
    const known = card === null ? undefined : cards.get(`${place.conversation}:${card}`);
    const at = room.findIndex((other) => other.id === known);
    count += 1;
    const id = known ?? `${options.name}-${count}`;
    const standing = { ...one, id, at: at >= 0 ? (room[at]?.at ?? 0) : options.now() };
    if (at >= 0) room[at] = standing;
    else room.push(standing);
    if (losing) {
      losing = false;
      return { ok: false, permanent: false, retryAfterMs: null, error: 'no answer', uncertain: true };
    }
    if (card !== null) cards.set(`${place.conversation}:${card}`, id);
    return { ok: true, messageId: id };
  }

  return {
    name: options.name,
    capabilities: {
      hears: 'everything',
      followsEdits: true,
      followsDeletions: true,
      createsRooms: false,
      updatesMessages: true,
      threads: true,
      filesHere: true,
      urgent: false,
      ...options.capabilities,
    },
    limits: {
      textLength: 4000,
      perMinute: options.perMinute ?? 600,
      blockedForMs: 0,
      ...(options.takesFiles === false ? {} : { fileBytes: 20_000_000 }),
    },
    async start() {},
    async stop() {},
    async post(place: Place, message: Message, { key, replyTo }: Posting) {
      const text = textOf(message);
      const card = message.card === null ? null : `${key.split(':', 1)[0]}:${message.card}`;
      sends.push({ key, at: options.now(), text });
      return put(
        place,
        {
          text,
          replyTo: replyTo ?? null,
          file: null,
          relayed: key.includes(':relay:'),
          buttons: buttonsOf(message),
        },
        card,
      );
    },
    ...(options.takesFiles === false
      ? {}
      : {
          attach: async (place: Place, file: Attachment, { key, replyTo }: Posting) => {
            sends.push({ key, at: options.now(), text: file.name });
            const kept = { name: file.name, bytes: await file.bytes() };
            return put(
              place,
              { text: '', replyTo: replyTo ?? null, file: kept, relayed: true, buttons: [] },
              null,
            );
          },
        }),
    direct: async () => ({ ok: false, permanent: true, retryAfterMs: null, error: 'nobody' }),
    shows: (conversation) => rooms.get(conversation) ?? [],
    said: (conversation) =>
      (rooms.get(conversation) ?? []).flatMap((one) => (one.relayed && one.file === null ? [one.text] : [])),
    down: (is) => {
      isDown = is;
    },
    loseAnswer: () => {
      losing = true;
    },
    sends,
  };
}

function buttonsOf({ blocks }: Message): readonly Button[] {
  return blocks.flatMap((one) => (one.block === 'buttons' ? one.buttons : []));
}

export function textOf(message: Message): string {
  return [plainText(message.headline), ...message.blocks.flatMap(words)].join('\n');
}

function words(block: Block): readonly string[] {
  switch (block.block) {
    case 'text':
    case 'note':
      return [plainText(block.text)];
    case 'list':
      return block.items.map(plainText);
    case 'fields':
      return block.fields.map((one) => `${one.label} ${plainText(one.value)}`);
    case 'code':
      return [block.code];
    case 'buttons':
      return [];
    case 'fold':
      return [block.summary, ...block.blocks.flatMap(words)];
    default: {
      const unknown: never = block;
      throw new Error(`unknown block ${JSON.stringify(unknown)}`);
    }
  }
}

export function placeOf(platform: string, conversation: string, org: string, audience?: 'org'): Place {
  const place = { platform, workspace: 'w', conversation, language: 'zh', org } as const;
  return audience === undefined ? place : { ...place, audience };
}
