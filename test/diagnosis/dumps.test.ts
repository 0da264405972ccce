import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { diagnose, loadKnowledge, readInto, startDiagnosis } from '../../src/diagnosis/index.ts';

const knowledge = loadKnowledge();
const sample = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../samples/dumps/${name}`, import.meta.url)), 'utf8');
const three = sample('three.txt');
const dumps = three.split(/(?=^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\nFull thread dump)/m);

const said = (found: { measured: readonly { says: { zh: string } }[] }): string =>
  found.measured.map(({ says }) => says.zh).join('\n');

async function ofFiles(files: Record<string, string>) {
  const run = startDiagnosis(knowledge);
  const packed = zipSync(Object.fromEntries(Object.entries(files).map(([n, t]) => [n, Buffer.from(t)])));
  async function* pieces() {
    yield packed;
  }
  const read = await readInto(run, { name: 'dumps.zip', pieces: pieces() });
  return { read, diagnosis: run.finish() };
}

describe('thread dumps', () => {
  it('given three in one paste, then the thread that stayed, its lock, those behind it and the full pool are named', () => {
    const found = diagnose(three, knowledge);
    const best = found.findings[0];
    expect(best?.fault).toBe('stuck-thread');
    const text = said(found);
    expect(text).toContain(
      '线程 "http-nio-8080-exec-1" 在三次快照中都停在 OrderDesk.readReply(OrderDesk.java:10)',
    );
    expect(text).toMatch(/线程 "http-nio-8080-exec-1" 持有锁 0x\w+，挡住 3 个线程：.*3 次快照中 3 次/);
    expect(text).toMatch(/线程 "stock-sync" 持有锁 0x\w+，挡住 1 个线程："report-writer"/);
    expect(text).toContain('线程池 http-nio-8080-exec-* 4/4 全忙（三次快照都是）');
    expect(text).toMatch(/线程快照 3 份，最后一份 \d+ 个线程：.*BLOCKED 3/);
    expect(best?.facts).toMatchObject({ thread: 'http-nio-8080-exec-1', lockOwner: 'http-nio-8080-exec-1' });
  });

  it('then free pools and the JVM’s own threads are not told', () => {
    const text = said(diagnose(three, knowledge));
    for (const quiet of ['ajp-nio-8009', 'Finalizer', 'Common-Cleaner', '"main"'])
      expect(text).not.toContain(quiet);
  });

  it('given the three as files of an archive, then they are compared and the line stands in its file', async () => {
    const { read, diagnosis } = await ofFiles({
      't.txt.2': dumps[0] ?? '',
      't.txt.1': dumps[1] ?? '',
      't.txt': dumps[2] ?? '',
    });
    expect(said(diagnosis)).toContain('在三次快照中都停在');
    const line = diagnosis.findings[0]?.measured[0]?.line ?? 0;
    const files = read.ok ? read.files : [];
    const file = [...files].reverse().find(({ firstLine }) => firstLine <= line);
    expect(file?.name).toBe('t.txt');
    expect((dumps[2] ?? '').split('\n')[line - (file?.firstLine ?? 0)]).toContain('OrderDesk.readReply');
  });

  it('given the dumps far apart in a log of many megabytes, then they are found and compared all the same', async () => {
    const noise = '2026-03-01 10:00:00,000 INFO [main] order 17 booked in 3 ms\n'.repeat(80_000);
    const { diagnosis } = await ofFiles({ 'stdout.log': dumps.join(noise) + noise });
    expect(said(diagnosis)).toContain('在三次快照中都停在');
    expect(diagnosis.findings[0]?.fault).toBe('stuck-thread');
  });

  it('given a thread that moved on between the dumps, then it is not said to have stayed', () => {
    const moved = (dumps[1] ?? '').replaceAll(
      'OrderDesk.readReply(OrderDesk.java:10)',
      'OrderDesk.other(OrderDesk.java:99)',
    );
    const text = said(diagnose([dumps[0], moved, dumps[2]].join(''), knowledge));
    expect(text).not.toContain('都停在 OrderDesk.readReply');
  });

  it('given three dumps of a Tomcat that waits for requests, then nothing is found and nobody is said to stay', () => {
    const found = diagnose(sample('tomcat-idle.txt'), knowledge);
    expect(found.findings).toEqual([]);
    expect(said(found)).toMatch(/^线程快照 3 份，最后一份 36 个线程：[^\n]*$/);
  });

  it('given one dump of a server at rest, then there is no finding', () => {
    const idle = (dumps[0] ?? '').replace(/^"(http-nio|stock-sync|report-writer)[\s\S]*?(?=^"ajp)/gm, '');
    const found = diagnose(idle, knowledge);
    expect(found.findings.filter((one) => one.confidence >= 0.5)).toEqual([]);
    expect(said(found)).toMatch(/线程快照： \d+ 个线程|线程快照：/);
  });

  it('given a deadlock whose summary by the JVM was cut off, then the ring is found from the locks', () => {
    const cut = sample('deadlock.txt').split(/^Found one Java-level/m)[0] ?? '';
    const found = diagnose(cut, knowledge);
    expect(found.findings[0]?.fault).toBe('deadlock');
    expect(said(found)).toMatch(/死锁："transfer-\d" 等 "transfer-\d" 等 "transfer-\d"/);
  });

  it('given a WebLogic thread that turns from ACTIVE to STUCK, then it is the same thread', () => {
    const stack = (state: string) =>
      [
        'Full thread dump Java HotSpot(TM) 64-Bit Server VM (25.202-b08 mixed mode):',
        '',
        `"[${state}] ExecuteThread: '7' for queue: 'weblogic.kernel.Default (self-tuning)'" #41 daemon prio=1 os_prio=0 tid=0x00007f01 nid=0x1f runnable [0x01]`,
        '   java.lang.Thread.State: RUNNABLE',
        '\tat java.net.SocketInputStream.socketRead0(Native Method)',
        '\tat oracle.jdbc.driver.T4CPreparedStatement.executeForRows(T4CPreparedStatement.java:1045)',
        '\tat com.acme.tax.DeclareDao.sum(DeclareDao.java:88)',
        '',
        '',
      ].join('\n');
    const found = diagnose(stack('ACTIVE') + stack('STUCK') + stack('STUCK'), knowledge);
    expect(said(found)).toMatch(/ExecuteThread: '7'.* 在三次快照中都停在 oracle\.jdbc\.driver/);
  });

  it('given thousands of dumps, then only the last ten are compared and memory stays bounded', () => {
    const found = diagnose((dumps[0] ?? '').slice(0, 9000).repeat(200), knowledge);
    expect(said(found)).toContain('线程快照 10 份');
  });
});
