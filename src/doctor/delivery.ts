import type { Settings } from '../config.ts';
import { emailMethod, reason } from '../contact/email.ts';
import type { Gateway } from '../roster/schema.ts';
import { type Check, ok } from './check.ts';

const TIMEOUT_MS = 5000;

/** Mail server, gateways and the outside monitor, asked without calling anybody. */
export async function delivery(
  { config }: Settings,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Check[]> {
  const { smtp, gateways, heartbeat } = config.delivery;
  const checks = await Promise.all([
    ...(smtp ? [mail(smtp, environment)] : []),
    ...gateways.flatMap((one) => [secrets(one, environment), reachable(one)]),
    ...(heartbeat ? [monitor(heartbeat)] : []),
  ]);
  return checks.filter((one) => one !== null);
}

async function mail(
  smtp: NonNullable<Settings['config']['delivery']['smtp']>,
  environment: NodeJS.ProcessEnv,
): Promise<Check> {
  const check = `SMTP ${smtp.host}:${smtp.port}`;
  try {
    await emailMethod(smtp, environment).check();
    return ok(check, '可连接 reachable');
  } catch (error) {
    return {
      check,
      state: 'bad',
      detail: reason(error),
      fix: '检查 delivery.smtp 的 host、port、secure、user 与 passwordEnv / check host, port, secure, user and passwordEnv of delivery.smtp',
    };
  }
}

/** Keys and tokens that the gateway names and the environment lacks. */
async function secrets(gateway: Gateway, environment: NodeJS.ProcessEnv): Promise<Check | null> {
  const templates = [gateway.url, gateway.body, ...Object.values(gateway.headers)];
  const fields = [...Object.values(gateway.query), ...Object.values(gateway.form ?? {})];
  const named = [...templates, ...fields].flatMap((text) =>
    [...text.matchAll(/\{\{env\.([A-Z][A-Z0-9_]{0,60})\}\}/g)].map((found) => found[1] ?? ''),
  );
  const signing = gateway.sign ? [gateway.sign.keyIdEnv, gateway.sign.keySecretEnv] : [];
  const reporting = gateway.reports ? [gateway.reports.tokenEnv] : [];
  const empty = [...new Set([...named, ...signing, ...reporting])].filter((one) => !environment[one]);
  if (empty.length === 0) return null;
  return {
    check: `网关 gateway ${gateway.id}`,
    state: 'bad',
    detail: `环境变量为空 empty: ${empty.join(' ')}`,
    fix: '启动前设置这些环境变量，见 docs/contacts.md / set them before the start, see docs/contacts.md',
  };
}

/** A HEAD shows whether anybody listens; the template itself is not sent, since it would call somebody. */
async function reachable(gateway: Gateway): Promise<Check> {
  const check = `网关 gateway ${gateway.id}`;
  const wrong = (detail: string, state: Check['state'] = 'bad'): Check => ({
    check,
    state,
    detail,
    fix: `检查 delivery.gateways 中 ${gateway.id} 的 url 与凭据；网关只收完整请求时，加 probe：一个正常时答 2xx 的地址 / check its url and credentials; where it takes whole requests only, add probe, an address that answers 2xx`,
  });
  try {
    const { status } = await ask(gateway.probe ?? bare(gateway.url), gateway.probe ? 'GET' : 'HEAD');
    if (status >= 500) return wrong(`HTTP ${status}`);
    // Without a signed request a cloud refuses; that it answers at all is what can be known.
    if (status < 400 || (gateway.sign && !gateway.probe)) return ok(check, `可达 reachable, HTTP ${status}`);
    if (status === 405 && !gateway.probe) return ok(check, '可达，只收 POST reachable, takes no HEAD');
    return wrong(`HTTP ${status}`);
  } catch (error) {
    return wrong(reason(error));
  }
}

/** Without what a template would put in: nobody's number goes out. */
function bare(url: string): string {
  const parsed = new URL(url);
  parsed.search = '';
  return parsed.href.replace(/%7B%7B[^%]*%7D%7D|\{\{[^}]*\}\}/g, '');
}

/** The outside monitor has to acknowledge; one beat from here does no harm. */
async function monitor(url: string): Promise<Check> {
  const check = '心跳 heartbeat';
  const fix =
    '检查 delivery.heartbeat 的地址；没有应答的心跳停了也没人知道 / check delivery.heartbeat: nobody notices when an unanswered heartbeat stops';
  try {
    const { status } = await ask(url, 'GET');
    return status >= 200 && status < 300
      ? ok(check, `已应答 acknowledged, HTTP ${status}`)
      : { check, state: 'bad', detail: `HTTP ${status}`, fix };
  } catch (error) {
    return { check, state: 'bad', detail: reason(error), fix };
  }
}

async function ask(url: string, method: 'GET' | 'HEAD'): Promise<{ readonly status: number }> {
  const response = await fetch(url, { method, signal: AbortSignal.timeout(TIMEOUT_MS) });
  await response.arrayBuffer();
  return { status: response.status };
}
