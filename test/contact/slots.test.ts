import { describe, expect, it } from 'vitest';
import type { Call } from '../../src/contact/port.ts';
import { withSlots } from '../../src/contact/slots.ts';
import { virtualClock } from '../../src/engine/clock.ts';

const call: Call = {
  incident: 'i',
  code: 'c',
  page: 'p',
  text: '',
  subject: '',
  words: { system: '', level: '', title: '', until: '' },
};
const by = (gateway: string) => ({ method: 'webhook' as const, gateway, address: '138' });

describe('pages by a gateway that hangs', () => {
  it('leave room for all others, and go on to the next way within seconds', async () => {
    const clock = virtualClock(0, 50);
    let open = 0;
    const send = withSlots(async (contact) => {
      if (contact.method === 'webhook' && contact.gateway === 'hangs') {
        open += 1;
        return new Promise(() => {});
      }
      return { ok: true, detail: '' };
    }, clock);
    const stuck = Array.from({ length: 500 }, () => send(by('hangs'), call));
    expect((await send(by('well'), call)).ok).toBe(true);
    await clock.advance(3_000);
    const given = await Promise.all(stuck.slice(open));
    expect(open).toBeLessThanOrEqual(64);
    expect(given.every((one) => !one.ok && !one.permanent && one.detail.startsWith('busy'))).toBe(true);
  });

  it('by one that is only busy all go, each in its turn', async () => {
    const clock = virtualClock(0, 50);
    let most = 0;
    let open = 0;
    const send = withSlots(async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return { ok: true, detail: '' };
    }, clock);
    const sent = await Promise.all(Array.from({ length: 500 }, () => send(by('busy'), call)));
    expect(sent.every((one) => one.ok)).toBe(true);
    expect(most).toBeLessThanOrEqual(64);
  });
});
