import type { Command, Decision, Env } from '../commands.ts';
import type { Actor, Delivery, Fact } from '../events.ts';
import { isGuestSide, postOf } from '../posts.ts';
import type { Incident, Page } from '../state.ts';
import { accept, type Case, consequence, nameOf, refuse, stated } from './case.ts';
import { alsoCalled, answersFor, escalateOwn, isAlone, need } from './needs.ts';
import { invitedBy } from './organisations.ts';
import { qualified } from './qualified.ts';
import { nextAfter, pageFact, raiseTier, reachable } from './tiers.ts';

export function page({ state, body, command, env }: Case<'page'>): Decision {
  if (body.tier !== null) return pageTier(state, body.tier, body.reason, env);
  if (body.person === null) {
    const asked = { type: 'need', post: body.post ?? '', org: null } as const;
    const { reason, override } = body;
    return need({ state, body: { ...asked, reason, override }, command, env });
  }
  const { person } = body;
  const known = env.directory.people[person];
  if (!known) return refuse('unknown-person', { person }, ['page']);
  if (!known.reachable) return refuse('unreachable-person', { person: known.name }, ['page']);
  if (openPageOf(state, person)) return refuse('already-paged', { person: known.name });
  const checked = qualified(state, person, body.override, command, env);
  if (!checked.ok) return checked.refused;
  return accept(...checked.facts, ...invitedBy(state, known.org, env), {
    ...pageFact(state, env, {
      person,
      tier: null,
      post: body.post,
      attempt: 1,
      because: body.reason ?? 'asked',
    }),
    by: command.by,
    sources: command.sources,
  });
}

function pageTier(state: Incident, tier: number, reason: string | null, env: Env): Decision {
  const facts = raiseTier(state, tier, reason ?? 'asked', env);
  if (facts.length > 0) return accept(...facts);
  const person = reachable(tier, env).find((id) => !openPageOf(state, id));
  if (person === undefined) return refuse('no-higher-tier', { tier: String(tier) }, ['page']);
  return accept(pageFact(state, env, { person, tier, post: null, attempt: 1, because: reason ?? 'asked' }));
}

function openPageOf(state: Incident, person: string): Page | undefined {
  return state.pages.find((one) => one.status === 'open' && one.person === person);
}

/** The paged person answers, or a colleague of that tier or above takes the call in their stead. */
function answerable(state: Incident, id: string | null, by: string, env: Env): Page | undefined {
  const open = state.pages.filter((one) => one.status === 'open');
  if (id !== null) return open.find((one) => one.id === id && mayTake(one, by, env));
  return open.find((one) => one.person === by) ?? open.find((one) => mayTake(one, by, env));
}

function mayTake(page: Page, by: string, env: Env): boolean {
  if (page.person === by) return true;
  if (page.org !== undefined) return answersFor({ ...page, org: page.org }, by, env);
  if (page.post !== null) return (env.directory.posts[page.post] ?? []).includes(by);
  const tier = page.tier ?? 1;
  return Object.entries(env.directory.tiers).some(
    ([one, people]) => Number(one) >= tier && people.includes(by),
  );
}

export function acknowledge({ state, body, command, env }: Case<'acknowledge'>): Decision {
  const answered = answerable(state, body.page, command.by.id, env);
  if (!answered) return refuse('no-open-page', { person: command.by.name }, ['join', 'page']);
  const others = state.pages.filter(
    (one) => one.status === 'open' && one.id !== answered.id && one.person === command.by.id,
  );
  // Whoever is called themselves was held against the plan when they were called.
  const checked =
    answered.person === command.by.id
      ? ({ ok: true, facts: [] } as const)
      : qualified(state, command.by.id, body.override ?? null, command, env);
  if (!checked.ok) return checked.refused;
  return accept(
    ...checked.facts,
    ...[answered, ...others].map((one) =>
      stated(command, env, {
        type: 'PageAcknowledged',
        page: one.id,
        person: command.by.id,
        route: body.route,
      }),
    ),
    ...alsoCalled(state, [answered, ...others], env),
    ...joined(state, command.by, answered.post, env),
  );
}

/**
 * Somebody takes the incident on: what is being called and is theirs to answer is answered, and where nothing is,
 * they take over without being called.
 */
export function take({ state, body, command, env }: Case<'take'>): Decision {
  const { id, name } = command.by;
  const override = body.override ?? null;
  if (answerable(state, null, id, env)) {
    const answer = { type: 'acknowledge', page: null, route: 'taken', override } as const;
    return acknowledge({ state, body: answer, command, env });
  }
  if (!env.directory.people[id]) return refuse('unknown-person', { person: name }, ['join']);
  const tiers = Object.entries(env.directory.tiers).filter(([, people]) => people.includes(id));
  const tier = tiers.length === 0 ? null : Math.min(...tiers.map(([one]) => Number(one)));
  const checked = qualified(state, id, override, command, env);
  if (!checked.ok) return checked.refused;
  const paged = pageFact(state, env, { person: id, tier, post: null, attempt: 1, because: 'taken' });
  if (paged.body.type !== 'PersonPaged') throw new Error('a page fact that is none');
  return accept(
    ...checked.facts,
    { ...paged, by: command.by, sources: command.sources },
    stated(command, env, { type: 'PageAcknowledged', page: paged.body.page, person: id, route: 'taken' }),
    ...joined(state, command.by, null, env),
  );
}

