import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnosis, Knowledge, Source } from '../diagnosis/index.ts';
import { openLibrary } from '../learning/library.ts';
import { recall } from '../learning/recall.ts';
import { shapeOf } from '../learning/shape.ts';
import { openStore } from '../store/open.ts';

const SHOWN = 3;
const OVERHEARD_BYTES = 1 << 20;

/** What an installation knows beside the shipped entries: what it learnt, and its past incidents. */
export interface Past {
  readonly knowledge: Knowledge;
  /** Lines to print below an answer; empty when no past incident is like it. */
  similar(diagnosis: Diagnosis, text: string, lang: 'zh' | 'en'): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Null when there is no database at the place. Whoever can read the data folder may see every incident in it. */
export async function openPast(
  place: { readonly data?: string | undefined; readonly database?: string | undefined },
  shipped: Knowledge,
): Promise<Past | null> {
  const where = place.database ?? join(place.data ?? '.warroom', 'warroom.db');
  if (place.database === undefined && !existsSync(where)) return null;
  const store = await openStore(where);
  const library = await openLibrary(store, shipped, (what) => process.stderr.write(`${what}\n`));
  return {
    knowledge: await library.current(),
    similar: async (diagnosis, text, lang) => {
      const spoke = [...diagnosis.telling, ...diagnosis.findings.flatMap((one) => one.evidence)];
      const words = shapeOf([...spoke.map((one) => one.text), text].join('\n'));
      const past = await recall(store, words, { except: null, limit: SHOWN, visible: () => true });
      const zh = lang === 'zh';
      return past.map(({ code, title, score, cause, fixed }) => {
        const deeds = fixed.join(zh ? '、' : ', ') || (zh ? '未记录' : 'not recorded');
        const because = cause === null ? '' : zh ? `；原因：${cause}` : `; cause: ${cause}`;
        const alike = `${Math.round(100 * score)}%`;
        return zh
          ? `   以前类似：${code} ${title}（相似 ${alike}）${because}；当时的处置：${deeds}`
          : `   Like this before: ${code} ${title} (${alike} alike)${because}; what fixed it: ${deeds}`;
      });
    },
    close: () => store.close(),
  };
}

/** The beginning of what flows by; a packed file says nothing this way, and its telling lines have to do. */
export function overhear(sources: readonly Source[]): {
  readonly sources: Source[];
  readonly text: () => string;
} {
  const heard: Uint8Array[] = [];
  let size = 0;
  async function* listening(pieces: Source['pieces']): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      if (size < OVERHEARD_BYTES) heard.push(piece.subarray(0, OVERHEARD_BYTES - size));
      size += piece.length;
      yield piece;
    }
  }
  return {
    sources: sources.map((one) => ({ ...one, pieces: listening(one.pieces) })),
    text: () => {
      const text = Buffer.concat(heard).toString('utf8');
      return text.includes('\0') ? '' : text;
    },
  };
}
