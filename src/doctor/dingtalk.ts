import type { Settings } from '../config.ts';
import { dingtalkSecrets } from '../platforms.ts';
import { type Check, ok } from './check.ts';

/** A signature of a group's robot is believed for an hour around its time. */
const WORST_SKEW_S = 3000;
const NOTED_SKEW_S = 30;

/** Credentials, reachability, permissions by name, this machine's clock, who is known there, and what is missing. */
export async function dingtalk(
  { config }: Settings,
  environment: NodeJS.ProcessEnv,
  clock: () => number,
): Promise<readonly Check[]> {
  const configured = config.chat.dingtalk;
  if (!configured) return [];
  const check = '钉钉 DingTalk';
  const secrets = dingtalkSecrets(configured, environment);
  if (!secrets.ok)
    return [
      {
        check,
        state: 'bad',
        detail: `环境变量为空 empty: ${secrets.missing}`,
        fix: '按 docs/dingtalk.zh-CN.md 取得并设置 / get it as docs/dingtalk.md says and set it',
      },
    ];
  const { checkDingTalk } = await import('../chat/dingtalk/check.ts');
  const { clientId, clientSecret } = secrets;
  const found = await checkDingTalk({
    clientId,
    clientSecret,
    now: clock,
    apiUrl: configured.apiUrl,
    oapiUrl: configured.oapiUrl,
    cards: configured.cards !== undefined,
  });
  return [
    app(check, clientId, found.problem, found.missing),
    ...(found.skewMs === null ? [] : [time(found.skewMs)]),
    accounts(config),
    configured.cards
      ? ok('钉钉卡片 cards', `${configured.cards.card} · ${configured.cards.form}`)
      : {
          check: '钉钉卡片 cards',
          state: 'warn',
          detail:
            '没有配置卡片模板：只发文字，按钮与表单在网页房间 no card templates: texts only, buttons and forms in the web room',
          fix: '按 docs/dingtalk.zh-CN.md 第 4 步建两个模板，写进 chat.dingtalk.cards / make the two templates of docs/dingtalk.md, step 4',
        },
    ok('钉钉收听 hearing', '群里只听 @ 机器人的消息 in groups only what mentions the robot'),
  ];
}

function app(check: string, client: string, problem: string | null, missing: readonly string[]): Check {
  if (problem !== null)
    return {
      check,
      state: 'bad',
      detail: problem,
      fix: '按提示修正；放行到 api.dingtalk.com、oapi.dingtalk.com、wss-open-connection.dingtalk.com 的 443 / mend what is named, and let this machine reach these hosts on port 443',
    };
  if (missing.length === 0) return ok(check, `${client} · Stream`);
  return {
    check,
    state: 'bad',
    detail: `缺少权限 missing permissions: ${missing.join(' ')}`,
    fix: 'open-dev.dingtalk.com → 应用开发 → 该应用 → 权限管理 → 搜索并申请，然后发布新版本 / Permission management → request them, then publish a version',
  };
}

function accounts(config: Settings['config']): Check {
  const known = config.people.filter((one) => one.accounts.dingtalk !== undefined).length;
  if (known > 0) return ok('钉钉账号 accounts', `${known}/${config.people.length}`);
  return {
    check: '钉钉账号 accounts',
    state: 'warn',
    detail:
      '花名册里没有人写 accounts.dingtalk：所有人都只是观察者 nobody on the roster has accounts.dingtalk',
    fix: '把通讯录里的 UserID 写进 people 的 accounts.dingtalk / put the UserIDs of the directory into accounts.dingtalk',
  };
}

function time(skewMs: number): Check {
  const check = '钉钉时钟 clock';
  const seconds = Math.round(skewMs / 1000);
  const detail = `本机快 ${seconds} 秒 this machine is ${seconds} s ahead`;
  if (Math.abs(seconds) < NOTED_SKEW_S) return ok(check, detail);
  return {
    check,
    state: Math.abs(seconds) > WORST_SKEW_S ? 'bad' : 'warn',
    detail,
    fix: '开启 NTP 对时（timedatectl set-ntp true）：差一小时以上，群机器人的签名会被拒绝 / turn on NTP: signatures of a group’s robot are refused when the clock is an hour off',
  };
}