function joined(state: Incident, who: Actor, called: string | null, env: Env): readonly Fact[] {
  const known = state.participants.find((one) => one.person === who.id);
  const post = called ?? known?.post ?? postOf(who.id, state, env.directory);
  if (known && known.post === post) return [];
  const { id: person, name, org } = who;
  return [consequence(env, { type: 'PersonJoined', person, name, org, post })];
}

export function decline({ state, body, command, env }: Case<'decline'>): Decision {
  const declined = answerable(state, body.page, command.by.id, env);
  if (!declined) return refuse('no-open-page', { person: command.by.name }, ['page']);
  if (!body.reason.trim()) return refuse('reason-missing', { what: 'decline' }, ['decline']);
  return accept(
    stated(command, env, {
      type: 'PageDeclined',
      page: declined.id,
      person: command.by.id,
      reason: body.reason,
    }),
    ...nextAfter(state, declined, env, false),
  );
}

export function escalate({ state, body, command, env }: Case<'escalate'>): Decision {
  if (!body.reason.trim()) return refuse('reason-missing', { what: 'escalate' }, ['escalate']);
  const { org } = command.by;
  if (isGuestSide(env.directory.organisations[org]?.side))
    return escalateTheirs(state, org, body, command, env);
  const next = env.plan.tiers.find((tier) => !state.tiers.some((one) => one.tier === tier.tier));
  const facts = next ? raiseTier(state, next.tier, body.reason, env) : [];
  if (facts.length === 0) return refuse('no-higher-tier', { tier: String(env.plan.tiers.length) }, ['page']);
  return accept(...facts.map((fact) => ({ ...fact, by: command.by, sources: command.sources })));
}

/** Who works for another company raises that company's ladder, not ours (plan L252). */
function escalateTheirs(
  state: Incident,
  org: string,
  { reason }: { readonly reason: string },
  command: Command,
  env: Env,
): Decision {
  const name = env.directory.organisations[org]?.name ?? org;
  if ((env.directory.ladders[org] ?? []).length === 0) return refuse('no-ladder', { org: name }, ['page']);
  const facts = escalateOwn(state, org, reason, env);
  if (facts.length === 0) return refuse('no-higher-level', { org: name }, ['page']);
  return accept(
    ...invitedBy(state, org, env),
    ...facts.map((fact) => ({ ...fact, by: command.by, sources: command.sources })),
  );
}

/** The one who hands over stays responsible until the other acknowledges. */
export function handoff({ state, body, command, env }: Case<'handoff'>): Decision {
  const known = env.directory.people[body.to];
  if (!known) return refuse('unknown-person', { person: body.to }, ['handoff']);
  if (!known.reachable) return refuse('unreachable-person', { person: known.name }, ['handoff']);
  if (openPageOf(state, body.to)) return refuse('already-paged', { person: nameOf(env, body.to) });
  const checked = qualified(state, body.to, body.override ?? null, command, env);
  if (!checked.ok) return checked.refused;
  return accept(...checked.facts, {
    ...pageFact(state, env, {
      person: body.to,
      tier: null,
      post: null,
      attempt: 1,
      because: body.note ?? 'handoff',
      handoff: true,
    }),
    by: command.by,
    sources: command.sources,
  });
}

/** Receipts are part of the record; when every contact method failed, the next person is called at once. */
export function recordDelivery({ state, body, env }: Case<'record-delivery'>): Decision {
  const known = state.pages.find((one) => one.id === body.page);
  if (!known) return refuse('no-open-page', {});
  // Platforms report again when they were not heard; once is enough for the record.
  if (REPORTED.includes(body.delivery.outcome) && known.deliveries.some((one) => isSame(one, body.delivery)))
    return accept();
  const receipt = consequence(env, {
    type: 'PageDelivered',
    page: known.id,
    person: known.person,
    delivery: body.delivery,
  });
  if (body.delivery.outcome !== 'exhausted' || known.status !== 'open') return accept(receipt);
  if (known.org !== undefined && isAlone({ ...known, org: known.org }, env)) return accept(receipt);
  const alone = reachable(known.tier ?? 1, env).length <= 1 && known.post === null;
  if (alone && known.tier !== null && known.tier >= env.plan.tiers.length) return accept(receipt);
  return accept(
    receipt,
    consequence(env, { type: 'PageTimedOut', page: known.id, person: known.person }),
    ...nextAfter(state, known, env, false),
  );
}

/** What a platform says later of a page that it took. */
const REPORTED: readonly Delivery['outcome'][] = ['delivered', 'seen', 'undelivered'];

function isSame(one: Delivery, other: Delivery): boolean {
  return one.method === other.method && one.outcome === other.outcome;
}
