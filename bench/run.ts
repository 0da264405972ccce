import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** `npm run bench [-- name …]`: each part prints what it measured, as ratios wherever there is a peer. */
const NAMES = [
  'store',
  'paging',
  'queues',
  'rest',
  'startup',
  'diagnosis',
  'similar',
  'summary',
  'slack',
  'bridge',
] as const;

const part = z.object({ run: z.custom<() => Promise<string[]>>((value) => typeof value === 'function') });

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !NAMES.some((known) => known === name));
if (unknown !== undefined) {
  console.error(
    `没有名为 ${unknown} 的基准。 No bench is called ${unknown}; there are: ${NAMES.join(', ')}.`,
  );
  process.exit(1);
}
for (const name of NAMES) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const file = new URL(`./${name}.ts`, import.meta.url);
  if (!existsSync(fileURLToPath(file))) {
    console.log(`${name}: not part of this checkout`);
    continue;
  }
  for (const line of await part.parse(await import(file.href)).run()) console.log(`${name}: ${line}`);
}
