import type { Directory } from '../../src/incident/directory.ts';
import type { Plan, Post } from '../../src/incident/plan.ts';

/** A person by id, name, or @name. */
export function findPerson(text: string, directory: Directory): string | null {
  const wanted = text.replace(/^@/, '').trim();
  if (!wanted) return null;
  if (directory.people[wanted]) return wanted;
  const exact = Object.values(directory.people).find((one) => one.name === wanted);
  return exact?.id ?? null;
}

/** A post by id, by either of its titles, or by what else the plan says people call it. */
export function findPost(text: string, plan: Plan): string | null {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return null;
  return plan.posts.find((one) => namesOf(one).includes(wanted))?.id ?? null;
}

/** Posts that may be meant by a part of their name; those of the joint war room alone where there are any. */
export function likePosts(text: string, plan: Plan): readonly string[] {
  const wanted = text.trim().toLowerCase();
  if ([...wanted].length < 2) return [];
  const found = plan.posts.filter((one) => namesOf(one).some((name) => name.includes(wanted)));
  const joint = found.filter((one) => one.joint);
  return (joint.length > 0 ? joint : found).map((one) => one.id);
}

function namesOf(post: Post): readonly string[] {
  return [post.id, post.title.zh, post.title.en, ...post.also].map((one) => one.toLowerCase());
}

/** `2`, `二级`, `tier 2`. */
export function findTier(text: string): number | null {
  const match = /^(?:tier\s*)?(\d)(?:\s*级)?$|^([一二三四])级$/i.exec(text.trim());
  if (!match) return null;
  return match[1] ? Number(match[1]) : ' 一二三四'.indexOf(match[2] ?? ' ');
}
