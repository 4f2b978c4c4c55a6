import { setTimeout as pause } from 'node:timers/promises';
import type { BatchReceipt } from '../../src/cli/responses.ts';
import type { OrderSystem } from '../stack/order-system.ts';

const PAUSE_MS = 300;

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  /** JSON, unless `type` says otherwise. */
  readonly body?: unknown;
  readonly type?: string;
  /** Under one key, it is asked for once. */
  readonly key?: string;
}

/** What became of it, and how often it was sent, the times without an answer included. */
export type Answer<Body> = { readonly sent: number } & (
  | { readonly body: Body }
  | { readonly refused: string; readonly why: string }
);

/** Asks until there is an answer that is no failure of the server's, whatever becomes of the server. A refusal is an answer. */
export async function ask<Body>(system: OrderSystem, asked: Ask): Promise<Answer<Body>> {
  for (let sent = 1; ; sent += 1) {
    try {
      const response = await send(system, asked);
      const text = await response.text();
      if (response.ok) return { sent, body: JSON.parse(text) as Body };
      if (response.status < 500) {
        return { sent, refused: (JSON.parse(text) as { code: string }).code, why: text };
      }
    } catch {
      // It has been killed, and will be back.
    }
    await pause(PAUSE_MS);
  }
}

/** Asks for what cannot be refused. @throws with the refusal */
export async function demand<Body>(system: OrderSystem, asked: Ask): Promise<Body> {
  const answer = await ask<Body>(system, asked);
  if ('body' in answer) return answer.body;
  throw new Error(`${asked.method ?? 'GET'} ${asked.path} is refused: ${answer.why}`);
}

function send(system: OrderSystem, { method = 'GET', path, ...asked }: Ask): Promise<Response> {
  const { body, type = 'application/json', key } = asked;
  return fetch(`${system.stack.running().apiUrl}${path}`, {
    method,
    headers: { 'content-type': type, ...(key !== undefined && { 'idempotency-key': key }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

export async function putWorkflows(
  system: OrderSystem,
  definitions: Readonly<Record<string, object>>,
): Promise<void> {
  for (const [name, body] of Object.entries(definitions)) {
    await demand(system, { method: 'PUT', path: `/workflows/${name}`, body });
  }
}

/**
 * Places the orders of one file: it is sent again, under the same key, until every row is accepted.
 * @returns how often it was sent
 * @throws for a row that is refused for good
 */
export async function placePatiently(
  system: OrderSystem,
  file: Pick<Ask, 'body' | 'type' | 'key'>,
  rows: number,
): Promise<number> {
  let sent = 0;
  for (;;) {
    const answer = await ask<BatchReceipt>(system, { method: 'POST', path: '/orders', ...file });
    if (!('body' in answer)) throw new Error(`the file is refused: ${answer.why}`);
    sent += answer.sent;
    const { accepted, rejected } = answer.body;
    const forGood = rejected.find(({ code }) => code !== 'UNAVAILABLE' && code !== 'INTERNAL');
    if (forGood !== undefined) throw new Error(`a row is refused: ${JSON.stringify(forGood)}`);
    if (accepted.length === rows) return sent;
  }
}
