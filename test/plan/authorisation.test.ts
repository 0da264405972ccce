import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings, PROJECT } from '../../src/config.ts';
import { RIGHTS } from '../../src/incident/authorisation.ts';
import type { Language } from '../../src/incident/plan.ts';
import { ROLES } from '../../src/incident/roles.ts';
import { readPlanCopy } from '../../src/plan/copy.ts';
import { planSchema } from '../../src/plan/schema.ts';
import { readYaml, YamlProblem } from '../../src/plan/yaml.ts';
import { ROLE } from '../../src/words/terms.ts';

const text = readFileSync(join(PROJECT, 'plans/apusic.yaml'), 'utf8');
const { plan } = loadSettings(join(PROJECT, 'warroom.sample.yaml'));

function problems(broken: string): YamlProblem['problems'] {
  try {
    readYaml(broken, planSchema, 'plan.yaml');
  } catch (error) {
    if (error instanceof YamlProblem) return error.problems;
    throw error;
  }
  return [];
}

const lineOf = (within: string, part: string): number =>
  within.slice(0, within.indexOf(part)).split('\n').length;

describe('the table in the plan file', () => {
  it('does not load when it forgets a command, and says which row to add', () => {
    const broken = text.replace(', escalate]', ']');
    const [problem] = problems(broken);
    expect(problem?.line).toBeGreaterThanOrEqual(lineOf(broken, '\nauthorisation:'));
    expect(problem?.what).toContain('no row says who may: escalate; add - {');
    expect(problem?.what).toContain('commands: [escalate], roles: [observer]');
  });

  it('names the line of a command that there is not, with the known ones', () => {
    const broken = text.replace(', escalate]', ', escalate, fly]');
    const problem = problems(broken)[0];
    expect(problem?.line).toBe(lineOf(broken, 'fly]'));
    expect(problem?.what).toContain('no command is called "fly"; known: report');
  });

  it('names the line of a role that there is not, with the known ones', () => {
    const broken = text.replace(', escalate], roles: [observer]', ', escalate], roles: [boss]');
    const problem = problems(broken)[0];
    expect(problem?.line).toBe(lineOf(broken, '[boss]'));
    expect(problem?.what).toContain('no role is called "boss"; known: emergency-lead');
  });

  it('takes a command in one row only', () => {
    const broken = text.replace('commands: [join, answer]', 'commands: [join, answer, escalate]');
    const problem = problems(broken)[0];
    expect(problem?.line).toBe(lineOf(broken, 'commands: [page,'));
    expect(problem?.what).toContain('"escalate" stands in an earlier row already');
  });

  it('says where to copy it from when it is missing altogether', () => {
    const start = text.indexOf('\nauthorisation:');
    const broken = text.slice(0, start) + text.slice(text.indexOf('\nleadComponents:'));
    expect(problems(broken)[0]?.what).toContain('copy the section "authorisation:" from plans/apusic.yaml');
  });
});

describe('a plan that an incident is pinned to', () => {
  const copy = (authorisation: unknown) => ({ ...plan, authorisation });

  it('reads as the present table where it is older than the table', () => {
    const { authorisation: _none, ...older } = plan;
    expect(readPlanCopy(older, plan).authorisation).toEqual(plan.authorisation);
  });

  it('keeps what it says, and lacks no command that came later', () => {
    const row = {
      title: { zh: '关闭', en: 'close' },
      line: '-',
      commands: ['close'],
      roles: ['system-owner'],
    };
    const read = readPlanCopy(copy([row]), plan).authorisation;
    expect(read[0]).toEqual(row);
    expect(read.flatMap((one) => one.commands).sort()).toEqual([...RIGHTS].sort());
  });

  it('is not broken by a command or a role that the program no longer knows', () => {
    const row = {
      title: { zh: '-', en: '-' },
      line: '-',
      commands: ['fly', 'close'],
      roles: ['pilot', 'system-owner'],
    };
    expect(readPlanCopy(copy([row]), plan).authorisation[0]).toMatchObject({
      commands: ['close'],
      roles: ['system-owner'],
    });
  });
});

/** The plan's table as the page shows it. */
function table(language: Language): string {
  const head = {
    zh: ['事项', '命令', '预案行', ...ROLES.map((role) => ROLE[role].zh)],
    en: ['what', 'commands', 'plan line', ...ROLES.map((role) => ROLE[role].en)],
  }[language];
  const rows = plan.authorisation.map((row) => [
    row.title[language],
    row.commands.map((one) => `\`${one}\``).join(' '),
    row.line,
    ...ROLES.map((role) => (row.roles.includes(role) || row.roles.includes('observer') ? '✓' : '')),
  ]);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

describe.each([
  ['docs/authorisation.md', 'en'],
  ['docs/authorisation.zh-CN.md', 'zh'],
] as const)('%s', (file, language) => {
  it('shows the table of the plan file as it is', () => {
    const page = readFileSync(join(PROJECT, file), 'utf8');
    const shown = page
      .split('\n')
      .filter((one) => one.startsWith('|') && one.split('|').length > 8)
      .join('\n');
    expect(shown).toBe(table(language));
  });
});
