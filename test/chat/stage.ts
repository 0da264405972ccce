import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ChatPlatform, Inbound, Reply } from '../../src/chat/port.ts';
import type { Settings } from '../../src/config.ts';
import { createDesk, type Desk } from '../../src/desk.ts';
import { loadKnowledge } from '../../src/diagnosis/index.ts';
import { systemClock } from '../../src/engine/clock.ts';
import type { Incident } from '../../src/incident/state.ts';
import type { Store, TalkEntry } from '../../src/store/port.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { SETTINGS } from '../support/desk.ts';

const knowledge = loadKnowledge();

/** What somebody wrote; `id` names it as the platform's inbound message did. */
export interface Words {
  readonly id: string;
  readonly author: string;
  readonly text: string;
}

/** A message of the room as it stands before everybody in it. */
export interface Shown {
  /** As a receipt names it. */
  readonly id: string;
  readonly text: string;
  readonly files: readonly Shared[];
  /** The message in whose thread it stands or which it quotes; null where it stands for itself. */
  readonly answers: string | null;
  /** Accounts that it alerts, and `all` where it alerts everybody. */
  readonly alerts: readonly string[];
  /** What a click on it opens. */
  readonly links: readonly string[];
}

export interface Shared {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What an intruder sends, and the answer it has to get. */
export interface Attempt {
  readonly what: string;
  readonly wanted: number;
  send(): Promise<number>;
}

/**
 * One platform with a desk behind it, seen by the people in front of it: they type, press and fill in as they do
 * there, through the vendor's own SDK and a stand-in of its service. Where a member is absent the platform knows
 * no such thing, and `without` says why.
 */
export interface Stage {
  readonly platform: ChatPlatform;
  readonly desk: Desk;
  readonly received: readonly Inbound[];
  readonly logged: readonly { readonly what: string; readonly detail: unknown }[];
  /** What must stand in no log. */
  readonly secrets: readonly string[];

  /** A command in the platform's own way: a slash command, the box of the web room. */
  command(person: string, text: string): Promise<void>;
  /** A line that addresses the bot. */
  mention(person: string, text: string): Promise<void>;
  say(person: string, text: string): Promise<Words>;
  edit(words: Words, text: string): Promise<void>;
  remove(words: Words): Promise<void>;
  drop(person: string, name: string, bytes: Uint8Array): Promise<void>;
  /** Presses the newest button of that label which the person can see. */
  press(person: string, label: string): Promise<void>;
  /** Fills in the form that is open for the person and sends it. */
  submit(person: string, fields: Readonly<Record<string, string>>): Promise<void>;
  /** The names of the fields of the form that is open for the person; empty when there is none. */
  fields(person: string): readonly string[];
  /** All that the person can see in the room, and what only they were answered. */
  seen(person: string): Promise<string>;
  /** The reaction that puts words on the timeline. */
  readonly react?: (person: string, words: Words) => Promise<void>;
  /** Something said by the bot itself, and by another bot. */
  readonly bots?: (text: string) => Promise<void>;
  /** Words in another place than the incident's, which address nobody. */
  readonly elsewhere?: (person: string, text: string) => Promise<void>;

  /** What stands in the room before everybody, oldest first, without what was taken back. */
  readonly shown?: () => Promise<readonly Shown[]>;
  /** Words in the thread of a message, or that quote it; they address the bot where it hears nothing else. */
  readonly answer?: (person: string, message: string, text: string) => Promise<Words>;
  /** One message that holds a file and words about it. */
  readonly caption?: (person: string, file: Shared, text: string) => Promise<Words>;
  /** A picture, sent as the client sends pictures. */
  readonly picture?: (person: string, file: Shared) => Promise<void>;
  /** A file as its reader finds it, where some kinds are taken only packed. */
  readonly unpack?: (file: Shared) => Shared;
  /** As the platform has it. */
  readonly attach?: NonNullable<ChatPlatform['attach']>;
  /** The service refuses the next file: too fast, then wait; down; or a permission is missing. */
  readonly refuseFile?: (how: 'rate' | 'outage' | 'forbidden') => void;
  /** The next message that carries a file arrives, and the answer to it is lost. */
  readonly loseFile?: () => void;
  /** The largest file that is taken out of the room, in bytes. */
  readonly largest?: number;

