import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plan } from '../incident/plan.ts';
import { planSchema } from './schema.ts';
import { readYaml } from './yaml.ts';

/** Reads a plan file. Throws `YamlProblem` naming file, line and fix when it cannot be used. */
export function loadPlan(file: string): Plan {
  const text = readFileSync(file, 'utf8');
  const version = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { ...readYaml(text, planSchema, file), version };
}
