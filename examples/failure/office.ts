import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the office tells of itself. */
export interface OfficeRecord {
  /** Requests that it has refused since it broke down, by instant. */
  readonly refused: readonly number[];
  readonly issued: number;
}

/** Stands for a service that a plugin depends on: `POST /tickets` is answered, or refused while it is broken. */
export async function startOffice(): Promise<{ url: string; stop: () => void }> {
  let isBroken = false;
  let issued = 0;
  let refused: number[] = [];
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/break') {
      isBroken = true;
      refused = [];
    }
    if (request.url === '/mend') isBroken = false;
    const isAsked = request.url === '/tickets';
    if (isAsked && isBroken) refused.push(Date.now());
    else if (isAsked) issued += 1;
    const record: OfficeRecord = { refused, issued };
    const status = isAsked && isBroken ? 503 : 200;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(record));
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
