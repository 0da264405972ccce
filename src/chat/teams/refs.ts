import { z } from 'zod';
import type { Base } from './payloads.ts';
import type { Address } from './wire.ts';

export interface Memory {
  /** Keeps a short text under a name; '' forgets it. */
  remember(key: string, value: string): Promise<void>;
  recall(key: string): Promise<string | null>;
}

const kept = z.object({
  serviceUrl: z.url(),
  tenant: z.string(),
  scope: z.enum(['personal', 'groupChat', 'channel']).optional(),
});
export type Service = z.infer<typeof kept>;

const personalKept = kept.extend({ conversation: z.string() });
export type Personal = z.infer<typeof personalKept>;

/** Where Teams is reached before it has called (learn.microsoft.com/azure/bot-service, connector reference). */
const DEFAULT_SERVICE = 'https://smba.trafficmanager.net/teams/';

/**
 * Conversation references: the address of the service for each conversation, as the last authenticated activity from
 * it named it, so that the bot can speak there first.
 */
export function createRefs(memory: Memory, fallback: Service | null) {
  const seen = new Map<string, string>();

  async function keep(key: string, value: object): Promise<void> {
    const text = JSON.stringify(value);
    if (seen.get(key) === text) return;
    seen.set(key, text);
    await memory.remember(key, text);
  }
  async function read<T>(key: string, shape: z.ZodType<T>): Promise<T | null> {
    const text = seen.get(key) ?? (await memory.recall(key));
    if (!text) return null;
    const parsed = shape.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  }

  return {
    async heard(activity: Base): Promise<void> {
      const tenant = activity.conversation.tenantId ?? activity.channelData?.tenant?.id ?? '';
      const service = { serviceUrl: activity.serviceUrl, tenant };
      const { id, conversationType: scope } = activity.conversation;
      await keep(`ref:${channelOf(id)}`, { ...service, scope });
      await keep('service', service);
      if (activity.conversation.conversationType !== 'personal' || activity.from.id.startsWith('28:')) return;
      const personal = { ...service, conversation: activity.conversation.id };
      await keep(`personal:${activity.from.aadObjectId ?? activity.from.id}`, personal);
    },
    async left(activity: Base): Promise<void> {
      const keys = [`ref:${channelOf(activity.conversation.id)}`];
      if (activity.conversation.conversationType === 'personal')
        keys.push(`personal:${activity.from.aadObjectId ?? activity.from.id}`);
      for (const key of keys) {
        seen.delete(key);
        await memory.remember(key, '');
      }
    },
    /** Null where no message can be sent: nothing was ever heard from there or anywhere. */
    async of(conversation: string): Promise<Address> {
      const service = (await read(`ref:${channelOf(conversation)}`, kept)) ?? (await this.service());
      return { serviceUrl: service.serviceUrl, conversation };
    },
    /** Null where it is no channel. */
    async channel(conversation: string): Promise<Service | null> {
      const service = await read(`ref:${channelOf(conversation)}`, kept);
      return service?.scope === 'channel' ? service : null;
    },
    async service(): Promise<Service> {
      return (await read('service', kept)) ?? fallback ?? { serviceUrl: DEFAULT_SERVICE, tenant: '' };
    },
    personal: (user: string): Promise<Personal | null> => read(`personal:${user}`, personalKept),
    async keepPersonal(user: string, personal: Personal): Promise<void> {
      await keep(`personal:${user}`, personal);
    },
  };
}
export type Refs = ReturnType<typeof createRefs>;

/** `19:…@thread.tacv2;messageid=1` → the channel without the thread. */
export function channelOf(conversation: string): string {
  return conversation.split(';messageid=', 1)[0] ?? conversation;
}
