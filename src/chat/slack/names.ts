import { holderOf, nameOf, nameOfThing } from '../name.ts';
import { instant, type Origin } from './intake.ts';
import type { Said } from './payloads.ts';

const NAME = /^([^:/]{1,50}):(\d{1,15}\.\d{1,10})$/;

/** The message that a name means in a channel; null for one of another channel, and for what is no name. */
export function tsIn(channel: string, name: string): string | null {
  const [, where, ts] = NAME.exec(holderOf(name)) ?? [];
  return where === channel && ts !== undefined ? ts : null;
}

/** What a message is made of, each by its name. */
export function namesOf(
  channel: string,
  message: Said,
): { readonly words: string | null; readonly files: readonly string[] } {
  const own = nameOf(channel, message.ts);
  const words = message.text.trim() === '' ? null : own;
  const first = words === null ? 0 : 1;
  const files = (message.files ?? []).map((_, at) => nameOfThing(own, first + at));
  return { words, files };
}

/** A thread begins with a message that answers none. */
export function answeredBy(channel: string, message: Said): { readonly replyTo?: string } {
  const { thread_ts: root, ts } = message;
  return root === undefined || root === ts ? {} : { replyTo: nameOf(channel, root) };
}

export function originOf(message: Said, channel: string, user: string): Origin {
  return {
    channel,
    user,
    thread: message.thread_ts ?? null,
    trigger: null,
    incident: null,
    at: instant(message.ts),
  };
}
