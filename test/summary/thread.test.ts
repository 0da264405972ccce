import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { type Block, type Document, stated } from '../../src/summary/document.ts';
import { writeDocument } from '../../src/summary/write/index.ts';
import {
  DocumentNotWritten,
  type ThreadWriter,
  threadWriter,
} from '../../src/summary/write/worker/writer.ts';

/** A handling report as long as an incident of so many events makes it. */
function longReport(events: number): Document {
  const at = (index: number): string => new Date(Date.UTC(2026, 2, 1) + index * 1000).toISOString();
  const timeline: Block = {
    block: 'timeline',
    entries: Array.from({ length: events }, (_, index) => ({
      time: at(index),
      statement: stated(`第 ${index} 次取证：线程转储三份，间隔十秒`, `E${index}`),
      tone: 'plain',
      mark: null,
    })),
  };
  return {
    language: 'zh',
    title: '故障处理报告',
    meta: { code: 'INC-7', organisation: null, date: '2026-03-01', draft: true, chainHead: null },
    blocks: [
      { block: 'heading', level: 1, text: '基本情况' },
      { block: 'heading', level: 1, text: '处置经过' },
      timeline,
      { block: 'heading', level: 1, text: '结论' },
    ],
    sources: Array.from({ length: events }, (_, index) => ({
      id: `E${index}`,
      time: at(index),
      author: '值班工程师',
      text: `第 ${index} 次取证`,
    })),
  };
}

let writer: ThreadWriter | null = null;
afterEach(async () => {
  await writer?.stop();
  writer = null;
});

describe('writing documents beside the chat', () => {
  it.each(['docx', 'pdf', 'md', 'html'] as const)(
    'given a report of 10,000 events, when it is written as %s, then requests are answered meanwhile',
    { timeout: 240_000 },
    async (format) => {
      writer = threadWriter();
      const server = createServer((_request, response) => response.end('pong')).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      try {
        let done = false;
        const writing = writer.write(longReport(10_000), format);
        const ended = (): void => {
          done = true;
        };
        writing.then(ended, ended);
        const beforeTheEnd: string[] = [];
        while (!done) {
          const body = await (await fetch(`http://127.0.0.1:${port}/ping`)).text();
          if (!done) beforeTheEnd.push(body);
        }
        // Written on this thread, not one request would come between asking and having it.
        expect(beforeTheEnd.length).toBeGreaterThan(3);
        expect((await writing).length).toBeGreaterThan(100_000);
      } finally {
        server.close();
      }
    },
  );

  it('given a short report, then the thread writes what would be written in place', async () => {
    writer = threadWriter();
    const report = longReport(20);
    const [word, pdf, again] = await Promise.all([
      writer.write(report, 'docx'),
      writer.write(report, 'pdf'),
      writer.write(report, 'md'),
    ]);
    expect(Buffer.from(word).subarray(0, 2).toString()).toBe('PK');
    expect(Buffer.from(pdf).subarray(0, 5).toString()).toBe('%PDF-');
    expect(again).toBe(await writeDocument(report, 'md'));
  });

  it('given a thread without enough memory, then that document is refused and the next one gets a new thread', async () => {
    writer = threadWriter({ heapMb: 40 });
    await expect(writer.write(longReport(20_000), 'docx')).rejects.toThrow(DocumentNotWritten);
    expect((await writer.write(longReport(3), 'md')).length).toBeGreaterThan(0);
    await expect(writer.write(longReport(20_000), 'docx')).rejects.toThrow(/broke off/);
  });

  it('given a document that never ends, then it is stopped, and those behind it are answered too', async () => {
    const silent = `import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => {});`;
    writer = threadWriter({
      longestMs: 300,
      entry: new URL(`data:text/javascript,${encodeURIComponent(silent)}`, pathToFileURL('/')),
    });
    const [first, second] = await Promise.allSettled([
      writer.write(longReport(1), 'pdf'),
      writer.write(longReport(1), 'docx'),
    ]);
    expect([first, second]).toMatchObject([
      { status: 'rejected', reason: { message: expect.stringContaining('too long') } },
      { status: 'rejected', reason: { message: expect.stringContaining('too long') } },
    ]);
  });
});
