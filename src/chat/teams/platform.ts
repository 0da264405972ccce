import type { Place } from '../../incident/events.ts';
import { createParts } from '../name.ts';
import type { Capabilities, ChatPlatform, Inbound, Limits, Reply } from '../port.ts';
import { createAttach, PICTURE_LIMITS } from './attach.ts';
import { gated } from './gate.ts';
import { createHear } from './hear.ts';
import { createPeople, type RosterPerson } from './people.ts';
import { createRefs, type Memory, type Service } from './refs.ts';
import { createRooms } from './rooms.ts';
import { createSender } from './sender.ts';
import { createWire, type WireOptions } from './wire.ts';
import { createWords } from './words.ts';

export interface TeamsOptions extends Memory, WireOptions {
  /** Whether resource-specific consent lets the bot hear what does not address it. */
  readonly hears: 'everything' | 'addressed';
  /** A thread of its own for each incident, where it is opened in a channel; or none. */
  readonly rooms: 'thread' | 'here';
  readonly people: readonly RosterPerson[];
  readonly language: 'zh' | 'en';
  /** The organisation whose room the conversations are. */
  readonly org: string;
  readonly publicUrl: string | null;
  readonly isCommand: (word: string) => boolean;
  readonly resembles: (word: string) => boolean;
  readonly isRoom: (place: Place) => Promise<boolean>;
  readonly now: () => number;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
  /** Largest file that is fetched, in bytes. */
  readonly maxFileBytes?: number;
  /** Hosts beside Microsoft's own from which files are fetched. */
  readonly fileHosts?: readonly string[];
  /** Where Teams is reached before it has called. */
  readonly service?: Service;
  readonly patienceMs?: number;
}

/** Azure Bot's usual path for the messaging endpoint. */
export const TEAMS_PATH = '/api/messages';

const MIB = 1024 * 1024;
/** Teams shows "something went wrong" after some five seconds without an answer to a button. */
const PATIENCE_MS = 3500;

/** …/bots/how-to/rate-limit: sixty messages in thirty seconds; 1800 an hour, past which Teams says how long to wait. */
const LIMITS: Limits = {
  // Three bytes a Chinese character, in a card whose bytes are counted.
  textLength: 7000,
  perMinute: 60,
  blockedForMs: 0,
  fileBytes: PICTURE_LIMITS.bytes,
  fileTypes: PICTURE_LIMITS.types,
};

/** Teams by botbuilder: verifies, parses, renders, sends. */
export function teamsPlatform(options: TeamsOptions): ChatPlatform {
  const wire = createWire(options);
  const refs = createRefs(options, options.service ?? null);
  const people = createPeople({ wire, roster: options.people, language: options.language, now: options.now });
  const words = createWords();
  const parts = createParts(options);
  const sender = createSender({
    wire,
    refs,
    words,
    parts,
    now: options.now,
    dialogs: options.app !== null,
    userOf: people.userOf,
    web: options.publicUrl,
    remember: options.remember,
    recall: options.recall,
    log: options.log,
  });
  const names = new Map(options.people.map((one) => [one.id, one.name]));
  const nameOf = (person: string): string => names.get(person) ?? person;
  const working = new Set<Promise<void>>();
  let receive: ((inbound: Inbound) => Promise<Reply>) | null = null;

  const later = (what: string, task: Promise<void>): void => {
    const settled = task
      .catch((error: unknown) => {
        const text = error instanceof Error ? error.message : String(error);
        options.log(`teams: ${what} failed`, { error: text.slice(0, 500) });
      })
      .finally(() => working.delete(settled));
    working.add(settled);
  };
  const hear = createHear({
    people,
    sender,
    refs,
    words,
    parts,
    files: {
      maxBytes: options.maxFileBytes ?? 20 * MIB,
      hosts: options.fileHosts ?? [],
      token: wire.token,
    },
    language: options.language,
    org: options.org,
    now: options.now,
    isCommand: options.isCommand,
    resembles: options.resembles,
    hears: options.hears,
    isRoom: options.isRoom,
    remember: options.remember,
    recall: options.recall,
    receive: async (inbound) => {
      if (!receive) throw new Error('teams: not started');
      return receive(inbound);
    },
    later,
    patienceMs: options.patienceMs ?? PATIENCE_MS,
  });

  return {
    name: 'teams',
    capabilities: capabilitiesOf(options),
    limits: LIMITS,
    door: {
      path: TEAMS_PATH,
      listener: gated({
        path: TEAMS_PATH,
        wire,
        tenant: options.app?.tenant ?? null,
        playground: options.app === null,
        refused: (status, why) => options.log('teams: a request was refused', { status, why }),
        deliver: hear,
      }),
    },
    async start(listener) {
      receive = listener;
    },
    async stop() {
      while (working.size > 0) await Promise.all(working);
    },
    ...(options.rooms === 'thread'
      ? { rooms: createRooms({ wire, refs, nameOf, remember: options.remember, recall: options.recall }) }
      : {}),
    post: sender.post,
    attach: createAttach({ wire, refs }),
    direct: (person, message) => sender.direct(person, message, options.language),
  };
}

function capabilitiesOf({ hears, rooms }: TeamsOptions): Capabilities {
  return {
    hears,
    followsEdits: true,
    followsDeletions: true,
    // A bot makes no channel and no chat, but a thread of a channel.
    createsRooms: rooms === 'thread',
    updatesMessages: true,
    // A room is a thread already, and in a channel no file is within a bot's reach.
    threads: false,
    filesHere: false,
    // A notification of Teams obeys the person's own quiet hours.
    urgent: false,
  };
}
