import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { diagnose, type Knowledge, looksLikeLog } from '../../src/diagnosis/index.ts';
import { readLog } from '../../src/diagnosis/worker/log.ts';
import { samples } from '../diagnosis/samples.ts';
import type { Hostile } from './pastes.ts';

/** Lines of logs and dumps that are true, for hostile texts that begin like one. */
export function trueLines(): string[] {
  const own = (folder: string): string[] =>
    readdirSync(fileURLToPath(new URL(`../samples/${folder}`, import.meta.url)))
      .filter((name) => !name.endsWith('.md'))
      .map((name) =>
        readFileSync(fileURLToPath(new URL(`../samples/${folder}/${name}`, import.meta.url)), 'utf8'),
      );
  const texts = [...samples().map(({ text }) => text), ...own('dumps'), ...own('gc'), ...own('platform')];
  return texts.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '');
}

export type Checked =
  | { readonly kind: 'fault' | 'unknown' | 'refused' }
  | { readonly kind: 'broken'; readonly why: string };

/** Whether a paste or file gets an answer that a person can use: never an exception, never nonsense. */
export async function checkAnswer(knowledge: Knowledge, paste: Hostile): Promise<Checked> {
  try {
    if (paste.what === 'bytes') {
      const read = await readLog(knowledge, { name: 'server.log', bytes: paste.bytes }, () => {});
      if (!read.ok)
        return read.why.zh.length > 5 && read.why.en.length > 5
          ? { kind: 'refused' }
          : { kind: 'broken', why: 'a refusal without words' };
      return sound(read.diagnosis);
    }
    looksLikeLog(paste.text);
    return sound(diagnose(paste.text, knowledge));
  } catch (error) {
    return { kind: 'broken', why: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function sound(found: ReturnType<typeof diagnose>): Checked {
  const problems = [
    ...found.findings.flatMap(({ fault, confidence, evidence }) => [
      confidence >= 0 && confidence <= 1 ? '' : `${fault}: confidence ${confidence}`,
      evidence.every(({ line }) => line >= 1 && line <= Math.max(1, found.lines)) ? '' : `${fault}: line`,
    ]),
    ...found.measured.map(({ line }) => (line >= 1 ? '' : 'a measured line below one')),
    JSON.stringify(found).length < 2_000_000 ? '' : 'the answer is longer than a person reads',
  ].filter((problem) => problem !== '');
  if (problems.length > 0) return { kind: 'broken', why: problems.join('; ') };
  return { kind: found.findings.length > 0 ? 'fault' : 'unknown' };
}
