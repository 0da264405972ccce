import { join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { accessLines } from '../audit/access.ts';
import { BOT } from '../incident/events.ts';
import { openStore } from '../store/open.ts';
import { ROLE, term } from '../words/terms.ts';
import { fullTime } from '../words/time.ts';

const zoned = z.object({ zone: z.string() });

export function registerAudit(program: Command): void {
  program
    .command('audit <code>')
    .description(
      '谁做了什么、以哪种角色、谁被拒绝 / who did what in an incident by which role, and who was refused',
    )
    .option('--data <folder>', 'where the database lives', process.env.WARROOM_DATA ?? '.warroom')
    .option('--database <url>', 'postgres://… shared by several instances', process.env.WARROOM_DATABASE)
    .option('--refused', 'only what was refused')
    .option('--language <zh|en>', 'zh or en', 'zh')
    .action(
      async (
        code: string,
        options: { data: string; database?: string; refused?: true; language: string },
      ) => {
        const store = await openStore(options.database ?? join(options.data, 'warroom.db'));
        try {
          const incident = await store.incidentByCode(code.trim().toUpperCase());
          if (!incident) {
            process.stderr.write(
              `没有事件“${code}”，编号形如 INC-20261124-01。 There is no incident of this code.\n`,
            );
            process.exitCode = 1;
            return;
          }
          const plan = await store.getNote(`plan:${incident.pinned.planVersion}`);
          const zone = plan === null ? 'Asia/Shanghai' : zoned.parse(JSON.parse(plan)).zone;
          const zh = options.language !== 'en';
          const language = zh ? 'zh' : 'en';
          const lines = accessLines(await store.events(incident.id), BOT.id);
          for (const line of lines) {
            if (options.refused && line.verdict !== 'refused') continue;
            const verdict = {
              allowed: { zh: '允许', en: 'allowed' },
              refused: { zh: '拒绝', en: 'refused' },
            };
            const roles = line.roles.map((role) => term(ROLE, role, language)).join(zh ? '、' : ', ');
            process.stdout.write(
              `${[
                `E${line.position}`,
                fullTime(line.at, zone),
                verdict[line.verdict][language],
                `${line.who.name} (${line.who.id}, ${line.who.org})`,
                line.what,
                roles || '-',
              ].join('\t')}\n`,
            );
          }
          const refused = lines.filter((one) => one.verdict === 'refused').length;
          process.stderr.write(`${lines.length - refused} allowed, ${refused} refused\n`);
        } finally {
          await store.close();
        }
      },
    );
}
