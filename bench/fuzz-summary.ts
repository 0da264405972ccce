import fc from 'fast-check';
import { brokenPromise, conversations, tampered } from '../test/support/chats.ts';

/**
 * Conversations that were tampered with against the summary: each must get one, with every value in the messages it
 * cites and nothing alive in the documents. Answers whether all did.
 */
export function fuzzSummary(count: number, seed: number): boolean {
  const bases = conversations();
  const started = performance.now();
  let [done, characters, slowest] = [0, 0, 0];
  const result = fc.check(
    fc.property(tampered(bases), (messages) => {
      const begun = performance.now();
      const broken = brokenPromise(messages);
      slowest = Math.max(slowest, performance.now() - begun);
      for (const { text } of messages) characters += text.length;
      done += 1;
      if (done % 1000 === 0) process.stderr.write(`${done} of ${count}\n`);
      if (broken !== null) throw new Error(broken);
    }),
    { numRuns: count, seed },
  );
  if (result.failed) console.log(fc.defaultReportMessage(result)?.slice(0, 5000));
  console.log({
    conversations: done,
    bases: bases.length,
    megacharacters: Math.round(characters / 1e6),
    seconds: Math.round((performance.now() - started) / 1000),
    slowestMs: Math.round(slowest),
    broken: result.failed,
  });
  return !result.failed;
}
