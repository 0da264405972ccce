import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainText } from '../../src/chat/message.ts';
import type { ChatPlatform, Inbound, Reply } from '../../src/chat/port.ts';
import { messageSchema } from '../../src/chat/schema.ts';
import { loadSettings, PROJECT, type Settings } from '../../src/config.ts';
import type { ContactMethod } from '../../src/contact/port.ts';
import { createDesk, type Desk } from '../../src/desk.ts';
import { loadKnowledge } from '../../src/diagnosis/index.ts';
import { type VirtualClock, virtualClock } from '../../src/engine/clock.ts';
import type { Incident } from '../../src/incident/state.ts';
import type { Audience } from '../../src/incident/visibility.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';

export const START = Date.parse('2026-11-24T03:12:00+08:00');
export const SETTINGS = loadSettings(join(PROJECT, 'warroom.sample.yaml'));
const knowledge = loadKnowledge();

export interface Called {
  readonly person: string;
  readonly method: string;
  readonly text: string;
  readonly at: number;
}

/** A desk on a real SQLite file and a virtual clock; what it would send to phones is recorded. */
export interface TestDesk {
  readonly desk: Desk;
  readonly clock: VirtualClock;
  readonly called: readonly Called[];
  readonly folder: string;
  /** Types a line as somebody; in the open incident when there is one. */
  say(person: string, text: string, options?: { id?: string; audience?: Audience }): Promise<Reply>;
  press(person: string, command: string, args?: Record<string, string>): Promise<Reply>;
  drop(person: string, name: string, bytes: Uint8Array): Promise<Reply>;
  incident(): Promise<Incident>;
  /** What the room shows, first lines only, in order. */
  heard(): Promise<readonly string[]>;
  talk(streams?: readonly string[]): Promise<readonly string[]>;
  advance(minutes: number): Promise<void>;
  reopen(): Promise<TestDesk>;
  close(): Promise<void>;
}

export async function testDesk(
  options: {
    settings?: Settings;
    folder?: string;
    clock?: VirtualClock;
    incident?: string | null;
    contact?: ContactMethod;
    platforms?: readonly ChatPlatform[];
    log?: (what: string, detail: Readonly<Record<string, unknown>>) => void;
  } = {},
): Promise<TestDesk> {
  const settings = options.settings ?? SETTINGS;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'warroom-test-'));
  const clock = options.clock ?? virtualClock(START);
  const store = openSqliteStore({ file: join(folder, 'test.db') });
  const called: Called[] = [];
  let current = options.incident ?? null;
  let count = clock.now();
  const record: ContactMethod = async (contact, call) => {
    called.push({ person: '', method: contact.method, text: call.text, at: clock.now() });
    return { ok: true, detail: contact.method };
  };
  const desk = await createDesk({
    settings,
    knowledge,
    store,
    clock,
    platforms: options.platforms ?? [],
    random: () => 0.5,
    contact: options.contact ?? record,
    log: options.log ?? (() => {}),
  });
  desk.engine.start();
  await clock.advance(0);

  const base = (person: string) => {
    const known = settings.config.people.find((one) => one.id === person);
    if (!known) throw new Error(`nobody is called ${person}`);
    count += 1;
    return {
      id: `in-${count}`,
      place: {
        platform: 'web',
        workspace: 'local',
        conversation: current ?? 'lobby',
        language: 'zh' as const,
        org: known.org,
      },
      incident: current,
      author: { id: known.id, name: known.name, org: known.org },
      at: clock.now(),
      language: 'zh' as const,
    };
  };
  const send = async (inbound: Inbound): Promise<Reply> => {
    const reply = await desk.receive(inbound);
    if (reply.incident) current = reply.incident;
    await clock.advance(0);
    return reply;
  };
  const entries = async (streams: readonly string[]) =>
    current === null ? [] : store.talk(current, streams);

  return {
    desk,
    clock,
    called,
    folder,
    say: (person, text, more = {}) => {
      const common = base(person);
      const id = more.id ?? common.id;
      return send({
        ...common,
        id,
        kind: 'text',
        messageId: `m-${id}`,
        text,
        audience: more.audience,
      });
    },
    press: (person, command, args = {}) => send({ ...base(person), kind: 'action', command, args }),
    drop: (person, name, bytes) => {
      const common = base(person);
      return send({ ...common, kind: 'file', messageId: `f-${common.id}`, name, bytes });
    },
    incident: async () => {
      const loaded = current === null ? null : await store.load(current);
      if (!loaded) throw new Error('no incident is open');
      return loaded.incident;
    },
    heard: async () =>
      (await entries(['joint']))
        .filter((one) => one.form === 'bot')
        .map((one) => plainText(messageSchema.parse(JSON.parse(one.text)).headline)),
    talk: async (streams = ['joint']) =>
      (await entries(streams)).filter((one) => one.form !== 'bot').map((one) => one.text),
    advance: (minutes) => clock.advance(minutes * 60_000),
    reopen: async () => {
      await desk.engine.stop();
      await store.close();
      return testDesk({ ...options, settings, folder, clock, incident: current });
    },
    close: async () => {
      await desk.engine.stop();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
