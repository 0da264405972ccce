import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type SocketModeReceiver, verifySlackRequest } from '@slack/bolt';
import { isDelivery } from './payloads.ts';

/** Slack's own bodies stay far below this. */
const MOST_BYTES = 1024 * 1024;
const WINDOW_S = 5 * 60;

export interface Gate {
  readonly path: string;
  readonly signingSecret: string;
  readonly now: () => number;
  readonly refused: (status: number, why: string) => void;
}

/**
 * Stands before Bolt's listener: what is not signed by Slack within five minutes is 401, what is no delivery of
 * Slack is 400, and neither reaches a handler (docs.slack.dev/authentication/verifying-requests-from-slack).
 */
export function gated(inner: RequestListener, gate: Gate): RequestListener {
  return (request, response) => {
    pass(request, response, inner, gate).catch((error: unknown) => {
      gate.refused(500, error instanceof Error ? error.message : String(error));
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
}

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  inner: RequestListener,
  gate: Gate,
): Promise<void> {
  const refuse = (status: number, why: string): void => {
    gate.refused(status, why);
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`${why}\n`);
  };
  if ((request.url ?? '').split('?', 1)[0] !== gate.path) return refuse(404, 'not found');
  if (request.method !== 'POST') return refuse(405, 'POST only');
  const rawBody = await read(request);
  if (rawBody === null) return refuse(413, 'the body is too large');
  if (!signed(request, rawBody.toString('utf8'), gate))
    return refuse(401, 'the signature is missing, wrong or old');
  const body = parseBody(request.headers['content-type'] ?? '', rawBody.toString('utf8'));
  if (!isDelivery(body)) return refuse(400, 'not a delivery of Slack');
  inner(Object.assign(request, { rawBody }), response);
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

function signed(request: IncomingMessage, body: string, gate: Gate): boolean {
  const signature = request.headers['x-slack-signature'];
  const stamp = request.headers['x-slack-request-timestamp'];
  if (typeof signature !== 'string' || typeof stamp !== 'string' || !/^\d{1,12}$/.test(stamp)) return false;
  // The SDK refuses what is old; a stamp from the future would stay valid for as long as its author likes.
  if (Number(stamp) > gate.now() / 1000 + WINDOW_S) return false;
  try {
    verifySlackRequest({
      signingSecret: gate.signingSecret,
      body,
      headers: { 'x-slack-signature': signature, 'x-slack-request-timestamp': Number(stamp) },
      nowMilliseconds: gate.now(),
    });
    return true;
  } catch {
    return false;
  }
}

/** JSON for events; a form for commands, with interactions as JSON in its field `payload`. */
function parseBody(type: string, text: string): unknown {
  if (type.startsWith('application/json')) return parseJson(text);
  if (!type.startsWith('application/x-www-form-urlencoded')) return null;
  const form = Object.fromEntries(new URLSearchParams(text));
  return typeof form.payload === 'string' ? parseJson(form.payload) : form;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Stands before the SDK's reading of the socket, which takes every frame for a whole one: half of an envelope
 * would be an unhandled rejection, and the end of the process. Only what the SDK reads is looked at here; the
 * shape of the delivery is checked where it is heard, and once is enough for a burst.
 */
export function gateSocket(client: SocketModeReceiver['client'], refused: (why: string) => void): void {
  const inner = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: unknown) => {
    if (!isFrame(typeof data === 'string' ? parseJson(data) : null)) return refused('not a frame of Slack');
    for (const listener of inner) Reflect.apply(listener, client, [data, isBinary]);
  });
}

/** …/using-socket-mode: hello and disconnect name only their type, everything else is an envelope. */
function isFrame(frame: unknown): boolean {
  if (!isObject(frame) || typeof frame.type !== 'string' || frame.type === '') return false;
  if (frame.type === 'hello' || frame.type === 'disconnect') return true;
  if (typeof frame.envelope_id !== 'string' || !isObject(frame.payload)) return false;
  if (frame.type !== 'events_api') return true;
  const { event } = frame.payload;
  return isObject(event) && typeof event.type === 'string' && event.type !== '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
