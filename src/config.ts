import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from './incident/plan.ts';
import { loadPlan } from './plan/load.ts';
import { readYaml } from './plan/yaml.ts';
import { type Config, configSchema } from './roster/schema.ts';

export const PROJECT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SAMPLE = join(PROJECT, 'warroom.sample.yaml');

export interface Settings {
  readonly config: Config;
  readonly plan: Plan;
  readonly planFile: string;
  readonly configFile: string;
  /** True when no file of the installation's own was found and the commented sample stands in. */
  readonly sample: boolean;
}

/**
 * `--config`, or `warroom.yaml` in the working folder, or the sample. Throws `YamlProblem` (a mistake in a
 * file) or an Error with code `no-config` when the named file does not exist.
 */
export function loadSettings(named: string | undefined): Settings {
  if (named && !existsSync(named)) {
    throw Object.assign(
      new Error(
        `没有找到配置文件 ${named}。 No such configuration file: ${named}. Fix: check --config, or copy warroom.sample.yaml there.`,
      ),
      {
        code: 'no-config',
      },
    );
  }
  const own = named ?? (existsSync('warroom.yaml') ? 'warroom.yaml' : undefined);
  const configFile = own ?? SAMPLE;
  const config = readYaml(readFileSync(configFile, 'utf8'), configSchema, configFile);
  const beside = join(dirname(configFile), config.desk.plan);
  const planFile = isAbsolute(config.desk.plan)
    ? config.desk.plan
    : existsSync(beside)
      ? beside
      : join(PROJECT, config.desk.plan);
  if (!existsSync(planFile)) {
    throw Object.assign(
      new Error(`没有找到预案文件 ${planFile}。 No such plan file. Fix: set desk.plan in ${configFile}.`),
      { code: 'no-config' },
    );
  }
  return { config, plan: loadPlan(planFile), planFile, configFile, sample: own === undefined };
}
