import type { LadderLevel, PostContact } from '../incident/directory.ts';
import type { Instant } from '../incident/events.ts';
import type { Plan } from '../incident/plan.ts';
import { covers, isHoliday } from './oncall.ts';
import type { Config, Hours, NamedPost } from './schema.ts';

const DAY = 24 * 60 * 60_000;

/**
 * Whom each organisation names for each post at a moment (plan L252): what it says itself, and what the list
 * `posts` says of its people. `former` are the posts that are not named by organisation.
 */
export function contactsOf(
  config: Config,
  former: Readonly<Record<string, readonly string[]>>,
  at: Instant,
  zone: string,
): Readonly<Record<string, readonly PostContact[]>> {
  const found = new Map<string, PostContact[]>();
  const under = (post: string): PostContact[] => {
    const known = found.get(post) ?? [];
    found.set(post, known);
    return known;
  };
  for (const org of config.organisations) {
    for (const [post, named] of Object.entries(org.posts)) {
      const holders = [named.holder, ...named.deputies];
      under(post).push({ org: org.id, calling: callingNow(named, org.ladder.length > 0, at, zone), holders });
    }
  }
  for (const [post, people] of Object.entries(former)) {
    for (const person of people) {
      const org = config.people.find((one) => one.id === person)?.org ?? '';
      const known = under(post);
      const index = known.findIndex((one) => one.org === org);
      const before = known[index];
      if (!before) known.push({ org, calling: [person], holders: [person] });
      else if (!before.holders.includes(person))
        known[index] = {
          ...before,
          calling: [...before.calling, person],
          holders: [...before.holders, person],
        };
    }
  }
  return Object.fromEntries(found);
}

/** Outside the hours the deputies, or the ladder; with neither the holder: somebody is better than nobody. */
function callingNow(named: NamedPost, hasLadder: boolean, at: Instant, zone: string): readonly string[] {
  if (named.hours.length === 0 || named.hours.some((one) => within(one, at, zone)))
    return [named.holder, ...named.deputies];
  if (named.deputies.length > 0) return named.deputies;
  return hasLadder ? [] : [named.holder];
}

/** A window over midnight belongs to the day on which it begins. */
export function within(hours: Hours, at: Instant, zone: string): boolean {
  if (!covers({ hours }, at, zone)) return false;
  if (hours.days === 'all') return true;
  const overnight = hours.from > hours.to;
  const begun = overnight && !covers({ hours: { from: hours.from, to: '23:59' } }, at, zone) ? at - DAY : at;
  return isHoliday(begun, zone) === (hours.days === 'holidays');
}

export function laddersOf(config: Config): Readonly<Record<string, readonly LadderLevel[]>> {
  return Object.fromEntries(
    config.organisations
      .filter((one) => one.ladder.length > 0)
      .map((one) => [
        one.id,
        one.ladder.map(({ title, people, minutes }) => ({ title: title ?? null, people, minutes })),
      ]),
  );
}

/** Everybody whom an organisation names for a post itself, holders first. */
export function namedFor(config: Config, post: string): readonly string[] {
  const named = config.organisations.flatMap((one) => one.posts[post] ?? []);
  return [...named.map((one) => one.holder), ...named.flatMap((one) => one.deputies)];
}

/** Posts of the joint war room for which no organisation names anybody who can be called. */
export function postsWithoutContact(config: Config, plan: Plan): readonly string[] {
  const callable = new Set(config.people.filter((one) => one.contacts.length > 0).map((one) => one.id));
  return plan.posts
    .filter((one) => one.joint)
    .map((one) => one.id)
    .filter(
      (post) => ![...(config.posts[post] ?? []), ...namedFor(config, post)].some((id) => callable.has(id)),
    );
}
