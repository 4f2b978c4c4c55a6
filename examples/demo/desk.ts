import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Listening } from './listening.ts';
import { listening } from './listening.ts';

/** What the plugin `approve` asks the people at the desk. */
export interface Question {
  readonly orderId: string;
  readonly trip: { readonly to: string; readonly price: number };
  /** Answers for the question. */
  readonly token: string;
}

/** Stands for the place where people decide: plugins `POST /questions`, and whoever sits there reads `GET /questions`. */
export async function startDesk(): Promise<Listening> {
  const questions: Question[] = [];
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') questions.push((await json(request)) as Question);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(questions));
  });
  return listening(server);
}
