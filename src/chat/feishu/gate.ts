import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { AESCipher } from '@larksuiteoapi/node-sdk';
import { z } from 'zod';
import { delivery, SHAPES } from './payloads.ts';

/** Events with their cards stay far below this. */
const MOST_BYTES = 1024 * 1024;
const WINDOW_S = 5 * 60;

export interface Gate {
  readonly path: string;
  readonly appId: string;
  readonly encryptKey: string;
  readonly verificationToken: string;
  readonly now: () => number;
  readonly refused: (status: number, why: string) => void;
  /** A verified delivery, decrypted; answers with what Feishu is to be told. */
  readonly deliver: (body: unknown) => Promise<unknown>;
}

const wrapped = z.object({ encrypt: z.string().min(1) });
const challenge = z.object({
  type: z.literal('url_verification'),
  token: z.string(),
  challenge: z.string().max(1000),
});

/**
 * The way in by HTTP. The SDK checks the signature over JSON that it has written anew, never the age and never the
 * token; so it is done here, over the bytes that came: 401 for what Feishu did not sign within five minutes, 403 for
 * another app's token, 400 for what is no delivery (open.feishu.cn/document/server-docs/event-subscription-guide/
 * event-subscription-configure-/encrypt-key-encryption-configuration-case).
 */
export function gated(gate: Gate): RequestListener {
  const cipher = new AESCipher(gate.encryptKey);
  return (request, response) => {
    pass(request, response, gate, cipher).catch((error: unknown) => {
      gate.refused(500, error instanceof Error ? error.message.slice(0, 300) : 'failed');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
}

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  gate: Gate,
  cipher: AESCipher,
): Promise<void> {
  const refuse = (status: number, why: string): void => {
    gate.refused(status, why);
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`${why}\n`);
  };
  const answer = (body: unknown): void => {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(body ?? {}));
  };
  if ((request.url ?? '').split('?', 1)[0] !== gate.path) return refuse(404, 'not found');
  if (request.method !== 'POST') return refuse(405, 'POST only');
  const raw = await read(request);
  if (raw === null) return refuse(413, 'the body is too large');
  const outer = wrapped.safeParse(parse(raw));
  // What is not encrypted was not written by Feishu: the key is set for this app.
  const inner = outer.success ? decrypted(outer.data.encrypt, cipher) : null;
  const question = challenge.safeParse(inner);
  // Asked once when the address is entered, and not signed.
  if (question.success) {
    if (!same(question.data.token, gate.verificationToken)) return refuse(403, 'another verification token');
    return answer({ challenge: question.data.challenge });
  }
  if (!signed(request, raw, gate)) return refuse(401, 'the signature is missing, wrong or old');
  if (inner === null) return refuse(400, 'not encrypted with the key of this app');
  const body = delivery.safeParse(inner);
  if (!body.success) return refuse(400, 'not a delivery of Feishu');
  const { header, event } = body.data;
  if (!same(header.token, gate.verificationToken)) return refuse(403, 'another verification token');
  if (header.app_id !== gate.appId) return refuse(403, 'another app');
  const shape = SHAPES[header.event_type];
  if (shape && !shape.safeParse({ schema: body.data.schema, ...header, ...event }).success)
    return refuse(400, 'not a delivery of Feishu');
  answer(await gate.deliver(body.data));
}

async function read(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part);
    size += bytes.byteLength;
    if (size <= MOST_BYTES) parts.push(bytes);
  }
  return size > MOST_BYTES ? null : Buffer.concat(parts);
}

/** …/encrypt-key-encryption-configuration-case, "Signature": sha256 of time, nonce, key and body, as hex. */
function signed(request: IncomingMessage, raw: Buffer, gate: Gate): boolean {
  const stamp = header(request, 'x-lark-request-timestamp');
  const nonce = header(request, 'x-lark-request-nonce');
  const signature = header(request, 'x-lark-signature');
  if (!/^\d{1,12}$/.test(stamp) || signature === '') return false;
  if (Math.abs(Number(stamp) - gate.now() / 1000) > WINDOW_S) return false;
  const wanted = createHash('sha256')
    .update(stamp + nonce + gate.encryptKey)
    .update(raw)
    .digest('hex');
  return same(signature, wanted);
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

function same(one: string, other: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}

function decrypted(text: string, cipher: AESCipher): unknown {
  try {
    return JSON.parse(cipher.decrypt(text));
  } catch {
    return null;
  }
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return null;
  }
}
