import { decode, inRotatedOrder, unpack } from './diagnosis/decode.ts';
import type { Words } from './incident/plan.ts';

export type Upload =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: Words };

/** A dropped file as one text: a log, a .gz, or a .zip of rotated logs in their order. */
export function readUpload(name: string, bytes: Uint8Array): Upload {
  const unpacked = unpack(name, bytes);
  if (!unpacked.ok) return { ok: false, why: { zh: unpacked.zh, en: unpacked.en } };
  const texts: string[] = [];
  let problem: Words | null = null;
  for (const file of inRotatedOrder(unpacked.files)) {
    const decoded = decode(file.bytes);
    if (decoded.ok) texts.push(decoded.text);
    else problem = { zh: decoded.zh, en: decoded.en };
  }
  if (texts.length === 0 && problem !== null) return { ok: false, why: problem };
  return { ok: true, text: texts.join('\n') };
}
