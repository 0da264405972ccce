import { afterEach, describe, expect, it } from 'vitest';
import { type SlackRoom, slackRoom } from './room.ts';

let room: SlackRoom;
afterEach(() => room.close());

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

describe('what does not come from Slack', () => {
  it('too large a body is 413, another method 405, another path 404', async () => {
    room = await slackRoom('http');
    expect(await room.slack.request(JSON_TYPE, JSON.stringify({ filler: 'x'.repeat(1_200_000) }))).toBe(413);
    const url = room.slack.target();
    expect((await fetch(url)).status).toBe(405);
    expect((await fetch(`${url}/more`, { method: 'POST' })).status).toBe(404);
  });

  it('a form that holds nothing of Slack is 400', async () => {
    room = await slackRoom('http');
    for (const body of ['payload=', 'payload=null', 'payload=[1]', 'a=b', '%%%', 'command=/incident'])
      expect(await room.slack.request(FORM_TYPE, body)).toBe(400);
    await room.settle();
    expect(room.received).toEqual([]);
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
