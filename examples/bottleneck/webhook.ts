import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Listening } from '../demo/listening.ts';
import { listening } from '../demo/listening.ts';

/** Stands for a pager: it collects what the function `announce` posts, and shows it on GET. */
export async function startWebhook(): Promise<Listening> {
  const posted: unknown[] = [];
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') posted.push(await json(request));
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(posted));
  });
  return listening(server);
}
