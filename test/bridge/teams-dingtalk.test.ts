import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dingtalkPlatform } from '../../src/chat/dingtalk/platform.ts';
import type { ChatPlatform } from '../../src/chat/port.ts';
import { TEAMS_PATH, teamsPlatform } from '../../src/chat/teams/platform.ts';
import { BOT } from '../../src/incident/events.ts';
import { dingOptions, dingUser } from '../chat/dingtalk-stage.ts';
import { type Backstage, backstage, until } from '../chat/stage.ts';
import * as dingtalk from '../dingtalk/standin.ts';
import { SETTINGS } from '../support/desk.ts';
import { wordsOf } from '../teams/kit.ts';
import * as microsoft from '../teams/standin.ts';

const CHANNEL = '19:ops@thread.tacv2';
const THREAD = `${CHANNEL};messageid=1764000000000`;
const GROUP = 'cidDB==';
const entra = (person: string): string => `aad-${person}`;
const teamsUser = (person: string): string => `29:${entra(person)}`;
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

const settings = {
  ...SETTINGS,
  config: {
    ...SETTINGS.config,
    people: SETTINGS.config.people.map((one) => ({
      ...one,
      accounts: { teams: entra(one.id), dingtalk: dingUser(one.id) },
    })),
  },
};
const people = settings.config.people;

/** We sit in a channel of Teams, the vendor of the database in DingTalk: each through the SDK of its platform. */
let teams: microsoft.Standin;
let ding: dingtalk.Standin;
let server: Server;
let back: Backstage & { readonly platforms: readonly ChatPlatform[] };

