import type { Button, Message } from '../src/chat/message.ts';
import { emptyPosts, fillingOf, postsOfRoom, whoHolds } from '../src/incident/posts.ts';
import { act, type Call, type ChatCommand, type Outcome } from './command.ts';
import { page } from './page.ts';
import { findOrganisation } from './reading/organisations.ts';
import { findPost, likePosts } from './reading/people.ts';

/** Somebody for a post of the joint war room, from the organisation that holds it (plan L252). */
export const need: ChatCommand = {
  name: 'need',
  zh: ['需要', '岗位'],
  en: ['need'],
  usage: { zh: '需要 岗位 [单位] [原因]', en: 'need POST [ORGANISATION] [REASON]' },
  about: {
    zh: '按岗位叫人：找该岗位所属单位的联系人，按该单位自己的阶梯升级；不带参数看空缺岗位',
    en: 'call somebody by post: the contact of the organisation that holds it, then its own ladder; alone, what is empty',
  },
  takes: ['need', 'page'],
  needsIncident: true,
  run: (call) => {
    const text = (call.args.post ?? call.text).trim();
    if (text === '') return { kind: 'show', message: board(call) };
    const words = text.split(/\s+/);
    for (let count = words.length; count > 0; count -= 1) {
      const post = findPost(words.slice(0, count).join(' '), call.plan);
      if (post !== null) return called(call, post, words.slice(count));
    }
    const like = likePosts(words[0] ?? '', call.plan);
    const [only, ...others] = like;
    if (only !== undefined && others.length === 0) return called(call, only, words.slice(1));
    if (only !== undefined) return { kind: 'show', message: whichPost(call, like) };
    // People and tiers are asked for in the same words.
    return page.run(call);
  },
};

function called(call: Call, post: string, rest: readonly string[]): Outcome {
  const { incident, directory } = call;
  const named = call.args.org ?? (rest[0] === undefined ? null : knownOrg(rest[0], call));
  const said = call.args.org === undefined && named !== null ? rest.slice(1) : rest;
  const reason = call.args.reason ?? (said.length > 0 ? said.join(' ') : null);
  const choice = incident ? whoHolds(incident, post, named, directory) : null;
  if (choice?.kind === 'several')
    return { kind: 'show', message: whichOrganisation(call, post, choice.orgs, reason) };
  return act({ type: 'need', post, org: named, reason, override: call.args.reason ?? null });
}

function knownOrg(word: string, call: Call): string | null {
  const found = findOrganisation(word, call.directory);
  return call.directory.organisations[found] ? found : null;
}

const titleOf = (call: Call, post: string): string =>
  call.plan.posts.find((one) => one.id === post)?.title[call.language] ?? post;

function whichPost(call: Call, posts: readonly string[]): Message {
  return {
    headline: { zh: '要哪个岗位？', en: 'Which post?' }[call.language],
    blocks: [
      {
        block: 'buttons',
        buttons: posts.map(
          (post): Button => ({
            label: titleOf(call, post),
            command: 'need',
            args: { post },
            style: 'plain',
          }),
        ),
      },
    ],
    tone: 'plain',
    card: null,
  };
}

function whichOrganisation(
  call: Call,
  post: string,
  orgs: readonly string[],
  reason: string | null,
): Message {
  const title = titleOf(call, post);
  return {
    headline: { zh: `${title}：哪个单位的？`, en: `${title}: of which organisation?` }[call.language],
    blocks: [
      {
        block: 'buttons',
        buttons: orgs.map(
          (org): Button => ({
            label: call.directory.organisations[org]?.name ?? org,
            command: 'need',
            args: { post, org, ...(reason === null ? {} : { reason }) },
            style: 'plain',
          }),
        ),
      },
    ],
    tone: 'plain',
    card: null,
  };
}

/** The posts of the room: who fills them, which are empty, and those that nobody could be called for. */
function board(call: Call): Message {
  const { incident, plan, directory, language } = call;
  const zh = language === 'zh';
  const joint = plan.posts.filter((one) => one.joint).map((one) => one.id);
  const posts = incident ? [...new Set([...postsOfRoom(incident, plan), ...joint])] : joint;
  const name = (person: string): string => {
    const known = directory.people[person];
    const org = directory.organisations[known?.org ?? '']?.name;
    return known ? `${known.name}${org ? ` · ${org}` : ''}` : person;
  };
  const fields = posts.map((post) => {
    const filling = incident ? fillingOf(incident, post) : ({ state: 'empty' } as const);
    const state = {
      filled: zh ? '在岗' : 'here',
      called: zh ? '呼叫中' : 'being called',
      told: zh ? '已通知' : 'told',
      empty: zh ? '空缺' : 'empty',
    }[filling.state];
    const who = filling.state === 'empty' ? '' : ` · ${name(filling.person)}`;
    const nobody =
      filling.state === 'empty' && (directory.posts[post] ?? []).length === 0
        ? zh
          ? ' · ⚠️ 没有单位登记联系人'
          : ' · ⚠️ no organisation names a contact'
        : '';
    return { label: titleOf(call, post), value: `${state}${who}${nobody}` };
  });
  const empty = incident ? emptyPosts(incident, plan).length : 0;
  const callable = posts.filter(
    (post) =>
      incident !== null &&
      incident.status === 'open' &&
      joint.includes(post) &&
      fillingOf(incident, post).state === 'empty' &&
      (directory.contacts[post] ?? []).length > 0,
  );
  return {
    headline: zh ? `岗位：${empty} 个空缺` : `Posts: ${empty} empty`,
    blocks: [
      { block: 'fields', fields },
      {
        block: 'buttons',
        buttons: callable.map(
          (post): Button => ({
            label: zh ? `需要 ${titleOf(call, post)}` : `Need ${titleOf(call, post)}`,
            command: 'need',
            args: { post },
            style: 'plain',
          }),
        ),
      },
    ],
    tone: empty > 0 ? 'warn' : 'plain',
    card: null,
  };
}
