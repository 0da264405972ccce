import type { Button } from '../chat/message.ts';
import type { Directory } from '../incident/directory.ts';
import type { Language, Plan } from '../incident/plan.ts';
import { fillingOf, postsOfRoom } from '../incident/posts.ts';
import { type Incident, isOver, type Page } from '../incident/state.ts';
import type { PostView } from '../web/deps.ts';
import { deliveryLine } from '../words/delivery.ts';

/** Tiers and posts of the room: who fills them, who is being called, which are empty. */
export function postsOf(
  incident: Incident,
  plan: Plan,
  directory: Directory,
  orgName: (org: string) => string,
  language: Language,
): readonly PostView[] {
  return [
    ...plan.tiers.map((tier) =>
      tierView(incident, tier.tier, tier.title[language], directory, orgName, plan.zone, language),
    ),
    ...postsOfRoom(incident, plan).map((post) =>
      postView(incident, post, plan, directory, orgName, language),
    ),
  ];
}

function named(
  directory: Directory,
  orgName: (org: string) => string,
  person: string | undefined,
): PostView['person'] {
  const known = person === undefined ? undefined : directory.people[person];
  return known ? { name: known.name, orgName: orgName(known.org) } : null;
}

function tierView(
  incident: Incident,
  tier: number,
  title: string,
  directory: Directory,
  orgName: (org: string) => string,
  zone: string,
  language: Language,
): PostView {
  const pages = incident.pages.filter((page) => page.tier === tier);
  const taken = pages.find((page) => page.status === 'acknowledged');
  const open = pages.find((page) => page.status === 'open');
  const record = incident.tiers.find((one) => one.tier === tier);
  const base = { key: `tier-${tier}`, title, buttons: [] as readonly Button[] };
  if (taken)
    return {
      ...base,
      state: 'filled',
      person: named(directory, orgName, taken.answeredBy?.person ?? taken.person),
      since: taken.answeredAt,
      acknowledgeBy: null,
      note: null,
      trail: trailOf(taken, zone, language),
    };
  if (open) return paged(base, open, directory, orgName, zone, language);
  const note = record?.skipped
    ? { zh: '无可联系人员，已跳过', en: 'nobody reachable, skipped' }[language]
    : null;
  const button: Button = {
    label: { zh: '呼叫', en: 'Page' }[language],
    command: 'page',
    args: { who: String(tier) },
    style: 'plain',
  };
  return {
    ...base,
    state: 'empty',
    person: null,
    since: null,
    acknowledgeBy: null,
    note,
    buttons: isOver(incident) ? [] : [button],
  };
}

function trailOf(page: Page, zone: string, language: Language): readonly string[] {
  if (page.deliveries.length === 0 && page.status === 'open')
    return [{ zh: '已排队，待发出', en: 'queued, not sent yet' }[language]];
  return page.deliveries.map((one) => deliveryLine(one, zone, language));
}

function paged(
  base: Pick<PostView, 'key' | 'title' | 'buttons'>,
  page: Page,
  directory: Directory,
  orgName: (org: string) => string,
  zone: string,
  language: Language,
): PostView {
  const note =
    page.attempt > 1 ? { zh: `第 ${page.attempt} 次呼叫`, en: `attempt ${page.attempt}` }[language] : null;
  return {
    ...base,
    state: 'paged',
    person: named(directory, orgName, page.person),
    since: page.pagedAt,
    acknowledgeBy: page.acknowledgeBy,
    note,
    trail: trailOf(page, zone, language),
  };
}

function postView(
  incident: Incident,
  post: string,
  plan: Plan,
  directory: Directory,
  orgName: (org: string) => string,
  language: Language,
): PostView {
  const title = plan.posts.find((one) => one.id === post)?.title[language] ?? post;
  const base = { key: post, title, buttons: [] as readonly Button[] };
  const filling = fillingOf(incident, post);
  switch (filling.state) {
    case 'called':
      return paged(base, filling.page, directory, orgName, plan.zone, language);
    case 'filled':
      return {
        ...base,
        state: 'filled',
        person: named(directory, orgName, filling.person),
        since: filling.page?.answeredAt ?? null,
        acknowledgeBy: null,
        note: null,
        ...(filling.page ? { trail: trailOf(filling.page, plan.zone, language) } : {}),
      };
    case 'told':
      return {
        ...base,
        state: 'told',
        person: named(directory, orgName, filling.person),
        since: filling.at,
        acknowledgeBy: null,
        note: null,
      };
    case 'empty':
      return emptyView(base, incident, post, directory, orgName, language);
    default: {
      const unknown: never = filling;
      throw new Error(`unknown state ${JSON.stringify(unknown)}`);
    }
  }
}

/** Who could be called for it, and of whom; a post that nobody named is said to be vacant. */
function emptyView(
  base: Pick<PostView, 'key' | 'title' | 'buttons'>,
  incident: Incident,
  post: string,
  directory: Directory,
  orgName: (org: string) => string,
  language: Language,
): PostView {
  const holder = directory.posts[post]?.[0];
  const call: Button = {
    label: { zh: '呼叫', en: 'Page' }[language],
    command: 'need',
    args: { post },
    style: 'plain',
  };
  return {
    ...base,
    state: 'empty',
    person: named(directory, orgName, holder),
    since: null,
    acknowledgeBy: null,
    note: holder ? { zh: '未通知', en: 'not told yet' }[language] : { zh: '空缺', en: 'vacant' }[language],
    buttons: holder && !isOver(incident) ? [call] : [],
  };
}
