import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { chartSvg } from '../chart/svg.ts';
import { inRotatedOrder } from '../diagnosis/decode.ts';
import {
  type Diagnosis,
  diagnose,
  KnowledgeError,
  loadKnowledge,
  readInto,
  type Source,
  startDiagnosis,
} from '../diagnosis/index.ts';
import { card, type Place } from './diagnosis-card.ts';
import { openPast, overhear, type Past } from './past.ts';

const EXIT = { found: 0, unknown: 3, usage: 2 } as const;
const READ_BYTES = 4 << 20;
const PROGRESS_FROM = 32 * 1024 * 1024;

interface Options {
  format: 'text' | 'json';
  ndjson?: boolean;
  lang: 'zh' | 'en';
  knowledge?: string;
  commands?: boolean;
  why?: boolean;
  picture?: string;
  data?: string;
  database?: string;
  color: boolean;
}

/** `warroom diagnose [FILE…]`: exit 0 a known fault, 3 nothing known, 2 bad usage (EXPERIENCE "The command line"). */
export function registerDiagnose(program: Command): void {
  program
    .command('diagnose')
    .description('诊断日志：是什么、依据、不是什么、先取证、怎么恢复 / diagnose a log, offline')
    .argument(
      '[files...]',
      [
        '.log .txt .gz（大小不限，内存不随之增长）、.zip（在内存中解开，解开后最多 256 MB）；不给则读标准输入；进度显示在终端上',
        '.log .txt .gz of any size; .zip is unpacked in memory, up to 256 MB unpacked; standard input when none;',
        'progress is shown on a terminal',
      ].join(' / '),
    )
    .addOption(new Option('--format <format>', 'text | json').choices(['text', 'json']).default('text'))
    .option('--ndjson', '每行一个 {"id","text"}，逐行回答 / one {"id","text"} a line, answered in order')
    .addOption(new Option('--lang <lang>', 'zh | en').choices(['zh', 'en']).default('zh'))
    .option('--knowledge <folder>', '另一套知识库目录 / another knowledge folder')
    .option('--commands', '展开每步的命令 / unfold the commands of each step')
    .option(
      '--why',
      '列出每条支持与反对的规则及其分值 / every rule that spoke for and against, with its weight',
    )
    .option('--picture <file.svg>', '各故障每分钟的错误数，画成 SVG / errors per minute by fault, as SVG')
    .option(
      '--data <folder>',
      '本处的学习成果与以往类似事件 / what was learnt here, and similar past incidents',
    )
    .option('--database <url>', 'the same from postgres://…')
    .option('--no-color', '不要颜色 / no colour')
    .action(async (files: string[], options: Options) => {
      process.exitCode = await run(files, options);
    });
}

async function run(files: string[], options: Options): Promise<number> {
  if (files.length === 0 && process.stdin.isTTY) {
    refuse(
      '没有输入：给一个文件名，或用管道传入日志（cat server.log | warroom diagnose）。',
      'No input: name a file or pipe a log in.',
    );
    return EXIT.usage;
  }
  let knowledge: ReturnType<typeof loadKnowledge>;
  try {
    knowledge = loadKnowledge(options.knowledge);
  } catch (error) {
    if (!(error instanceof KnowledgeError)) throw error;
    refuse('知识库有错，请按行修正：', 'The knowledge has mistakes; correct these lines:');
    process.stderr.write(`${error.message}\n`);
    return EXIT.usage;
  }
  const opened = await open(files);
  if (opened === undefined) return EXIT.usage;
  const past = options.data || options.database ? await openPast(options, knowledge) : null;
  if (past === null && options.data)
    refuse(
      `${options.data} 里没有数据库，不比较以往事件。`,
      'No database there: past incidents are not compared.',
    );
  try {
    return await answer(opened, past?.knowledge ?? knowledge, past, options);
  } finally {
    await past?.close();
  }
}

async function answer(
  opened: Source[],
  knowledge: ReturnType<typeof loadKnowledge>,
  past: Past | null,
  options: Options,
): Promise<number> {
  const { sources, text } = past ? overhear(opened) : { sources: opened, text: () => '' };
  if (options.ndjson) return answerLines(sources, knowledge);

  const running = startDiagnosis(knowledge, { chart: options.picture !== undefined });
  const places: Place[] = [];
  for (const source of sources) {
    const result = await read(running, source);
    if (result === undefined) return EXIT.usage;
    places.push(...result);
  }
  const diagnosis = running.finish();
  if (options.picture !== undefined && !(await draw(diagnosis, options.picture, options.lang)))
    return EXIT.usage;
  if (options.format === 'json')
    process.stdout.write(`${JSON.stringify(stable(diagnosis, places), null, 2)}\n`);
  else {
    const colour = options.color && process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
    process.stdout.write(
      card(diagnosis, {
        lang: options.lang,
        colour,
        places,
        commands: options.commands === true,
        reasons: options.why === true,
      }),
    );
    for (const line of (await past?.similar(diagnosis, text(), options.lang)) ?? [])
      process.stdout.write(`${line}\n`);
  }
  return diagnosis.findings.length > 0 ? EXIT.found : EXIT.unknown;
}

