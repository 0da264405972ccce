import { afterEach, describe, expect, it, vi } from 'vitest';
import * as clocks from '../../src/incident/clocks.ts';
import { SETTINGS, type TestDesk, testDesk } from '../support/desk.ts';
import { startGateway } from '../support/gateway.ts';

vi.mock('../../src/incident/clocks.ts', async (original) => {
  const real = await original<typeof clocks>();
  return { ...real, clocks: vi.fn(real.clocks) };
});

let room: TestDesk;
afterEach(async () => {
  room.desk.watch.stop();
  vi.mocked(clocks.clocks).mockReset();
  await room.close();
});

const heard = async (): Promise<string> => (await room.heard()).join('\n');

describe('the watch on the watcher', () => {
  it('alarms when a fault planted in the clocks swallows a deadline', async () => {
    const { clocks: real } = await vi.importActual<typeof clocks>('../../src/incident/clocks.ts');
    vi.mocked(clocks.clocks).mockImplementation((incident, plan, now) =>
      real(incident, plan, now).filter((one) => one.id !== 'callback'),
    );
    room = await testDesk();
    room.desk.watch.start();
    await room.say('ops', '/应急 开启 社保核心系统无法访问');
    await room.say('duty', '/应急 应答');
    await room.advance(10);
    expect(await heard()).toContain('审计发现：clock callback');
    expect(room.desk.watch.missed()).toBe(1);
  });

  it('alarms once, whichever instance notices and however often one starts', async () => {
    const { clocks: real } = await vi.importActual<typeof clocks>('../../src/incident/clocks.ts');
    vi.mocked(clocks.clocks).mockImplementation((incident, plan, now) =>
      real(incident, plan, now).filter((one) => one.id !== 'callback'),
    );
    room = await testDesk();
    const other = await testDesk({ folder: room.folder, clock: room.clock });
    room.desk.watch.start();
    other.desk.watch.start();
    await room.say('ops', '/应急 开启 社保核心系统无法访问');
    await room.say('duty', '/应急 应答');
    await room.advance(10);
    const third = await testDesk({ folder: room.folder, clock: room.clock });
    third.desk.watch.start();
    await room.advance(10);
    const alarms = (await room.incident()).pages.filter((one) => one.because.includes('审计发现'));
    expect(alarms.filter((one) => one.because.includes('clock callback') && one.attempt === 1)).toHaveLength(
      1,
    );
    for (const one of [other, third]) {
      one.desk.watch.stop();
      await one.desk.engine.stop();
      await one.desk.store.close();
    }
  });

  it('is silent while everything is served', async () => {
    const { clocks: real } = await vi.importActual<typeof clocks>('../../src/incident/clocks.ts');
    vi.mocked(clocks.clocks).mockImplementation(real);
    room = await testDesk();
    room.desk.watch.start();
    await room.say('ops', '/应急 开启 社保核心系统无法访问');
    await room.say('emergency-lead', '/应急 定级 红 全网');
    await room.advance(180);
    expect(await heard()).not.toContain('审计发现');
  });

  it('beats while awake and falls silent when the engine stalls', async () => {
    const { clocks: real } = await vi.importActual<typeof clocks>('../../src/incident/clocks.ts');
    vi.mocked(clocks.clocks).mockImplementation(real);
    const monitor = await startGateway();
    const config = {
      ...SETTINGS.config,
      delivery: { ...SETTINGS.config.delivery, heartbeat: `${monitor.url}/beat` },
    };
    room = await testDesk({ settings: { ...SETTINGS, config } });
    room.desk.watch.start();
    await room.advance(5);
    expect(monitor.received.length).toBe(5);
    monitor.answer({ status: 404 });
    await room.advance(1);
    expect(await room.desk.counts.registry.metrics()).toContain(
      'warroom_heartbeats_total{outcome="unacknowledged"} 1',
    );
    await room.say('ops', '/应急 开启 社保核心系统无法访问');
    await room.desk.engine.stop();
    await room.advance(3);
    const awake = monitor.received.length;
    await room.advance(10);
    expect(monitor.received.length - awake).toBeLessThan(10);
    await room.advance(10);
    const silent = monitor.received.length;
    await room.advance(10);
    expect(monitor.received.length).toBe(silent);
    await monitor.close();
  });
});
