import * as z from 'zod';
import type { HttpCall } from './http-call.ts';
import { BODY, NAMED } from './http-call.ts';
import { nameSchema } from './json.ts';
import { clientContractSchema } from './order-request.ts';
import * as requests from './requests.ts';
import * as responses from './responses.ts';

/** Calls about clients, their tokens, and the caller. */
export const CLIENT_CALLS: readonly HttpCall[] = [
  {
    method: 'GET',
    path: '/me',
    operationId: 'whoAmI',
    summary: 'Tells whose token the call carries, and what it may do',
    answers: { 200: responses.meSchema },
    problems: [],
  },
  {
    method: 'PUT',
    path: '/clients/{clientId}',
    operationId: 'putClient',
    summary: "Stores a client's contract: what its orders run when they name nothing themselves",
    params: z.object({ clientId: nameSchema }),
    body: { 'application/json': clientContractSchema },
    answers: { 200: responses.clientSchema },
    problems: [...BODY, ...NAMED],
  },
  {
    method: 'GET',
    path: '/clients/{clientId}',
    operationId: 'getClient',
    summary: "Shows a client's contract",
    params: z.object({ clientId: nameSchema }),
    answers: { 200: responses.clientSchema },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'POST',
    path: '/clients/{clientId}/tokens',
    operationId: 'makeToken',
    summary: 'Makes a token with which the client posts, reads and cancels its own orders',
    params: z.object({ clientId: nameSchema }),
    body: { 'application/json': requests.tokenRequestSchema },
    bodyOptional: true,
    answers: { 201: responses.newTokenSchema },
    problems: BODY,
  },
  {
    method: 'GET',
    path: '/clients/{clientId}/tokens',
    operationId: 'listTokens',
    summary: "Lists a client's tokens by what they begin with",
    params: z.object({ clientId: nameSchema }),
    query: requests.pageQuerySchema,
    answers: { 200: responses.tokenListSchema },
    problems: ['INVALID_REQUEST'],
  },
  {
    method: 'DELETE',
    path: '/clients/{clientId}/tokens/{prefix}',
    operationId: 'revokeToken',
    summary: 'Revokes the token that begins with this prefix; within five minutes it is refused',
    params: z.object({
      clientId: nameSchema,
      prefix: z.string().meta({ description: 'what the token begins with' }),
    }),
    answers: { 200: responses.tokenSchema },
    problems: ['INVALID_REQUEST', 'NOT_FOUND'],
  },
];
