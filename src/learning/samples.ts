import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * One block of `samples/<fault>.txt` of a knowledge folder. `=== +rule +rule` opens a text that the fault's rules
 * must find, with ` ?` at the end when it is only a suspicion (below 0.5), with ` &` when a better answer stands
 * before it; `=== - why` opens one that must not be taken for it.
 */
export interface Sample {
  readonly fault: string;
  /** Path within the knowledge folder, and the line of the block's head. */
  readonly file: string;
  readonly line: number;
  /** Empty: the text must not be taken for the fault. */
  readonly rules: readonly string[];
  readonly suspicion: boolean;
  readonly second: boolean;
  readonly why: string;
  readonly text: string;
}

const ownFolder = fileURLToPath(new URL('../../knowledge', import.meta.url));

/** Every sample of a knowledge folder; none where there is no `samples` folder. */
export function readSamples(folder = ownFolder): readonly Sample[] {
  const place = join(folder, 'samples');
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .flatMap((name) => samplesOf(name.replace(/\.txt$/, ''), readFileSync(join(place, name), 'utf8')));
}

/** The blocks of one file. */
export function samplesOf(fault: string, source: string): readonly Sample[] {
  const blocks: { readonly head: string; readonly line: number; readonly lines: string[] }[] = [];
  for (const [index, line] of source.split('\n').entries()) {
    if (line.startsWith('=== ')) blocks.push({ head: line.slice(4), line: index + 1, lines: [] });
    else blocks.at(-1)?.lines.push(line);
  }
  return blocks.map(({ head, line, lines }) => {
    const positive = head.startsWith('+');
    return {
      fault,
      file: `samples/${fault}.txt`,
      line,
      rules: positive ? [...head.matchAll(/\+([\w-]+)/g)].map((match) => match[1] ?? '') : [],
      suspicion: positive && head.trimEnd().endsWith('?'),
      second: positive && head.trimEnd().endsWith('&'),
      why: positive ? '' : head.replace(/^-\s*/, ''),
      text: lines.join('\n').trimEnd(),
    };
  });
}
