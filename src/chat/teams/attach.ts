import type { Place } from '../../incident/events.ts';
import { clip } from '../cut.ts';
import { nameOf } from '../name.ts';
import { pictureOf } from '../picture.ts';
import type { Attachment, Failed, Posting, Receipt } from '../port.ts';
import { failure } from './failure.ts';
import type { Refs } from './refs.ts';
import type { Wire } from './wire.ts';

/**
 * What a bot may put into every place: a picture within the message, as a data address
 * (learn.microsoft.com/microsoftteams/platform/bots/how-to/agents-inline-images); 1 MB, 1024 × 1024
 * (…/bots/build-conversational-capability, "Picture messages"), which the size limit of messages does not count.
 * Files can be given in personal chats alone, by consent of the one who gets them.
 */
export const PICTURE_LIMITS = {
  types: ['image/png', 'image/jpeg', 'image/gif'],
  bytes: 1_000_000,
  side: 1024,
} as const;

const KEPT_SENDS = 500;

export function createAttach(deps: { readonly wire: Wire; readonly refs: Refs }) {
  const sent = new Map<string, string>();

  return async (place: Place, file: Attachment, { key }: Posting): Promise<Receipt> => {
    const known = sent.get(key);
    if (known !== undefined) return { ok: true, messageId: known };
    if (!PICTURE_LIMITS.types.some((one) => one === file.type)) return refused(file.name);
    try {
      const bytes = await file.bytes();
      const picture = pictureOf(bytes);
      if (picture === null || bytes.byteLength > PICTURE_LIMITS.bytes) return refused(file.name);
      if (Math.max(picture.width, picture.height) > PICTURE_LIMITS.side) return refused(file.name);
      const contentUrl = `data:${file.type};base64,${Buffer.from(bytes).toString('base64')}`;
      const id = await deps.wire.send(await deps.refs.of(place.conversation), {
        type: 'message',
        summary: clip(file.name, 200),
        attachments: [{ contentType: file.type, contentUrl, name: file.name }],
      });
      const name = nameOf(place.conversation, id);
      sent.set(key, name);
      const [oldest] = sent.keys();
      if (sent.size > KEPT_SENDS && oldest !== undefined) sent.delete(oldest);
      return { ok: true, messageId: name };
    } catch (error) {
      return failure(error, file.name);
    }
  };
}

function refused(name: string): Failed {
  const { bytes, side } = PICTURE_LIMITS;
  const most = `${bytes / 1_000_000} MB, ${side} × ${side}`;
  return {
    ok: false,
    permanent: true,
    retryAfterMs: null,
    error: `${name}: Teams 只接受机器人发的小图片（PNG、JPEG、GIF，不超过 ${most}），其他文件请用网页房间的链接 / Teams takes only small pictures from a bot (PNG, JPEG, GIF, at most ${most}): use the link to the web room`,
  };
}
