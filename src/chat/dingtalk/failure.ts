import type { Failed } from '../port.ts';
import { DingTalkError } from './api.ts';

/** open.dingtalk.com/document/orgapp/custom-robot-access: past twenty a minute nothing is taken for ten minutes. */
export const BLOCKED_MS = 10 * 60_000;
/** The robot has said too much: 130101 "send too fast", 410100 限流, 90030 "webhook over limit". */
const TOO_FAST = new Set(['130101', '410100', '90030']);

/** What a person has to do about each permanent answer. */
const STEPS: Readonly<Record<string, string>> = {
  invalidClientIdOrSecret:
    'Client ID 或 Client Secret 不对：open-dev.dingtalk.com → 应用开发 → 该应用 → 凭证与基础信息，复制后更新环境变量并重启 / the client id or secret is wrong: copy both from Credentials & Basic Info, set the environment variables, restart',
  InvalidAuthentication:
    '令牌不被接受：核对 Client ID 与 Client Secret，并用 doctor 核对本机时钟 / the token was refused: check client id, secret and this machine’s clock',
  '310000':
    '群机器人拒绝了签名：核对加签密钥（SEC 开头）与本机时钟 / the group robot refused the signature: check its secret (SEC…) and this machine’s clock',
  '300001':
    '群机器人的 access_token 无效：从群设置 → 机器人重新复制 / the group robot’s access_token is wrong: copy it again',
  'invalid staffId':
    '钉钉里没有这个用户或其不在应用可见范围：核对 accounts.dingtalk（通讯录里的 UserID）与应用的可使用范围 / no such user, or outside the app’s visible range: check accounts.dingtalk (the UserID of the directory)',
  robotNotExist:
    '机器人不在群里或未发布：群设置 → 机器人 → 添加本应用的机器人，并在版本管理与发布里上线 / the robot is not in the group or not published: add it in the group’s settings and publish a version',
  'param.templateNotExist':
    '卡片模板不存在或不属于本应用：在 open-dev.dingtalk.com → 卡片平台 核对模板 ID / no such card template in this app: check its id on the card platform',
};

/** A failed call as a receipt: how long to wait, or what a person has to do. Never carries a secret. */
export function failure(error: unknown, what: string): Failed {
  if (!(error instanceof DingTalkError))
    return refused(false, `${what}: ${error instanceof Error ? error.message : String(error)}`);
  const { status, code } = error;
  if (status === null)
    return {
      ...refused(false, `${what}: 连不上钉钉 / DingTalk is not reachable (${code})`),
      uncertain: error.uncertain,
    };
  if (TOO_FAST.has(code))
    return refused(
      false,
      `${what}: 机器人发言过快，被限流十分钟 / the robot is blocked for ten minutes (${code})`,
      BLOCKED_MS,
    );
  if (isPassing(error)) return refused(false, `${what}: HTTP ${status} (${code})`);
  if (error.scopes.length > 0) {
    const scopes = error.scopes.join(' ');
    return refused(
      true,
      `${what}: 缺少权限 ${scopes}：open-dev.dingtalk.com → 该应用 → 权限管理 → 搜索并申请 / missing permission ${scopes}: request it under Permission management of the app`,
    );
  }
  return refused(true, `${what}: ${STEPS[code] ?? error.message} (${code})`);
}

/** The app asked too often (not the robot), or DingTalk itself is in trouble: later it works by itself. */
function isPassing({ status, code }: DingTalkError): boolean {
  return (
    status === 429 ||
    (status ?? 0) >= 500 ||
    /QpsLimit|Throttl|flow.?control/i.test(code) ||
    ['-1', '90018', 'system.error', 'ServiceUnavailable'].includes(code)
  );
}

/** The card is gone: it is said anew. */
export function isGone(error: unknown): boolean {
  return error instanceof DingTalkError && /NotExist|notFound|not\.found/i.test(error.code);
}

/** It was made by an attempt whose answer was lost. */
export function isMade(error: unknown): boolean {
  return (
    error instanceof DingTalkError &&
    /outTrackId.*(exist|duplicate)|duplicate/i.test(error.code) &&
    !isGone(error)
  );
}

function refused(permanent: boolean, error: string, retryAfterMs: number | null = null): Failed {
  return { ok: false, permanent, retryAfterMs, error };
}
