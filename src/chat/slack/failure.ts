import { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Failed } from '../port.ts';

/** What a person has to do about each permanent answer of the Web API. */
const STEPS: Readonly<Record<string, string>> = {
  channel_not_found:
    '找不到该频道：在私有频道里输入 /invite @战情室 / channel not found: /invite the bot to the private channel',
  not_in_channel: '机器人不在频道里：在频道输入 /invite @战情室 / the bot is not in the channel: /invite it',
  is_archived: '频道已归档：先取消归档，或换一个频道 / the channel is archived: unarchive it or use another',
  invalid_auth:
    '令牌无效：在 api.slack.com/apps → OAuth & Permissions 复制 Bot Token，更新环境变量后重启 / the token is invalid: copy the Bot User OAuth Token again, set the environment variable, restart',
  not_authed: '没有令牌：设置 Bot Token 的环境变量 / no token: set the environment variable of the bot token',
  token_revoked:
    '令牌已撤销：重新安装应用并更新环境变量 / the token was revoked: reinstall the app and set the new token',
  account_inactive: '应用已被停用或卸载：重新安装到工作区 / the app was disabled or removed: reinstall it',
  restricted_action: '工作区管理员禁止机器人在此频道发言 / a workspace admin does not let the app post here',
  user_not_found:
    '没有这个 Slack 用户：核对 warroom.yaml 的 accounts.slack / no such user: check accounts.slack in warroom.yaml',
  cannot_dm_bot: '该账号是机器人，无法私信 / that account is a bot and takes no direct messages',
  msg_too_long: '消息过长 / the message is too long',
  invalid_blocks: 'Slack 不接受消息的格式 / Slack refused the blocks',
};

/** Answers after which trying again later may help. */
const PASSING = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
]);

const missing = z.object({ needed: z.string() });
const network = z.looseObject({ cause: z.looseObject({ code: z.string() }) });
/** The connection was never made. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The code of a platform answer (`channel_not_found`), or null for a fault on the way there. */
export function slackCode(error: unknown): string | null {
  return error instanceof webApi.WebAPIPlatformError ? error.data.error : null;
}

/** A failed call as a receipt: how long to wait, or what a person has to do. Never carries a token. */
export function failure(error: unknown, method: string): Failed {
  if (error instanceof webApi.WebAPIRateLimitedError)
    return refused(false, `${method}: rate limited`, error.retryAfter * 1000);
  if (error instanceof webApi.WebAPIPlatformError) {
    const code = error.data.error;
    if (code === 'missing_scope') {
      const needed = missing.safeParse(error.data);
      const scope = needed.success ? needed.data.needed : '?';
      return refused(
        true,
        `${method}: 缺少权限 ${scope}：在 api.slack.com/apps → OAuth & Permissions → Scopes 添加后重新安装 / missing scope ${scope}: add it under OAuth & Permissions → Scopes and reinstall the app`,
      );
    }
    return refused(!PASSING.has(code), `${method}: ${STEPS[code] ?? code} (${code})`);
  }
  if (error instanceof webApi.WebAPIHTTPError)
    return refused(false, `${method}: HTTP ${error.statusCode} from Slack`);
  if (error instanceof webApi.WebAPIRequestError) {
    const lost = network.safeParse(error.original);
    return {
      ...refused(false, `${method}: Slack is not reachable (${error.original.message})`),
      uncertain: !(lost.success && NEVER_SENT.has(lost.data.cause.code)),
    };
  }
  return refused(false, `${method}: ${error instanceof Error ? error.message : String(error)}`);
}

function refused(permanent: boolean, error: string, retryAfterMs: number | null = null): Failed {
  return { ok: false, permanent, retryAfterMs, error };
}
