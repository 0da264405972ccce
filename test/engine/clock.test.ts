import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { delayAfter } from '../../src/engine/backoff.ts';
import { systemClock, virtualClock } from '../../src/engine/clock.ts';

const START = Date.parse('2026-03-08T06:00:00Z');
const HOUR = 3_600_000;

describe('the virtual clock', () => {
  it('runs what comes due in order, each at its own moment, also what is added on the way', async () => {
    const clock = virtualClock(0);
    const ran: string[] = [];
    const note = (name: string) => () => ran.push(`${clock.now()} ${name}`);
    clock.at(20, note('b'));
    clock.at(10, () => {
      note('a')();
      clock.at(15, note('added'));
      clock.at(5, note('past'));
    });
    clock.at(40, note('later'));
    await clock.advance(30);
    expect(ran).toEqual(['10 a', '10 past', '15 added', '20 b']);
    expect(clock.now()).toBe(30);
  });

  it('forgets what was taken back', async () => {
    const clock = virtualClock(0);
    const ran: string[] = [];
    clock.at(10, () => ran.push('kept'));
    clock.at(10, () => ran.push('taken back'))();
    await clock.advance(10);
    expect(ran).toEqual(['kept']);
  });

  it('waits for work that began by itself before it moves on', async () => {
    const clock = virtualClock(0);
    const ran: string[] = [];
    let work = Promise.resolve();
    clock.watch?.(() => work);
    clock.at(1, () => {
      work = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        ran.push(`${clock.now()} done`);
      });
    });
    clock.at(2, () => ran.push(`${clock.now()} next`));
    await clock.advance(5);
    expect(ran).toEqual(['1 done', '2 next']);
  });
});

describe('the system clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: START, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function alarm(when: number): () => number | null {
    let rang: number | null = null;
    systemClock.at(when, () => {
      rang = Date.now();
    });
    return () => rang;
  }

  it('reaches moments further away than a timer can count', () => {
    const rang = alarm(START + 40 * 24 * HOUR);
    vi.advanceTimersByTime(40 * 24 * HOUR - 1);
    expect(rang()).toBeNull();
    vi.advanceTimersByTime(1);
    expect(rang()).toBe(START + 40 * 24 * HOUR);
  });

  it('notices within a minute that the machine slept or the clock was set forward', () => {
    const rang = alarm(START + 10 * HOUR);
    vi.advanceTimersByTime(1_000);
    vi.setSystemTime(START + 11 * HOUR);
    vi.advanceTimersByTime(60_000);
    expect(rang()).not.toBeNull();
  });

  it('does not ring early when the clock was set back', () => {
    const rang = alarm(START + 30_000);
    vi.setSystemTime(START - HOUR);
    vi.advanceTimersByTime(30_000);
    expect(rang()).toBeNull();
    vi.advanceTimersByTime(HOUR);
    expect(rang()).toBe(START + 30_000);
  });

  it('does not ring once it was taken back', () => {
    let rang = false;
    const takeBack = systemClock.at(START + HOUR, () => {
      rang = true;
    });
    vi.advanceTimersByTime(61_000);
    takeBack();
    vi.advanceTimersByTime(2 * HOUR);
    expect(rang).toBe(false);
  });
});

describe('the pause after a failure', () => {
  it('doubles from a second to five minutes', () => {
    const whole = [1, 2, 3, 4, 9, 10, 60].map((attempts) => delayAfter(attempts, () => 1));
    expect(whole).toEqual([1_000, 2_000, 4_000, 8_000, 256_000, 300_000, 300_000]);
  });

  it('is spread over its upper half, so that what failed together does not come back together', () => {
    expect(delayAfter(4, () => 0)).toBe(4_000);
    expect(delayAfter(4, () => 0.5)).toBe(6_000);
  });
});
