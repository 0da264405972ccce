import { setTimeout as wait } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Place } from '../../incident/events.ts';
import { nameOf } from '../name.ts';
import type { Attachment, Failed, Posting, Receipt } from '../port.ts';
import { failure } from './failure.ts';
import { joining } from './joining.ts';
import type { Memory } from './sender.ts';
import type { Threads } from './threads.ts';

/** docs.slack.dev/messaging/working-with-files, "Uploading files": up to 1 GB. */
export const FILE_BYTES = 1024 * 1024 * 1024;
/** Slack shows a file some time after it said that it has it (slackapi/node-slack-sdk issue 1865). */
const LOOKED_AFTER_MS = [0, 300, 1000, 2000];
const UPLOAD_TIMEOUT_MS = 60_000;

export interface ShareDeps extends Memory {
  readonly client: webApi.WebClient;
  readonly threads: Threads;
}

const shown = z.array(z.looseObject({ ts: z.string(), thread_ts: z.string().optional() }));
const shares = z.looseObject({
  shares: z
    .looseObject({
      public: z.record(z.string(), shown).optional(),
      private: z.record(z.string(), shown).optional(),
    })
    .optional(),
});

/** The message in which a file stands in a channel, where Slack says so already. */
export function shareIn(file: unknown, channel: string): string | null {
  const read = shares.safeParse(file);
  const all = read.success ? read.data.shares : undefined;
  return (all?.public?.[channel] ?? all?.private?.[channel])?.at(0)?.ts ?? null;
}

/**
 * Puts a file into a channel, for everybody in it. These are the three steps of the SDK's `filesUploadV2`, taken one
 * by one: the file's id is written down before the last one, so that a send whose answer was lost finds its file.
 *
 * In a thread a file is seen only by those who open it: Slack broadcasts no files. The words that go with it are.
 */
export function createShare(deps: ShareDeps) {
  const { client, threads } = deps;

  async function find(channel: string, file: string): Promise<string | null> {
    for (const ms of LOOKED_AFTER_MS) {
      if (ms > 0) await wait(ms);
      const answer = await client.files.info({ file }).catch(() => null);
      // One that was never finished is none.
      if (answer === null) return null;
      const ts = shareIn(answer.file, channel);
      if (ts !== null) return ts;
    }
    return null;
  }

  return async (place: Place, file: Attachment, { key, replyTo }: Posting): Promise<Receipt> => {
    const channel = place.conversation;
    const note = `file:${channel}:${key}`;
    const done = async (id: string, ts: string): Promise<Receipt> => {
      await deps.remember(note, `${id} ${ts}`);
      return { ok: true, messageId: nameOf(channel, ts) };
    };
    let method = 'files.info';
    try {
      const [began, stands] = ((await deps.recall(note)) ?? '').split(' ');
      if (stands) return { ok: true, messageId: nameOf(channel, stands) };
      const found = began ? await find(channel, began) : null;
      if (began && found !== null) return await done(began, found);

      const read = await bytesOf(file);
      if (!(read instanceof Uint8Array)) return read;
      method = 'files.getUploadURLExternal';
      const target = await client.files.getUploadURLExternal({
        filename: file.name,
        length: read.byteLength,
      });
      const { upload_url: url, file_id: id } = target;
      if (!url || !id) return unclear(`${method}: an answer without an address`);
      const refused = await upload(url, read);
      if (refused) return refused;
      await deps.remember(note, id);

      method = 'files.completeUploadExternal';
      const root = await threads.rootOf(channel, replyTo);
      const completed = await joining(client, channel, () =>
        threads.within(root, (thread) =>
          client.files.completeUploadExternal({
            files: [{ id, title: file.name }],
            channel_id: channel,
            ...(thread === null ? {} : { thread_ts: thread }),
          }),
        ),
      );
      const ts = shareIn(completed.files?.[0], channel) ?? (await find(channel, id));
      if (ts === null)
        return {
          ...unclear(
            `${method}: Slack 收下了文件，还没有显示在频道里 / Slack took the file and has not shown it in the channel yet`,
          ),
          uncertain: true,
        };
      threads.note(channel, ts, root);
      return await done(id, ts);
    } catch (error) {
      const failed = failure(error, method);
      // Before the last step nobody can have seen anything.
      return method === 'files.completeUploadExternal' ? failed : { ...failed, uncertain: false };
    }
  };
}

async function bytesOf(file: Attachment): Promise<Uint8Array | Failed> {
  let bytes: Uint8Array;
  try {
    bytes = await file.bytes();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return unclear(`${file.name}: 没有读到内容 / its content could not be read (${why})`);
  }
  if (bytes.byteLength === 0)
    return refusedFor(`${file.name}: 空文件，Slack 不收 / an empty file, which Slack does not take`);
  if (bytes.byteLength > FILE_BYTES)
    return refusedFor(`${file.name}: 超过 Slack 的 1 GB 上限 / over the 1 GB that Slack takes`);
  return bytes;
}

/** The address is Slack's own and good for this one file: the token stays here. */
async function upload(url: string, bytes: Uint8Array): Promise<Failed | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    if (response.ok) return null;
    const after = Number(response.headers.get('retry-after') ?? Number.NaN);
    return {
      ok: false,
      permanent: response.status < 500 && response.status !== 429,
      retryAfterMs: Number.isFinite(after) ? after * 1000 : null,
      error: `files: Slack 没有收下文件 / Slack did not take the file (HTTP ${response.status})`,
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return unclear(`files: 文件没有传完 / the file was not uploaded (${why})`);
  }
}

function unclear(error: string): Failed {
  return { ok: false, permanent: false, retryAfterMs: null, error };
}

function refusedFor(error: string): Failed {
  return { ok: false, permanent: true, retryAfterMs: null, error };
}
