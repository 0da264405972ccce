import type { ChatPlatform } from '../chat/port.ts';
import type { Config } from '../roster/schema.ts';
import { emailMethod } from './email.ts';
import type { ContactMethod } from './port.ts';
import { callWebhook } from './webhook.ts';

/** All ways to reach people that the configuration names, behind one function. */
export function contactMethods(
  config: Config,
  environment: NodeJS.ProcessEnv,
  platforms: readonly ChatPlatform[],
): ContactMethod {
  const email = config.delivery.smtp ? emailMethod(config.delivery.smtp, environment) : null;
  return async (contact, call) => {
    switch (contact.method) {
      case 'room':
        // The mention itself is one of the room's announcements, in order with everything else said there.
        return { ok: true, detail: 'room' };
      case 'email':
        return email
          ? email.send(contact, call)
          : { ok: false, permanent: true, retryAfterMs: null, detail: 'delivery.smtp is not configured' };
      case 'webhook': {
        const gateway = config.delivery.gateways.find((one) => one.id === contact.gateway);
        return gateway
          ? callWebhook(gateway, contact, call, environment)
          : { ok: false, permanent: true, retryAfterMs: null, detail: `no gateway ${contact.gateway}` };
      }
      case 'chat': {
        const platform = platforms.find((one) => one.name === contact.platform);
        if (!platform)
          return {
            ok: false,
            permanent: true,
            retryAfterMs: null,
            detail: `${contact.platform} is not configured`,
          };
        const receipt = await platform.direct(
          { id: contact.address, address: contact.address },
          { headline: call.text, blocks: [], tone: 'bad', card: null },
          contact.urgent,
        );
        return receipt.ok
          ? { ok: true, detail: receipt.messageId, messageId: receipt.messageId }
          : {
              ok: false,
              permanent: receipt.permanent,
              retryAfterMs: receipt.retryAfterMs,
              detail: receipt.error,
            };
      }
      default: {
        const unknown: never = contact;
        throw new Error(`unknown contact ${JSON.stringify(unknown)}`);
      }
    }
  };
}