async function draw(diagnosis: Diagnosis, file: string, lang: 'zh' | 'en'): Promise<boolean> {
  if (diagnosis.chart === null) {
    process.stderr.write('命中太少，没有画图。 Too few hits for a picture; none was drawn.\n');
    return true;
  }
  try {
    await writeFile(file, chartSvg(diagnosis.chart, lang));
    process.stderr.write(`图已写入 ${file} · picture written\n`);
    return true;
  } catch (error) {
    refuse(
      `${file}：写不了（${reason(error)}）。请换一个可写的路径。`,
      'Cannot be written: choose another path.',
    );
    return false;
  }
}

async function read(
  running: ReturnType<typeof startDiagnosis>,
  source: Source,
): Promise<Place[] | undefined> {
  try {
    const result = await readInto(running, source);
    if (result.ok) return result.files;
    refuse(`${result.name}：${result.zh}`, result.en);
    return undefined;
  } catch (error) {
    refuse(
      `${source.name}：读不了（${reason(error)}）。请检查路径与权限。`,
      'Cannot be read: check the path and its permissions.',
    );
    return undefined;
  }
}

async function open(files: string[]): Promise<Source[] | undefined> {
  if (files.length === 0) return [{ name: '-', pieces: process.stdin }];
  const named = inRotatedOrder(files.map((path) => ({ name: path === '-' ? '-' : basename(path), path })));
  const sources: Source[] = [];
  for (const { name, path } of named) {
    if (path === '-') {
      sources.push({ name, pieces: process.stdin });
      continue;
    }
    try {
      const found = await stat(path);
      if (found.isDirectory()) {
        refuse(
          `${path} 是目录：请给其中的日志文件，例如 ${path}/*.log。`,
          'That is a folder: name the log files in it.',
        );
        return undefined;
      }
      sources.push({ name, pieces: withProgress(path, found.size) });
    } catch (error) {
      refuse(
        `${path}：打不开（${reason(error)}）。请检查路径与权限。`,
        'Cannot be opened: check the path and its permissions.',
      );
      return undefined;
    }
  }
  return sources;
}

async function* withProgress(path: string, size: number): AsyncGenerator<Uint8Array> {
  const shown = size >= PROGRESS_FROM && process.stderr.isTTY === true;
  let done = 0;
  for await (const piece of createReadStream(path, { highWaterMark: READ_BYTES })) {
    yield piece;
    done += piece.length;
    if (shown) process.stderr.write(`\r${basename(path)} ${Math.floor((100 * done) / size)} %`);
  }
  if (shown) process.stderr.write('\r\u001b[K');
}

const inputLine = z.object({ id: z.union([z.string(), z.number()]), text: z.string() });

async function answerLines(sources: Source[], knowledge: ReturnType<typeof loadKnowledge>): Promise<number> {
  let code: number = EXIT.found;
  for (const source of sources) {
    let number = 0;
    for await (const line of createInterface({ input: asStream(source), crlfDelay: Infinity })) {
      number += 1;
      if (line.trim() === '') continue;
      const parsed = inputLine.safeParse(asJson(line));
      if (parsed.success) {
        const { id, text } = parsed.data;
        process.stdout.write(`${JSON.stringify({ id, ...stable(diagnose(text, knowledge)) })}\n`);
        continue;
      }
      // An answer for every line keeps the order; the reader sees which line was wrong.
      process.stdout.write(`${JSON.stringify({ id: null, error: `line ${number} is not {"id","text"}` })}\n`);
      refuse(
        `${source.name} 第 ${number} 行不是 {"id","text"} 形式的 JSON。`,
        `Line ${number} is not JSON of the form {"id","text"}.`,
      );
      code = EXIT.usage;
    }
  }
  return code;
}

function asStream(source: Source): NodeJS.ReadableStream {
  return Readable.from(source.pieces);
}

function asJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * The field names of DESIGN "Stable interfaces" and no others, but that evidence from several files names its file
 * and the line in it (`file`, `fileLine`); `line` counts over all of the input.
 */
function stable(diagnosis: Diagnosis, places: readonly Place[] = []) {
  return {
    findings: diagnosis.findings.map(
      ({ fault, confidence, phase, evidence, facts, capture, steps, ruledOut }) => ({
        fault,
        confidence,
        phase,
        evidence: evidence.map((one) => ({ ...one, ...inFile(one.line, places) })),
        facts,
        capture,
        steps,
        ruledOut,
      }),
    ),
    signature: diagnosis.signature,
  };
}

function inFile(line: number, places: readonly Place[]): { file?: string; fileLine?: number } {
  if (places.length < 2) return {};
  const place = places.findLast(({ firstLine }) => firstLine <= line);
  return place === undefined ? {} : { file: place.name, fileLine: line - place.firstLine + 1 };
}

function reason(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

function refuse(zh: string, en: string): void {
  process.stderr.write(`${zh} ${en}\n`);
}
