import type { webApi } from '@slack/bolt';
import { type SharedFile, sharedFile } from './payloads.ts';

export type Fetched =
  | { readonly ok: true; readonly name: string; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly name: string; readonly why: Readonly<Record<'zh' | 'en', string>> };

export interface FileOptions {
  readonly client: webApi.WebClient;
  readonly token: string;
  /** Largest file that is fetched, in bytes. */
  readonly maxBytes: number;
  /** The only places the token is sent to: Slack's file hosts, with their scheme. */
  readonly origins: readonly string[];
}

/** Fetches a file with the bot token, never more of it than `maxBytes`. */
export async function fetchFile(stub: SharedFile, options: FileOptions): Promise<Fetched> {
  const file = stub.url_private_download ? stub : await details(stub, options.client);
  const name = file.name ?? file.id;
  const tooLarge: Fetched = {
    ok: false,
    name,
    why: {
      zh: `文件 ${name} 超过 ${mib(options.maxBytes)} MiB：请截取出错前后的部分再发`,
      en: `the file ${name} is over ${mib(options.maxBytes)} MiB: send the part around the error`,
    },
  };
  if ((file.size ?? 0) > options.maxBytes) return tooLarge;
  const url = file.url_private_download ? new URL(file.url_private_download) : null;
  if (!url || !options.origins.includes(url.origin)) return unreadable(name, 'url');
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${options.token}` },
    // A redirect would carry nothing useful: without the scope Slack redirects to its login page.
    redirect: 'manual',
    signal: AbortSignal.timeout(60_000),
  });
  const type = response.headers.get('content-type') ?? '';
  if (!response.ok || !response.body) return unreadable(name, `HTTP ${response.status}`);
  if (type.startsWith('text/html') && !/\.html?$/i.test(name)) return unreadable(name, 'login page');
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.byteLength;
    if (size > options.maxBytes) return tooLarge;
    parts.push(part);
  }
  return { ok: true, name, bytes: new Uint8Array(Buffer.concat(parts)) };
}

async function details(stub: SharedFile, client: webApi.WebClient): Promise<SharedFile> {
  const { file } = await client.files.info({ file: stub.id });
  const read = sharedFile.safeParse(file);
  return read.success ? read.data : stub;
}

function unreadable(name: string, why: string): Fetched {
  return {
    ok: false,
    name,
    why: {
      zh: `取不到文件 ${name}（${why}）：检查权限 files:read 并重新安装应用`,
      en: `the file ${name} could not be fetched (${why}): check the scope files:read and reinstall the app`,
    },
  };
}

function mib(bytes: number): number {
  return Math.floor(bytes / 1024 / 1024);
}
