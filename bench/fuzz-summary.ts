import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import type { Message } from '../src/summary/index.ts';
import { conversationDocument } from '../src/summary/summary-document.ts';
import { brokenPromise, conversations, tampered } from '../test/support/chats.ts';
import { firstFault, has } from '../test/support/files.ts';

/** Markup, formulas, fields and characters that no document may carry. */
const nasty = /[<>]|^[=+@-]|\t=|\]\(|(?![\n\t])\p{Cc}|\p{Cf}|[\ud800-\udfff]/mu;

/**
 * Conversations that were tampered with against the summary: each must get one, with every value in the messages it
 * cites, none left standing when a cited message goes, and nothing alive in the documents. One in 200, and one in 25
 * of those with markup, formulas or control characters, is written as Word, PDF, HTML and Markdown, each of which
 * must open. Answers whether all did.
 */
export async function fuzzSummary(count: number, seed: number): Promise<boolean> {
  const bases = conversations();
  const started = performance.now();
  const pdfText = has('pdftotext') ? textOf : null;
  let [done, written, characters, slowest] = [0, 0, 0, 0];
  const wanted = (messages: readonly Message[], turn: number): boolean =>
    turn === 0 || (turn % 25 === 1 && messages.some(({ text, author }) => nasty.test(`${author}\n${text}`)));
  const result = await fc.check(
    fc.asyncProperty(tampered(bases), fc.nat(199), async (messages, turn) => {
      const begun = performance.now();
      const broken = brokenPromise(messages);
      slowest = Math.max(slowest, performance.now() - begun);
      for (const { text } of messages) characters += text.length;
      done += 1;
      if (done % 1000 === 0) process.stderr.write(`${done} of ${count}\n`);
      if (broken !== null) throw new Error(broken);
      if (!wanted(messages, turn)) return;
      const fault = await firstFault(conversationDocument(messages, turn % 2 === 0 ? 'zh' : 'en'), pdfText);
      written += 1;
      if (fault !== null) throw new Error(`${fault.format}: ${fault.fault}`);
    }),
    { numRuns: count, seed },
  );
  if (result.failed) console.log(fc.defaultReportMessage(result)?.slice(0, 5000));
  console.log({
    conversations: done,
    bases: bases.length,
    writtenInFourFormats: written,
    pdfReadBack: pdfText !== null,
    megacharacters: Math.round(characters / 1e6),
    seconds: Math.round((performance.now() - started) / 1000),
    slowestMs: Math.round(slowest),
    broken: result.failed,
  });
  return !result.failed;
}

const textOf = (pdf: Uint8Array): string =>
  execFileSync('pdftotext', ['-', '-'], { input: pdf, encoding: 'utf8', maxBuffer: 1e9 });
