import type { Message } from '../message.ts';

/** A file that cannot be read is an answer with a sentence in both languages, not a thrown error. */
export type Imported =
  | { ok: true; format: string; messages: Message[] }
  | { ok: false; zh: string; en: string };

export const refused = (zh: string, en: string): Imported => ({ ok: false, zh, en });
