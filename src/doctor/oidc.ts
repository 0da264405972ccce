import type { Settings } from '../config.ts';
import { oidcSecrets } from '../view/sign-in.ts';
import { discover } from '../web/oidc/provider.ts';
import { OIDC_CALLBACK } from '../web/oidc/routes.tsx';
import { type Check, ok } from './check.ts';

/** Whether the provider describes itself, as whom it should, and with what the log-in needs. */
export async function oidc({ config }: Settings, environment: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  const wanted = config.web.oidc;
  if (!wanted) return [];
  const check = '单位账号登录 OIDC';
  const bad = (detail: string, fix: string): readonly Check[] => [{ check, state: 'bad', detail, fix }];
  const secrets = oidcSecrets(wanted, environment);
  if (!secrets.ok)
    return bad(
      `环境变量为空 empty: ${secrets.missing}`,
      '填入登录服务为本系统签发的 client id 与密钥 / set the client id and secret that the provider issued',
    );
  try {
    const found = (await discover({ issuer: wanted.issuer, ...secrets })).serverMetadata();
    const lacks = [
      ...(found.authorization_endpoint ? [] : ['authorization_endpoint']),
      ...(found.token_endpoint ? [] : ['token_endpoint']),
      ...(found.jwks_uri ? [] : ['jwks_uri']),
    ];
    if (lacks.length > 0)
      return bad(
        `${wanted.issuer}: ${lacks.join('、')}`,
        '换成支持授权码流程的 OpenID 提供方 / use an OpenID provider with the authorization code flow',
      );
    const back = new URL(OIDC_CALLBACK, config.desk.publicUrl).href;
    const unnamed = config.people.filter(
      (one) =>
        one.accounts.oidc === undefined &&
        (wanted.claim !== 'email' || !one.contacts.some((way) => way.method === 'email')),
    );
    return [
      ok(check, `${found.issuer} · ${wanted.claim} · ${back}`),
      ...(unnamed.length === 0
        ? []
        : [
            {
              check,
              state: 'warn',
              detail: `不能登录 cannot log in: ${unnamed.map((one) => one.name).join('、')}`,
              fix: `为其添加 accounts.oidc（${wanted.claim} 的值）/ add accounts.oidc, the value of ${wanted.claim}`,
            } as const,
          ]),
    ];
  } catch (error) {
    return bad(
      `${wanted.issuer}: ${reasonOf(error)}`,
      '核对 web.oidc.issuer 与网络；它须与发现文档里的 issuer 一字不差 / check the issuer and the network; it has to be the issuer of the discovery document to the letter',
    );
  }
}

/** A fetch that failed hides why one level down. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
