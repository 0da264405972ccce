import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { type Fault, type Knowledge, KnowledgeError, loadKnowledge } from '../diagnosis/index.ts';
import { filesOf, readEntry } from '../learning/entry.ts';
import { active } from '../learning/library.ts';
import { breaches, type Flaw, unproven } from '../learning/proof.ts';
import { readSamples } from '../learning/samples.ts';
import { openStore } from '../store/open.ts';

const EXIT = { good: 0, flawed: 1, usage: 2 } as const;

type Language = 'zh' | 'en';
interface Options {
  readonly knowledge?: string;
  readonly lang: Language;
}

/** `warroom knowledge test|list|show|lint|export`: for people who edit the YAML by hand. */
export function registerKnowledge(program: Command): void {
  const group = program
    .command('knowledge')
    .description('知识库：列出、查看、检查、试验、导出 / list, show, lint, test and export fault knowledge');
  const sub = (name: string, zh: string, en: string): Command =>
    group
      .command(name)
      .description(`${zh} / ${en}`)
      .option('--knowledge <folder>', '另一套知识库目录 / another knowledge folder')
      .addOption(new Option('--lang <lang>', 'zh | en').choices(['zh', 'en']).default('zh'));

  sub(
    'list',
    '每个条目：名称、版本、负责人、锚点与样例数',
    'every entry with version, owner, anchors and samples',
  ).action((options: Options) => within(options, (knowledge) => list(knowledge, options)));
  sub('show', '一个条目的全部内容，给人看', 'all of one entry, for a person')
    .argument('<id>', 'the entry, for example oom-heap')
    .action((id: string, options: Options) => within(options, (knowledge) => show(knowledge, id, options)));
  sub(
    'lint',
    '检查格式、正则、步骤与样例，指出文件与行',
    'check schema, patterns, steps and samples; file and line',
  ).action((options: Options) =>
    within(options, (knowledge) => {
      const samples = readSamples(options.knowledge);
      const flaws = unproven(knowledge, samples);
      tell(flaws, options.lang);
      return verdict(flaws, options.lang, {
        zh: `${knowledge.faults.size} 个条目、${knowledge.steps.size} 个步骤、${samples.length} 个样例`,
        en: `${knowledge.faults.size} entries, ${knowledge.steps.size} steps, ${samples.length} samples`,
      });
    }),
  );
  sub('test', '用每个正例与反例试验每个条目', 'try every entry on every sample').action((options: Options) =>
    within(options, (knowledge) => {
      const samples = readSamples(options.knowledge);
      const flaws = breaches(knowledge, samples);
      tell(flaws, options.lang);
      return verdict(flaws, options.lang, {
        zh: `${samples.length} 个样例`,
        en: `${samples.length} samples`,
      });
    }),
  );
  group
    .command('export')
    .description(
      '导出学到的条目，带到另一处现场 / write the learnt entries as files, to carry them to another site',
    )
    .requiredOption('-o, --out <folder>', '写到哪个目录 / where to write')
    .option('--data <folder>', 'where the database lives', process.env.WARROOM_DATA ?? '.warroom')
    .option('--database <url>', 'postgres://… shared by several instances', process.env.WARROOM_DATABASE)
    .action(async (options: { out: string; data: string; database?: string }) => {
      process.exitCode = await exportLearnt(options);
    });
}

/** Runs with the knowledge, or tells what is wrong with it, every mistake with file and line. */
function within(options: Options, run: (knowledge: Knowledge) => number): void {
  const { knowledge: folder, lang } = options;
  if (folder !== undefined && !(existsSync(folder) && statSync(folder).isDirectory())) {
    complain(
      {
        zh: `没有知识库目录 ${folder}，请检查 --knowledge。`,
        en: `No such folder: ${folder}; check --knowledge.`,
      },
      lang,
    );
    process.exitCode = EXIT.usage;
    return;
  }
  try {
    process.exitCode = run(loadKnowledge(folder));
  } catch (error) {
    if (!(error instanceof KnowledgeError)) throw error;
    tell(
      error.problems.map(({ file, line, problem }) => ({ file, line, zh: problem, en: problem })),
      lang,
    );
    process.exitCode = verdict(error.problems, lang, { zh: '', en: '' });
  }
}

function list(knowledge: Knowledge, { knowledge: folder, lang }: Options): number {
  const samples = readSamples(folder);
  const head =
    lang === 'zh'
      ? ['条目', '版本', '负责人', '锚点', '样例', '标题']
      : ['id', 'version', 'owner', 'anchors', 'samples', 'title'];
  const rows = [...knowledge.faults.values()].map((fault) => [
    fault.id,
    `v${fault.version}`,
    fault.owner,
    String(fault.anchors.length),
    String(samples.filter((one) => one.fault === fault.id).length),
    fault.title[lang],
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => width(row[at] ?? ''))));
  for (const row of [head, ...rows])
    say(
      row
        .map((cell, at) => cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - width(cell))))
        .join('  ')
        .trimEnd(),
    );
  return EXIT.good;
}

