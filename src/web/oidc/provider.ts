import type { Configuration } from 'openid-client';

/** What a provider says of the person who signed in; whose account that is decides the roster. */
export type Claims = Readonly<Record<string, unknown>>;

/** What the browser keeps between leaving for the provider and coming back. */
export interface Journey {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export type SignedIn =
  | { readonly ok: true; readonly claims: Claims }
  /** `declined`: the person or the provider said no. `failed`: the answer did not stand the checks. */
  | { readonly ok: false; readonly why: 'unreachable' | 'declined' | 'failed'; readonly error: unknown };

export interface OidcOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the provider sends people back; it has to know this address. */
  readonly redirectUri: string;
  readonly scope: string;
}

export interface OidcProvider {
  /** `unreachable`: why the provider could not be asked. */
  begin(): Promise<{ readonly to: string; readonly journey: Journey } | { readonly unreachable: unknown }>;
  /** Trades the code for the claims; checks state, nonce, issuer, audience, signature and times. */
  finish(cameBackWith: URLSearchParams, journey: Journey): Promise<SignedIn>;
  /** Where one leaves the provider's own session; null where it has no such page. */
  leave(backTo: string): Promise<string | null>;
}

/** Seconds that a provider may take before people are told that it does not answer. */
const PATIENCE_S = 10;

/** Authorization code with PKCE (RFC 7636), state and nonce, at a provider that describes itself (OIDC Discovery). */
export function oidcProvider(options: OidcOptions): OidcProvider {
  let known: Configuration | null = null;

  const configuration = async (): Promise<Configuration> => {
    known ??= await discover(options);
    return known;
  };

  return {
    begin: async () => {
      const client = await import('openid-client');
      try {
        const config = await configuration();
        const journey = {
          state: client.randomState(),
          nonce: client.randomNonce(),
          verifier: client.randomPKCECodeVerifier(),
        };
        const to = client.buildAuthorizationUrl(config, {
          redirect_uri: options.redirectUri,
          scope: options.scope,
          state: journey.state,
          nonce: journey.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(journey.verifier),
          code_challenge_method: 'S256',
        });
        return { to: to.href, journey };
      } catch (error) {
        return { unreachable: error };
      }
    },

    finish: async (cameBackWith, journey) => {
      const client = await import('openid-client');
      let config: Configuration;
      try {
        config = await configuration();
      } catch (error) {
        return { ok: false, why: 'unreachable', error };
      }
      // Built from the configured address: what a proxy or a Host header made of it must not matter.
      const url = new URL(options.redirectUri);
      url.search = cameBackWith.toString();
      try {
        const tokens = await client.authorizationCodeGrant(config, url, {
          expectedState: journey.state,
          expectedNonce: journey.nonce,
          pkceCodeVerifier: journey.verifier,
          idTokenExpected: true,
        });
        const stated = tokens.claims();
        if (!stated) return { ok: false, why: 'failed', error: new Error('no id token came') };
        // Many providers keep the address out of the signed token and give it at the user-info end point only.
        const more = config.serverMetadata().userinfo_endpoint
          ? await client.fetchUserInfo(config, tokens.access_token, stated.sub)
          : {};
        return { ok: true, claims: { ...more, ...stated } };
      } catch (error) {
        const declined =
          error instanceof client.AuthorizationResponseError && error.error === 'access_denied';
        return { ok: false, why: declined ? 'declined' : 'failed', error };
      }
    },

    leave: async (backTo) => {
      const client = await import('openid-client');
      try {
        const config = await configuration();
        return config.serverMetadata().end_session_endpoint
          ? client.buildEndSessionUrl(config, { post_logout_redirect_uri: backTo }).href
          : null;
      } catch {
        return null;
      }
    },
  };
}

/** Rejects with the reason when the provider cannot be reached or describes itself as another one. */
export async function discover(
  options: Pick<OidcOptions, 'issuer' | 'clientId' | 'clientSecret'>,
): Promise<Configuration> {
  const client = await import('openid-client');
  const issuer = new URL(options.issuer);
  return client.discovery(issuer, options.clientId, options.clientSecret, undefined, {
    timeout: PATIENCE_S,
    // The configuration lets plain HTTP through for this machine only.
    execute: issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [],
  });
}
