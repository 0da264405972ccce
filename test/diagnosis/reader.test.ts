import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { diagnose, loadKnowledge, readInto, startDiagnosis } from '../../src/diagnosis/index.ts';
import { logReader } from '../../src/diagnosis/worker/reader.ts';

const knowledge = loadKnowledge();
const LINE = '2026-03-01 10:00:00,000 INFO [exec-1] c.a.OrderService - order 4711 booked in 3 ms\n';
const noise = (bytes: number): string => LINE.repeat(Math.ceil(bytes / LINE.length));

async function read(bytes: Uint8Array, slice = 1 << 20) {
  const run = startDiagnosis(knowledge);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += slice) yield bytes.subarray(at, at + slice);
  }
  const result = await readInto(run, { name: 'server.log', pieces: pieces() });
  return { result, diagnosis: run.finish() };
}

describe('reading a log of any size', () => {
  it('given a record that lies across two pieces, then it is read whole wherever the cut falls', async () => {
    // RAR5117 alone says little; with its cause in the same record it is no full pool but a missing class.
    const record = [
      '[2026-03-01T10:00:00.000+0800] [AAS 10] [WARNING] [] [jakarta.enterprise.resource] [[',
      '  RAR5117 : Failed to obtain/create connection from connection pool [ p1 ].',
      ...Array.from({ length: 12 }, (_, at) => `\tat com.acme.Frame${at}.run(Frame${at}.java:${at})`),
      'Caused by: java.net.UnknownHostException: db-primary.invalid',
      ']]',
      '',
    ].join('\n');
    const cut = 4 * 1024 * 1024;
    for (const before of [40, 120, 400, record.length - 30]) {
      const head = noise(cut + 200_000).slice(0, cut - before);
      const text = `${head.slice(0, head.lastIndexOf('\n') + 1)}${record}${noise(2_000_000)}`;
      const { diagnosis } = await read(Buffer.from(text));
      const alone = diagnose(record, knowledge);
      const told = (found: typeof diagnosis) =>
        found.findings.map(({ fault, confidence }) => ({ fault, confidence }));
      expect(told(diagnosis)).toEqual(told(alone));
      expect(alone.findings[0]?.fault).toBe('dns-unknown-host');
      expect(diagnosis.findings[0]?.facts.firstTime).toBe('2026-03-01T10:00:00.000+0800');
      expect(diagnosis.lines).toBe(text.split('\n').length - 1);
    }
  });

  it('given a gzip of many megabytes, then the finding and its line are those of the plain file', async () => {
    const text = `${noise(9_000_000)}java.io.IOException: Too many open files\n${noise(1_000_000)}`;
    const plain = await read(Buffer.from(text));
    const packed = await read(gzipSync(text));
    expect(packed.diagnosis.findings[0]?.evidence).toEqual(plain.diagnosis.findings[0]?.evidence);
    expect(packed.diagnosis.lines).toBe(plain.diagnosis.lines);
    expect(packed.result).toMatchObject({ ok: true, files: [{ name: 'server.log', firstLine: 1 }] });
  });

  it('given a gzip that holds a gzip, is cut short, is empty or is a bomb, then it says so', async () => {
    expect((await read(gzipSync(gzipSync(LINE)))).result).toMatchObject({ ok: false, code: 'nested' });
    expect((await read(gzipSync(noise(500_000)).subarray(0, 900))).result).toMatchObject({
      ok: false,
      code: 'damaged',
    });
    expect((await read(gzipSync(''))).result).toMatchObject({ ok: false, code: 'empty' });
    // A gzip may have many members; unpacked, these are 300 MB of one letter.
    const member = gzipSync(new Uint8Array(10 * 1024 * 1024).fill(97), { level: 9 });
    const bomb = Buffer.concat(Array.from({ length: 30 }, () => member));
    expect((await read(bomb)).result).toMatchObject({ ok: false, code: 'too-large' });
  });
});

describe('the thread that reads', () => {
  const log = {
    name: 'server.log',
    bytes: Buffer.from(`${noise(3_000_000)}java.io.IOException: Too many open files\n`),
  };

  it('given a large log, then it answers as the program itself would, and tells how far it is', async () => {
    const told: number[] = [];
    const read = await logReader().read(knowledge, log, (done, total) => told.push(done / total));
    const own = await logReader({ inProcessBytes: log.bytes.length }).read(knowledge, log, () => {});
    expect(read).toEqual(own);
    expect(read.ok && read.diagnosis.findings[0]?.fault).toBe('too-many-open-files');
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(1);
  });

  it('given the chat has work meanwhile, then it is done before the log is', async () => {
    let over = false;
    const reading = logReader()
      .read(knowledge, log, () => {})
      .then(() => {
        over = true;
      });
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    await reading;
  });

  it('given the thread runs out of memory, then the answer says so and the next log is read', async () => {
    const reader = logReader({ heapMb: 4 });
    const died = await reader.read(knowledge, log, () => {});
    expect(died).toMatchObject({ ok: false, why: { zh: expect.stringContaining('线程中断了') } });
    const small = await reader.read(
      knowledge,
      { name: 'a.log', bytes: Buffer.from('Too many open files\n') },
      () => {},
    );
    expect(small.ok).toBe(true);
  });

  it('given the thread takes too long, then it is stopped and the answer says what to do', async () => {
    const read = await logReader({ longestMs: 1 }).read(knowledge, log, () => {});
    expect(read).toMatchObject({ ok: false, why: { zh: expect.stringContaining('已停止') } });
  });
});
