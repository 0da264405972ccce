import { DEPARTMENT_HEAD, type Directory, EXPERT_GROUP, LEADER, type PostContact } from './directory.ts';
import type { Plan } from './plan.ts';
import type { Incident, Page } from './state.ts';
import type { Side } from './visibility.ts';

/** Which organisation is asked for a post: the one that holds it, or the one of several that is in the room. */
export type Choice =
  | { readonly kind: 'one'; readonly contact: PostContact }
  | { readonly kind: 'several'; readonly orgs: readonly string[] }
  | { readonly kind: 'none' };

export function whoHolds(incident: Incident, post: string, org: string | null, directory: Directory): Choice {
  const known = (directory.contacts[post] ?? []).filter(
    (one) => (org === null || one.org === org) && canBeCalled(one, directory),
  );
  const here = known.filter((one) => isInRoom(incident, one.org, directory));
  const [only, ...others] = here.length === 1 ? here : known;
  if (only === undefined) return { kind: 'none' };
  return others.length === 0
    ? { kind: 'one', contact: only }
    : { kind: 'several', orgs: [only, ...others].map((one) => one.org) };
}

function canBeCalled(contact: PostContact, directory: Directory): boolean {
  const ladder = (directory.ladders[contact.org] ?? []).flatMap((level) => level.people);
  return [...contact.calling, ...ladder].some((id) => directory.people[id]?.reachable);
}

/** The customer whose system it is and we are always in the room; others by invitation. */
export function isInRoom(incident: Incident, org: string, directory: Directory): boolean {
  const side = directory.organisations[org]?.side;
  if (side === 'vendor' || org === directory.customer) return true;
  return incident.organisations.some((one) => one.org === org && one.removedAt === null);
}

/** Whose ladder a person's word raises: their own company's, and for the customer and us, ours. */
export function isGuestSide(side: Side | undefined): boolean {
  return side === 'partner' || side === 'integrator';
}

/**
 * The posts of the room: the customer's, the leadership at red (plan L195–196), those that were asked for, and,
 * once several companies are in it, all that a joint war room has to cover (plan L252).
 */
export function postsOfRoom(incident: Incident, plan: Plan): readonly string[] {
  const rule = incident.severity ? plan.severities[incident.severity] : null;
  return [
    ...new Set([
      DEPARTMENT_HEAD,
      'emergency-lead',
      'system-owner',
      ...(rule?.leadership ? [LEADER, EXPERT_GROUP] : []),
      ...jointPosts(incident, plan),
    ]),
  ];
}

function jointPosts(incident: Incident, plan: Plan): readonly string[] {
  const asked = incident.pages.flatMap((page) => (page.post ? [page.post] : []));
  const joint = incident.organisations.some((one) => one.removedAt === null);
  return [
    ...(joint ? plan.posts.filter((one) => one.joint).map((one) => one.id) : []),
    ...incident.needs.map((one) => one.post),
    ...asked,
  ];
}

export type Filling =
  | { readonly state: 'filled'; readonly person: string; readonly page: Page | null }
  | { readonly state: 'called'; readonly person: string; readonly page: Page }
  | { readonly state: 'told'; readonly person: string; readonly at: number }
  | { readonly state: 'empty' };

/** Who fills a post, or is being called for it. */
export function fillingOf(incident: Incident, post: string): Filling {
  const pages = incident.pages.filter((one) => one.post === post);
  const taken = pages.findLast((one) => one.status === 'acknowledged');
  if (taken) return { state: 'filled', person: taken.answeredBy?.person ?? taken.person, page: taken };
  const joined = incident.participants.find((one) => one.post === post);
  if (joined) return { state: 'filled', person: joined.person, page: null };
  const open = pages.findLast((one) => one.status === 'open');
  if (open) return { state: 'called', person: open.person, page: open };
  const told = incident.notified.find((one) => one.post === post);
  return told ? { state: 'told', person: told.person, at: told.at } : { state: 'empty' };
}

/** Posts of the joint war room and of its leadership in which nobody is yet; being called is not being there. */
export function emptyPosts(incident: Incident, plan: Plan): readonly string[] {
  const wanted = new Set([LEADER, EXPERT_GROUP, ...jointPosts(incident, plan)]);
  return postsOfRoom(incident, plan).filter((post) => {
    const { state } = fillingOf(incident, post);
    return wanted.has(post) && state !== 'filled' && state !== 'told';
  });
}

/** The post that somebody comes to fill by joining: theirs by the register, one that is still empty first. */
export function postOf(person: string, incident: Incident, directory: Directory): string | null {
  const theirs = Object.entries(directory.posts)
    .filter(([, holders]) => holders.includes(person))
    .map(([post]) => post);
  return theirs.find((post) => fillingOf(incident, post).state !== 'filled') ?? theirs[0] ?? null;
}
