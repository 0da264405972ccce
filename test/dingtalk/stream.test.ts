import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Bench, bench, message, PLACE, ROOM } from './bench.ts';
import { SECRET } from './standin.ts';

let room: Bench;
afterEach(() => room.close());

const texts = (): readonly string[] =>
  room.received.map((one) => (one.kind === 'text' ? one.text : one.kind));
const says = (text: string): Promise<string> => room.ding.says('ding-duty', ROOM, text, { mention: true });
/** The connection that follows another one is open. */
const again = (): Promise<void> =>
  room.until(() => room.logged.some((one) => one.what === 'dingtalk: connected again'));

describe('the stream', () => {
  it('acknowledges a message once it is kept, and what failed comes again', async () => {
    room = await bench();
    let broken = true;
    room.receive = async () => {
      if (broken) throw new Error('the disk is full');
      return { toAsker: null, form: null, incident: null };
    };
    await room.platform.start();
    void says('取证 线程转储');
    await room.until(() => room.received.length === 1);
    expect(room.ding.unacked.size).toBe(1);
    broken = false;
    await room.ding.redeliver();
    expect(room.ding.unacked.size).toBe(0);
    expect(texts()).toEqual(['@战情室 取证 线程转储', '@战情室 取证 线程转储']);
    expect(new Set(room.received.map((one) => one.id)).size).toBe(1);
  });

  it('a repeat that comes while the first is under way is acknowledged with the first, and acts no second time', async () => {
    room = await bench();
    let go: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    room.receive = async () => {
      await gate;
      return { toAsker: null, form: null, incident: null };
    };
    await room.platform.start();
    const first = says('取证 一');
    await room.until(() => room.received.length === 1);
    const again = room.ding.redeliver();
    await room.ding.ping();
    expect(room.ding.unacked.size).toBe(1);
    go();
    await Promise.all([first, again]);
    expect(room.received).toHaveLength(1);
  });

  it('when DingTalk says that it closes a connection, the next one is open before anything more is said', async () => {
    room = await bench();
    await room.platform.start();
    await says('取证 一');
    await room.ding.leave();
    await again();
    await says('取证 二');
    expect(texts()).toHaveLength(2);
    expect(room.ding.lost).toEqual([]);
  });

  it('what was under way on a connection that is closed is still acknowledged on it', async () => {
    room = await bench();
    let go: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    room.receive = async () => {
      await gate;
      return { toAsker: null, form: null, incident: null };
    };
    await room.platform.start();
    const under = says('取证 一');
    await room.until(() => room.received.length === 1);
    await room.ding.leave();
    await room.until(() => room.ding.opened === 2);
    go();
    await under;
    expect(room.ding.unacked.size).toBe(0);
  });

  it('a socket that looks open and is dead is noticed by its silence', async () => {
    room = await bench({ idleMs: 60 });
    await room.platform.start();
    room.ding.halfOpen();
    await room.until(() => room.logged.some((one) => JSON.stringify(one).includes('silent')));
    await again();
    await says('取证 一');
    expect(texts()).toEqual(['@战情室 取证 一']);
  });

  it('a socket that breaks, and a gateway that is away for a while, are lived through', async () => {
    room = await bench();
    await room.platform.start();
    room.ding.gateway(false);
    room.ding.drop();
    await room.until(() => room.logged.filter((one) => one.what.includes('not connected')).length >= 2);
    room.ding.gateway(true);
    await again();
    await says('取证 一');
    expect(texts()).toHaveLength(1);
  });

  it('a wrong secret is said without the secret, and the start does not hang', async () => {
    room = await bench({ clientSecret: 'wrong-secret' });
    await room.platform.start();
    const log = JSON.stringify(room.logged);
    expect(log).toContain('authFailed');
    expect(log).not.toContain('wrong-secret');
    expect(room.ding.connections.size).toBe(0);
  });

  it('the SDK writes nothing where the login link stands', async () => {
    const written = vi.spyOn(process.stdout, 'write');
    const spoken = vi.spyOn(console, 'info');
    room = await bench();
    await room.platform.start();
    await room.platform.stop();
    expect(spoken).not.toHaveBeenCalled();
    expect(written.mock.calls.map(([text]) => String(text)).filter((one) => one.includes('connect'))).toEqual(
      [],
    );
    spoken.mockRestore();
    written.mockRestore();
  });

  it('frames that are no JSON, or none of ours, neither stop it nor are carried out', async () => {
    room = await bench();
    await room.platform.start();
    for (const text of ['', '{', 'null', '[]', '{"type":"CALLBACK"}', '{"type":"SYSTEM","headers":{}}'])
      room.ding.frame(text);
    await room.ding.ping();
    await says('取证 一');
    expect(texts()).toEqual(['@战情室 取证 一']);
    expect(JSON.stringify(room.logged)).not.toContain(SECRET);
  });

  it('a message for another robot of the app is not heard', async () => {
    room = await bench({ robot: 'another-robot' });
    await room.platform.start();
    await says('取证 一');
    expect(texts()).toEqual([]);
  });
});

describe('several instances', () => {
  it('one of them holds the connection; another takes it up when it is gone, and never both', async () => {
    const WINDOW = 60;
    let now = WINDOW * 1000;
    const asked: string[] = [];
    const claimed = new Set<string>();
    const claim = async (key: string): Promise<boolean> => {
      asked.push(key);
      return !claimed.has(key) && claimed.add(key) !== undefined;
    };
    const asking = (window: number): number => asked.filter((one) => one.endsWith(`:${window}`)).length;
    room = await bench({ clock: () => now, claim, leaseMs: WINDOW, idleMs: 1e9 });
    const other = room.another();
    await room.platform.start();
    await other.start();
    for (let window = 1000; window < 1003; window += 1) {
      // Late in its window the holder takes the next one; then that one begins, and the other asks in vain.
      now = window * WINDOW + 50;
      await room.until(() => asking(window + 1) === 1);
      now = (window + 1) * WINDOW;
      await room.until(() => asking(window + 1) >= 2);
    }
    expect(room.ding.opened).toBe(1);
    expect(room.ding.connections.size).toBe(1);

    await room.platform.stop();
    await room.until(() => room.ding.connections.size === 0);
    now = 1005 * WINDOW;
    await room.until(() => room.ding.opened === 2 && room.ding.connections.size === 1);
    await says('取证 一');
    expect(texts()).toHaveLength(1);
    // Whoever does not hold the connection speaks all the same.
    expect(await room.platform.post(PLACE, message('进展'), { key: 'i1:1:x' })).toMatchObject({ ok: true });
  });

  it('one that slept through its window lets go of the connection when another has it', async () => {
    const WINDOW = 60;
    let now = WINDOW * 1000;
    const claimed = new Set<string>();
    room = await bench({
      clock: () => now,
      claim: async (key) => !claimed.has(key) && claimed.add(key) !== undefined,
      leaseMs: WINDOW,
      idleMs: 1e9,
    });
    await room.platform.start();
    expect(room.ding.connections.size).toBe(1);
    claimed.add(`${room.ding.client}:1010`);
    now = 1010 * WINDOW;
    await room.until(() => room.ding.connections.size === 0);
    now = 1011 * WINDOW;
    await room.until(() => room.ding.connections.size === 1);
  });
});
