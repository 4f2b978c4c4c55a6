import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** Stands for a pager: it collects what the function `announce` posts, and shows it on GET. */
export async function startWebhook(): Promise<{ url: string; stop: () => void }> {
  const posted: unknown[] = [];
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') posted.push(await json(request));
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(posted));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
