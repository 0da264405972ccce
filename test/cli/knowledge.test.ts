import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PROJECT } from '../../src/config.ts';
import { loadKnowledge } from '../../src/diagnosis/index.ts';
import { breaches, unproven } from '../../src/learning/proof.ts';
import { readSamples } from '../../src/learning/samples.ts';

const own = join(PROJECT, 'knowledge');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'knowledge-'));
  folders.push(folder);
  cpSync(own, folder, { recursive: true });
  return folder;
}

function change(folder: string, file: string, edit: (text: string) => string): void {
  const path = join(folder, file);
  writeFileSync(path, edit(readFileSync(path, 'utf8')));
}

const lineOf = (folder: string, file: string, text: string): number =>
  readFileSync(join(folder, file), 'utf8').split('\n').indexOf(text) + 1;

describe('people who edit the knowledge', () => {
  it('find every shipped entry proven by its samples, and every sample met', () => {
    const samples = readSamples();
    expect(unproven(loadKnowledge(), samples)).toEqual([]);
    expect(breaches(loadKnowledge(), samples)).toEqual([]);
  });

  it('are told the line of a sample that an entry no longer finds', () => {
    const folder = copy();
    change(folder, 'faults/deadlock.yaml', (text) => text.replace(/weight: 0\.\d+/g, 'weight: 0.2'));
    const found = breaches(loadKnowledge(folder), readSamples(folder));
    expect(found[0]).toMatchObject({ file: 'samples/deadlock.txt', line: 1 });
    expect(found[0]?.zh).toContain('deadlock');
    expect(found.every((one) => one.file === 'samples/deadlock.txt')).toBe(true);
  });

  it('are told the line of a counter-example that an entry takes for its own', () => {
    const folder = copy();
    const head = '=== - a drill, not the fault';
    change(
      folder,
      'samples/deadlock.txt',
      (text) => `${text.trimEnd()}\n${head}\nFound one Java-level deadlock:\n`,
    );
    expect(breaches(loadKnowledge(folder), readSamples(folder))).toMatchObject([
      { file: 'samples/deadlock.txt', line: lineOf(folder, 'samples/deadlock.txt', head) },
    ]);
  });

  it('are told of a rule name that does not exist and of an entry without a sample', () => {
    const folder = copy();
    change(folder, 'samples/deadlock.txt', (text) => text.replace('+weblogic', '+webelogic'));
    rmSync(join(folder, 'samples/encoding.txt'));
    const found = unproven(loadKnowledge(folder), readSamples(folder));
    expect(found).toMatchObject([
      {
        file: 'samples/deadlock.txt',
        line: lineOf(folder, 'samples/deadlock.txt', '=== +webelogic'),
        zh: expect.stringContaining('weblogic'),
      },
      { file: 'faults/encoding.yaml', line: 1 },
    ]);
  });

  it('are told the line that names a step which does not exist', () => {
    const folder = copy();
    change(folder, 'faults/deadlock.yaml', (text) => text.replace('stop-node', 'stop-everything'));
    const line =
      readFileSync(join(folder, 'faults/deadlock.yaml'), 'utf8')
        .split('\n')
        .findIndex((one) => one.includes('stop-everything')) + 1;
    expect(() => loadKnowledge(folder)).toThrow(`faults/deadlock.yaml:${line}: `);
  });
});
