import type { Place } from '../../incident/events.ts';
import { createParts } from '../name.ts';
import type { ChatPlatform, Inbound, Limits, Reply } from '../port.ts';
import { type ApiOptions, createApi } from './api.ts';
import { FILE_LIMITS } from './attach.ts';
import type { CardTemplates } from './cards.ts';
import { BLOCKED_MS } from './failure.ts';
import { createHear } from './hear.ts';
import { createHooks, type SignedRobot } from './hooks.ts';
import { createLease } from './lease.ts';
import { createPeople, type RosterPerson } from './people.ts';
import { createSender } from './sender.ts';
import { createStream } from './stream.ts';
import type { Words } from './text.ts';

export interface DingTalkOptions extends ApiOptions, Words {
  /** The robot's code; the client id where an app has one robot. */
  readonly robot: string;
  /** Null without card templates: texts only, and buttons in the web room. */
  readonly templates: CardTemplates | null;
  /** Signed custom robots that speak when the app's own may not, by conversation. */
  readonly robots: ReadonlyMap<string, SignedRobot>;
  readonly people: readonly RosterPerson[];
  readonly language: 'zh' | 'en';
  /** The organisation whose room the conversations are. */
  readonly org: string;
  readonly publicUrl: string | null;
  readonly signIn: ((person: string, path: string) => Promise<string>) | null;
  readonly isRoom: (place: Place) => Promise<boolean>;
  readonly remember: (key: string, value: string) => Promise<void>;
  readonly recall: (key: string) => Promise<string | null>;
  /** True exactly once for a key among all instances; null where there is but one. */
  readonly claim: ((key: string) => Promise<boolean>) | null;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
  /** Largest file that is fetched, in bytes. */
  readonly maxFileBytes?: number;
  /** Hosts beside DingTalk's own from which files are fetched. */
  readonly fileHosts?: readonly string[];
  readonly idleMs?: number;
  readonly retryMs?: number;
  readonly leaseMs?: number;
}

const MIB = 1024 * 1024;
/** DingTalk sends a frame of its own every 20 to 30 seconds, also when nobody speaks. */
const IDLE_MS = 90_000;
const RETRY_MS = 1000;
const LEASE_MS = 30_000;

/**
 * open.dingtalk.com/document/orgapp/custom-robot-access: twenty messages a minute, each robot, and nothing for ten
 * minutes beyond. One robot speaks in all conversations; a part is left for answers to their askers, which wait in no
 * lane.
 */
const LIMITS: Limits = {
  // Three bytes a Chinese character, of 15,000 with all that is around them.
  textLength: 3500,
  perMinute: 20,
  overallPerMinute: 16,
  blockedForMs: BLOCKED_MS,
  fileBytes: FILE_LIMITS.bytes,
};

/** DingTalk by Stream Mode: no public address, and only what addresses the robot is heard. */
export function dingtalkPlatform(options: DingTalkOptions): ChatPlatform {
  const { log, remember, recall } = options;
  const api = createApi(options);
  const people = createPeople({ api, roster: options.people, language: options.language });
  const hooks = createHooks({ api, now: options.now, remember, recall, robots: options.robots });
  const parts = createParts(options);
  const sender = createSender({
    api,
    parts,
    robot: options.robot,
    templates: options.templates,
    hooks,
    userOf: people.userOf,
    web: options.publicUrl,
    signIn: options.signIn,
    remember,
    recall,
    log,
  });
  const working = new Set<Promise<void>>();
  let receive: ((inbound: Inbound) => Promise<Reply>) | null = null;

  const later = (what: string, task: Promise<void>): void => {
    const settled = task
      .catch((error: unknown) => {
        log(`dingtalk: ${what} failed`, { error: error instanceof Error ? error.message.slice(0, 500) : '' });
      })
      .finally(() => working.delete(settled));
    working.add(settled);
  };
  const hear = createHear({
    people,
    sender,
    hooks,
    parts,
    files: {
      api,
      robot: options.robot,
      maxBytes: options.maxFileBytes ?? 20 * MIB,
      hosts: options.fileHosts ?? [],
    },
    words: options,
    robot: options.robot,
    language: options.language,
    org: options.org,
    now: options.now,
    isRoom: options.isRoom,
    receive: async (inbound) => {
      if (!receive) throw new Error('dingtalk: not started');
      return receive(inbound);
    },
    remember,
    recall,
    later,
    log,
  });
  const stream = createStream({
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    now: options.now,
    idleMs: options.idleMs ?? IDLE_MS,
    retryMs: options.retryMs ?? RETRY_MS,
    handle: hear,
    log,
  });
  const { claim } = options;
  const lease =
    claim === null
      ? null
      : createLease({
          now: options.now,
          claim: (key) => claim(`${options.clientId}:${key}`),
          windowMs: options.leaseMs ?? LEASE_MS,
          gained: stream.start,
          lost: stream.stop,
          log,
        });

  return {
    name: 'dingtalk',
    capabilities: {
      hears: 'addressed',
      // DingTalk tells a robot nothing of what is changed or recalled.
      followsEdits: false,
      followsDeletions: false,
      createsRooms: false,
      updatesMessages: options.templates !== null,
      // A robot answers no single message, and a file cannot mention it.
      threads: false,
      filesHere: false,
      urgent: false,
    },
    limits: LIMITS,
    async start(listener) {
      receive = listener;
      await (lease ? lease.start() : stream.start());
    },
    async stop() {
      await lease?.stop();
      await stream.stop();
      while (working.size > 0) await Promise.all(working);
    },
    post: sender.post,
    attach: sender.attach,
    direct: (person, message) => sender.direct(person, message, options.language),
  };
}
