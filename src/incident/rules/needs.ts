import type { Decision, Env } from '../commands.ts';
import type { LadderLevel } from '../directory.ts';
import type { Fact, Instant } from '../events.ts';
import { whoHolds } from '../posts.ts';
import type { Incident, Need, Page } from '../state.ts';
import { accept, type Case, consequence, nameOf, refuse, stated } from './case.ts';
import { invitedBy } from './organisations.ts';
import { qualified } from './qualified.ts';
import { pageFact, repeatPage } from './tiers.ts';

const MINUTE = 60_000;

/**
 * Somebody is wanted for a post (plan L252): the contact of the organisation that holds it is called, and that
 * organisation's own ladder follows, never ours.
 */
export function need(given: Case<'need'>): Decision {
  const { state, body, command, env } = given;
  const rule = env.plan.posts.find((one) => one.id === body.post);
  if (!rule && !env.directory.posts[body.post]) return refuse('unknown-post', { post: body.post }, ['need']);
  const choice = whoHolds(state, body.post, body.org, env.directory);
  if (choice.kind === 'none')
    return refuse('no-person-for-post', { post: rule?.title.zh ?? body.post, id: body.post }, ['page']);
  if (choice.kind === 'several') {
    const orgs = choice.orgs.map((org) => env.directory.organisations[org]?.name ?? org).join('、');
    return refuse('which-organisation', { post: rule?.title.zh ?? body.post, orgs }, ['need']);
  }
  const { contact } = choice;
  const open = state.pages.find(
    (one) => one.status === 'open' && one.post === body.post && one.org === contact.org,
  );
  if (open) return refuse('already-paged', { person: nameOf(env, open.person) });
  const first = contact.calling.find((id) => isFree(state, id, env));
  const checked = first === undefined ? null : qualified(state, first, body.override, command, env);
  if (checked && !checked.ok) return checked.refused;
  const because = body.reason ?? 'asked';
  const call =
    first === undefined
      ? raiseLevel(state, contact.org, body.post, 1, 'outside-hours', env)
      : [pageOf(state, env, { person: first, org: contact.org, post: body.post, level: 0, because })];
  if (!call.some((fact) => fact.body.type === 'PersonPaged'))
    return refuse('no-person-for-post', { post: rule?.title.zh ?? body.post, id: body.post }, ['page']);
  return accept(
    ...(checked?.facts ?? []),
    ...invitedBy(state, contact.org, env),
    stated(command, env, {
      type: 'PostNeeded',
      post: body.post,
      org: contact.org,
      reason: body.reason,
      raise: levelsOf(contact.org, env).map(({ minutes }, index) => ({ level: index + 1, minutes })),
    }),
    ...call,
  );
}

/** A person who is being called for something else is not called twice at once. */
function isFree(state: Incident, person: string, env: Env): boolean {
  if (!env.directory.people[person]?.reachable) return false;
  return !state.pages.some((one) => one.status === 'open' && one.person === person);
}

function pageOf(
  state: Incident,
  env: Env,
  to: {
    readonly person: string;
    readonly org: string;
    readonly post: string | null;
    readonly level: number;
    readonly because: string;
  },
): Fact {
  return pageFact(state, env, { ...to, tier: null, attempt: 1 });
}

function levelsOf(org: string, env: Env): readonly LadderLevel[] {
  return env.directory.ladders[org] ?? [];
}

/** People of a level who can be called; level 0 are the contacts of the post. */
function peopleOf(org: string, post: string | null, level: number, env: Env): readonly string[] {
  const people =
    level === 0
      ? ((env.directory.contacts[post ?? ''] ?? []).find((one) => one.org === org)?.calling ?? [])
      : (levelsOf(org, env)[level - 1]?.people ?? []);
  return people.filter((id) => env.directory.people[id]?.reachable);
}

function raisedFor(state: Incident, org: string, post: string | null) {
  return state.levels.filter((one) => one.org === org && one.post === post);
}

/**
 * Raises one level of an organisation's ladder and calls its first person; a level at which nobody can be reached
 * is said aloud, and the one above is raised in its stead.
 */
export function raiseLevel(
  state: Incident,
  org: string,
  post: string | null,
  level: number,
  because: string,
  env: Env,
): readonly Fact[] {
  if (levelsOf(org, env)[level - 1] === undefined) return [];
  if (raisedFor(state, org, post).some((one) => one.level === level)) return [];
  const person = peopleOf(org, post, level, env)[0];
  const raised = (reached: boolean): Fact =>
    consequence(env, { type: 'LevelRaised', org, post, level, because, reached });
  if (person === undefined) return [raised(false), ...raiseLevel(state, org, post, level + 1, because, env)];
  return [raised(true), pageOf(state, env, { person, org, post, level, because })];
}

/** Each organisation can raise its own escalation (plan L252): one level above the highest that was raised. */
export function escalateOwn(state: Incident, org: string, reason: string, env: Env): readonly Fact[] {
  const highest = Math.max(0, ...state.levels.filter((one) => one.org === org).map((one) => one.level));
  return raiseLevel(state, org, null, highest + 1, reason, env);
}

