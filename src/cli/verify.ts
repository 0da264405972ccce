import { join } from 'node:path';
import type { Command } from 'commander';
import { openStore } from '../store/open.ts';

export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description(
      '核对事件链：未被改动则退出 0 并打印链头 / walk the hash chains; exit 0 and the head, or 1 and the first broken event',
    )
    .option('--data <folder>', 'where the database lives', process.env.WARROOM_DATA ?? '.warroom')
    .option('--database <url>', 'postgres://… shared by several instances', process.env.WARROOM_DATABASE)
    .option('--head <hash>', 'a head printed in a report or by an earlier run: must be in the chains')
    .action(async (options: { data: string; database?: string; head?: string }) => {
      const store = await openStore(options.database ?? join(options.data, 'warroom.db'));
      const result = await store.verify(options.head);
      await store.close();
      if (!result.ok && result.why === 'head-not-found') {
        process.stderr.write(
          `链头 ${options.head} 不在库中：记录被改动过，或者这不是那份报告所出自的库。 This head is in no chain of this database.\n`,
        );
        process.exitCode = 1;
        return;
      }
      if (!result.ok) {
        process.stdout.write(`${result.incident} ${result.stream} #${result.position}: ${result.why}\n`);
        process.exitCode = 1;
        return;
      }
      process.stdout.write(`${result.head}\n`);
      process.stderr.write(
        `${result.incidents} incidents, ${result.events} events, ${result.talk} messages, ${result.redacted} redacted\n`,
      );
    });
}
