import type { Settings } from '../config.ts';
import { teamsApp } from '../platforms.ts';
import { type Check, ok } from './check.ts';

/** Tokens are believed for five minutes around their times (the SDK's clock tolerance). */
const WORST_SKEW_S = 240;
const NOTED_SKEW_S = 30;

/** Credentials, reachability, this machine's clock, who is known there, and what the bot is to hear. */
export async function teams(
  { config }: Settings,
  environment: NodeJS.ProcessEnv,
  clock: () => number,
): Promise<readonly Check[]> {
  const configured = config.chat.teams;
  if (!configured) return [];
  const check = 'Teams';
  const secrets = teamsApp(configured, environment);
  if (!secrets.ok)
    return [
      {
        check,
        state: 'bad',
        detail: `环境变量为空 empty: ${secrets.missing}`,
        fix: '按 docs/teams.zh-CN.md 取得并设置 / get it as docs/teams.md says and set it',
      },
    ];
  if (secrets.app === null)
    return [
      {
        check,
        state: 'warn',
        detail: '试玩模式，不验证来者，只在本机可用 the playground: nobody is verified, this machine only',
        fix: '正式使用请改 chat.teams.mode: azure / set chat.teams.mode: azure for real use',
      },
    ];
  const { checkTeams } = await import('../chat/teams/check.ts');
  const found = await checkTeams({ app: secrets.app, clock });
  const rows: Check[] = found.skewMs === null ? [] : [time(found.skewMs)];
  const known = config.people.filter((one) => one.accounts.teams !== undefined).length;
  rows.push(
    known > 0
      ? ok('Teams 账号 accounts', `${known}/${config.people.length}`)
      : {
          check: 'Teams 账号 accounts',
          state: 'warn',
          detail:
            '花名册里没有人写 accounts.teams：所有人都只是观察者 nobody on the roster has accounts.teams',
          fix: '把 Entra 对象 ID 写进 people 的 accounts.teams / put the Entra object ids into accounts.teams',
        },
    hearing(configured.hears),
  );
  if (found.ok) return [ok(check, `${secrets.app.id} · ${secrets.app.tenant ?? 'multi-tenant'}`), ...rows];
  const fix =
    found.at === 'token'
      ? '按提示修正 / mend what is named above'
      : '放行到 login.botframework.com、login.microsoftonline.com、smba.trafficmanager.net 的 443 / let this machine reach them on port 443';
  return [{ check, state: 'bad', detail: found.detail, fix }, ...rows];
}

/** What was really granted only the installation knows; the room says it at its beginning. */
function hearing(hears: 'everything' | 'addressed'): Check {
  const check = 'Teams 收听 hearing';
  if (hears === 'addressed')
    return ok(check, '只听 @ 它的消息 only what mentions it (chat.teams.hears: addressed)');
  return ok(
    check,
    '听全部消息，须安装时同意 RSC everything, where its owner consented: Teams → 团队 → 管理团队 → 应用 → 战情室 → 权限',
  );
}

function time(skewMs: number): Check {
  const check = 'Teams 时钟 clock';
  const seconds = Math.round(skewMs / 1000);
  const detail = `本机快 ${seconds} 秒 this machine is ${seconds} s ahead`;
  if (Math.abs(seconds) < NOTED_SKEW_S) return ok(check, detail);
  return {
    check,
    state: Math.abs(seconds) > WORST_SKEW_S ? 'bad' : 'warn',
    detail,
    fix: '开启 NTP 对时（timedatectl set-ntp true）：差得太多，Teams 的令牌会被当作过期而拒绝 / turn on NTP: tokens of Teams are refused as expired when the clock is too far off',
  };
}
