import type { Failed } from '../port.ts';
import { wireError } from './wire-error.ts';

/** What a person has to do about each permanent code (open.feishu.cn/document, "Error codes" of each call). */
const STEPS: Readonly<Record<number, string>> = {
  10003: 'App ID 不存在：核对环境变量 / no such App ID: check the environment variable',
  10014:
    'App Secret 不对：开放平台 → 凭证与基础信息 复制后更新环境变量并重启 / the App Secret is wrong: copy it from Credentials & Basic Info, set the environment variable, restart',
  230002:
    '机器人不在该群：群设置 → 群机器人 → 添加 / the bot is not in that group: group settings → Bots → Add',
  230006:
    '没有启用机器人能力：开放平台 → 添加应用能力 → 机器人，再发布版本 / the app has no bot: Add features → Bot, then publish a version',
  230013:
    '此人不在应用的可用范围：开放平台 → 版本管理与发布 → 可用范围 / that person is outside the availability of the app: Version management → Availability',
  230025: '消息过长 / the message is too long',
  230028: '消息被企业的数据防泄漏规则拦下 / the message was stopped by the DLP rules of the company',
  230029: '此人已离职 / that person has left the company',
  230035: '群里禁言或机器人无权发言：群主 → 发言权限 / the bot may not post here: ask the owner of the group',
  230038:
    '对方是外部联系人，机器人无法私聊 / that person is external and takes no direct messages of the bot',
  230053: '此人停止了机器人的消息 / that person has stopped the messages of the bot',
  230099: '飞书不接受卡片的格式 / Feishu refused the shape of the card',
  232009: '群已解散 / the group was dissolved',
  232011: '机器人已不在群里：请群成员重新添加 / the bot is no longer in the group: add it again',
  234002: '机器人无权取此文件 / the bot may not fetch this file',
  99991663: '令牌被拒绝：核对 App Secret / the token was refused: check the App Secret',
};

/** Codes after which trying again later may help. */
const PASSING = new Set([
  // Too fast: of the app, of the tenant, of one conversation.
  99991400, 11232, 230020, 11247,
  // Busy, or being sent.
  230049, 1663, 1500, 2200, 55001, 232018, 99991, 1642,
]);
/** A limit without a header that says how long. */
const TOO_FAST = new Set([99991400, 11232, 230020, 11247]);
const WAIT_MS = 2000;

/** A failed call as a receipt: how long to wait, or what a person has to do. Never carries a token. */
export function failure(error: unknown, what: string): Failed {
  const { status, code, message, retryAfterMs, scopes, uncertain } = wireError(error);
  const refused = (permanent: boolean, text: string, wait: number | null = null): Failed => ({
    ok: false,
    permanent,
    retryAfterMs: wait,
    error: `${what}: ${text}`,
  });
  if (code === null && status === null)
    return { ...refused(false, `飞书无法连接 / Feishu is not reachable (${message})`), uncertain };
  if (code === 99991672 || scopes.length > 0) {
    const names = (scopes.length > 0 ? scopes : scopesIn(message)).join(' | ') || '?';
    return refused(
      true,
      `缺少权限 ${names}：开放平台 → 权限管理 开通其一，再发布版本 / missing permission ${names}: grant one under Permissions & Scopes and publish a version (${code})`,
    );
  }
  if (status === 429 || (code !== null && TOO_FAST.has(code)))
    return refused(false, `频率限制 / rate limited (${code ?? status})`, retryAfterMs ?? WAIT_MS);
  if (code !== null && code in STEPS) return refused(true, `${STEPS[code]} (${code})`);
  if ((status !== null && status >= 500) || (code !== null && PASSING.has(code)))
    return refused(false, `HTTP ${status} (${code ?? message})`, retryAfterMs);
  return refused(true, `${message.slice(0, 200)} (${code ?? `HTTP ${status}`})`);
}

/** `… One of the following scopes is required: [im:chat, im:chat:create].` */
function scopesIn(message: string): readonly string[] {
  const inside = /\[([\w:., ]{1,500})\]/.exec(message)?.[1];
  return inside === undefined ? [] : inside.split(',').map((one) => one.trim());
}

/** The message can be changed no more: gone, recalled or too old (…/im-v1/message/patch, "Error codes"). */
const UNCHANGEABLE = new Set([230031, 230110, 230011, 230054, 230001, 230017, 230111]);
export function isGone(error: unknown): boolean {
  const { code } = wireError(error);
  return code !== null && UNCHANGEABLE.has(code);
}

/** Nothing can answer the message: recalled, deleted, its topic gone, not to be seen (…/im-v1/message/reply). */
const UNANSWERABLE = new Set([230001, 230011, 230019, 230050, 230110]);
export function takesNoAnswer(error: unknown): boolean {
  const { code } = wireError(error);
  return code !== null && UNANSWERABLE.has(code);
}

export function hasCode(error: unknown, ...codes: readonly number[]): boolean {
  const { code } = wireError(error);
  return code !== null && codes.includes(code);
}
