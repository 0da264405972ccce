import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Provider from 'oidc-provider';

export interface Account {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
}

export interface IdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  close(): Promise<void>;
}

/**
 * A certified OpenID provider (oidc-provider) on this machine, reached over HTTP. Its log-in page asks for the
 * account's name and nothing else.
 */
export async function identityProvider(
  accounts: readonly Account[],
  redirectUri: string,
): Promise<IdentityProvider> {
  const client = { id: 'warroom', secret: 'a secret of this test only, forty letters long' };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const issuer = `http://127.0.0.1:${address.port}`;
  const back = new URL(redirectUri).origin;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [`${back}/login`],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['a key of this test only'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, sub) => {
      const account = accounts.find((one) => one.sub === sub);
      return account && { accountId: sub, claims: async () => ({ ...account }) };
    },
    loadExistingGrant: async (ctx) => {
      const { session, provider: own } = ctx.oidc;
      const accountId = session?.accountId;
      if (accountId === undefined) return undefined;
      const grant = new own.Grant({ clientId: client.id, accountId });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    const path = request.url ?? '';
    const handled = path.startsWith('/interaction/')
      ? interaction(provider, request, response)
      : Promise.resolve(answer(request, response));
    handled.catch((error: unknown) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });
  return {
    issuer,
    clientId: client.id,
    clientSecret: client.secret,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function interaction(provider: Provider, request: IncomingMessage, response: ServerResponse) {
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      `<!doctype html><title>account</title><form method="post" action="/interaction/${uid}">` +
        '<label>account <input name="account"></label><button>go on</button>' +
        '<button name="no" value="1">cancel</button></form>',
    );
    return;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const form = new URLSearchParams(Buffer.concat(chunks).toString());
  const result = form.has('no')
    ? { error: 'access_denied', error_description: 'cancelled' }
    : { login: { accountId: form.get('account') ?? '' } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}
