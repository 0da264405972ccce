import { describe, expect, it } from 'vitest';
import type { SearchRow, Store } from '../../src/store/port.ts';
import { appending, fact, LI, NOON, reported, said, status } from './sample.ts';

/** What every store has to keep of the logs that others are compared with, and of what was learnt. */
export function similarContract(store: () => Store): void {
  const row = (source: string, words: string): SearchRow => ({ source, words: words.split(' ') });
  async function opened(id: string, ...search: readonly SearchRow[]): Promise<void> {
    await store().append(appending(id, null, [reported()], { search }));
  }
  async function more(id: string, ...search: readonly SearchRow[]): Promise<void> {
    const before = (await store().load(id))?.incident ?? null;
    await store().append(appending(id, before, [status('再看')], { search }));
  }
  const like = async (words: string, limit = 5): Promise<readonly string[]> =>
    (await store().similar(words.split(' '), limit)).map((one) => one.incident);

  describe('similar incidents', () => {
    it('finds the one that shares the rare words before those that share the common ones', async () => {
      await opened('A', row('m1', 'w1 w2 w3 rare1 rare2'));
      for (const id of ['B', 'C', 'D', 'E']) await opened(id, row('m1', `w1 w2 w3 only${id} x${id}`));
      expect((await like('w1 w2 w3 rare1 rare2'))[0]).toBe('A');
      const [first, second] = await store().similar(['w1', 'w2', 'w3', 'rare1', 'rare2'], 2);
      expect(first?.score).toBeCloseTo(1, 2);
      expect(second?.score ?? 0).toBeLessThan(0.7);
    });

    it('knows nothing of words that nobody wrote, and of nothing', async () => {
      await opened('A', row('m1', 'w1 w2'));
      expect(await like('w8 w9')).toEqual([]);
      expect(await store().similar([], 5)).toEqual([]);
    });

    it('counts an incident once, with its best log, and no more incidents than asked for', async () => {
      await opened('A', row('m1', 'w1 w2'), row('m2', 'w1 w2 w3 w4'));
      await opened('B', row('m1', 'w1 w9'));
      expect(await like('w1 w2 w3 w4')).toEqual(['A', 'B']);
      expect(await like('w1 w2 w3 w4', 1)).toEqual(['A']);
    });

    it('replaces what the same source said before', async () => {
      await opened('A', row('about', 'old1 old2'));
      await more('A', row('about', 'new1 new2'));
      expect(await like('old1 old2')).toEqual([]);
      expect(await like('new1')).toEqual(['A']);
    });

    it('is not written when the append is refused', async () => {
      await opened('A');
      const late = { ...appending('A', null, [reported()]), search: [row('m1', 'w1')] };
      expect(await store().append(late)).toMatchObject({ ok: false });
      expect(await like('w1')).toEqual([]);
    });

    it('takes any word for a word, not for a query', async () => {
      await opened('A', row('m1', 'w1'));
      await expect(store().similar(['or', 'and', 'not', 'near'], 5)).resolves.toEqual([]);
    });

    it('gives back the stored logs page by page, and none that was redacted', async () => {
      for (const id of ['A', 'B', 'C']) {
        await opened(id, row('log', `w${id}`), row('about', 'title'));
        await store().say([{ ...said(id, 'joint', 'log', `第 ${id} 份日志`), form: 'log' }]);
      }
      const first = await store().excerpts(0, 2);
      expect(first.map((one) => [one.incident, one.message, one.text])).toEqual([
        ['A', 'log', '第 A 份日志'],
        ['B', 'log', '第 B 份日志'],
      ]);
      expect((await store().excerpts(first.at(-1)?.row ?? 0, 5)).map((one) => one.incident)).toEqual(['C']);
      await store().redact({
        incident: 'B',
        stream: 'joint',
        position: 1,
        by: LI,
        at: NOON,
        reason: '含个人信息',
      });
      expect((await store().excerpts(0, 9)).map((one) => one.incident)).toEqual(['A', 'C']);
      expect(await like('wB')).toEqual([]);
    });
  });

  it('forgets a learnt entry whose draft was redacted', async () => {
    const text = 'fault: …';
    const draft = fact({
      type: 'KnowledgeDrafted',
      draft: 'K1',
      revision: 1,
      entry: 'ledger-behind',
      version: 1,
      title: { zh: '积压', en: 'behind' },
      owner: '李工',
      text,
      trial: { confidence: 0.7, excerpts: 0, samples: 0, alarms: [], also: [] },
    });
    const learnt = {
      entry: 'ledger-behind',
      version: 1,
      owner: '李工',
      incident: 'A',
      approvedBy: 'wang',
      at: NOON,
      text,
      withdrawn: null,
    };
    await store().append(appending('A', null, [reported(), draft], { learnt }));
    const redaction = { incident: 'A', by: LI, at: NOON, reason: '含口令' };
    await store().redact({ ...redaction, stream: 'events', position: 1 });
    expect(await store().learnt()).toEqual([learnt]);
    await store().redact({ ...redaction, stream: 'events', position: 2 });
    expect(await store().learnt()).toEqual([]);
  });

  it('keeps every version of what was learnt, in the order of approval', async () => {
    const entry = (version: number, at: number) => ({
      entry: 'ledger-behind',
      version,
      owner: '李工',
      incident: 'A',
      approvedBy: 'wang',
      at,
      text: `version: ${version}`,
      withdrawn: null,
    });
    await store().append(appending('A', null, [reported()], { learnt: entry(1, NOON) }));
    const before = (await store().load('A'))?.incident ?? null;
    await store().append(appending('A', before, [status('改进')], { learnt: entry(2, NOON + 1) }));
    expect(await store().learnt()).toEqual([entry(1, NOON), entry(2, NOON + 1)]);
  });

  it('marks this version of an entry and those before it as withdrawn, once and for good', async () => {
    const entry = (version: number) => ({
      entry: 'ledger-behind',
      version,
      owner: '李工',
      incident: 'A',
      approvedBy: 'wang',
      at: NOON + version,
      text: `version: ${version}`,
      withdrawn: null,
    });
    const state = async () => (await store().load('A'))?.incident ?? null;
    await store().append(appending('A', null, [reported()], { learnt: entry(1) }));
    await store().append(appending('A', await state(), [status('二')], { learnt: entry(2) }));
    const withdrawn = { entry: 'ledger-behind', version: 2, at: NOON + 9 };
    await store().append(appending('A', await state(), [status('撤回')], { withdrawn }));
    await store().append(appending('A', await state(), [status('三')], { learnt: entry(3) }));
    const later = { entry: 'ledger-behind', version: 2, at: NOON + 99 };
    await store().append(appending('A', await state(), [status('又撤回')], { withdrawn: later }));
    expect((await store().learnt()).map((one) => [one.version, one.withdrawn])).toEqual([
      [1, NOON + 9],
      [2, NOON + 9],
      [3, null],
    ]);
  });

  it('loses of an incident only what was redacted; the other log is found as before', async () => {
    await opened('A', row('m1', 'w1 secret1'), row('m2', 'w2 plain2'), row('about', 'title3'));
    for (const message of ['m1', 'm2'])
      await store().say([{ ...said('A', 'joint', message, message), form: 'log' }]);
    const redaction = { incident: 'A', by: LI, at: NOON, reason: '含口令' };
    await store().redact({ ...redaction, stream: 'joint', position: 1 });
    expect(await like('secret1')).toEqual([]);
    expect(await like('plain2')).toEqual(['A']);
    expect(await like('title3')).toEqual(['A']);
    await store().redact({ ...redaction, stream: 'events', position: 1 });
    expect(await like('title3')).toEqual([]);
    expect(await like('plain2')).toEqual(['A']);
  });

  describe('rows of what was written before', () => {
    it('are told page by page and filled in once; what is there stays as it is', async () => {
      await opened('A');
      await opened('B', row('m1', 'old1'));
      await opened('C');
      for (const id of ['A', 'B']) await store().say([{ ...said(id, 'joint', 'm1', '日志'), form: 'log' }]);
      const first = await store().indexed('', 2);
      expect(first).toEqual([
        { incident: 'A', sources: [] },
        { incident: 'B', sources: ['m1'] },
      ]);
      expect(await store().indexed('B', 2)).toEqual([{ incident: 'C', sources: [] }]);
      for (let twice = 0; twice < 2; twice += 1) {
        await store().index('A', [row('m1', 'late1'), row('about', 'late2')]);
        await store().index('B', [row('m1', 'other')]);
      }
      expect(await like('late1')).toEqual(['A']);
      expect(await like('late2')).toEqual(['A']);
      expect(await like('old1')).toEqual(['B']);
      expect(await like('other')).toEqual([]);
    });

    it('do not bring back what was redacted meanwhile', async () => {
      await opened('A');
      await store().say([{ ...said('A', 'joint', 'm1', '日志'), form: 'log' }]);
      const redaction = { incident: 'A', by: LI, at: NOON, reason: '含口令' };
      await store().redact({ ...redaction, stream: 'joint', position: 1 });
      await store().redact({ ...redaction, stream: 'events', position: 1 });
      await store().index('A', [row('m1', 'gone1'), row('about', 'gone2'), row('m9', 'never')]);
      expect(await like('gone1')).toEqual([]);
      expect(await like('gone2')).toEqual([]);
      expect(await like('never')).toEqual([]);
    });
  });
}
