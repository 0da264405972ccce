import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Gateway {
  readonly url: string;
  readonly received: readonly Received[];
  /** What the next calls are answered with, in order; 200 when none is left. */
  answer(...answers: { status: number; headers?: Record<string, string>; hangUp?: boolean }[]): void;
  close(): Promise<void>;
}

/** An SMS or voice gateway: a real HTTP server on loopback that records what it was told. */
export async function startGateway(): Promise<Gateway> {
  const received: Received[] = [];
  const answers: { status: number; headers?: Record<string, string>; hangUp?: boolean }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      const next = answers.shift() ?? { status: 200 };
      if (next.hangUp) {
        request.socket.destroy();
        return;
      }
      response.writeHead(next.status, next.headers ?? {});
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answer: (...more) => answers.push(...more),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
