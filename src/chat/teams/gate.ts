import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { parseJson } from '../json.ts';
import { type Delivery, envelope, readDelivery, tenancy } from './payloads.ts';
import type { Answer, Wire } from './wire.ts';

/** A card with its data stays far below this. */
const MOST_BYTES = 1024 * 1024;

export interface Gate {
  readonly path: string;
  readonly wire: Wire;
  /** The only tenant that is listened to; null for a multi-tenant app. */
  readonly tenant: string | null;
  /** No tokens: for the playground, and then for this machine alone. */
  readonly playground: boolean;
  readonly refused: (status: number, why: string) => void;
  readonly deliver: (delivery: Delivery) => Promise<Answer>;
}

/**
 * Stands before the adapter: what carries no valid token of the Bot Framework is 401, another tenant's or channel's
 * is 403, what has not the shape of an activity is 400, and none of it reaches a handler
 * (learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication).
 */
export function gated(gate: Gate): RequestListener {
  return (request, response) => {
    pass(request, response, gate).catch((error: unknown) => {
      gate.refused(500, error instanceof Error ? error.message : String(error));
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
}

async function pass(request: IncomingMessage, response: ServerResponse, gate: Gate): Promise<void> {
  const refuse = (status: number, why: string): void => {
    gate.refused(status, why);
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`${why}\n`);
  };
  if ((request.url ?? '').split('?', 1)[0] !== gate.path) return refuse(404, 'not found');
  if (request.method !== 'POST') return refuse(405, 'POST only');
  if (gate.playground && !isLocal(request)) return refuse(403, 'the playground works on this machine only');
  const raw = await read(request);
  if (raw === null) return refuse(413, 'the body is too large');
  const authorization = request.headers.authorization ?? '';
  if (!gate.playground && !/^Bearer \S+$/.test(authorization)) return refuse(401, 'the token is missing');
  const activity = parseJson(raw);
  const outer = envelope.safeParse(activity);
  if (!outer.success) return refuse(400, 'not an activity of Teams');
  const verified = await gate.wire.verify(authorization, outer.data);
  if (!verified.ok) return refuse(verified.status, verified.why);
  // A token of the service says nothing of the channel: on Direct Line a caller may choose whom to be.
  if (outer.data.channelId !== 'msteams') return refuse(403, 'another channel than Teams');
  if (gate.playground && !isLoopback(new URL(outer.data.serviceUrl).hostname))
    return refuse(403, 'the playground works on this machine only');
  const tenant = tenancy.safeParse(activity);
  if (!tenant.success) return refuse(400, 'not an activity of Teams');
  const tenants = [tenant.data.conversation?.tenantId, tenant.data.channelData?.tenant?.id].filter(Boolean);
  if (gate.tenant !== null && (tenants.length === 0 || tenants.some((one) => one !== gate.tenant)))
    return refuse(403, 'another tenant');
  const delivery = readDelivery(activity);
  if (delivery.kind === 'malformed') return refuse(400, 'not an activity of Teams');
  const { status, body } = await gate.wire.turn(verified, { ...outer.data, ...asRecord(activity) }, () =>
    gate.deliver(delivery),
  );
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part);
    size += bytes.byteLength;
    if (size <= MOST_BYTES) parts.push(bytes);
  }
  return size > MOST_BYTES ? null : Buffer.concat(parts).toString('utf8');
}

/** A proxy on this machine would make the whole world look local: what it has passed on is not. */
function isLocal(request: IncomingMessage): boolean {
  if (request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined)
    return false;
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  return isLoopback(request.socket.remoteAddress ?? '') && isLoopback(host);
}

function isLoopback(host: string): boolean {
  return ['127.0.0.1', '::1', '[::1]', '::ffff:127.0.0.1', 'localhost'].includes(host);
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
