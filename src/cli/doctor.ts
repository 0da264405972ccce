import { join } from 'node:path';
import type { Command } from 'commander';
import { loadSettings } from '../config.ts';
import { diagnoseInstallation } from '../doctor/index.ts';
import { sendTest } from '../doctor/send-test.ts';

const MARK = { ok: '✓', warn: '!', bad: '✗' } as const;

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      '检查配置、数据库、联系方式与时钟，逐项说明怎样修 / check the installation; says how to fix each',
    )
    .option('--config <file>', 'warroom.yaml', process.env.WARROOM_CONFIG)
    .option('--data <folder>', 'where the database lives', process.env.WARROOM_DATA ?? '.warroom')
    .option(
      '--send-test <to>',
      '发一条测试消息：人员 id，或会话 slack:C0123ABCD / send one test message to a person or a conversation',
    )
    .action(async (options: { config?: string; data: string; sendTest?: string }) => {
      const file = join(options.data, 'warroom.db');
      const rows =
        options.sendTest === undefined
          ? await diagnoseInstallation({
              config: options.config,
              file,
              environment: process.env,
              database: process.env.WARROOM_DATABASE,
              clock: Date.now,
            })
          : await sendTest(options.sendTest, {
              settings: loadSettings(options.config),
              environment: process.env,
              database: process.env.WARROOM_DATABASE ?? file,
              now: Date.now(),
            });
      const width = Math.max(...rows.map((row) => row.check.length));
      for (const row of rows) {
        const fix = row.fix ? `\n  ${' '.repeat(width)} → ${row.fix}` : '';
        process.stdout.write(`${MARK[row.state]} ${row.check.padEnd(width)} ${row.detail}${fix}\n`);
      }
      process.exitCode = rows.some((row) => row.state === 'bad') ? 1 : 0;
    });
}
