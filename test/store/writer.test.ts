import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { Writer } from '../../src/store/sqlite/writer.ts';

describe('writes that share a commit', () => {
  it('fail alone: what is wrong with one undoes it and nothing else', async () => {
    const raw = new Database(':memory:');
    raw.exec('create table t (id integer primary key)');
    const writer = new Writer(raw, 'memory');
    const insert = (id: number) => () => Number(raw.prepare('insert into t values (?)').run(id).changes);
    const twice = (): number => insert(8)() + insert(1)();
    const results = await Promise.allSettled(
      [insert(1), insert(2), twice, insert(3)].map((work) => writer.write(work)),
    );
    expect(results.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(raw.prepare('select id from t order by id').pluck().all()).toEqual([1, 2, 3]);
  });

  it('all hear of it when the commit itself fails', async () => {
    const raw = new Database(':memory:');
    const writer = new Writer(raw, 'memory');
    const both = [writer.write(() => 1), writer.write(() => 2)];
    raw.close();
    const results = await Promise.allSettled(both);
    expect(results.map((one) => one.status)).toEqual(['rejected', 'rejected']);
  });
});
