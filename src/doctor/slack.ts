import type { Settings } from '../config.ts';
import { slackSecrets } from '../platforms.ts';
import { type Check, ok } from './check.ts';

/** A request is believed for five minutes (chat/slack/gate.ts): a clock that is off by more hears nothing. */
const WORST_SKEW_S = 240;
const NOTED_SKEW_S = 30;

/** Tokens, scopes, reachability and this machine's clock against Slack's. */
export async function slack(
  { config }: Settings,
  environment: NodeJS.ProcessEnv,
  clock: () => number,
): Promise<readonly Check[]> {
  if (!config.chat.slack) return [];
  const check = 'Slack';
  const secrets = slackSecrets(config.chat.slack, environment);
  if (!secrets.ok)
    return [
      {
        check,
        state: 'bad',
        detail: `环境变量为空 empty: ${secrets.missing}`,
        fix: '按 docs/slack.md 取得令牌并设置 / get the token as docs/slack.md says and set it',
      },
    ];
  const { checkSlack } = await import('../chat/slack/check.ts');
  const { botToken, door } = secrets;
  const found = await checkSlack({
    botToken,
    appToken: door.mode === 'socket' ? door.appToken : null,
    apiUrl: config.chat.slack.apiUrl,
    clock,
  });
  const rows: Check[] = found.skewMs === null ? [] : [time(found.skewMs)];
  if (found.ok) return [ok(check, `${found.team} · @${found.bot} · ${door.mode}`), ...rows];
  const missing = found.missing.join(' ');
  return [
    missing === ''
      ? { check, state: 'bad', detail: found.detail, fix: '按提示修正 / mend what is named above' }
      : {
          check,
          state: 'bad',
          detail: `缺少权限 missing scopes: ${missing}`,
          fix: 'api.slack.com/apps → OAuth & Permissions → Scopes 添加后重新安装 / add them and reinstall the app',
        },
    ...rows,
  ];
}

function time(skewMs: number): Check {
  const check = 'Slack 时钟 clock';
  const seconds = Math.round(skewMs / 1000);
  const off = Math.abs(seconds);
  const detail =
    seconds >= 0 ? `本机快 ${off} 秒 ${off} s ahead of Slack` : `本机慢 ${off} 秒 ${off} s behind Slack`;
  if (Math.abs(seconds) < NOTED_SKEW_S) return ok(check, detail);
  return {
    check,
    state: Math.abs(seconds) > WORST_SKEW_S ? 'bad' : 'warn',
    detail,
    fix: '开启 NTP 对时（timedatectl set-ntp true）：差得太多，Slack 的请求会被当作重放而拒绝 / turn on NTP: requests of Slack are refused as replayed when the clock is too far off',
  };
}
