import type { Directory } from '../../src/incident/directory.ts';
import type { Plan } from '../../src/incident/plan.ts';

/** A person by id, name, or @name. */
export function findPerson(text: string, directory: Directory): string | null {
  const wanted = text.replace(/^@/, '').trim();
  if (!wanted) return null;
  if (directory.people[wanted]) return wanted;
  const exact = Object.values(directory.people).find((one) => one.name === wanted);
  return exact?.id ?? null;
}

/** A post by id or by either of its titles. */
export function findPost(text: string, plan: Plan): string | null {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return null;
  const post = plan.posts.find(
    (one) => one.id === wanted || one.title.zh === text.trim() || one.title.en.toLowerCase() === wanted,
  );
  return post?.id ?? null;
}

/** `2`, `二级`, `tier 2`. */
export function findTier(text: string): number | null {
  const match = /^(?:tier\s*)?(\d)(?:\s*级)?$|^([一二三四])级$/i.exec(text.trim());
  if (!match) return null;
  return match[1] ? Number(match[1]) : ' 一二三四'.indexOf(match[2] ?? ' ');
}
