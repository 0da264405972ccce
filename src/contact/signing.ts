import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { Signing } from '../roster/schema.ts';

export interface Unsigned {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What else the signature is made of; given by tests that hold it against a published example. */
export interface Occasion {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly nonce: string;
}

export interface Keys {
  readonly id: string;
  readonly secret: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The headers of a signed request, the given ones included. */
export function sign(
  signing: Signing,
  request: Unsigned,
  keys: Keys,
  occasion: Occasion = { now: Date.now(), nonce: randomUUID().replaceAll('-', '') },
): Readonly<Record<string, string>> {
  switch (signing.scheme) {
    case 'aliyun':
      return { ...request.headers, ...aliyun(signing, request, keys, occasion) };
    case 'tencent':
      return { ...request.headers, ...tencent(signing, request, keys, occasion) };
    case 'huawei-sms':
    case 'huawei-voice':
      return { ...request.headers, ...huawei(signing.scheme, keys, occasion) };
    default: {
      const unknown: never = signing;
      throw new Error(`unknown signature ${JSON.stringify(unknown)}`);
    }
  }
}

const seconds = (now: number): string => `${new Date(now).toISOString().slice(0, 19)}Z`;

/** ACS3-HMAC-SHA256 (help.aliyun.com, "V3版本请求体&签名机制"). */
function aliyun(
  signing: Extract<Signing, { scheme: 'aliyun' }>,
  { method, url, body }: Unsigned,
  keys: Keys,
  { now, nonce }: Occasion,
): Readonly<Record<string, string>> {
  const signed: Readonly<Record<string, string>> = {
    host: url.host,
    'x-acs-action': signing.action,
    'x-acs-content-sha256': sha256(body),
    'x-acs-date': seconds(now),
    'x-acs-signature-nonce': nonce,
    'x-acs-version': signing.version,
  };
  const names = Object.keys(signed).sort();
  const query = [...url.searchParams]
    .map(([name, value]) => `${rfc3986(name)}=${rfc3986(value)}`)
    .sort()
    .join('&');
  const lines = names.map((name) => `${name}:${signed[name] ?? ''}\n`).join('');
  const canonical = [method, url.pathname, query, lines, names.join(';'), sha256(body)].join('\n');
  const signature = createHmac('sha256', keys.secret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex');
  const { host: _host, ...sent } = signed;
  return {
    ...sent,
    authorization: `ACS3-HMAC-SHA256 Credential=${keys.id},SignedHeaders=${names.join(';')},Signature=${signature}`,
  };
}

function rfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** TC3-HMAC-SHA256 (cloud.tencent.com, "签名方法 v3"). */
function tencent(
  signing: Extract<Signing, { scheme: 'tencent' }>,
  { method, url, headers, body }: Unsigned,
  keys: Keys,
  { now }: Occasion,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  const date = seconds(now).slice(0, 10);
  const type = headers['content-type'] ?? 'application/json; charset=utf-8';
  const names = 'content-type;host;x-tc-action';
  const lines = `content-type:${type}\nhost:${url.host}\nx-tc-action:${signing.action.toLowerCase()}\n`;
  const canonical = [method, '/', url.search.slice(1), lines, names, sha256(body)].join('\n');
  const scope = `${date}/${signing.service}/tc3_request`;
  const hmac = (key: string | Buffer, text: string): Buffer =>
    createHmac('sha256', key).update(text).digest();
  const key = hmac(hmac(hmac(`TC3${keys.secret}`, date), signing.service), 'tc3_request');
  const signature = hmac(key, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`).toString(
    'hex',
  );
  return {
    'content-type': type,
    'x-tc-action': signing.action,
    'x-tc-timestamp': timestamp,
    'x-tc-version': signing.version,
    ...(signing.region ? { 'x-tc-region': signing.region } : {}),
    authorization: `TC3-HMAC-SHA256 Credential=${keys.id}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/**
 * X-WSSE of the SMS service (a digest over nonce, time and secret) and X-AKSK of the voice service (an HMAC with
 * the secret over nonce and time); support.huaweicloud.com, api-msgsms and api-VoiceCall.
 */
function huawei(
  scheme: 'huawei-sms' | 'huawei-voice',
  keys: Keys,
  { now, nonce }: Occasion,
): Readonly<Record<string, string>> {
  const created = seconds(now);
  const voice = scheme === 'huawei-voice';
  const digest = voice
    ? createHmac('sha256', keys.secret)
        .update(nonce + created)
        .digest('base64')
    : createHash('sha256')
        .update(nonce + created + keys.secret)
        .digest('base64');
  const name = voice ? 'AKSK' : 'WSSE';
  return {
    authorization: `${name} realm="SDP",profile="UsernameToken",type="Appkey"`,
    [`x-${name.toLowerCase()}`]: `UsernameToken Username="${keys.id}",PasswordDigest="${digest}",Nonce="${nonce}",Created="${created}"`,
  };
}
