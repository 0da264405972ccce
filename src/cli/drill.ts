import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { loadSettings } from '../config.ts';
import { loadKnowledge } from '../diagnosis/index.ts';
import { runDrill } from '../drill/run.ts';
import { drillNames, loadDrill } from '../drill/script.ts';
import type { Language } from '../incident/plan.ts';
import { renderReport } from '../view/report.ts';
import { spoken } from '../view/spoken.ts';
import { timelineOf } from '../view/timeline.ts';
import { duration } from '../words/time.ts';

const MARK = {
  met: '✓',
  missed: '✗',
  overdue: '✗',
  running: '…',
  waiting: '·',
  paused: '‖',
  void: '–',
} as const;

export function registerDrill(program: Command): void {
  program
    .command('drill')
    .argument('[name]', `one of: ${drillNames().join(', ')}`)
    .description(
      '演练：在虚拟时钟上走完一个事件，留下报告与时间线 / play a scripted incident on a virtual clock, leaving the report',
    )
    .option('-o, --output <folder>', 'where report.docx, report.html, report.md and timeline.json go')
    .option('--config <file>', 'warroom.yaml', process.env.WARROOM_CONFIG)
    .option('--language <zh|en>', 'language of the report', 'zh')
    .action(
      async (name: string | undefined, options: { output?: string; config?: string; language: string }) => {
        if (!name) {
          process.stdout.write(`${drillNames().join('\n')}\n`);
          return;
        }
        const language: Language = options.language === 'en' ? 'en' : 'zh';
        const script = loadDrill(name);
        const started = Date.now();
        const result = await runDrill(script, loadSettings(options.config), loadKnowledge());
        try {
          const folder = options.output ?? `drill-${name.replace(/[^\w-]/g, '_')}`;
          await leave(result, folder, language);
          const seconds = ((Date.now() - started) / 1000).toFixed(1);
          process.stderr.write(`${script.title[language]} · ${seconds} s → ${folder}\n`);
          for (const line of result.refusals) process.stderr.write(`! ${line}\n`);
          process.stdout.write(`${score(result, language).join('\n')}\n`);
        } finally {
          await result.close();
        }
      },
    );
}

async function leave(
  result: Awaited<ReturnType<typeof runDrill>>,
  folder: string,
  language: Language,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { desk, incident } = result;
  for (const format of ['docx', 'html', 'md', 'pdf'] as const) {
    const file = await renderReport(desk, incident, 'handling', format, language);
    if (file) writeFileSync(join(folder, `report.${format}`), file.body);
  }
  const plan = await desk.planOf(incident.pinned.planVersion);
  const nameOf = (id: string): string => desk.settings.config.people.find((one) => one.id === id)?.name ?? id;
  const lines = timelineOf({
    events: await desk.store.events(incident.id),
    talk: await spoken(desk.store, incident.id),
    plan,
    language,
    nameOf,
    // A drill is ours to look at.
    eyes: { org: '', side: 'vendor' },
    orgName: (id) => desk.settings.config.organisations.find((one) => one.id === id)?.name ?? id,
  });
  const timeline = lines.map((line) => ({
    ...line,
    occurred: new Date(line.occurred).toISOString(),
    recorded: new Date(line.recorded).toISOString(),
  }));
  writeFileSync(join(folder, 'timeline.json'), `${JSON.stringify(timeline, null, 1)}\n`);
}

/** The drill against the plan's clocks, a line each. */
function score(result: Awaited<ReturnType<typeof runDrill>>, language: Language): readonly string[] {
  const { incident } = result;
  const reported = incident.moments.reported?.at ?? 0;
  const rows = result.clocks.map((clock) => {
    const took = clock.startedAt === null ? '' : duration(clock.net, language);
    return `${MARK[clock.status]} ${clock.title[language]}\t${took}\t/ ${duration(clock.minutes * 60_000, language)}\t${clock.line}`;
  });
  const tiers = incident.tiers.map((one) => {
    const at = one.engagedAt ?? one.raisedAt;
    const word = one.skipped
      ? { zh: '跳过', en: 'skipped' }
      : one.engagedAt === null
        ? { zh: '已呼叫', en: 'called' }
        : { zh: '到位', en: 'engaged' };
    return `T${one.tier} ${word[language]} +${duration(at - reported, language)}`;
  });
  const met = result.clocks.filter((one) => one.status === 'met').length;
  const judged = result.clocks.filter((one) => ['met', 'missed', 'overdue'].includes(one.status)).length;
  return [
    ...rows,
    tiers.join(' · '),
    `${met}/${judged} · ${result.pages} ${language === 'zh' ? '次呼叫与通知' : 'pages and notices'}`,
  ];
}
