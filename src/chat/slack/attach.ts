import type { webApi } from '@slack/bolt';
import type { Message } from '../message.ts';
import { anotherTry } from '../patience.ts';
import type { Attachment } from '../port.ts';
import { failure } from './failure.ts';
import type { Asker } from './sender.ts';

interface AttachDeps {
  readonly client: webApi.WebClient;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
  readonly tell: (asker: Asker, message: Message) => Promise<void>;
}

/** Files for the conversation in which they were asked for: Slack shows a file to one person nowhere else. */
export function attacher(deps: AttachDeps): (asker: Asker, files: readonly Attachment[]) => Promise<void> {
  async function attach(asker: Asker, files: readonly Attachment[]): Promise<void> {
    const uploads: { filename: string; file: Buffer }[] = [];
    for (const one of files) {
      try {
        uploads.push({ filename: one.name, file: Buffer.from(await one.bytes()) });
      } catch (error) {
        deps.log('slack: a file was not written', { file: one.name, error: String(error) });
        const headline = {
          zh: `${one.name} 没有写成，记录没有受影响；请再试一次，或到网页房间换一种格式下载`,
          en: `${one.name} was not written, the record is not affected; try again, or take another format in the web room`,
        }[asker.language];
        await deps.tell(asker, { headline, blocks: [], tone: 'warn', card: null });
      }
    }
    if (uploads.length === 0) return;
    const there = { channel_id: asker.channel, file_uploads: uploads };
    for (let tries = 1; ; tries += 1) {
      const failed = await upload(asker.thread === null ? there : { ...there, thread_ts: asker.thread });
      if (!failed) return;
      if (await anotherTry(failed, tries)) continue;
      const why = failed.error;
      deps.log('slack: files could not be sent', { error: why });
      const headline = {
        zh: `文件没能发到这里，请到网页房间下载（${why}）`,
        en: `the files could not be sent here, download them in the web room (${why})`,
      }[asker.language];
      await deps.tell(asker, { headline, blocks: [], tone: 'warn', card: null });
      return;
    }
  }

  async function upload(files: webApi.FilesUploadV2Arguments) {
    try {
      await deps.client.filesUploadV2(files);
      return null;
    } catch (error) {
      return failure(error, 'files.uploadV2');
    }
  }

  return attach;
}
