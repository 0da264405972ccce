import type { Env } from '../commands.ts';
import type { Fact } from '../events.ts';
import type { Severity } from '../plan.ts';
import type { Incident, Page } from '../state.ts';
import { consequence } from './case.ts';
import { nextOfOrganisation } from './needs.ts';
import { notify } from './notify.ts';

/** Before a person confirmed a severity the shortest wait holds: a page must not be slow because nobody chose. */
export function acknowledgeMinutes(state: Incident | null, env: Env): number {
  const severity: Severity = state?.severity ?? state?.proposed?.severity ?? 'red';
  return env.plan.severities[severity].acknowledgeMinutes;
}

export function pageFact(
  state: Incident | null,
  env: Env,
  to: {
    person: string;
    tier: number | null;
    post: string | null;
    org?: string;
    level?: number;
    attempt: number;
    because: string;
    handoff?: true;
  },
): Fact {
  return consequence(env, {
    type: 'PersonPaged',
    page: env.newId(),
    ...to,
    acknowledgeBy: env.now + acknowledgeMinutes(state, env) * 60_000,
  });
}

/** On-call people of a tier that can be reached; qualified ones first where the plan asks for it (L210). */
export function reachable(tier: number, env: Env): readonly string[] {
  const people = (env.directory.tiers[tier] ?? []).filter((id) => env.directory.people[id]?.reachable);
  if (tier !== 1) return people;
  const missing = (id: string): number => env.directory.people[id]?.missingQualifications.length ?? 0;
  return [...people].sort((a, b) => Math.sign(missing(a)) - Math.sign(missing(b)));
}

/**
 * Raises a tier and pages its first person. A tier without a reachable person is skipped loudly, and the one
 * above is raised in its stead (plan L210–215).
 */
export function raiseTier(state: Incident | null, tier: number, because: string, env: Env): readonly Fact[] {
  const rule = env.plan.tiers.find((one) => one.tier === tier);
  if (!rule) return [];
  const raised = state?.tiers.some((one) => one.tier === tier) ?? false;
  if (raised) return [];
  const first = reachable(tier, env)[0];
  if (first === undefined) {
    return [
      consequence(env, { type: 'TierSkipped', tier, because: 'nobody-reachable' }),
      ...raiseTier(state, tier + 1, because, env),
    ];
  }
  return [
    consequence(env, { type: 'TierRaised', tier, because }),
    ...override(tier, first, env),
    ...(rule.informs ?? []).flatMap((post) => notify(env, post, `tier-${tier}`, state)),
    pageFact(state, env, { person: first, tier, post: null, attempt: 1, because }),
  ];
}

/** With nobody qualified on call, somebody is better than nobody, and the record says so. */
function override(tier: number, person: string, env: Env): readonly Fact[] {
  const missing = env.directory.people[person]?.missingQualifications ?? [];
  if (tier !== 1 || missing.length === 0) return [];
  return [
    consequence(env, {
      type: 'QualificationOverridden',
      person,
      missing,
      reason: 'nobody-qualified-on-call',
    }),
  ];
}

/**
 * Who is called after an unanswered page: the same person again, then the next, then the next tier; the last
 * tier is called round and round until a person takes it.
 */
export function nextAfter(state: Incident, page: Page, env: Env, repeat: boolean): readonly Fact[] {
  if (page.org !== undefined) return nextOfOrganisation(state, { ...page, org: page.org }, env, repeat);
  if (page.post !== null) return nextInList(state, page, env.directory.posts[page.post] ?? [], env, repeat);
  if (page.tier === null) return repeatPage(state, page, env);
  const people = reachable(page.tier, env);
  if (repeat && page.attempt < env.plan.paging.attemptsPerPerson) return repeatPage(state, page, env);
  const next = people[people.indexOf(page.person) + 1];
  if (next !== undefined) {
    return [
      ...override(page.tier, next, env),
      pageFact(state, env, { person: next, tier: page.tier, post: null, attempt: 1, because: 'no-answer' }),
    ];
  }
  return afterTier(state, page.tier, env);
}

function afterTier(state: Incident, tier: number, env: Env): readonly Fact[] {
  const higher = state.tiers.filter((one) => one.tier > tier && !one.skipped);
  if (higher.some((one) => one.engagedAt !== null)) return [];
  const unraised = env.plan.tiers.filter(
    (one) => one.tier > tier && !state.tiers.some((known) => known.tier === one.tier),
  );
  const next = unraised[0];
  const raised = next && higher.length === 0 ? raiseTier(state, next.tier, 'no-answer', env) : [];
  if (raised.some((fact) => fact.body.type === 'PersonPaged')) return raised;
  if (higher.length > 0) return [];
  return [...raised, ...roundAgain(state, tier, env)];
}

/** Nobody above is left to call: begin again with this tier, or with the highest one that can be reached. */
function roundAgain(state: Incident, tier: number, env: Env): readonly Fact[] {
  const tiers = [tier, ...env.plan.tiers.map((one) => one.tier).sort((a, b) => b - a)];
  for (const one of tiers) {
    const person = reachable(one, env)[0];
    if (person !== undefined) {
      return [pageFact(state, env, { person, tier: one, post: null, attempt: 1, because: 'round-again' })];
    }
  }
  return [];
}

export function repeatPage(state: Incident, page: Page, env: Env): readonly Fact[] {
  return [
    pageFact(state, env, {
      person: page.person,
      tier: page.tier,
      post: page.post,
      ...(page.org === undefined ? {} : { org: page.org, level: page.level ?? 0 }),
      attempt: page.attempt + 1,
      because: 'no-answer',
      ...(page.handoff ? { handoff: true } : {}),
    }),
  ];
}

function nextInList(
  state: Incident,
  page: Page,
  holders: readonly string[],
  env: Env,
  repeat: boolean,
): readonly Fact[] {
  if (repeat && page.attempt < env.plan.paging.attemptsPerPerson) return repeatPage(state, page, env);
  const reachableHolders = holders.filter((id) => env.directory.people[id]?.reachable);
  const next = reachableHolders[reachableHolders.indexOf(page.person) + 1] ?? reachableHolders[0];
  if (next === undefined) return [];
  return [
    pageFact(state, env, { person: next, tier: null, post: page.post, attempt: 1, because: 'no-answer' }),
  ];
}
