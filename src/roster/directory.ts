import type { Directory, DirectoryPerson } from '../incident/directory.ts';
import type { Instant } from '../incident/events.ts';
import { contactsOf, laddersOf } from './contacts.ts';
import { callingOrder, tiersOf } from './oncall.ts';
import type { Config, Masking, Person, System } from './schema.ts';

const APPROVING_POSTS = ['emergency-lead', 'system-owner'] as const;

/** So many systems are asked for in one second at the most before they are resolved anew. */
const KEPT = 64;
const made = new WeakMap<Config, Map<string, Directory>>();

/**
 * The roster and the register, resolved for one system: who is on call, who approves, who holds which post. Turns and
 * hours begin on a whole second, so that one answer serves for all that happens within it: ten thousand deadlines
 * of one second would spend a third of their time here.
 */
export function directoryFor(config: Config, systemId: string | null, at: Instant, zone: string): Directory {
  const second = Math.floor(at / 1000);
  const key = JSON.stringify([systemId, zone, second]);
  const known = made.get(config) ?? new Map<string, Directory>();
  made.set(config, known);
  const before = known.get(key);
  if (before) return before;
  const directory = resolved(config, systemId, second * 1000, zone);
  if (known.size >= KEPT) known.clear();
  known.set(key, directory);
  return directory;
}

function resolved(config: Config, systemId: string | null, at: Instant, zone: string): Directory {
  const system = config.systems.find((one) => one.id === systemId) ?? config.systems[0];
  const former = { ...approverPosts(system), ...config.posts };
  const contacts = contactsOf(config, former, at, zone);
  return {
    people: Object.fromEntries(config.people.map((one) => [one.id, describe(one, config)])),
    organisations: Object.fromEntries(
      config.organisations.map(({ id, name, side }) => [id, { id, name, side }]),
    ),
    customer: config.systems.find((one) => one.id === systemId)?.org ?? null,
    tiers: Object.fromEntries(tiersOf(config).map((tier) => [tier, callingOrder(config, tier, at, zone)])),
    approvers: Object.fromEntries(
      Object.entries(system?.approvers ?? {}).flatMap(([role, named]) => (named ? [[role, named]] : [])),
    ),
    posts: merged(former, contacts),
    contacts,
    ladders: laddersOf(config),
  };
}

function merged(
  former: Readonly<Record<string, readonly string[]>>,
  contacts: Directory['contacts'],
): Directory['posts'] {
  const posts = [...new Set([...Object.keys(former), ...Object.keys(contacts)])];
  return Object.fromEntries(
    posts.map((post) => [
      post,
      [...new Set([...(former[post] ?? []), ...(contacts[post] ?? []).flatMap((one) => one.holders)])],
    ]),
  );
}

function approverPosts(system: System | undefined): Record<string, readonly string[]> {
  const posts: Record<string, readonly string[]> = {};
  for (const role of APPROVING_POSTS) {
    const named = system?.approvers[role];
    if (named) posts[role] = [named.holder, ...named.deputies];
  }
  return posts;
}

function describe(person: Person, config: Config): DirectoryPerson {
  const org = config.organisations.find((one) => one.id === person.org);
  return {
    id: person.id,
    name: person.name,
    org: person.org,
    reachable: person.contacts.length > 0,
    missingQualifications: missingQualifications(person),
    customerSide: org?.side === 'customer',
  };
}

/** What the plan asks of the first engineer sent (plan L210–211) and this person lacks. */
export function missingQualifications(person: Person): readonly string[] {
  const held = person.qualifications;
  if (!held) return ['certified', 'years', 'largeProjects', 'trainingWeeksPerYear'];
  return [
    ...(held.certified ? [] : ['certified']),
    ...(held.years >= 3 ? [] : ['years']),
    ...(held.largeProjects >= 3 ? [] : ['largeProjects']),
    ...(held.trainingWeeksPerYear >= 3 ? [] : ['trainingWeeksPerYear']),
  ];
}

/** What the customer of a system keeps from other companies, with its machines; null where it has no rule. */
export function estateOf(
  config: Config,
  systemId: string | null,
): { readonly rule: Masking; readonly registered: readonly string[] } | null {
  const system = config.systems.find((one) => one.id === systemId);
  const customers = config.organisations.filter((one) => one.side === 'customer');
  // A system that is not registered: with one customer it can only be theirs.
  const owner = system?.org ?? (customers.length === 1 ? customers[0]?.id : undefined);
  const rule = config.organisations.find((one) => one.id === owner)?.masking;
  if (!rule) return null;
  const theirs = config.systems.filter((one) => one.org === owner);
  const registered = theirs
    .flatMap((one) => [...one.nodes, ...one.standby])
    .flatMap(({ id, host }) => [id, host]);
  return { rule, registered: [...new Set(registered)].filter((name) => !/^[\d.]+$/.test(name)) };
}

/** The registered system a line of text is about: the longest name or alias found in it. */
export function systemIn(config: Config, text: string): System | null {
  const found = config.systems
    .flatMap((system) => [system.id, system.name, ...system.aliases].map((name) => ({ system, name })))
    .filter((one) => text.toLowerCase().includes(one.name.toLowerCase()))
    .sort((a, b) => b.name.length - a.name.length);
  return found[0]?.system ?? null;
}

/** 特别重要时刻 (plan L68–69): a registered period of the system covers the local day. */
export function isSpecialTime(system: System | null, at: Instant, zone: string): boolean {
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(at);
  return system?.specialTimes.some((one) => one.from <= day && day <= one.to) ?? false;
}