  /** Every delivery that the work causes comes five times, in an order of its own. */
  storm(work: () => Promise<void>): Promise<void>;
  /** The service refuses the next message to the room: too fast, then wait; or down. */
  readonly refuse?: (how: 'rate' | 'outage') => void;
  /** The service refuses the next message to the room, because a permission is missing; its name. */
  readonly forbid?: () => string;

  /** What comes from somebody else than the service; absent where no request can arrive. */
  readonly intruders?: readonly Attempt[];
  /** Sends `count` deliveries of the wrong shape, made from `seed`; answers with the statuses that came back. */
  mutate(count: number, seed: number): Promise<ReadonlySet<number>>;

  /** Waits for the work that is under way, so that "nothing happened" can be told. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** One row of the table. */
export interface Contender {
  readonly name: string;
  readonly statuses: readonly number[];
  open(): Promise<Stage>;
  /** Why a case does not apply. */
  readonly without: Readonly<Partial<Record<Ability, string>>>;
}

/** What not every platform knows. */
export type Ability =
  | 'react'
  | 'bots'
  | 'elsewhere'
  | 'refuse'
  | 'forbid'
  | 'intruders'
  | 'shown'
  | 'answer'
  | 'caption'
  | 'picture'
  | 'attach'
  | 'refuseFile'
  | 'loseFile'
  | 'largest';

export interface Backstage {
  readonly desk: Desk;
  readonly store: Store;
  readonly received: Inbound[];
  readonly logged: { readonly what: string; readonly detail: unknown }[];
  receive(inbound: Inbound): Promise<Reply>;
  close(): Promise<void>;
}

/** Where a platform finds its desk: one of its own, or one that it shares with others. */
export type House = (options: {
  readonly settings?: Settings;
  readonly platforms: (store: Store, log: Backstage['logged']) => readonly ChatPlatform[];
}) => Promise<
  Pick<Backstage, 'desk' | 'received' | 'logged' | 'receive' | 'close'> & {
    readonly platforms: readonly ChatPlatform[];
  }
>;

/** A desk on real SQLite and the real clock; what it would send to phones goes nowhere. */
export async function backstage(options: {
  readonly settings?: Settings;
  readonly platforms: (store: Store, log: Backstage['logged']) => readonly ChatPlatform[];
}): Promise<Backstage & { readonly platforms: readonly ChatPlatform[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-stage-'));
  const store = openSqliteStore({ file: join(folder, 'test.db') });
  const received: Inbound[] = [];
  const logged: Backstage['logged'] = [];
  const platforms = options.platforms(store, logged);
  const desk = await createDesk({
    settings: options.settings ?? SETTINGS,
    knowledge,
    store,
    clock: systemClock,
    platforms,
    contact: async (contact) => ({ ok: true, detail: contact.method }),
    log: (what, detail) => logged.push({ what, detail }),
  });
  desk.engine.start();
  return {
    desk,
    store,
    received,
    logged,
    platforms,
    receive: (inbound) => {
      received.push(inbound);
      return desk.receive(inbound);
    },
    close: async () => {
      await desk.engine.stop();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function incidentsOf(stage: Pick<Stage, 'desk'>): Promise<readonly Incident[]> {
  return stage.desk.store.incidents();
}

/** The only incident there is. */
export async function incidentOf(stage: Pick<Stage, 'desk'>): Promise<Incident> {
  const all = await incidentsOf(stage);
  const [only] = all;
  if (all.length !== 1 || !only) throw new Error(`${all.length} incidents`);
  return only;
}

/** What people said where all can read it, in order. */
export async function talkOf(stage: Pick<Stage, 'desk'>): Promise<readonly TalkEntry[]> {
  const { id } = await incidentOf(stage);
  return (await stage.desk.store.talk(id, ['joint'])).filter((one) => one.form !== 'bot');
}

export async function until(
  stage: Pick<Stage, 'logged'>,
  what: () => Promise<unknown> | unknown,
): Promise<void> {
  await expect
    .poll(what, { timeout: 8_000, interval: 20 })
    .toBeTruthy()
    .catch((error: unknown) => {
      throw new Error(JSON.stringify(stage.logged).slice(0, 2_000), { cause: error });
    });
}

/** The same order for the same seed. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const mixed = [...items];
  let state = seed >>> 0 || 1;
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    // A linear congruential step is order enough for a storm.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (at + 1);
    const [one, two] = [mixed[at], mixed[other]];
    if (one === undefined || two === undefined) continue;
    mixed[at] = two;
    mixed[other] = one;
  }
  return mixed;
}
