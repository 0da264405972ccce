import { expect } from 'vitest';
import { dingtalkPlatform } from '../../src/chat/dingtalk/platform.ts';
import type { Message } from '../../src/chat/message.ts';
import type { ChatPlatform, Inbound, Reply } from '../../src/chat/port.ts';
import { SECRET, type Standin, startStandin, TEMPLATES } from './standin.ts';

export const ROOM = 'cidROOM==';
export const PLACE = {
  platform: 'dingtalk',
  workspace: '',
  conversation: ROOM,
  language: 'zh',
  org: 'apusic',
} as const;
const NOTHING: Reply = { toAsker: null, form: null, incident: null };

const person = (id: string, name: string) =>
  ({ id, name, org: 'apusic', language: 'zh', accounts: { dingtalk: `ding-${id}` } }) as const;

type Options = Parameters<typeof dingtalkPlatform>[0];

/** Started with the desk of the bench behind it. */
export type Listening = Omit<ChatPlatform, 'start'> & { start(): Promise<void> };

export interface Bench {
  readonly ding: Standin;
  readonly platform: Listening;
  readonly received: Inbound[];
  readonly logged: { readonly what: string; readonly detail: unknown }[];
  readonly notes: Map<string, string>;
  /** What the desk answers; replaced by a test that needs another. */
  receive: (inbound: Inbound) => Promise<Reply>;
  /** Another instance of the desk on the same client id and the same notes. */
  another(more?: Partial<Options>): Listening;
  until(what: () => unknown): Promise<void>;
  close(): Promise<void>;
}

/** The platform with the real SDK before a stand-in, and a desk that only listens. */
export async function bench(
  more: Partial<Options> & { readonly clock?: () => number; readonly ding?: Standin } = {},
): Promise<Bench> {
  const { clock = Date.now, ding: given, ...options } = more;
  const ding = given ?? (await startStandin({ now: clock }));
  ding.group(ROOM);
  for (const one of ['ops', 'duty']) ding.user(`ding-${one}`, one);
  const notes = new Map<string, string>();
  const received: Inbound[] = [];
  const logged: Bench['logged'] = [];
  const started: Listening[] = [];
  const self: Bench = {
    ding,
    received,
    logged,
    notes,
    receive: async () => NOTHING,
    platform: make({}),
    another: (different = {}) => make(different),
    until: async (what) => {
      await expect.poll(what, { timeout: 5000, interval: 5 }).toBeTruthy();
    },
    close: async () => {
      for (const one of started) await one.stop();
      await ding.close();
      expect(ding.unsupported).toEqual([]);
    },
  };
  return self;

  function make(different: Partial<Options>): Listening {
    const platform = dingtalkPlatform({
      clientId: ding.client,
      clientSecret: SECRET,
      apiUrl: ding.apiUrl,
      oapiUrl: ding.apiUrl,
      robot: ding.client,
      templates: TEMPLATES,
      robots: new Map(),
      people: [person('ops', '客户运维'), person('duty', '值班工程师')],
      language: 'zh',
      org: 'apusic',
      publicUrl: 'https://warroom.example',
      signIn: null,
      isCommand: (word) => ['取证', 'capture', '开启'].includes(word),
      resembles: () => false,
      isRoom: async (place) => place.conversation === ROOM,
      claim: null,
      now: clock,
      fileHosts: [ding.fileHost],
      retryMs: 10,
      log: (what, detail) => logged.push({ what, detail }),
      remember: async (key, value) => {
        notes.set(key, value);
      },
      recall: async (key) => notes.get(key) ?? null,
      ...options,
      ...different,
    });
    const listening: Listening = {
      ...platform,
      start: () =>
        platform.start(async (inbound) => {
          received.push(inbound);
          return self.receive(inbound);
        }),
    };
    started.push(listening);
    return listening;
  }
}

export function message(headline: Message['headline'], more: Partial<Message> = {}): Message {
  return { headline, blocks: [], tone: 'plain', card: null, ...more };
}
