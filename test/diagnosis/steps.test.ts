import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { advice } from '../../src/diagnosis/explain.ts';
import { diagnose, loadKnowledge } from '../../src/diagnosis/index.ts';
import { samples } from './samples.ts';

const knowledge = loadKnowledge();
const steps = [...knowledge.steps.values()];
const FOUND = {
  pid: 20496,
  domain: '/home/Middleware/domains/tax domain',
  node: 'tax-s1',
  path: '/home/Middleware/domains/tax/config/server policy',
  port: 1521,
  host: 'db-1.example.cn',
  pool: 'JDBC Data Source-0',
  device: '/dev/sdb1',
  class: 'com.acme.tax.Declare',
};
const HOSTILE = Object.fromEntries(
  Object.keys(FOUND).map((name) => [name, `x'; touch /tmp/owned #"$(id)\``]),
);
/** What the shell itself gives, or a command sets on the way. */
const GIVEN = /^(?:HOME|PID|i|J|[0-9])$/;

const runs = [
  ['with every fact found', FOUND],
  ['with no fact found', {}],
  ['with facts that are an attack', HOSTILE],
] as const;

/** What the shell sees outside of quotes. */
const unquoted = (command: string) => command.replace(/'[^']*'/g, "''").replace(/"(?:\\.|[^"\\])*"/g, '""');
const withoutComment = (command: string) => command.replace(/\s{3}# .*$/, '');

describe.each(runs)('the commands of every step, %s', (_, facts) => {
  const scripts = steps.map((step) => ({ id: step.id, commands: advice(knowledge, step, facts).commands }));

  it('can be read by a shell', () => {
    const broken = scripts.flatMap(({ id, commands }) => {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: commands.join('\n'), encoding: 'utf8' });
      return status === 0 ? [] : [`${id}: ${stderr}`];
    });
    expect(broken).toEqual([]);
  });

  it('are plain ASCII but for the words of a comment: no long dash, no curly quote, no wide blank', () => {
    const bad = scripts.flatMap(({ id, commands }) =>
      commands.filter((command) => /[^\x20-\x7e]/.test(withoutComment(command))).map((c) => `${id}: ${c}`),
    );
    expect(bad).toEqual([]);
  });

  it('leave no placeholder: what the log did not tell is set on a line of its own that says what to put there', () => {
    const bad = scripts.flatMap(({ id, commands }) => {
      const set = new Set(commands.map((command) => /^([A-Z_]+)=/.exec(command)?.[1]));
      return commands.flatMap((command) => {
        const used = [
          ...withoutComment(command)
            .replace(/'[^']*'/g, '')
            .matchAll(/\$\{?(\w+)/g),
        ].map((m) => m[1] ?? '');
        const unset = used.filter((name) => !set.has(name) && !GIVEN.test(name));
        const left = /<[A-Za-z\u4e00-\u9fff][^<>|&\s]*>|\{[a-z]+\}|\bXXX\b|TODO|your[-_]/.exec(
          withoutComment(command)
            .replace('%{http_code}', '')
            .replace('%{time_total}', '')
            .replace('{print', ''),
        );
        return [...unset, ...(left === null ? [] : [left[0]])].map((what) => `${id}: ${what} in ${command}`);
      });
    });
    expect(bad).toEqual([]);
  });

  it('quote every path and value', () => {
    const bad = scripts.flatMap(({ id, commands }) =>
      commands
        .filter((command) => !/^(?:J|[A-Z_]+)=/.test(command) && /\$[A-Za-z]/.test(unquoted(command)))
        .map((command) => `${id}: ${command}`),
    );
    expect(bad).toEqual([]);
  });

  it('set no variable that the shell itself lives by', () => {
    for (const { commands } of scripts)
      for (const command of commands)
        expect(command).not.toMatch(/(^|[\s;])(PATH|HOME|IFS|SHELL|USER|LD_LIBRARY_PATH|PS1|UID)=/);
  });

  it('say of each value whether it comes from the log or has to be put in', () => {
    for (const { commands } of scripts)
      for (const command of commands.filter((one) => /^[A-Z_]{2,}=/.test(one)))
        expect(command).toMatch(/ {3}# [^/]+ \/ .+/);
  });
});

describe('facts in commands', () => {
  it('given any path, pool or host of a log, then the shell holds exactly that value', () => {
    const stop = knowledge.steps.get('raise-pool');
    expect(stop).toBeDefined();
    for (const pool of ['JDBC Data Source-0', 'a b', '连接池-1', 'x(1)', '*', '~', '-rf', '!x']) {
      const { commands } = advice(knowledge, stop ?? steps[0] ?? fail(), { pool });
      const set = commands.find((command) => command.startsWith('POOL=')) ?? '';
      const { stdout } = spawnSync('bash', ['-c', `${set}\nprintf '%s' "$POOL"`], { encoding: 'utf8' });
      expect(stdout).toBe(pool);
    }
  });

  it('given an attack in a fact, then nothing of it reaches the command', () => {
    for (const step of steps)
      expect(advice(knowledge, step, HOSTILE).commands.join('\n')).not.toContain('owned');
  });

  it('carry what stands in the log: pid, pool, path and node of the samples', () => {
    const carried = new Set<string>();
    for (const { text } of samples()) {
      const best = diagnose(text, knowledge).findings[0];
      for (const step of [...(best?.capture ?? []), ...(best?.steps ?? [])])
        for (const command of step.commands)
          if (command.includes('取自日志')) carried.add(command.split('=')[0] ?? '');
    }
    expect([...carried]).toEqual(
      expect.arrayContaining(['POOL', 'FILE_PATH', 'HOST', 'PORT', 'DOMAIN', 'CLASS']),
    );
  });

  it('the checks that decide between two readings can be copied too', () => {
    const text = 'java.lang.OutOfMemoryError: Java heap space\n';
    for (const fault of knowledge.faults.values())
      for (const { check } of fault.otherwise) expect(check ?? '').not.toMatch(/<[^>\s]+>/);
    for (const finding of diagnose(text, knowledge).findings)
      for (const { check } of finding.otherwise) expect(withoutComment(check ?? '')).not.toMatch(/\{\w+\}/);
  });
});

function fail(): never {
  throw new Error('there are no steps');
}
