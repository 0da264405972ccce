import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export const KEYS = { id: 'key-of-the-test', secret: 'secret-of-the-test' };

export interface CloudCall {
  /** Null when the signature is good; what the cloud would say of it otherwise. */
  readonly wrong: string | null;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The check as the clouds publish it, from the request that arrived and the shared secret. */
const CHECKS: Readonly<Record<string, (call: Omit<CloudCall, 'wrong'>, method: string) => string | null>> = {
  'ACS3-HMAC-SHA256': ({ url, headers, body }, method) => {
    const given = /Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
    if (!given) return 'IncompleteSignature';
    const [, id, names = '', signature] = given;
    if (id !== KEYS.id) return 'InvalidAccessKeyId.NotFound';
    const needed = ['host', 'x-acs-action', 'x-acs-content-sha256', 'x-acs-date', 'x-acs-signature-nonce'];
    if (!needed.every((one) => names.split(';').includes(one))) return 'MissingSignedHeaders';
    if (headers['x-acs-content-sha256'] !== hex(body)) return 'ContentSha256Mismatch';
    const age = Math.abs(Date.now() - Date.parse(String(headers['x-acs-date'])));
    if (!(age < 15 * 60_000)) return 'InvalidTimeStamp.Expired';
    const query = url.search.slice(1).replaceAll('+', '%20').split('&').sort().join('&');
    const lines = names.split(';').map((one) => `${one}:${String(headers[one]).trim()}\n`);
    const canonical = [method, url.pathname, query, lines.join(''), names, hex(body)].join('\n');
    const right = createHmac('sha256', KEYS.secret)
      .update(`ACS3-HMAC-SHA256\n${hex(canonical)}`)
      .digest('hex');
    return right === signature ? null : 'SignatureDoesNotMatch';
  },
  'TC3-HMAC-SHA256': ({ url, headers, body }, method) => {
    const given =
      /Credential=([^/]+)\/([\d-]+)\/(\w+)\/tc3_request, SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
        headers.authorization ?? '',
      );
    if (!given) return 'AuthFailure.InvalidAuthorization';
    const [, id, date = '', service = '', names = '', signature] = given;
    if (id !== KEYS.id) return 'AuthFailure.SecretIdNotFound';
    const stamp = Number(headers['x-tc-timestamp']);
    if (!(Math.abs(Date.now() / 1000 - stamp) < 300)) return 'AuthFailure.SignatureExpire';
    const lines = names.split(';').map((one) => `${one}:${String(headers[one]).toLowerCase()}\n`);
    const canonical = [method, url.pathname, url.search.slice(1), lines.join(''), names, hex(body)].join(
      '\n',
    );
    let key: string | Buffer = `TC3${KEYS.secret}`;
    for (const part of [date, service, 'tc3_request']) key = createHmac('sha256', key).update(part).digest();
    const text = `TC3-HMAC-SHA256\n${stamp}\n${date}/${service}/tc3_request\n${hex(canonical)}`;
    return createHmac('sha256', key).update(text).digest('hex') === signature
      ? null
      : 'AuthFailure.SignatureFailure';
  },
  WSSE: ({ headers }) =>
    token(String(headers['x-wsse']), (nonce, created) =>
      createHash('sha256')
        .update(nonce + created + KEYS.secret)
        .digest('base64'),
    ),
  AKSK: ({ headers }) =>
    token(String(headers['x-aksk']), (nonce, created) =>
      createHmac('sha256', KEYS.secret)
        .update(nonce + created)
        .digest('base64'),
    ),
};

function token(header: string, digest: (nonce: string, created: string) => string): string | null {
  const given =
    /^UsernameToken Username="([^"]+)",\s*PasswordDigest="([^"]+)",\s*Nonce="(\w{1,128})",\s*Created="([^"]+)"$/.exec(
      header,
    );
  if (!given) return 'E000005';
  const [, id, found, nonce = '', created = ''] = given;
  if (id !== KEYS.id) return 'E000102';
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(created)) return 'E000110';
  return digest(nonce, created) === found ? null : 'E000105';
}

/** A cloud on loopback: it checks the signature of each call and answers as it is told. */
export async function startCloud(
  answer: (call: CloudCall) => { readonly status?: number; readonly body: unknown },
): Promise<{ readonly url: string; readonly calls: readonly CloudCall[]; close(): Promise<void> }> {
  const calls: CloudCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://cloud');
      const plain = { url, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      const scheme = (request.headers.authorization ?? '').split(' ')[0] ?? '';
      const check = CHECKS[scheme];
      const call = { ...plain, wrong: check ? check(plain, request.method ?? '') : 'unsigned' };
      calls.push(call);
      const { status = 200, body } = answer(call);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
