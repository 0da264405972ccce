import type { Settings } from '../config.ts';
import { feishuSecrets } from '../platforms.ts';
import { type Check, ok } from './check.ts';

/** A request is believed for five minutes (chat/feishu/gate.ts). */
const WORST_SKEW_S = 240;
const NOTED_SKEW_S = 30;

type Config = Settings['config'];
type Wanted = 'always' | 'rooms' | 'everything' | 'urgent-app' | 'urgent-sms' | 'urgent-phone';

/** Credentials, reachability, permissions by name, what the bot hears, this machine's clock, who is known there. */
export async function feishu(
  { config }: Settings,
  environment: NodeJS.ProcessEnv,
  clock: () => number,
): Promise<readonly Check[]> {
  const configured = config.chat.feishu;
  if (!configured) return [];
  const check = '飞书 Feishu';
  const secrets = feishuSecrets(configured, environment);
  if (!secrets.ok)
    return [
      {
        check,
        state: 'bad',
        detail: `环境变量为空 empty: ${secrets.missing}`,
        fix: '按 docs/feishu.zh-CN.md 取得并设置 / get it as docs/feishu.md says and set it',
      },
    ];
  const { checkFeishu } = await import('../chat/feishu/check.ts');
  const found = await checkFeishu({ app: secrets.app, wanted: wantedBy(config), clock });
  const rows: Check[] = found.skewMs === null ? [] : [time(found.skewMs)];
  if (found.problem !== null)
    return [
      { check, state: 'bad', detail: found.problem, fix: '按提示修正 / mend what is named above' },
      ...rows,
    ];
  return [
    ok(check, `${found.bot} · ${secrets.app.appId} · ${configured.mode}`),
    permissions(found.missing),
    hearing(configured.hears, found.hearsAll),
    accounts(config),
    ...rows,
  ];
}

/** Only what is used is asked for. */
function wantedBy(config: Config): ReadonlySet<Wanted> {
  const wanted = new Set<Wanted>(['always']);
  if (config.chat.feishu?.rooms !== 'here') wanted.add('rooms');
  if (config.chat.feishu?.hears === 'everything') wanted.add('everything');
  for (const way of config.people.flatMap((one) => one.contacts))
    if (way.method === 'chat' && way.platform === 'feishu' && way.urgent) wanted.add(`urgent-${way.urgent}`);
  return wanted;
}

function permissions(
  missing: readonly { readonly what: { zh: string; en: string }; readonly anyOf: readonly string[] }[] | null,
): Check {
  const check = '飞书权限 permissions';
  if (missing === null)
    return {
      check,
      state: 'warn',
      detail: '飞书没有说明授予了哪些权限 Feishu did not say what was granted',
      fix: '对照 docs/feishu.zh-CN.md 检查 权限管理 / compare Permissions & Scopes with docs/feishu.md',
    };
  if (missing.length === 0) return ok(check, '齐全 all granted');
  return {
    check,
    state: 'bad',
    detail: missing.map((need) => `${need.anyOf.join(' | ')}（${need.what.zh} ${need.what.en}）`).join('；'),
    fix: '开放平台 → 应用 → 权限管理 开通，再到 版本管理与发布 发布新版本 / grant them under Permissions & Scopes, then publish a version',
  };
}

function hearing(wanted: 'everything' | 'addressed', hearsAll: boolean | null): Check {
  const check = '飞书收听 hearing';
  if (wanted === 'addressed' && hearsAll === true)
    return {
      check,
      state: 'warn',
      detail:
        '已授予 im:message.group_msg，但配置只按 @ 消息声明 it may hear everything and is configured as if it did not',
      fix: '改为 chat.feishu.hears: everything / set chat.feishu.hears: everything',
    };
  if (wanted === 'addressed')
    return ok(check, '群里只听 @ 它的消息 in groups only what mentions it (chat.feishu.hears: addressed)');
  if (hearsAll === false)
    return {
      check,
      state: 'bad',
      detail: '没有 im:message.group_msg：群里只听得到 @ 它的消息 without it only what mentions it is heard',
      fix: '申请“获取群组中所有消息”，或改为 chat.feishu.hears: addressed / ask for it, or set hears: addressed',
    };
  return ok(check, '群里的全部消息 everything said in groups');
}

function accounts(config: Config): Check {
  const check = '飞书账号 accounts';
  const known = config.people.filter((one) => one.accounts.feishu !== undefined);
  const odd = known.filter((one) => !/^ou_\w+$/.test(one.accounts.feishu ?? ''));
  if (odd.length > 0)
    return {
      check,
      state: 'bad',
      detail: `不是 open_id not an open_id: ${odd.map((one) => one.name).join('、')}`,
      fix: 'accounts.feishu 要填本应用下的 open_id（ou_ 开头），取法见 docs/feishu.zh-CN.md / it takes the open_id of this app, see docs/feishu.md',
    };
  if (known.length > 0) return ok(check, `${known.length}/${config.people.length}`);
  return {
    check,
    state: 'warn',
    detail: '花名册里没有人写 accounts.feishu：所有人都只是观察者 nobody on the roster has accounts.feishu',
    fix: '把 open_id 写进 people 的 accounts.feishu / put the open_ids into accounts.feishu',
  };
}

function time(skewMs: number): Check {
  const check = '飞书时钟 clock';
  const seconds = Math.round(skewMs / 1000);
  const off = Math.abs(seconds);
  const detail =
    seconds >= 0 ? `本机快 ${off} 秒 ${off} s ahead of Feishu` : `本机慢 ${off} 秒 ${off} s behind Feishu`;
  if (off < NOTED_SKEW_S) return ok(check, detail);
  return {
    check,
    state: off > WORST_SKEW_S ? 'bad' : 'warn',
    detail,
    fix: '开启 NTP 对时（timedatectl set-ntp true）：差得太多，飞书的请求会被当作重放而拒绝 / turn on NTP: requests of Feishu are refused as replayed when the clock is too far off',
  };
}
