import { createHash } from 'node:crypto';
import { personOfClaims } from '../roster/account.ts';
import type { Config, OidcConfig } from '../roster/schema.ts';
import type { OidcDoor } from '../web/oidc/door.ts';
import { oidcProvider } from '../web/oidc/provider.ts';
import { OIDC_CALLBACK } from '../web/oidc/routes.tsx';

const HOUR = 60 * 60_000;

type Secrets =
  | { readonly ok: true; readonly clientId: string; readonly clientSecret: string }
  | { readonly ok: false; readonly missing: string };

export function oidcSecrets(oidc: OidcConfig, environment: NodeJS.ProcessEnv): Secrets {
  const clientId = environment[oidc.clientIdEnv] ?? '';
  const clientSecret = environment[oidc.clientSecretEnv] ?? '';
  const missing = [
    ...(clientId === '' ? [oidc.clientIdEnv] : []),
    ...(clientSecret === '' ? [oidc.clientSecretEnv] : []),
  ];
  return missing.length === 0
    ? { ok: true, clientId, clientSecret }
    : { ok: false, missing: missing.join('、') };
}

/**
 * Null where no provider is configured. Throws an Error with code `no-config` when the environment lacks the
 * client's id or secret: going on without would open the door that the configuration shut.
 */
export function oidcDoor(
  config: Config,
  environment: NodeJS.ProcessEnv,
  log: (what: string, detail: Readonly<Record<string, unknown>>) => void,
): OidcDoor | null {
  const { oidc } = config.web;
  const { publicUrl } = config.desk;
  if (!oidc || publicUrl === undefined) return null;
  const secrets = oidcSecrets(oidc, environment);
  if (!secrets.ok) {
    throw Object.assign(
      new Error(
        `环境变量为空：${secrets.missing}（warroom.yaml 的 web.oidc 需要）。 Empty in the environment: ${secrets.missing}. Fix: set what the provider issued for this client.`,
      ),
      { code: 'no-config' },
    );
  }
  const { clientId, clientSecret } = secrets;
  return {
    provider: oidcProvider({
      issuer: oidc.issuer,
      clientId,
      clientSecret,
      redirectUri: new URL(OIDC_CALLBACK, publicUrl).href,
      scope: oidc.scope,
    }),
    ownerOf: (claims) => personOfClaims(config.people, oidc.claim, claims),
    cookieKey: createHash('sha256').update(`warroom log-in journey\n${clientSecret}`).digest('base64url'),
    sessionMs: oidc.sessionHours * HOUR,
    ask: oidc.ask ?? null,
    refused: (why, detail) => log('log-in refused', { why, detail: String(detail) }),
  };
}
