import { createServer } from 'node:http';
import type { Listening } from '../demo/listening.ts';
import { listening } from '../demo/listening.ts';

/** What the office tells of itself. */
export interface OfficeRecord {
  /** Requests that it has refused since it broke down, by instant. */
  readonly refused: readonly number[];
  readonly issued: number;
}

/** Stands for a service that a plugin depends on: `POST /tickets` is answered, or refused while it is broken. */
export async function startOffice(): Promise<Listening> {
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
  return listening(server);
}
