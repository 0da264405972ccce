import { afterEach, describe, expect, it } from 'vitest';
import type { ChatPlatform, Limits, Receipt } from '../../src/chat/port.ts';
import { BOT, type Place } from '../../src/incident/events.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';

const MINUTE = 60_000;

interface StandIn {
  readonly platform: ChatPlatform;
  readonly place: Place;
  /** When each post was accepted, in minutes since the test began. */
  readonly accepted: number[];
  /** Answers of the next calls; accepted when none is left. */
  readonly answers: Receipt[];
  calls: number;
}

let room: TestDesk;
afterEach(() => room.close());

function standIn(name: string, limits: Limits): StandIn {
  const made: StandIn = {
    accepted: [],
    answers: [],
    calls: 0,
    place: { platform: name, workspace: 'w', conversation: 'c', language: 'zh', org: 'apusic' },
    platform: {
      name,
      capabilities: {
        hears: 'everything',
        followsEdits: true,
        followsDeletions: true,
        createsRooms: false,
        updatesMessages: true,
        threads: true,
        filesHere: true,
        urgent: false,
      },
      limits,
      start: async () => {},
      stop: async () => {},
      post: async () => {
        made.calls += 1;
        const answer = made.answers.shift() ?? { ok: true, messageId: String(made.calls) };
        if (answer.ok) made.accepted.push(room.clock.now() / MINUTE);
        return answer;
      },
      direct: async () => ({ ok: true, messageId: 'direct' }),
    },
  };
  return made;
}

async function opened(...all: readonly StandIn[]): Promise<void> {
  room = await testDesk({ platforms: all.map((one) => one.platform) });
  await room.say('ops', '/应急 开启 社保核心系统无法访问');
  const { id } = await room.incident();
  for (const one of all)
    await room.desk.handle(id, {
      by: BOT,
      at: null,
      backdateReason: null,
      sources: [],
      body: { type: 'open-room', place: one.place },
    });
  await room.advance(2);
  for (const one of all) one.accepted.splice(0);
}

async function statuses(count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) await room.say('duty', `/应急 进展 第 ${number} 步`);
}

const most = (moments: readonly number[]): number =>
  Math.max(0, ...moments.map((from) => moments.filter((at) => at >= from && at < from + 1).length));

describe('platforms of one incident', () => {
  it('are each kept to their own quota, before they have to refuse anything', async () => {
    const slow = standIn('dingtalk', { textLength: 4000, perMinute: 4, blockedForMs: 10 * MINUTE });
    const quick = standIn('slack', { textLength: 4000, perMinute: 6000, blockedForMs: 0 });
    await opened(slow, quick);
    await statuses(12);
    await room.advance(0);
    expect(quick.accepted.length).toBeGreaterThanOrEqual(12);
    await room.advance(10);
    expect(slow.accepted.length).toBeGreaterThanOrEqual(12);
    expect(most(slow.accepted)).toBeLessThanOrEqual(4);
  });

  it('one that blocks is left alone as long as its data say, the other goes on at once', async () => {
    const blocked = standIn('dingtalk', { textLength: 4000, perMinute: 6000, blockedForMs: 10 * MINUTE });
    const other = standIn('slack', { textLength: 4000, perMinute: 6000, blockedForMs: 0 });
    await opened(blocked, other);
    blocked.answers.push({ ok: false, permanent: false, retryAfterMs: 1000, error: 'too fast' });
    const before = blocked.calls;
    await statuses(3);
    await room.advance(9);
    expect(other.accepted.length).toBeGreaterThanOrEqual(3);
    expect(blocked.calls).toBe(before + 1);
    await room.advance(3);
    expect(blocked.accepted.length).toBeGreaterThanOrEqual(3);
    expect(await room.desk.counts.registry.metrics()).toContain(
      'warroom_sends_total{route="room:dingtalk",outcome="temporary"} 1',
    );
  });
});
