import type { Failed } from '../port.ts';
import { WireError } from './wire-error.ts';

/** What a person has to do about each permanent answer of Teams. */
const STEPS: Readonly<Record<string, string>> = {
  BotNotInConversationRoster:
    '机器人不在此会话里：Teams → 应用 → 战情室 → 添加到该团队或聊天 / the bot is not in this conversation: Teams → Apps → 战情室 → add it to that team or chat',
  BotDisabledByAdmin:
    '管理员停用了应用：Teams 管理中心 → Teams 应用 → 管理应用 → 战情室 → 允许 / an administrator blocked the app: Teams admin center → Teams apps → Manage apps → 战情室 → Allow',
  MessageWritesBlocked:
    '对方屏蔽或卸载了机器人：请其在 Teams → 应用 里重新添加战情室 / the person blocked or removed the bot: ask them to add 战情室 again under Teams → Apps',
  ConversationBlockedByUser:
    '对方屏蔽了机器人：请其在聊天里取消屏蔽 / the person blocked the bot: ask them to unblock it in the chat',
  ConversationNotFound: '会话不存在或已删除 / the conversation does not exist any more',
  MessageSizeTooBig: '消息过大 / the message is too large',
  BadSyntax: 'Teams 不接受消息的格式 / Teams refused the shape of the message',
  BadArgument: 'Teams 不接受消息的格式 / Teams refused the shape of the message',
  NotEnoughPermissions:
    '机器人无权在此发言：请团队所有者检查频道的发言权限 / the bot may not post here: a team owner has to check who may post in the channel',
};

const TOKEN =
  '应用密码无效或过期：Azure 门户 → 应用注册 → 证书和密码 → 新建客户端密码，更新环境变量后重启 / the client secret is wrong or expired: Azure portal → App registrations → Certificates & secrets → New client secret, set the environment variable, restart';

/** learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit: these are to be tried again. */
const PASSING = new Set([408, 412, 429, 500, 502, 503, 504]);

/** A failed call as a receipt: how long to wait, or what a person has to do. Never carries a token. */
export function failure(error: unknown, what: string): Failed {
  if (!(error instanceof WireError))
    return refused(false, `${what}: ${error instanceof Error ? error.message : String(error)}`);
  const { status, code } = error;
  if (status === null)
    return {
      ...refused(false, `${what}: Teams 无法连接 / Teams is not reachable (${code})`),
      uncertain: error.uncertain,
    };
  if (PASSING.has(status)) return refused(false, `${what}: HTTP ${status} (${code})`, error.retryAfterMs);
  if (status === 401) return refused(true, `${what}: ${TOKEN} (${code})`);
  const step = STEPS[code] ?? (status === 403 ? STEPS.BotNotInConversationRoster : code);
  return refused(true, `${what}: ${step} (HTTP ${status} ${code})`);
}

/** The message or card is gone: it is said anew. */
export function isGone(error: unknown): boolean {
  return error instanceof WireError && error.status === 404;
}

function refused(permanent: boolean, error: string, retryAfterMs: number | null = null): Failed {
  return { ok: false, permanent, retryAfterMs, error };
}
