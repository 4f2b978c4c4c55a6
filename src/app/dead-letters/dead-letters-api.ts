import { parse } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import { deadLetterQuerySchema } from '../../contract/requests.ts';
import type { DeadLetters } from '../../ports/dead-letters.ts';
import { operatorName } from '../access/tell-of-token.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { Route } from '../http/http-api.ts';
import { logger } from '../logger.ts';
import { viewLetter, viewWholeLetter } from './letter-view.ts';

/** The orchestrator's dead letters: what it has given up on, to be looked at, sent again, or dropped. */
export function deadLetterRoutes({
  deadLetters,
}: {
  readonly deadLetters: DeadLetters;
}): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/dead-letters',
      readsQuery: true,
      handle: async ({ query }) => {
        const { limit } = parse(deadLetterQuerySchema, query);
        const { letters, total } = await deadLetters.list(limit);
        return { status: 200, body: { deadLetters: letters.map(viewLetter), total } };
      },
    },
    {
      method: 'GET',
      path: '/dead-letters/{id}',
      handle: async ({ params: { id = '' } }) => {
        const letter = await deadLetters.find(id);
        if (letter === undefined) throw unknown(id);
        return { status: 200, body: viewWholeLetter(letter) };
      },
    },
    {
      method: 'POST',
      path: '/dead-letters/{id}/redrive',
      handle: async (request) => {
        const { id = '' } = request.params;
        if (!(await deadLetters.redrive(id))) throw unknown(id);
        tell('dead letter sent again', request);
        return { status: 200, body: { id } };
      },
    },
    {
      method: 'DELETE',
      path: '/dead-letters/{id}',
      handle: async (request) => {
        const { id = '' } = request.params;
        const letter = await deadLetters.drop(id);
        if (letter === undefined) throw unknown(id);
        tell('dead letter dropped', request);
        return { status: 200, body: viewLetter(letter) };
      },
    },
  ];
}

/** A message belongs to no journal in which it could stand who did it. */
function tell(what: string, { params: { id = '' }, caller }: ApiRequest): void {
  logger.info(what, { id, by: operatorName(caller) });
}

function unknown(id: string): Problem {
  const message = `there is no dead letter ${id}, or somebody else is just looking at it: ask again in a minute`;
  return new Problem('NOT_FOUND', message);
}
