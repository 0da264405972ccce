import { z } from 'zod';
import type { Urgency } from '../port.ts';
import type { Wire } from './wire.ts';
import { WireError } from './wire-error.ts';

const answered = z.looseObject({
  data: z.looseObject({ invalid_user_id_list: z.array(z.string()).nullish() }).nullish(),
});

/**
 * 加急: rings for a message that the bot has sent (…/im-v1/buzz-messages/urgent_app, …/urgent_sms, …/urgent_phone).
 * Whom it cannot reach it names in a success; that is none.
 */
export async function urge(wire: Wire, message: string, user: string, urgency: Urgency): Promise<void> {
  const payload = {
    path: { message_id: message },
    params: { user_id_type: 'open_id' as const },
    data: { user_id_list: [user] },
  };
  const answer = await wire.call(async (client): Promise<unknown> => {
    switch (urgency) {
      case 'app':
        return client.im.v1.message.urgentApp(payload);
      case 'sms':
        return client.im.v1.message.urgentSms(payload);
      case 'phone':
        return client.im.v1.message.urgentPhone(payload);
      default: {
        const unknown: never = urgency;
        throw new Error(`unknown urgency ${String(unknown)}`);
      }
    }
  });
  const read = answered.safeParse(answer);
  if (read.success && (read.data.data?.invalid_user_id_list ?? []).includes(user))
    throw new WireError(
      '加急没有送达：此人不在可用范围、额度用完或未填手机号 / the urgent message did not reach: availability, quota or no phone number',
      { status: 200 },
    );
}
