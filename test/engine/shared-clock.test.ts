import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/engine/clock.ts';
import { sharedClock } from '../../src/engine/shared-clock.ts';

const MINUTE = 60_000;
const START = 1_000 * MINUTE;
const quiet = (): void => {};

describe('the time of a store that several instances share', () => {
  it('holds for an instance whose own clock is slow, and for one that is fast', async () => {
    const own = virtualClock(START);
    const slow = await sharedClock(own, async () => own.now() + 5 * MINUTE, quiet);
    const fast = await sharedClock(own, async () => own.now() - 7_000, quiet);
    expect(slow.now()).toBe(START + 5 * MINUTE);
    expect(fast.now()).toBe(START - 7_000);
    const rang: string[] = [];
    slow.at(START + 6 * MINUTE, () => rang.push(`slow ${own.now() - START}`));
    fast.at(START, () => rang.push(`fast ${own.now() - START}`));
    await own.advance(10 * MINUTE);
    expect(rang).toEqual(['fast 7000', `slow ${MINUTE}`]);
  });

  it('is measured again, so that nothing rings before its time when our clock was set', async () => {
    const own = virtualClock(START);
    let ahead = 0;
    const clock = await sharedClock(own, async () => own.now() + ahead, quiet);
    const rang: number[] = [];
    clock.at(START + 5 * MINUTE, () => rang.push(clock.now() - START));
    ahead = -3 * MINUTE;
    await own.advance(6 * MINUTE);
    expect(rang).toEqual([]);
    await own.advance(3 * MINUTE);
    expect(rang).toEqual([5 * MINUTE]);
  });

  it('goes on with what it knows while the store cannot be asked', async () => {
    const own = virtualClock(START);
    let down = false;
    const logged: string[] = [];
    const clock = await sharedClock(
      own,
      async () => {
        if (down) throw new Error('connection refused');
        return own.now() + MINUTE;
      },
      (what) => logged.push(what),
    );
    down = true;
    await own.advance(2 * MINUTE);
    expect(clock.now()).toBe(START + 3 * MINUTE);
    expect(logged).toEqual(['time-not-measured', 'time-not-measured']);
    clock.stop();
    await own.advance(5 * MINUTE);
    expect(logged).toHaveLength(2);
  });
});
