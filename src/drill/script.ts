import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { PROJECT } from '../config.ts';
import { readYaml } from '../plan/yaml.ts';

const script = z.strictObject({
  title: z.strictObject({ zh: z.string(), en: z.string() }),
  start: z.iso.datetime({ offset: true }),
  /** What each person types, minutes after the start. */
  steps: z
    .array(z.strictObject({ at: z.number().nonnegative(), by: z.string(), say: z.string().min(1) }))
    .min(1),
});
export type Script = z.infer<typeof script>;

const FOLDER = join(PROJECT, 'drills');

export function drillNames(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/** A drill by name, or by the path of a file of one's own. */
export function loadDrill(name: string): Script {
  const own = /\.ya?ml$/.test(name) && existsSync(name);
  const file = own ? name : join(FOLDER, `${basename(name)}.yaml`);
  if (!existsSync(file)) {
    throw new Error(
      `没有名为“${name}”的演练；现有：${drillNames().join('、')}。 There is no drill "${name}"; known: ${drillNames().join(', ')}.`,
    );
  }
  return readYaml(readFileSync(file, 'utf8'), script, file);
}
