import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { fromSlackFiles, type Imported, importBytes } from '../summary/import/index.ts';
import { summarize } from '../summary/index.ts';
import { conversationDocument } from '../summary/summary-document.ts';
import { documentFormats, writeDocument } from '../summary/write/index.ts';

const EXIT = { done: 0, empty: 3, usage: 2 } as const;
/** Chat exports beyond this are archives of years, not one incident. */
const fileLimit = 512 * 1024 * 1024;
const formats = ['json', ...documentFormats] as const;

interface Options {
  format: (typeof formats)[number];
  output?: string;
  lang: 'zh' | 'en';
  date?: string;
  zone?: string;
}

/** `warroom summarize`: exit 0 written, 3 nothing to summarise in the file, 2 bad usage. Only the answer goes to standard output. */
export function registerSummarize(program: Command): void {
  program
    .command('summarize')
    .description('一段对话 → 有出处的事实与报告 / a conversation → cited facts and a report')
    .argument(
      '<source>',
      'JSON、Slack 导出（文件夹或 zip）、复制的聊天文字、IRC 日志、复盘条目；- 为标准输入 / a file, a folder, or - for standard input',
    )
    .addOption(new Option('--format <format>', formats.join(' | ')).choices(formats).default('json'))
    .option(
      '-o, --output <file>',
      '写入文件；不给则写到标准输出 / where to write; standard output when absent',
    )
    .addOption(new Option('--lang <lang>', 'zh | en').choices(['zh', 'en']).default('zh'))
    .option(
      '--date <YYYY-MM-DD>',
      '文字里只有时刻时，第一条的日期 / day of the first message when only times are printed',
    )
    .option('--zone <±HH:MM>', '文字里没有时区时采用 / offset of the printed times when none is stated')
    .action(async (source: string, options: Options) => {
      process.exitCode = await run(source, options);
    });
}

async function run(source: string, options: Options): Promise<number> {
  const wrong = badOption(options);
  if (wrong !== null) return refuse(...wrong, EXIT.usage);
  const imported = await read(source, options);
  if (!imported.ok) return refuse(imported.zh, imported.en, EXIT.usage);
  const { messages } = imported;
  if (messages.length === 0)
    return refuse('对话里没有消息。', 'The conversation holds no message.', EXIT.empty);
  if (options.format === 'json') {
    put(options.output, `${JSON.stringify(summarize(messages), null, 1)}\n`);
    return EXIT.done;
  }
  if (
    options.output === undefined &&
    process.stdout.isTTY &&
    (options.format === 'docx' || options.format === 'pdf')
  ) {
    return refuse(
      '终端显示不了这种格式：请用 -o 指定文件。',
      'A terminal cannot show this format: name a file with -o.',
      EXIT.usage,
    );
  }
  put(options.output, await writeDocument(conversationDocument(messages, options.lang), options.format));
  return EXIT.done;
}

function badOption({ date, zone }: Options): [string, string] | null {
  if (date !== undefined && !/^\d{4}-\d\d-\d\d$/.test(date)) {
    return [
      `--date 应为 2026-01-31 这样的日期，不是“${date}”。`,
      `--date wants a day such as 2026-01-31, not "${date}".`,
    ];
  }
  if (zone !== undefined && !/^(?:Z|[+-]\d\d:\d\d)$/.test(zone)) {
    return [
      `--zone 应为 +08:00 这样的偏移，不是“${zone}”。`,
      `--zone wants an offset such as +08:00, not "${zone}".`,
    ];
  }
  return null;
}

async function read(source: string, { date, zone }: Options): Promise<Imported> {
  if (source === '-') return importBytes(await buffer(process.stdin), { date, zone });
  try {
    const found = statSync(source);
    if (found.isDirectory()) return fromSlackFiles(jsonFilesIn(source));
    if (found.size > fileLimit) {
      return {
        ok: false,
        zh: `${source} 超过 512 MB，未读取：请截取这次事件的部分。`,
        en: `${source} is larger than 512 MB and was not read: cut out this incident.`,
      };
    }
    return importBytes(readFileSync(source), { date, zone });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, zh: `读不到 ${source}：${reason}`, en: `Cannot read ${source}: ${reason}` };
  }
}

/** users.json and the day files of a Slack export; other files of the folder are not opened. */
function jsonFilesIn(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.json')) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).replaceAll('\\', '/');
    // A single channel's folder may be given as well: its day files get a channel name.
    files.set(
      name.includes('/') || name === 'users.json' ? name : `channel/${name}`,
      readFileSync(path, 'utf8'),
    );
  }
  return files;
}

function put(output: string | undefined, answer: string | Uint8Array): void {
  if (output === undefined) process.stdout.write(answer);
  else writeFileSync(output, answer);
}

function refuse(zh: string, en: string, code: number): number {
  process.stderr.write(`${zh}\n${en}\n`);
  return code;
}
