import { randomBytes } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { loadSettings } from '../config.ts';

/** Builds the app that is uploaded to Teams; it holds ids and no secret. */
export function registerTeamsPackage(program: Command): void {
  program
    .command('teams-package')
    .description('生成 Teams 应用包（zip），上传即可安装 / build the app package that Teams installs')
    .requiredOption('-o, --output <file>', 'the zip to write')
    .option('--config <file>', 'warroom.yaml', process.env.WARROOM_CONFIG)
    .option('--version-number <n.n.n>', '每次上传要更大的版本号 / a larger one at each upload', '1.0.0')
    .action(async (options: { output: string; config?: string; versionNumber: string }) => {
      const { config } = loadSettings(options.config);
      const teams = config.chat.teams;
      if (!teams)
        throw problem(
          'warroom.yaml 没有 chat.teams：见 docs/teams.zh-CN.md。 There is no chat.teams in warroom.yaml: see docs/teams.md.',
        );
      if (!/^\d{1,5}\.\d{1,5}\.\d{1,5}$/.test(options.versionNumber))
        throw problem(
          `版本号 ${options.versionNumber} 不对：写成 1.0.1 这样。 The version has to look like 1.0.1.`,
        );
      const web = config.desk.publicUrl;
      if (!web?.startsWith('https://'))
        throw problem(
          'desk.publicUrl 要写 https 地址：Teams 的应用包里要有它。 Set desk.publicUrl to an https address: the app package needs it.',
        );
      const app = process.env[teams.appIdEnv] ?? '';
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(app))
        throw problem(
          `环境变量 ${teams.appIdEnv} 不是应用 ID：从 Azure 门户 → 应用注册 → 概述复制。 The environment variable ${teams.appIdEnv} is no application id: copy it from Azure portal → App registrations → Overview.`,
        );
      const { teamsPackage } = await import('../chat/teams/package.ts');
      const { versionNumber: version } = options;
      const bytes = teamsPackage({ app, version, name: config.desk.name, web, hears: teams.hears });
      // Whole or not at all: a half-written zip would be uploaded just the same.
      const half = `${options.output}.${randomBytes(4).toString('hex')}`;
      writeFileSync(half, bytes);
      renameSync(half, options.output);
      process.stdout.write(`${options.output}\n`);
    });
}

function problem(text: string): Error {
  return Object.assign(new Error(text), { code: 'bad-input' });
}
