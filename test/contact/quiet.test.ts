import { describe, expect, it } from 'vitest';
import { contactsNow } from '../../src/contact/quiet.ts';
import type { Contact } from '../../src/roster/schema.ts';

const contacts: readonly Contact[] = [
  { method: 'webhook', gateway: 'voice', address: '13800000000' },
  { method: 'email', address: 'duty@example.com' },
];
const quiet = { methods: ['voice'], from: '22:00', to: '07:00', below: 'orange' as const };
const night = Date.parse('2026-11-24T03:12:00+08:00');
const noon = Date.parse('2026-11-24T12:00:00+08:00');
const now = (severity: 'blue' | 'yellow' | 'orange' | 'red' | null, at: number, mine = contacts) =>
  contactsNow(mine, quiet, severity, at, 'Asia/Shanghai').map((one) => one.method);

describe('quiet hours', () => {
  it('leave out the loud method at night, below the severity that overrides', () => {
    expect(now('yellow', night)).toEqual(['email']);
    expect(now('yellow', noon)).toEqual(['webhook', 'email']);
  });
  it('do not hold for orange, for red, or before a severity is known', () => {
    for (const severity of ['orange', 'red', null] as const)
      expect(now(severity, night)).toEqual(['webhook', 'email']);
  });
  it('never lose the page of somebody who has nothing else', () => {
    expect(now('blue', night, contacts.slice(0, 1))).toEqual(['webhook']);
  });
});
