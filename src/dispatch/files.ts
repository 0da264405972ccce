import type { Inbound, Reply } from '../chat/port.ts';
import type { Language } from '../incident/plan.ts';
import type { Incident } from '../incident/state.ts';
import { NOTHING, tell } from './answers.ts';
import type { DispatchDeps } from './deps.ts';
import { fileType } from './file-type.ts';
import { fileLine, type Keep } from './keep.ts';
import type { createLogs } from './logs.ts';
import { streamOfFile, type Talk } from './talk.ts';

type File = Extract<Inbound, { kind: 'file' }>;

/**
 * What people drop: pictures and documents are kept as they are, words after they were masked. What cannot be
 * masked (archives, dumps) may hold any secret: it stays with its sender, and the room sees what was read of it.
 */
export function createFiles(
  deps: Pick<DispatchDeps, 'mask' | 'directory'> & { readonly keep: Keep },
  talk: Talk,
  logs: Pick<ReturnType<typeof createLogs>, 'fileDropped'>,
) {
  async function dropped(inbound: File, incident: Incident): Promise<Reply> {
    const found = fileType(inbound.name, inbound.bytes);
    switch (found.kind) {
      case 'text':
        return logs.fileDropped(inbound, found, incident);
      case 'packed': {
        const reply = await logs.fileDropped(inbound, found, incident);
        return reply.toAsker ? reply : { ...reply, ...tell(staysWithSender(inbound.language)) };
      }
      case 'opaque':
        await say(inbound, incident);
        return tell(staysWithSender(inbound.language));
      case 'shown':
        await say(inbound, incident, found.type);
        return NOTHING;
      default: {
        const unknown: never = found;
        throw new Error(`unknown file ${JSON.stringify(unknown)}`);
      }
    }
  }

  /** Without a type only its name is said. */
  async function say(inbound: File, incident: Incident, type?: string): Promise<void> {
    const name = deps.mask(inbound.name);
    const file = type === undefined ? undefined : await deps.keep(name, type, inbound.bytes);
    const text = fileLine(name, inbound.bytes);
    const said = { kind: 'said', message: inbound.messageId, text, form: 'text', file } as const;
    await talk.put(inbound, incident, said, streamOfFile(deps, inbound, incident));
  }

  return { dropped };
}

function staysWithSender(language: Language) {
  const headline = {
    zh: '📦 这个文件的内容无法逐字屏蔽，可能含有口令，因此不保存、不转发：其他人只看到文件名和已屏蔽的摘录。要给大家整份内容，请解压成文本、图片或文档后再传。',
    en: '📦 What is in this file cannot be masked and may hold passwords, so it is neither kept nor passed on: others see its name and the masked excerpt. To give them all of it, unpack it and drop the texts, pictures or documents.',
  }[language];
  return { headline, blocks: [], tone: 'plain', card: null } as const;
}