/** Chinese letters take two columns of a terminal. */
function width(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e7f ? 2 : 1), 0);
}

function show(knowledge: Knowledge, id: string, { lang }: Options): number {
  const fault = knowledge.faults.get(id);
  if (!fault) {
    const near = [...knowledge.faults.keys()]
      .filter((one) => one.includes(id) || id.includes(one))
      .join(', ');
    complain(
      {
        zh: `没有条目“${id}”。${near ? `是不是：${near}？` : '全部条目：warroom knowledge list'}`,
        en: `There is no entry "${id}". ${near ? `Did you mean ${near}?` : 'See warroom knowledge list'}`,
      },
      lang,
    );
    return EXIT.usage;
  }
  for (const line of described(knowledge, fault, lang)) say(line);
  return EXIT.good;
}

function described(knowledge: Knowledge, fault: Fault, lang: Language): string[] {
  const zh = lang === 'zh';
  const titled = (step: string): string => {
    const found = knowledge.steps.get(step);
    return found ? `${found.title[lang]} (${step}, ${found.risk})` : step;
  };
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', title, ...lines.map((one) => `  ${one}`)];
  const rule = (one: Fault['anchors'][number]): string =>
    [
      `${one.id}  ${one.weight >= 0 ? '+' : ''}${one.weight}`,
      one.pattern ?? one.literals.join(' | '),
      ...one.not.map(
        (guard) =>
          `${zh ? '排除' : 'not'} ${guard.pattern}${guard.because ? `（${guard.because[lang]}）` : ''}`,
      ),
    ].join('  ');
  return [
    `${fault.title[lang]}  (${fault.id} v${fault.version}, ${fault.owner})`,
    fault.cause[lang],
    ...section(zh ? '锚点' : 'Anchors', fault.anchors.map(rule)),
    ...section(zh ? '旁证' : 'Context', fault.context.map(rule)),
    ...section(zh ? '恢复迹象' : 'Recovery', fault.recovery.map(rule)),
    ...section(
      zh ? '也可能是' : 'What else it could be',
      fault.otherwise.map((one) => `${one.because[lang]}${one.check ? `  ${one.check}` : ''}`),
    ),
    ...section(zh ? '先取证' : 'Capture first', fault.capture.map(titled)),
    ...section(zh ? '恢复' : 'Restore', fault.steps.map(titled)),
    ...section(
      zh ? '不要' : 'Must not',
      fault.mustNot.map((one) => one[lang]),
    ),
    ...section(zh ? '根治' : 'Permanent fix', [fault.permanent[lang]]),
  ];
}

async function exportLearnt(options: { out: string; data: string; database?: string }): Promise<number> {
  const where = options.database ?? join(options.data, 'warroom.db');
  if (options.database === undefined && !existsSync(where)) {
    complain(
      { zh: `没有数据库 ${where}，请检查 --data。`, en: `No database at ${where}; check --data.` },
      'zh',
    );
    return EXIT.usage;
  }
  const store = await openStore(where);
  const rows = active(await store.learnt());
  await store.close();
  let written = 0;
  for (const row of rows) {
    const read = readEntry(row.text);
    if (!read.ok) continue;
    for (const [file, text] of Object.entries({
      ...filesOf(read.entry),
      [`learnt/${row.entry}.yaml`]: row.text,
    })) {
      const path = join(options.out, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    say(`${row.entry} v${row.version}  ${row.owner}`);
    written += 1;
  }
  complain(
    {
      zh: `导出 ${written} 个条目到 ${options.out}。另一处现场：在任一已恢复的事件里输入“/应急 沉淀 ”并粘贴 learnt/ 下的文件，同样试验、第二人复核后生效。`,
      en: `${written} entries written to ${options.out}. At the other site type "/incident learn " in a restored incident and paste a file of learnt/: it is tried and reviewed there too.`,
    },
    'zh',
  );
  return EXIT.good;
}

function tell(flaws: readonly Flaw[], lang: Language): void {
  for (const { file, line, ...words } of flaws) say(`${file}:${line}: ${words[lang]}`);
}

function verdict(flaws: readonly unknown[], lang: Language, what: { zh: string; en: string }): number {
  complain(
    flaws.length === 0
      ? { zh: `${what.zh}，全部通过。`, en: `${what.en}, all good.` }
      : { zh: `${flaws.length} 处要改。`, en: `${flaws.length} to mend.` },
    lang,
  );
  return flaws.length === 0 ? EXIT.good : EXIT.flawed;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(words: { readonly zh: string; readonly en: string }, lang: Language): void {
  process.stderr.write(`${words[lang]}\n`);
}
