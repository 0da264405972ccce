import type { Command, Decision, Env } from '../commands.ts';
import type { Fact } from '../events.ts';
import type { Incident } from '../state.ts';
import { refuse, stated } from './case.ts';

export type Checked =
  | { readonly ok: true; readonly facts: readonly Fact[] }
  | { readonly ok: false; readonly refused: Decision };

/**
 * The first engineer on an incident has to be qualified, or somebody says why not (plan L210–211): whether they
 * are called, handed the incident, or answer in a colleague's stead. Not asked once a tier is at work, nor of
 * those who answer from a higher tier.
 */
export function qualified(
  state: Incident,
  person: string,
  override: string | null,
  command: Command,
  env: Env,
): Checked {
  const known = env.directory.people[person];
  const missing = known && isFirst(state, person, env) ? known.missingQualifications : [];
  if (!known || missing.length === 0) return { ok: true, facts: [] };
  const reason = override?.trim();
  if (!reason) {
    const lacking = { person: known.name, missing: missing.join(',') };
    return { ok: false, refused: refuse('unqualified', lacking, ['page']) };
  }
  const body = { type: 'QualificationOverridden', person, missing, reason } as const;
  return { ok: true, facts: [stated(command, env, body)] };
}

function isFirst(state: Incident, person: string, env: Env): boolean {
  if (state.tiers.some((one) => one.engagedAt !== null)) return false;
  const tiers = Object.entries(env.directory.tiers).filter(([, people]) => people.includes(person));
  return tiers.length > 0 && tiers.every(([tier]) => tier === '1');
}
