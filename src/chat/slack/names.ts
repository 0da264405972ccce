import { messageOfPart, partName } from '../parts.ts';
import { instant, type Origin } from './intake.ts';
import type { Said } from './payloads.ts';

const NAME = /^([^:/]{1,50}):(\d{1,15}\.\d{1,10})$/;

/** How a message is named to everybody outside this folder. */
export function nameOf(channel: string, ts: string): string {
  return `${channel}:${ts}`;
}

/** The message that a name means in a channel; null for one of another channel, and for what is no name. */
export function tsIn(channel: string, name: string): string | null {
  const [, where, ts] = NAME.exec(messageOfPart(name)) ?? [];
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
  const files = (message.files ?? []).map((_, at) => partName(own, first + at));
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
