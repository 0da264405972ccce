import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import type { ChatPlatform, Inbound, Reply } from '../../src/chat/port.ts';
import { TEAMS_PATH, type TeamsOptions, teamsPlatform } from '../../src/chat/teams/platform.ts';
import { SECRET, type Standin, startStandin, TENANT } from './standin.ts';

export const CHANNEL = '19:ops@thread.tacv2';
export const THREAD = `${CHANNEL};messageid=1764000000000`;
const NOTHING: Reply = { toAsker: null, form: null, incident: null };

/** The platform through the real SDK and the stand-in, with a desk that answers what the test says. */
export interface TeamsRoom {
  readonly teams: Standin;
  readonly platform: ChatPlatform;
  readonly received: Inbound[];
  readonly logged: { readonly what: string; readonly detail: Readonly<Record<string, unknown>> }[];
  readonly ops: string;
  readonly duty: string;
  /** What the desk answers from now on. */
  answers(with_: (inbound: Inbound) => Promise<Reply> | Reply): void;
  settle(): Promise<void>;
  until(what: () => unknown): Promise<void>;
  close(): Promise<void>;
}

export async function teamsRoom(more: Partial<TeamsOptions> = {}): Promise<TeamsRoom> {
  const teams = await startStandin();
  const ops = teams.user('aad-ops', '客户运维');
  const duty = teams.user('aad-duty', '值班工程师');
  teams.conversation(CHANNEL, 'channel', { consented: true });
  teams.conversation(`a:${ops}`, 'personal');
  const logged: TeamsRoom['logged'] = [];
  const received: Inbound[] = [];
  const memory = new Map<string, string>();
  let desk: (inbound: Inbound) => Promise<Reply> | Reply = () => NOTHING;
  const person = (id: string, name: string) => ({
    id,
    name,
    org: 'apusic',
    language: 'zh' as const,
    accounts: { teams: `aad-${id}` },
  });
  const platform = teamsPlatform({
    app: { id: teams.app, password: SECRET, tenant: TENANT },
    endpoints: teams.endpoints,
    hears: 'everything',
    rooms: 'thread',
    people: [person('ops', '客户运维'), person('duty', '值班工程师')],
    language: 'zh',
    org: 'apusic',
    publicUrl: 'https://warroom.example',
    service: { serviceUrl: teams.serviceUrl, tenant: TENANT },
    isCommand: (word) => ['开启', '教训'].includes(word),
    resembles: () => false,
    isRoom: async (place) => place.conversation === THREAD,
    now: Date.now,
    fileHosts: [teams.fileHost],
    log: (what, detail) => logged.push({ what, detail }),
    remember: async (key, value) => void memory.set(key, value),
    recall: async (key) => memory.get(key) ?? null,
    ...more,
  });
  if (!platform.door) throw new Error('no door');
  const server = createServer(platform.door.listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  teams.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}${TEAMS_PATH}`);
  await platform.start(async (inbound) => {
    received.push(inbound);
    return desk(inbound);
  });
  const settle = async (): Promise<void> => {
    await platform.stop();
    await teams.settleRefresh();
  };
  return {
    teams,
    platform,
    received,
    logged,
    ops,
    duty,
    answers: (with_) => {
      desk = with_;
    },
    settle,
    until: async (what) => {
      await expect.poll(what, { timeout: 8000, interval: 20 }).toBeTruthy();
    },
    close: async () => {
      await settle();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await teams.close();
      expect(teams.unsupported).toEqual([]);
    },
  };
}
