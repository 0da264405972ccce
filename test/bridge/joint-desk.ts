import type { Inbound, Reply } from '../../src/chat/port.ts';
import { virtualClock } from '../../src/engine/clock.ts';
import { BOT, type Place } from '../../src/incident/events.ts';
import type { Incident } from '../../src/incident/state.ts';
import { SETTINGS, START, type TestDesk, testDesk } from '../support/desk.ts';
import { placeOf, type Recorder, recorder } from './recorder.ts';

/** Where each organisation sits: we where it was opened, the others in chats of their own. */
export const HOUSE = placeOf('slack', 'C1', 'apusic');
export const BASE = placeOf('feishu', 'oc_db', 'dbvendor', 'org');
export const CUSTOMER = placeOf('dingtalk', 'cid', 'customer', 'org');
export const CLOUD = placeOf('teams', '19:cloud', 'cloud', 'org');

export interface Words {
  readonly id: string;
  readonly person: string;
  readonly place: Place;
}

export interface JointDesk {
  readonly desk: TestDesk;
  readonly slack: Recorder;
  readonly feishu: Recorder;
  readonly dingtalk: Recorder;
  readonly teams: Recorder;
  incident(): Promise<Incident>;
  link(place: Place): Promise<void>;
  says(person: string, place: Place, text: string, more?: { replyTo?: string; id?: string }): Promise<Words>;
  edits(words: Words, text: string, by?: string): Promise<Reply>;
  removes(words: Words): Promise<Reply>;
  drops(person: string, place: Place, name: string, bytes: Uint8Array): Promise<Words>;
  types(person: string, place: Place, text: string): Promise<Reply>;
  presses(person: string, place: Place, command: string, args: Record<string, string>): Promise<Reply>;
  advance(seconds: number): Promise<void>;
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export async function jointDesk(
  options: { readonly linked?: readonly Place[]; readonly dingtalkPerMinute?: number } = {},
): Promise<JointDesk> {
  const clock = virtualClock(START);
  const slack = recorder({ name: 'slack', now: clock.now });
  const feishu = recorder({ name: 'feishu', now: clock.now });
  const teams = recorder({ name: 'teams', now: clock.now, takesFiles: false });
  const dingtalk = recorder({
    name: 'dingtalk',
    now: clock.now,
    perMinute: options.dingtalkPerMinute ?? 600,
    capabilities: {
      hears: 'addressed',
      updatesMessages: false,
      followsEdits: false,
      followsDeletions: false,
    },
  });
  let desk = await testDesk({ clock, platforms: [slack, feishu, teams, dingtalk] });
  let count = 0;
  let opened = '';

  const base = (person: string, place: Place) => {
    const known = SETTINGS.config.people.find((one) => one.id === person);
    if (!known) throw new Error(`nobody is called ${person}`);
    count += 1;
    return {
      id: `d-${count}`,
      place,
      incident: place.platform === 'web' ? opened : null,
      author: { id: known.id, name: known.name, org: known.org },
      at: clock.now(),
      language: 'zh' as const,
    };
  };
  const send = async (inbound: Inbound): Promise<Reply> => {
    const reply = await desk.desk.receive(inbound);
    await clock.advance(0);
    return reply;
  };
  const here: JointDesk = {
    get desk() {
      return desk;
    },
    slack,
    feishu,
    dingtalk,
    teams,
    async incident() {
      const [only] = await desk.desk.store.incidents();
      if (!only) throw new Error('no incident');
      return only;
    },
    async link(place) {
      const body = { type: 'open-room', place } as const;
      await desk.desk.handle(opened, { by: BOT, at: null, backdateReason: null, sources: [], body });
      await clock.advance(0);
    },
    async says(person, place, text, more = {}) {
      const common = base(person, place);
      const id = more.id ?? `${place.platform}-in-${count}`;
      const replyTo = more.replyTo;
      await send({
        ...common,
        kind: 'text',
        messageId: id,
        text,
        ...(replyTo === undefined ? {} : { replyTo }),
      });
      return { id, person, place };
    },
    edits: (words, text, by = words.person) =>
      send({ ...base(by, words.place), kind: 'edited', messageId: words.id, text }),
    removes: (words) => send({ ...base(words.person, words.place), kind: 'deleted', messageId: words.id }),
    async drops(person, place, name, bytes) {
      const common = base(person, place);
      const id = `${place.platform}-file-${count}`;
      await send({ ...common, kind: 'file', messageId: id, name, bytes });
      return { id, person, place };
    },
    types: (person, place, text) => {
      const common = base(person, place);
      return send({ ...common, kind: 'text', messageId: `typed-${count}`, text });
    },
    presses: (person, place, command, args) =>
      send({ ...base(person, place), kind: 'action', command, args }),
    advance: (seconds) => clock.advance(seconds * 1000),
    async reopen() {
      desk = await desk.reopen();
      await clock.advance(0);
    },
    close: () => desk.close(),
  };
  await here.types('duty', HOUSE, '/incident open 社保核心系统打不开');
  opened = (await here.incident()).id;
  for (const place of options.linked ?? [BASE, CUSTOMER, CLOUD]) await here.link(place);
  await clock.advance(1000);
  return here;
}
