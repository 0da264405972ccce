import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT } from '../../src/config.ts';
import { planSchema } from '../../src/plan/schema.ts';
import { readYaml, YamlProblem } from '../../src/plan/yaml.ts';
import { configSchema } from '../../src/roster/schema.ts';

const plan = readFileSync(join(PROJECT, 'plans/apusic.yaml'), 'utf8');
const config = readFileSync(join(PROJECT, 'warroom.sample.yaml'), 'utf8');

function problemsOf(run: () => unknown): YamlProblem['problems'] {
  try {
    run();
  } catch (error) {
    if (error instanceof YamlProblem) return error.problems;
    throw error;
  }
  return [];
}

const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

describe('a mistake in a file', () => {
  it('names the line and what is wrong there', () => {
    const broken = plan.replace('acknowledgeMinutes: 15', 'acknowledgeMinutes: soon');
    const [problem] = problemsOf(() => readYaml(broken, planSchema, 'plan.yaml'));
    expect(problem).toMatchObject({
      line: lineOf(broken, 'acknowledgeMinutes: soon'),
      what: expect.stringContaining('acknowledgeMinutes'),
    });
  });

  it('a ladder that does not exist is named with the known ones', () => {
    const broken = plan.replace('ladder: step-by-step', 'ladder: steps');
    expect(problemsOf(() => readYaml(broken, planSchema, 'plan.yaml'))[0]?.what).toContain(
      'within-two-hours',
    );
  });

  it('broken YAML names its line', () => {
    const broken = plan.replace('warnAt: [50, 80]', 'warnAt: [50, 80');
    expect(problemsOf(() => readYaml(broken, planSchema, 'plan.yaml'))[0]?.what).toContain('not YAML');
  });

  it('a person who is not on the roster is found where the name stands', () => {
    const broken = config.replace('"4": [scientist]', '"4": [sientist]');
    const [problem] = problemsOf(() => readYaml(broken, configSchema, 'warroom.yaml'));
    expect(problem).toMatchObject({
      line: lineOf(broken, '[sientist]'),
      what: expect.stringContaining('sientist'),
    });
  });

  it('the files that ship are right', () => {
    expect(problemsOf(() => readYaml(plan, planSchema, 'plan.yaml'))).toEqual([]);
    expect(problemsOf(() => readYaml(config, configSchema, 'warroom.yaml'))).toEqual([]);
  });
});
