import { z } from 'zod';
import { messageSchema } from '../message.ts';
import { type Imported, refused } from './result.ts';

const fileSchema = z.union([
  z.object({ messages: z.array(messageSchema) }),
  z.array(messageSchema).transform((messages) => ({ messages })),
]);

/** `{"messages":[{"at","author","text","ts"?,"thread_ts"?}]}`, or the bare list. */
export function fromJson(text: string): Imported {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refused(
      `不是有效的 JSON：${reason}。请检查文件是否完整。`,
      `Not valid JSON: ${reason}. Check that the file is complete.`,
    );
  }
  const parsed = fileSchema.safeParse(value);
  if (parsed.success) return { ok: true, format: 'json', messages: parsed.data.messages };
  const where = firstPath(parsed.error);
  return refused(
    `JSON 里没有可用的消息（${where}）。应为 {"messages":[{"at":ISO 时间或 null,"author":…,"text":…}]}。`,
    `The JSON holds no usable messages (${where}). Expected {"messages":[{"at":ISO or null,"author":…,"text":…}]}.`,
  );
}

function firstPath(error: z.ZodError): string {
  const issues = error.issues.flatMap((issue) =>
    issue.code === 'invalid_union' ? issue.errors.flat() : [issue],
  );
  const deepest = issues.reduce(
    (best, next) => (next.path.length > best.path.length ? next : best),
    issues[0] ?? { path: [], message: '?' },
  );
  return `${deepest.path.join('.') || '/'}: ${deepest.message}`;
}
