import { unzipSync } from 'fflate';
import { z } from 'zod';
import type { Message } from '../message.ts';
import { type Imported, refused } from './result.ts';

const userSchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  real_name: z.string().optional(),
  profile: z.object({ display_name: z.string().optional(), real_name: z.string().optional() }).optional(),
});

const entrySchema = z.object({
  type: z.string().optional(),
  subtype: z.string().optional(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  user: z.string().optional(),
  username: z.string().optional(),
  bot_id: z.string().optional(),
  text: z.string().optional(),
  attachments: z.array(z.object({ fallback: z.string().optional(), text: z.string().optional() })).optional(),
  files: z.array(z.object({ name: z.string().nullish() })).optional(),
});

const chatter = new Set([
  'channel_join',
  'channel_leave',
  'channel_topic',
  'channel_purpose',
  'channel_name',
  'pinned_item',
  'tombstone',
  'channel_archive',
]);
const dayFile = /(?:^|\/)([^/]+)\/(\d{4}-\d\d-\d\d)\.json$/;
/** Beyond this an archive is no chat export but an attack or a mistake. */
const unpackedLimit = 512 * 1024 * 1024;

/** A native export as its zip file. */
export function fromSlackZip(bytes: Uint8Array): Imported {
  let unpacked = 0;
  let tooLarge = false;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter: (file) => {
        if (!file.name.endsWith('.json')) return false;
        unpacked += file.originalSize;
        tooLarge ||= unpacked > unpackedLimit;
        return !tooLarge;
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refused(
      `压缩包打不开：${reason}。请重新导出。`,
      `The zip file cannot be read: ${reason}. Export it again.`,
    );
  }
  if (tooLarge) {
    return refused(
      '压缩包解开后超过 512 MB，未读取。请只打包需要的频道。',
      'The archive unpacks to more than 512 MB and was not read. Pack only the channels you need.',
    );
  }
  const decoder = new TextDecoder();
  return fromSlackFiles(new Map(Object.entries(files).map(([name, data]) => [name, decoder.decode(data)])));
}

/** A native export as its files, path → text: users.json and a folder a channel with a file a day. */
export function fromSlackFiles(files: ReadonlyMap<string, string>): Imported {
  const days = [...files].filter(([path]) => dayFile.test(path)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (days.length === 0) {
    return refused(
      '文件夹里没有 Slack 导出的消息（应有“频道名/2026-01-31.json”这样的文件）。',
      'The folder holds no Slack export (files such as "channel/2026-01-31.json" are expected).',
    );
  }
  const names = namesIn(files);
  const collected: { ts: string; message: Message }[] = [];
  for (const [path, text] of days) {
    const entries = z.array(z.unknown()).safeParse(parseOrNull(text));
    if (!entries.success)
      return refused(`${path} 不是有效的 Slack 消息文件。`, `${path} is not a valid Slack message file.`);
    for (const entry of entries.data) {
      const parsed = entrySchema.safeParse(entry);
      if (!parsed.success || chatter.has(parsed.data.subtype ?? '')) continue;
      const message = messageFrom(parsed.data, names);
      if (message !== null) collected.push({ ts: parsed.data.ts, message });
    }
  }
  collected.sort((a, b) => Number(a.ts) - Number(b.ts));
  return { ok: true, format: 'slack', messages: collected.map((each) => each.message) };
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function namesIn(files: ReadonlyMap<string, string>): Map<string, string> {
  const text = [...files].find(([path]) => /(?:^|\/)users\.json$/.test(path))?.[1];
  const names = new Map<string, string>();
  const users = z.array(z.unknown()).safeParse(text === undefined ? [] : parseOrNull(text));
  for (const user of users.success ? users.data : []) {
    const parsed = userSchema.safeParse(user);
    if (!parsed.success) continue;
    const { id, name, real_name: real, profile } = parsed.data;
    names.set(id, profile?.display_name || real || profile?.real_name || name || id);
  }
  return names;
}

function messageFrom(entry: z.infer<typeof entrySchema>, names: ReadonlyMap<string, string>): Message | null {
  const parts = [
    entry.text ?? '',
    ...(entry.attachments ?? []).map((each) => each.text ?? each.fallback ?? ''),
  ];
  const files = (entry.files ?? []).map((file) => `[file: ${file.name ?? '?'}]`);
  const text = plainSlackText([...parts, ...files].filter((part) => part !== '').join('\n'), names);
  const seconds = Number(entry.ts);
  if (text === '' || !Number.isFinite(seconds) || seconds < 0 || seconds > 4e9) return null;
  const author =
    entry.user === undefined
      ? (entry.username ?? entry.bot_id ?? null)
      : (names.get(entry.user) ?? entry.user);
  return {
    at: new Date(Math.floor(seconds) * 1000).toISOString().replace('.000Z', 'Z'),
    author,
    text,
    ts: entry.ts,
    ...(entry.thread_ts === undefined ? {} : { thread_ts: entry.thread_ts }),
  };
}

const entity =
  /<(?:@([UW][A-Z0-9]+)(?:\|([^<>]*))?|#([CG][A-Z0-9]+)(?:\|([^<>]*))?|!([a-z]+)(?:\^[^<>|]*)?(?:\|([^<>]*))?|((?:https?|mailto):[^<>|]*)(?:\|([^<>]*))?)>/g;

/** Slack's entities as plain words; what remains carries no markup that could call anybody. */
export function plainSlackText(text: string, names: ReadonlyMap<string, string>): string {
  return text
    .replace(entity, (_all, user, userLabel, channel, channelLabel, special, specialLabel, url, urlLabel) => {
      if (user !== undefined) return `@${userLabel || names.get(user) || user}`;
      if (channel !== undefined) return `#${channelLabel || channel}`;
      if (special !== undefined) return specialLabel || `@${special}`;
      return urlLabel && urlLabel !== url ? `${urlLabel} (${url})` : url;
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
