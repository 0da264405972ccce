import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChatPlatform, Inbound, Limits } from '../../src/chat/port.ts';
import type { Settings } from '../../src/config.ts';
import { createDesk, type Desk } from '../../src/desk.ts';
import { loadKnowledge } from '../../src/diagnosis/index.ts';
import { type VirtualClock, virtualClock } from '../../src/engine/clock.ts';
import type { Store } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import type { House } from '../chat/stage.ts';

/** One desk on a virtual clock behind several platforms, each of which believes that it has it alone. */
export interface JointHouse {
  /** Each stage comes in by this; the web room last, since it shows a desk that is there. */
  readonly join: House;
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly received: readonly Inbound[];
  readonly logged: readonly { readonly what: string; readonly detail: unknown }[];
  desk(): Desk;
  /** Before each send to a platform: a stand-in can be told to refuse it. */
  before(platform: string, run: (() => void) | null): void;
  /** The process ends and another one begins on the same database. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const knowledge = loadKnowledge();

export function jointHouse(
  settings: Settings,
  limits: Readonly<Record<string, Partial<Limits>>>,
): JointHouse {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-joint-'));
  const store = openSqliteStore({ file: join(folder, 'test.db') });
  const clock = virtualClock(Date.now());
  const received: Inbound[] = [];
  const logged: { what: string; detail: unknown }[] = [];
  const joined: ChatPlatform[] = [];
  const refusals = new Map<string, () => void>();
  let present: Desk | null = null;

  function desk(): Desk {
    if (!present) throw new Error('the desk opens once everybody is there');
    return present;
  }

  async function open(): Promise<void> {
    present = await createDesk({
      settings,
      knowledge,
      store,
      clock,
      platforms: joined,
      random: () => 0.5,
      contact: async (contact) => ({ ok: true, detail: contact.method }),
      log: (what, detail) => logged.push({ what, detail }),
    });
    present.engine.start();
    await clock.advance(0);
  }

  /** The platform as it is, seen from where it is called. */
  function watched(platform: ChatPlatform): ChatPlatform {
    const { name } = platform;
    const sending = async <T>(send: () => Promise<T>): Promise<T> => {
      refusals.get(name)?.();
      return send();
    };
    return {
      ...platform,
      limits: { ...platform.limits, ...limits[name] },
      post: (place, message, posting) => sending(() => platform.post(place, message, posting)),
      ...(platform.attach
        ? {
            attach: (place, file, posting) =>
              sending(async () => {
                if (!platform.attach) throw new Error('no attach');
                return platform.attach(place, file, posting);
              }),
          }
        : {}),
    };
  }

  return {
    async join({ platforms }) {
      const made = platforms(store, logged);
      joined.push(...made.map(watched));
      if (made.length === 0) await open();
      return {
        platforms: made,
        get desk() {
          return desk();
        },
        received,
        logged,
        receive: (inbound) => {
          received.push(inbound);
          return desk().receive(inbound);
        },
        close: async () => {},
      };
    },
    clock,
    store,
    received,
    logged,
    desk,
    before: (platform, run) => {
      if (run) refusals.set(platform, run);
      else refusals.delete(platform);
    },
    async restart() {
      await desk().engine.stop();
      await open();
    },
    async close() {
      await desk().engine.stop();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
