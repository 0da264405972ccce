import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ROOM, type SlackRoom, slackRoom, slackUser } from './room.ts';
import { BOT_USER, SIGNING_SECRET, TEAM } from './standin.ts';

let room: SlackRoom;
afterEach(() => room.close());

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const MUTATIONS = 400;

const command = (text: string): string =>
  new URLSearchParams({
    command: '/incident',
    text,
    user_id: slackUser('ops'),
    channel_id: ROOM,
    team_id: TEAM,
    trigger_id: '1.genuine',
  }).toString();

const mention = {
  type: 'event_callback',
  team_id: TEAM,
  event_id: 'Ev1',
  event: {
    type: 'app_mention',
    user: slackUser('ops'),
    channel: ROOM,
    text: `<@${BOT_USER}> 开启 社保核心系统报错`,
    ts: '1764000000.000100',
  },
};

/** Every path to a value, so that each can be broken. */
function paths(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, one]) => paths(one, [...at, key]))];
}

function broken(value: unknown, path: readonly string[], by: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return by;
  const object = typeof value === 'object' && value !== null ? { ...value } : {};
  const inner: unknown = Reflect.get(object, head);
  return { ...object, [head]: broken(inner, rest, by) };
}

describe('what does not come from Slack', () => {
  it('a wrong, missing or foreign signature is 401 and nothing is done', async () => {
    room = await slackRoom('http');
    const body = command('开启 伪造的事件');
    const forged: Record<string, string>[] = [
      { 'x-slack-signature': `v0=${'0'.repeat(64)}` },
      { 'x-slack-signature': 'v1=abc' },
      { 'x-slack-signature': '' },
      { 'x-slack-request-timestamp': 'yesterday' },
    ];
    for (const headers of forged) expect(await room.slack.request(FORM_TYPE, body, headers)).toBe(401);
    await room.settle();
    expect(room.received).toEqual([]);
    expect(JSON.stringify(room.logged)).not.toContain(SIGNING_SECRET);
    expect(room.logged.length).toBe(forged.length);
  });

  it('a genuine request that is replayed after five minutes, or dated ahead, is 401', async () => {
    room = await slackRoom('http');
    const now = Math.floor(Date.now() / 1000);
    for (const stamp of [now - 6 * 60, now + 60 * 60])
      expect(
        await room.slack.request(FORM_TYPE, command('开启 重放'), {
          'x-slack-request-timestamp': String(stamp),
        }),
      ).toBe(401);
    await room.settle();
    expect(room.received).toEqual([]);
  });

  it('too large a body is 413, another method 405, another path 404', async () => {
    room = await slackRoom('http');
    expect(await room.slack.request(JSON_TYPE, JSON.stringify({ filler: 'x'.repeat(1_200_000) }))).toBe(413);
    const url = room.slack.target();
    expect((await fetch(url)).status).toBe(405);
    expect((await fetch(`${url}/more`, { method: 'POST' })).status).toBe(404);
  });

  it(`${MUTATIONS} payloads of the wrong shape, signed: 400, nothing executed`, async () => {
    room = await slackRoom('http');
    const needed = paths(mention).filter((path) => !['team_id'].includes(path.at(-1) ?? ''));
    const wrong = fc.oneof(
      fc.constant(null),
      fc.integer(),
      fc.boolean(),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.constant({}),
      fc.constant(undefined),
    );
    // An event without words is a message without words; every other part has to be there.
    const mutated = fc
      .tuple(fc.constantFrom(...needed), wrong)
      .filter(([path, by]) => !(path.at(-1) === 'text' && by === undefined))
      .filter(([path, by]) => !(path.at(-1) === 'user' && by === undefined))
      .map(([path, by]) => JSON.stringify(broken(mention, path, by)) ?? '');
    const cut = fc
      .integer({ min: 0, max: JSON.stringify(mention).length - 1 })
      .map((at) => JSON.stringify(mention).slice(0, at));
    const statuses = new Set<number>();
    for (const body of fc.sample(fc.oneof(mutated, cut), { numRuns: MUTATIONS, seed: 20261124 }))
      statuses.add(await room.slack.request(JSON_TYPE, body));
    expect([...statuses]).toEqual([400]);
    for (const body of ['payload=', 'payload=null', 'payload=[1]', 'a=b', '%%%', 'command=/incident'])
      expect(await room.slack.request(FORM_TYPE, body)).toBe(400);
    await room.settle();
    expect(room.received).toEqual([]);
    expect(await room.incidents()).toEqual([]);
  });

  it('the address check and the certificate check of Slack are answered', async () => {
    room = await slackRoom('http');
    const challenge = JSON.stringify({ type: 'url_verification', challenge: 'c1', token: 't' });
    expect(await room.slack.request(JSON_TYPE, challenge)).toBe(200);
    expect(await room.slack.request(FORM_TYPE, 'ssl_check=1&token=t')).toBe(200);
    await room.settle();
    expect(room.received).toEqual([]);
  });
});