/**
 * Who of the organisation is called after an unanswered page: the same person again, the next contact, the next
 * level of its ladder; then round and round, because a post that was asked for is never dropped.
 */
export function nextOfOrganisation(
  state: Incident,
  page: Page & { readonly org: string },
  env: Env,
  repeat: boolean,
): readonly Fact[] {
  const level = page.level ?? 0;
  const { org, post } = page;
  if (repeat && page.attempt < env.plan.paging.attemptsPerPerson) return repeatPage(state, page, env);
  const people = peopleOf(org, post, level, env);
  const next = people[people.indexOf(page.person) + 1];
  if (next !== undefined)
    return [pageOf(state, env, { person: next, org, post, level, because: 'no-answer' })];
  // Its ladder is being called already, by its minutes.
  if (state.pages.some((one) => one.status === 'open' && isAbove(one, page))) return [];
  const unraised = levelsOf(org, env).findIndex(
    (_, index) => index >= level && !raisedFor(state, org, post).some((one) => one.level === index + 1),
  );
  const raised = unraised < 0 ? [] : raiseLevel(state, org, post, unraised + 1, 'no-answer', env);
  if (raised.some((fact) => fact.body.type === 'PersonPaged')) return raised;
  return [...raised, ...roundAgain(state, page, env)];
}

function isAbove(one: Page, page: Page): boolean {
  return one.org === page.org && one.post === page.post && (one.level ?? 0) > (page.level ?? 0);
}

/** Whether nobody else of the organisation could be called in their stead. */
export function isAlone(page: Page & { readonly org: string }, env: Env): boolean {
  const levels = levelsOf(page.org, env).map((_, index) => index + 1);
  const people = [0, ...levels].flatMap((level) => peopleOf(page.org, page.post, level, env));
  return people.every((one) => one === page.person);
}

/** The next level that can be reached, and after the highest the contacts again. */
function roundAgain(state: Incident, page: Page & { readonly org: string }, env: Env): readonly Fact[] {
  const { org, post } = page;
  const count = levelsOf(org, env).length + 1;
  for (let step = 1; step <= count; step += 1) {
    const level = ((page.level ?? 0) + step) % count;
    const person = peopleOf(org, post, level, env)[0];
    if (person !== undefined)
      return [pageOf(state, env, { person, org, post, level, because: 'round-again' })];
  }
  return [];
}

/** Anybody of that organisation who holds the post or stands on its ladder may answer for it. */
export function answersFor(page: Page & { readonly org: string }, person: string, env: Env): boolean {
  const onLadder = levelsOf(page.org, env).some(
    (level, index) => level.people.includes(person) && (page.post !== null || index + 1 >= (page.level ?? 1)),
  );
  const contact = (env.directory.contacts[page.post ?? ''] ?? []).find((one) => one.org === page.org);
  return onLadder || (contact?.holders.includes(person) ?? false);
}

/** The other calls for what one of them has answered: nobody is woken for a post that is filled. */
export function alsoCalled(state: Incident, answered: readonly Page[], env: Env): readonly Fact[] {
  return state.pages
    .filter(
      (one) =>
        one.status === 'open' &&
        one.org !== undefined &&
        !answered.some((page) => page.id === one.id) &&
        answered.some((page) => page.org === one.org && page.post === one.post),
    )
    .map((one) =>
      consequence(env, { type: 'PageWithdrawn', page: one.id, person: one.person, because: 'answered' }),
    );
}

interface DueLevel {
  readonly need: Need;
  readonly level: number;
  readonly at: Instant;
}

/** Levels that an unanswered post wants, and when (the organisation's own minutes). */
export function levelMoments(state: Incident): readonly DueLevel[] {
  if (state.status !== 'open') return [];
  return state.needs
    .filter((one) => one.answeredAt === null)
    .flatMap((one) =>
      one.raise
        .filter(({ level }) => !raisedFor(state, one.org, one.post).some((known) => known.level === level))
        .map(({ level, minutes }) => ({ need: one, level, at: one.since + minutes * MINUTE })),
    );
}

/** `already`: what the same moment has brought about, so that nothing is raised twice. */
export function dueLevels(state: Incident, env: Env, already: readonly Fact[]): readonly Fact[] {
  const facts: Fact[] = [];
  const isRaised = ({ body }: Fact, { need: wanted, level }: DueLevel): boolean =>
    body.type === 'LevelRaised' &&
    body.org === wanted.org &&
    body.post === wanted.post &&
    body.level === level;
  for (const one of levelMoments(state)) {
    if (one.at > env.now || [already, facts].some((those) => those.some((fact) => isRaised(fact, one))))
      continue;
    facts.push(...raiseLevel(state, one.need.org, one.need.post, one.level, 'no-answer', env));
  }
  return facts;
}
