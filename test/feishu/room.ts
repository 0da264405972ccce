import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { commandNamed } from '../../commands/index.ts';
import { FEISHU_PATH, type FeishuOptions, feishuPlatform } from '../../src/chat/feishu/platform.ts';
import type { ChatPlatform, Inbound, Reply } from '../../src/chat/port.ts';
import { wordsOf } from './kit.ts';
import {
  APP_ID,
  APP_SECRET,
  ENCRYPT_KEY,
  type Standin,
  startStandin,
  VERIFICATION_TOKEN,
} from './standin.ts';

export const GROUP = 'oc_group';
export const OPS = 'ou_ops';
export const DUTY = 'ou_duty';
export const GUEST = 'ou_guest';
export const PLACE = {
  platform: 'feishu',
  workspace: 'tenant-standin',
  conversation: GROUP,
  language: 'zh',
  org: 'apusic',
} as const;

/** The platform alone, through the real SDK and the stand-in, with a desk that answers as it is told. */
export interface FeishuRoom {
  readonly feishu: Standin;
  readonly platform: ChatPlatform;
  readonly received: Inbound[];
  readonly logged: { readonly what: string; readonly detail: unknown }[];
  /** What the desk answers to the next deliveries. */
  answer(reply: Partial<Reply>): void;
  /** The next delivery cannot be kept. */
  fail(): void;
  /** All that somebody can see in the group. */
  shown(user?: string): string;
  until(what: () => unknown): Promise<void>;
  close(): Promise<void>;
}

export async function feishuRoom(
  more: Partial<FeishuOptions> & { readonly mode?: 'socket' | 'http' } = {},
): Promise<FeishuRoom> {
  const { mode = 'socket', ...options } = more;
  const feishu = await startStandin();
  feishu.user(OPS, '客户运维');
  feishu.user(DUTY, '值班工程师');
  feishu.user(GUEST, '路人');
  feishu.group(GROUP, [OPS, DUTY, GUEST]);
  const logged: FeishuRoom['logged'] = [];
  const received: Inbound[] = [];
  const memory = new Map<string, string>();
  let broken = false;
  let next: Reply = { toAsker: null, form: null, incident: null };
  const person = { org: 'apusic', language: 'zh' } as const;
  const platform = feishuPlatform({
    app: { appId: APP_ID, appSecret: APP_SECRET, domain: feishu.domain },
    door:
      mode === 'socket' ? { mode } : { mode, encryptKey: ENCRYPT_KEY, verificationToken: VERIFICATION_TOKEN },
    hears: 'everything',
    rooms: 'private',
    archive: 'rename',
    people: [
      { ...person, id: 'ops', name: '客户运维', accounts: { feishu: OPS } },
      { ...person, id: 'duty', name: '值班工程师', accounts: { feishu: DUTY } },
    ],
    language: 'zh',
    org: 'apusic',
    publicUrl: 'https://warroom.example',
    personalLink: null,
    now: Date.now,
    isCommand: (word) => commandNamed(word) !== null,
    isRoom: async (place) => place.conversation === GROUP,
    log: (what, detail) => logged.push({ what, detail }),
    remember: async (key, value) => void memory.set(key, value),
    recall: async (key) => memory.get(key) ?? null,
    ...options,
  });
  let server: Server | null = null;
  if (platform.door) {
    const listening = createServer(platform.door.listener);
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    feishu.deliverTo(`http://127.0.0.1:${(listening.address() as AddressInfo).port}${FEISHU_PATH}`);
    server = listening;
  }
  const started = platform.start(async (inbound) => {
    if (broken) {
      broken = false;
      throw new Error('the disk is full');
    }
    received.push(inbound);
    return next;
  });
  await started.catch(async (error: unknown) => {
    await feishu.close();
    throw error;
  });
  return {
    feishu,
    platform,
    received,
    logged,
    answer: (reply) => {
      next = { toAsker: null, form: null, incident: null, ...reply };
    },
    fail: () => {
      broken = true;
    },
    shown: (user = OPS) =>
      feishu
        .visible(user, GROUP)
        .flatMap((one) => (one.card ? [wordsOf(one.card)] : []))
        .join('\n'),
    until: async (what) => {
      await expect
        .poll(what, { timeout: 10_000, interval: 20 })
        .toBeTruthy()
        .catch((error: unknown) => {
          throw new Error(JSON.stringify(logged).slice(0, 2000), { cause: error });
        });
    },
    close: async () => {
      await platform.stop();
      if (server) {
        server.closeAllConnections();
        await new Promise((resolve) => server?.close(resolve));
      }
      await feishu.close();
      if (feishu.unsupported.length > 0) throw new Error(`unsupported: ${feishu.unsupported.join(' | ')}`);
    },
  };
}
