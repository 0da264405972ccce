import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { KnowledgeError, loadKnowledge } from '../../src/diagnosis/index.ts';

const own = fileURLToPath(new URL('../../knowledge', import.meta.url));

const IDS =
  'oom-heap oom-metaspace oom-native-thread oom-direct-buffer oom-gc-overhead os-oom-killed stuck-thread deadlock jdbc-pool-exhausted too-many-open-files boot-auth-denied process-killed permission-denied db-unreachable java-home-invalid license-rejected lock-held hardware-failure port-in-use disk-full inodes-full class-not-found-deploy jdk-mismatch ssl-handshake dns-unknown-host gc-thrash session-replication jms-failure xa-timeout clock-skew db-listener db-password-expired db-auth-denied db-license-expired db-sessions-full cache-down registry-down gateway-upstream client-disconnect read-only-filesystem selinux-denied slow-entropy encoding jvm-crash http-threads-exhausted self-exit'.split(
    ' ',
  );

describe('the knowledge', () => {
  const knowledge = loadKnowledge();

  it('has an entry for every published fault id and no other', () => {
    expect([...knowledge.faults.keys()].sort()).toEqual([...IDS].sort());
  });

  it('answers every row of the plan and of the thirty further faults', () => {
    const rows = new Set([...knowledge.faults.values()].flatMap((fault) => fault.rows));
    const wanted = [
      ...Array.from({ length: 13 }, (_, i) => `F${i + 1}`),
      ...Array.from({ length: 30 }, (_, i) => `E${String(i + 1).padStart(2, '0')}`),
    ];
    expect(wanted.filter((row) => !rows.has(row))).toEqual([]);
  });

  it('tells of every fault what to capture, what to do, what not to do and what else it may be', () => {
    for (const fault of knowledge.faults.values()) {
      expect(fault.capture.length, fault.id).toBeGreaterThan(0);
      expect(fault.steps.length, fault.id).toBeGreaterThan(0);
      expect(fault.mustNot.length, fault.id).toBeGreaterThan(0);
      expect(fault.otherwise.length, fault.id).toBeGreaterThan(0);
    }
  });

  it('has the plan’s steps 1–17, each once', () => {
    const numbers = [...knowledge.steps.values()].flatMap((step) => step.number ?? []).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 17 }, (_, i) => i + 1));
  });

  it('captures evidence with read-only steps, or asks for approval', () => {
    for (const fault of knowledge.faults.values())
      for (const id of fault.capture) {
        const step = knowledge.steps.get(id);
        expect(step?.risk === 'R0' || step?.approver !== 'duty', `${fault.id}: ${id}`).toBe(true);
      }
  });

  it('never hands out the plan’s garbled commands', () => {
    const commands = [...knowledge.steps.values()].flatMap((step) => step.commands).join('\n');
    expect(commands).not.toMatch(/[\u2010-\u2015]/);
    expect(commands).not.toMatch(
      /kill -\d{3,}|limits\.Conf|JAVA_HOME="?\/usr\/bin\/java|\{SSHA256\}|chown -R \/middleware/,
    );
  });

  it('names file, line and fix for each mistake, all at once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'knowledge-'));
    cpSync(own, folder, { recursive: true });
    const oom = join(folder, 'faults/oom-heap.yaml');
    writeFileSync(oom, readFileSync(oom, 'utf8').replace('phase: running', 'phase: sometimes'));
    const port = join(folder, 'faults/port-in-use.yaml');
    writeFileSync(port, `${readFileSync(port, 'utf8')}colour: red\n`);
    const lock = join(folder, 'faults/lock-held.yaml');
    writeFileSync(lock, readFileSync(lock, 'utf8').replace('Server may already be running', 'lok'));
    const error = caught(() => loadKnowledge(folder));
    expect(error).toBeInstanceOf(KnowledgeError);
    if (!(error instanceof KnowledgeError)) return;
    const of = (file: string) => error.problems.filter((problem) => problem.file === file);
    const phaseLine = readFileSync(oom, 'utf8').split('\n').indexOf('phase: sometimes') + 1;
    expect(of('faults/oom-heap.yaml')[0]).toMatchObject({ line: phaseLine });
    expect(of('faults/port-in-use.yaml')[0]?.problem).toContain('colour');
    expect(of('faults/lock-held.yaml')[0]?.problem).toContain('at least');
  });

  it('refuses a pattern that is not linear-time, and a step that does not exist', () => {
    const folder = mkdtempSync(join(tmpdir(), 'knowledge-'));
    cpSync(own, folder, { recursive: true });
    const file = join(folder, 'faults/deadlock.yaml');
    const source = readFileSync(file, 'utf8');
    writeFileSync(file, source.replace(/pattern: '[^\n]+'/, "pattern: '(a)\\1'"));
    expect(() => loadKnowledge(folder)).toThrow(/linear-time/);
    writeFileSync(file, source.replace('stop-node', 'stop-everything'));
    expect(() => loadKnowledge(folder)).toThrow(/add steps\/stop-everything\.yaml/);
  });

  it('changes its version with any entry', () => {
    const folder = mkdtempSync(join(tmpdir(), 'knowledge-'));
    cpSync(own, folder, { recursive: true });
    expect(loadKnowledge(folder).version).toBe(knowledge.version);
    const file = join(folder, 'steps/check-db.yaml');
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n`);
    expect(loadKnowledge(folder).version).not.toBe(knowledge.version);
  });
});

function caught(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
