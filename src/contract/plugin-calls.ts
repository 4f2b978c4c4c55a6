import * as z from 'zod';
import { historyQuerySchema, pluginHistorySchema } from './history.ts';
import type { HttpCall } from './http-call.ts';
import { BODY } from './http-call.ts';
import * as requests from './requests.ts';
import * as responses from './responses.ts';

const PLUGIN = z.object({ name: z.string().meta({ description: "the plugin's name" }) });

/** Calls about plugins. */
export const PLUGIN_CALLS: readonly HttpCall[] = [
  {
    method: 'GET',
    path: '/plugins',
    operationId: 'listPlugins',
    summary: 'Lists the registered plugins, by name',
    query: requests.pageQuerySchema,
    answers: { 200: responses.pluginListSchema },
    problems: ['INVALID_REQUEST'],
  },
  {
    method: 'GET',
    path: '/plugins/{name}/history',
    operationId: 'getPluginHistory',
    summary: "Shows a plugin's queue, its instances and how many there might be, over time",
    params: PLUGIN,
    query: historyQuerySchema,
    answers: { 200: pluginHistorySchema },
    problems: ['INVALID_REQUEST', 'NOT_FOUND'],
  },
  act('quarantine', {
    operationId: 'quarantinePlugin',
    summary: 'Holds a plugin back: its tasks are parked until it is reopened by hand',
    problems: [],
  }),
  act('drain', {
    operationId: 'drainPlugin',
    summary:
      'Gives a plugin nothing new: it finishes what it has, and its new tasks are parked until it is reopened',
    problems: [],
  }),
  act('reopen', {
    operationId: 'reopenPlugin',
    summary: 'Ends the quarantine of a plugin, or its draining; what was parked is sent in waves',
    problems: ['PLUGIN_NOT_QUARANTINED'],
  }),
];

/** What an operator does with a plugin, and why. */
function act(
  name: string,
  { problems, ...call }: Pick<HttpCall, 'operationId' | 'summary' | 'problems'>,
): HttpCall {
  return {
    ...{ method: 'POST', path: `/plugins/{name}/${name}`, params: PLUGIN },
    ...{ body: { 'application/json': requests.actRequestSchema }, bodyOptional: true },
    answers: { 200: responses.quarantineReceiptSchema },
    ...call,
    problems: [...BODY, 'NOT_FOUND', ...problems],
  };
}
