import type { Command } from 'commander';
import { z } from 'zod';
import { startWarroom } from '../main.ts';

const port = z.coerce.number().int().min(0).max(65_535);

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('启动战情室 / start the war room; the first line printed is the login link')
    .option('--config <file>', 'warroom.yaml', process.env.WARROOM_CONFIG)
    .option('--port <n>', 'port of the web room', process.env.WARROOM_PORT ?? '8080')
    .option('--data <folder>', 'where the database lives', process.env.WARROOM_DATA ?? '.warroom')
    .option('--database <url>', 'postgres://… shared by several instances', process.env.WARROOM_DATABASE)
    .option('--host <address>', 'address to listen on', process.env.WARROOM_HOST ?? '127.0.0.1')
    .action(
      async (options: { config?: string; port: string; data: string; database?: string; host: string }) => {
        const parsed = port.safeParse(options.port);
        if (!parsed.success) {
          throw new Error(
            `端口“${options.port}”无效，应为 0–65535。 "${options.port}" is no port; use 0–65535.`,
          );
        }
        const running = await startWarroom({
          config: options.config,
          port: parsed.data,
          data: options.data,
          database: options.database,
          host: options.host,
        });
        process.stdout.write(`${running.loginLink}\n`);
        const stop = (): void => {
          running.stop().then(
            () => process.exit(0),
            (error: unknown) => {
              process.stderr.write(`${String(error)}\n`);
              process.exit(1);
            },
          );
        };
        process.once('SIGINT', stop);
        process.once('SIGTERM', stop);
      },
    );
}
