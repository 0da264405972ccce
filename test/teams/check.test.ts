import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkTeams } from '../../src/chat/teams/check.ts';
import { SECRET, type Standin, startStandin, TENANT } from './standin.ts';

let teams: Standin;
beforeEach(async () => {
  teams = await startStandin();
});
afterEach(async () => {
  await teams.close();
  expect(teams.unsupported).toEqual([]);
});

const check = (more: { password?: string; clock?: () => number; keys?: string } = {}) =>
  checkTeams({
    app: { id: teams.app, password: more.password ?? SECRET, tenant: TENANT },
    clock: more.clock ?? Date.now,
    endpoints: { ...teams.endpoints, ...(more.keys ? { openIdMetadata: more.keys } : {}) },
  });

describe('the check of the Teams app', () => {
  it('is content when a token is given and the keys are there', async () => {
    expect(await check()).toMatchObject({ ok: true });
  });

  it('a wrong secret is told with where to make a new one, and is not printed', async () => {
    const checked = await check({ password: 'wrong-secret' });
    expect(checked).toMatchObject({ ok: false, at: 'token' });
    const text = JSON.stringify(checked);
    expect(text).toContain('AADSTS7000215');
    expect(text).toContain('Certificates & secrets');
    expect(text).not.toContain('wrong-secret');
  });

  it('a clock that is ten minutes ahead is measured', async () => {
    const checked = await check({ clock: () => Date.now() + 600_000 });
    expect(Math.round((checked.skewMs ?? 0) / 10_000)).toBe(60);
  });

  it('keys that cannot be reached are told apart', async () => {
    expect(await check({ keys: 'http://127.0.0.1:9/' })).toMatchObject({ ok: false, at: 'keys' });
  });
});
