import { loadKnowledge } from '../src/diagnosis/index.ts';
import { checkAnswer, trueLines } from '../test/support/answers.ts';
import { hostile, SHAPE_COUNT, seeded, shape } from '../test/support/pastes.ts';
import { fuzzSummary } from './fuzz-summary.ts';

/**
 * `npm run fuzz -- diagnosis [count [seed]]`: hostile pastes and files against the diagnosis; each must get an
 * answer. Then each shape at doubling sizes: time must grow as the size does. Exit code 1 when a promise broke.
 * `npm run fuzz -- summary [count [seed]]`: conversations that were tampered with.
 */
const [subject = 'diagnosis', count = '100000', seed = '1'] = process.argv.slice(2);
if (subject === 'summary') process.exit((await fuzzSummary(Number(count), Number(seed))) ? 0 : 1);
if (subject !== 'diagnosis') {
  console.error('npm run fuzz -- diagnosis|summary [count [seed]]');
  process.exit(2);
}
const knowledge = loadKnowledge();
const lines = trueLines();
const started = performance.now();
let broken = 0;
let slowest = { ms: 0, seed: 0, size: 0 };
let bytes = 0;
const kinds = new Map<string, number>();
for (let at = 0; at < Number(count); at++) {
  const own = Number(seed) * 1_000_003 + at;
  const paste = hostile(seeded(own), lines);
  const size = paste.what === 'text' ? paste.text.length : paste.bytes.length;
  bytes += size;
  const begun = performance.now();
  const answer = await checkAnswer(knowledge, paste);
  const ms = performance.now() - begun;
  if (ms > slowest.ms) slowest = { ms, seed: own, size };
  kinds.set(answer.kind, (kinds.get(answer.kind) ?? 0) + 1);
  if (answer.kind === 'broken') {
    broken += 1;
    console.log(`BROKEN seed ${own}: ${answer.why}`);
  }
  if ((at + 1) % 10_000 === 0) process.stderr.write(`${at + 1} of ${count}\n`);
}
console.log({
  pastes: Number(count),
  megabytes: Math.round(bytes / 1e6),
  seconds: Math.round((performance.now() - started) / 1000),
  slowest: { ms: Math.round(slowest.ms), seed: slowest.seed, size: slowest.size },
  ...Object.fromEntries(kinds),
});

// Three doublings: eight times the size. What is not linear shows as far more than eight times the time.
const growths: { shape: number; growth: number }[] = [];
for (let which = 0; which < SHAPE_COUNT; which++) {
  const unit = Math.max(1, Math.floor(120_000 / shape(which, 1000).length)) * 1000;
  const small = await timed(which, unit);
  const large = await timed(which, unit * 8);
  growths.push({ shape: which, growth: Math.round((large / Math.max(small, 10)) * 10) / 10 });
}
growths.sort((a, b) => b.growth - a.growth);
console.log('growth of time at eight times the size, worst first:', growths.slice(0, 5));
if (broken > 0 || growths.some(({ growth }) => growth > 24)) process.exitCode = 1;

async function timed(which: number, n: number): Promise<number> {
  const text = shape(which, n);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const begun = performance.now();
    await checkAnswer(knowledge, { what: 'text', text, bytes: new Uint8Array() });
    best = Math.min(best, performance.now() - begun);
  }
  return best;
}
