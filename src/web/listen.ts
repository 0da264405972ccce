import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Door } from '../chat/port.ts';

/** Listens and answers with the address; rejects with the system's error when the port is taken. */
export function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  host: string,
  port: number,
  doors: readonly Door[] = [],
): Promise<{ readonly url: string; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const web = getRequestListener(fetch, { hostname: host });
    const server = createServer((request, response) => {
      const path = (request.url ?? '').split('?', 1)[0];
      const other = doors.find((one) => one.path === path);
      if (other) other.listener(request, response);
      else void web(request, response);
    });
    server.listen(port, host, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      resolve({
        url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${bound}`,
        close: () =>
          new Promise((done, failed) => {
            server.close((error) => (error ? failed(error) : done()));
            // Open event streams would keep the server waiting for the browser to leave.
            server.closeAllConnections();
          }),
      });
    });
    server.once('error', reject);
  });
}
