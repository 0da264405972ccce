import type { webApi } from '@slack/bolt';
import { slackCode } from './failure.ts';

/** A public channel is joined when the bot is first asked to speak there. */
export async function joining<T>(
  client: webApi.WebClient,
  channel: string,
  send: () => Promise<T>,
): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (slackCode(error) !== 'not_in_channel') throw error;
    await client.conversations.join({ channel }).catch(() => {
      throw error;
    });
    return send();
  }
}
