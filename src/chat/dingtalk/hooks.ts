import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../json.ts';
import type { Api } from './api.ts';

/** A custom robot of one group, with 加签 as its safety setting. */
export interface SignedRobot {
  readonly token: string;
  readonly secret: string;
}

export interface Spoken {
  readonly title: string;
  readonly text: string;
  /** User ids; each stands in the text as well, or nobody is alerted. */
  readonly at: readonly string[];
}

const kept = z.object({ url: z.url(), until: z.number() });
/** An address that ends while the message is under way is none. */
const MARGIN_MS = 5000;

export interface HookDeps {
  readonly api: Api;
  readonly now: () => number;
  readonly remember: (key: string, value: string) => Promise<void>;
  readonly recall: (key: string) => Promise<string | null>;
  /** By conversation. */
  readonly robots: ReadonlyMap<string, SignedRobot>;
}

/** The two ways that need no permission: the address that came with a message, and the group's own signed robot. */
export function createHooks(deps: HookDeps) {
  const latest = new Map<string, number>();

  return {
    /** open.dingtalk.com/document/orgapp/receive-message: `sessionWebhook` is good until `sessionWebhookExpiredTime`. */
    async heard(conversation: string, url: string | null, until: number | null): Promise<void> {
      if (url === null || until === null || !isOwn(url)) return;
      if ((latest.get(conversation) ?? 0) >= until) return;
      latest.set(conversation, until);
      await deps.remember(`hook:${conversation}`, JSON.stringify({ url, until }));
    },

    /** Null when there is none, or it has expired. */
    async session(conversation: string): Promise<((spoken: Spoken) => Promise<void>) | null> {
      const read = kept.safeParse(parseJson((await deps.recall(`hook:${conversation}`)) ?? ''));
      if (!read.success || read.data.until <= deps.now() + MARGIN_MS || !isOwn(read.data.url)) return null;
      const url = new URL(read.data.url);
      return async (spoken) => {
        await deps.api.hook(url, body(spoken));
      };
    },

    /** open.dingtalk.com/document/orgapp/customize-robot-security-settings: the signature is good for an hour. */
    signed(conversation: string): ((spoken: Spoken) => Promise<void>) | null {
      const robot = deps.robots.get(conversation);
      if (!robot) return null;
      return async (spoken) => {
        const timestamp = String(deps.now());
        const url = new URL('/robot/send', deps.api.oapi);
        url.searchParams.set('access_token', robot.token);
        url.searchParams.set('timestamp', timestamp);
        const signed = createHmac('sha256', robot.secret).update(`${timestamp}\n${robot.secret}`);
        url.searchParams.set('sign', signed.digest('base64'));
        await deps.api.hook(url, body(spoken));
      };
    },
  };

  /** Whatever a message says, nothing is sent to other hosts than DingTalk's. */
  function isOwn(url: string): boolean {
    const { protocol, hostname, host } = new URL(url);
    return host === deps.api.oapiHost || (protocol === 'https:' && hostname.endsWith('.dingtalk.com'));
  }
}
export type Hooks = ReturnType<typeof createHooks>;

/** open.dingtalk.com/document/orgapp/robot-message-types-and-data-format, markdown. */
function body({ title, text, at }: Spoken): object {
  return { msgtype: 'markdown', markdown: { title, text }, at: { atUserIds: at, isAtAll: false } };
}
