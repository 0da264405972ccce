import type { Env } from '../commands.ts';
import type { Fact } from '../events.ts';
import type { Incident } from '../state.ts';
import { consequence } from './case.ts';

/** Tells everyone who holds a post; a post nobody holds is said aloud instead of passed over. */
export function notify(env: Env, post: string, about: string, state: Incident | null): readonly Fact[] {
  const holders = env.directory.posts[post] ?? [];
  if (holders.length === 0) {
    const known = state?.vacantPosts.includes(post) ?? false;
    return known ? [] : [consequence(env, { type: 'PostVacant', post, about })];
  }
  return holders.map((person) =>
    consequence(env, { type: 'PersonNotified', notice: env.newId(), person, post, about }),
  );
}
