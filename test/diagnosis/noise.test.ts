import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { diagnose, loadKnowledge } from '../../src/diagnosis/index.ts';

const folder = new URL('../samples/noise/', import.meta.url);
const knowledge = loadKnowledge();
const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
const PASTE = 100;

const alarms = (text: string): string[] =>
  diagnose(text, knowledge)
    .findings.filter((finding) => finding.confidence >= 0.5)
    .map((finding) => `${finding.fault}: ${finding.evidence[0]?.text}`);

describe('logs without a fault', () => {
  test.each(logs)('%s raises no alarm, as a file and in pastes', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const lines = text.split('\n');
    expect(lines.length).toBeGreaterThan(50);
    const pastes = Array.from({ length: Math.ceil(lines.length / PASTE) }, (_, at) =>
      lines.slice(at * PASTE, (at + 1) * PASTE).join('\n'),
    );
    expect([text, ...pastes].flatMap(alarms)).toEqual([]);
  });
});