beforeEach(async () => {
  teams = await microsoft.startStandin();
  ding = await dingtalk.startStandin();
  for (const { id, name } of people) {
    teams.user(entra(id), name);
    ding.user(dingUser(id), name);
  }
  teams.conversation(CHANNEL, 'channel', { consented: true });
  ding.group(GROUP);
  back = await backstage({
    settings,
    platforms: (store, logged) => {
      const common = (name: string) => ({
        log: (what: string, detail: unknown) => void logged.push({ what, detail }),
        remember: (key: string, value: string) => store.putNote(`${name}:${key}`, value),
        recall: (key: string) => store.getNote(`${name}:${key}`),
        isRoom: async (place: Parameters<typeof store.openIncidentAt>[0]) =>
          (await store.openIncidentAt(place)) !== null,
      });
      const robot = dingtalkPlatform({ ...dingOptions(ding), ...common('dingtalk'), people });
      return [
        teamsPlatform({
          ...common('teams'),
          app: { id: teams.app, password: microsoft.SECRET, tenant: microsoft.TENANT },
          endpoints: teams.endpoints,
          hears: 'everything',
          rooms: 'here',
          people,
          language: 'zh',
          org: 'apusic',
          publicUrl: 'https://warroom.example',
          isCommand: (word) => word === '开启',
          resembles: () => false,
          now: Date.now,
          fileHosts: [teams.fileHost],
        }),
        // The pace has tests of its own.
        { ...robot, limits: { ...robot.limits, perMinute: 6000, overallPerMinute: 6000 } },
      ];
    },
  });
  const door = back.platforms.find((one) => one.door)?.door;
  if (!door) throw new Error('no door');
  server = createServer(door.listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  teams.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}${TEAMS_PATH}`);
  for (const platform of back.platforms) await platform.start(back.receive);
  await teams.says(teamsUser('duty'), THREAD, '开启 社保核心系统打不开', { mention: true });
  await until(back, async () => (await back.store.incidents()).length === 1);
  const place = {
    platform: 'dingtalk',
    workspace: '',
    conversation: GROUP,
    language: 'zh',
    org: 'dbvendor',
    audience: 'org',
  } as const;
  const lead = { id: 'emergency-lead', name: '应急总指挥', org: 'apusic' };
  const given = { at: null, backdateReason: null, sources: [] };
  const invited = { type: 'invite-organisation', org: 'dbvendor' } as const;
  await back.desk.handle(await incident(), { by: lead, ...given, body: invited });
  await back.desk.handle(await incident(), { by: BOT, ...given, body: { type: 'open-room', place } });
  await until(back, () => inDingTalk('社保核心系统打不开').length > 0);
});
afterEach(async () => {
  for (const one of back.platforms) await one.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await back.close();
  await teams.close();
  await ding.close();
  expect([...teams.unsupported, ...ding.unsupported]).toEqual([]);
});

const incident = async (): Promise<string> => (await back.store.incidents())[0]?.id ?? '';
const talk = async () =>
  (await back.store.talk(await incident(), ['joint'])).filter((one) => one.form !== 'bot');
const inTeams = (text: string) =>
  teams.posted.filter((one) => one.conversation === THREAD && wordsOf(one.card).includes(text));
const inDingTalk = (text: string) =>
  [...ding.cards.values()].filter(
    (one) => one.conversation === GROUP && one.only === null && (one.params.content ?? '').includes(text),
  );
/** As soon as it stands there and is known to; people answer no sooner. */
async function once<T>(found: () => readonly T[]): Promise<T> {
  await until(back, () => found().length === 1);
  await back.desk.engine.idle();
  const [only] = found();
  if (!only) throw new Error('it went away');
  return only;
}
const dba = (text: string, robot?: string): Promise<string> =>
  ding.says(dingUser('dba'), GROUP, text, {
    mention: true,
    ...(robot === undefined ? {} : { quote: { robot } }),
  });

describe('Teams and DingTalk in one room', () => {
  it('words and the answers to them reach the other side, which is told what they answer', async () => {
    const asked = await teams.says(teamsUser('duty'), THREAD, '监听日志有没有异常');
    const card = await once(() => inDingTalk('监听日志有没有异常'));
    expect(card.alerts).toEqual([]);
    await dba('监听日志正常', card.carrier);
    const answer = await once(() => inTeams('监听日志正常'));
    expect(wordsOf(answer.card)).toContain('监听日志有没有异常');
    await teams.says(teamsUser('duty'), THREAD, '那看一下连接数', {
      quote: { id: answer.id, how: 'entity' },
    });
    const next = await once(() => inDingTalk('那看一下连接数'));
    expect(next.params.content).toContain('监听日志正常');
    const [first, second, third] = await talk();
    expect(first?.message).toBe(`${THREAD}:${asked.id}`);
    expect([second?.replyTo, third?.replyTo]).toEqual([first?.message, second?.message]);
  });

  it('a change and a recall are made where the words stand', async () => {
    const said = await teams.says(teamsUser('duty'), THREAD, '重启了两台');
    const card = await once(() => inDingTalk('重启了两台'));
    await teams.edits(said, '重启了一台');
    expect((await once(() => inDingTalk('重启了一台'))).track).toBe(card.track);
    await teams.deletes(said);
    await until(back, () => card.params.content?.includes('已撤回'));
    expect(inDingTalk('重启了一台')).toEqual([]);
  });

  it('a log that came in the single chat is put into its own group too, and is a link in Teams', async () => {
    await dba('日志稍后发来');
    await once(() => inTeams('日志稍后发来'));
    await ding.sendsFile(dingUser('dba'), 'cid-dba', 'listener.log', Buffer.from('TNS-12541: no listener\n'));
    const files = () => ding.messages.filter((one) => one.conversation === GROUP && one.file);
    await until(back, () => files().length === 1);
    expect(files()[0]?.file?.name).toBe('listener.log.zip');
    const packed = unzipSync(new Uint8Array(files()[0]?.file?.bytes ?? []));
    expect(Buffer.from(packed['listener.log'] ?? []).toString()).toContain('TNS-12541');
    await until(back, () => inTeams('listener.log').length > 0);
    await back.desk.engine.idle();
    expect(teams.posted.filter((one) => one.picture)).toEqual([]);
    expect((await talk()).filter((one) => one.file)).toHaveLength(1);
  });

  it('a picture of one side is a picture on the other, byte for byte', async () => {
    await teams.says(teamsUser('duty'), THREAD, '', { pictures: [GIF] });
    const files = () => ding.messages.filter((one) => one.conversation === GROUP && one.file);
    await until(back, () => files().length === 1);
    expect(files()[0]?.file?.bytes).toEqual(GIF);
    await ding.sendsPictures(dingUser('dba'), GROUP, [GIF], '监控曲线');
    await until(back, () => teams.posted.some((one) => one.picture));
    expect(teams.posted.find((one) => one.picture)?.picture?.bytes).toEqual(GIF);
  });
});
