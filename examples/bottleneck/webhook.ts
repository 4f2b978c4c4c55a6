import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** Takes what the function `announce` posts, and shows it to whoever asks: a pager, in place of a person. */
export async function startWebhook(): Promise<{ url: string; stop: () => void }> {
  const heard: unknown[] = [];
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') heard.push(await json(request));
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(heard));
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
