import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * One block of `knowledge/samples/<fault>.txt`. `=== +rule +rule` opens a text that the fault's rules must find,
 * with ` ?` at the end when it is only a suspicion (below 0.5), with ` &` when a better answer stands before it;
 * `=== - why` opens one that must not be taken for it.
 */
export interface Sample {
  fault: string;
  rules: string[];
  suspicion: boolean;
  second: boolean;
  why: string;
  text: string;
}

const folder = fileURLToPath(new URL('../../knowledge/samples', import.meta.url));

export function samples(): Sample[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .flatMap((name) => read(name.replace(/\.txt$/, ''), readFileSync(`${folder}/${name}`, 'utf8')));
}

function read(fault: string, source: string): Sample[] {
  return source
    .split(/^=== /m)
    .slice(1)
    .map((block) => {
      const [head = '', ...lines] = block.split('\n');
      const positive = head.startsWith('+');
      return {
        fault,
        rules: positive ? [...head.matchAll(/\+([\w-]+)/g)].map((match) => match[1] ?? '') : [],
        suspicion: positive && head.trimEnd().endsWith('?'),
        second: positive && head.trimEnd().endsWith('&'),
        why: positive ? '' : head.replace(/^-\s*/, ''),
        text: lines.join('\n').trimEnd(),
      };
    });
}
