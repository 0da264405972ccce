import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { killUnderLoad } from '../support/load.ts';

describe('SIGKILL at random moments', () => {
  it('on a SQLite file: nothing answered is lost, every page comes, what comes twice says so', {
    timeout: 600_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'warroom-kill-'));
    try {
      const report = await killUnderLoad({
        database: join(folder, 'load.db'),
        folder,
        kills: 10,
        instances: 1,
        incidents: 500,
        haste: 10,
      });
      expect(report.broken).toEqual([]);
      expect(report.answered).toBeGreaterThan(10);
      expect(report.pages).toBeGreaterThan(500);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
