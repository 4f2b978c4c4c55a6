import { openConnection } from '../../client/connection.ts';
import * as paths from '../../client/paths.ts';
import type {
  Counts,
  Me,
  Operation,
  OperationPage,
  OperationPreview,
  OperationReceipt,
  Order,
  OrderPage,
  Plan,
  PluginHistory,
  PluginPage,
  QuarantineReceipt,
  Receipt,
  Schedule,
  SchedulePage,
  SystemStatus,
  VersionPage,
  Workflow,
  WorkflowPage,
  WorkflowReceipt,
} from '../messages.ts';
import { type Query, queryText } from '../query.ts';
import { isUnanswered } from './is-unanswered.ts';
import { rememberingFetch } from './remembering-fetch.ts';
import { requestKeys } from './request-keys.ts';
import { token } from './session.ts';

const send = rememberingFetch((input, init) => globalThis.fetch(input, init));

const connection = openConnection({
  url: location.origin,
  token: () => token.value ?? '',
  // Who polls asks again anyway, and says meanwhile how old its figures are.
  tries: 1,
  retriesUnreachable: false,
  fetch: (input, init) => {
    const headers = new Headers(init?.headers);
    if (token.value === undefined) headers.delete('authorization');
    return send(input, { ...init, headers });
  },
});

/** Keys are made of `getRandomValues`, which also pages without https have. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

const keys = requestKeys(newKey, Date.now);

async function get<Body>(path: string, signal?: AbortSignal): Promise<Body> {
  return (await connection.request<Body>({ method: 'GET', path, repeatable: true, signal })).body;
}

/** Takes something away; it is asked for once. */
async function remove<Body>(path: string): Promise<Body> {
  return (await connection.request<Body>({ method: 'DELETE', path, repeatable: false })).body;
}

async function sendJson<Body>(method: 'POST' | 'PUT', path: string, body: object): Promise<Body> {
  return sendText<Body>(method, path, JSON.stringify(body), 'application/json');
}

async function sendText<Body>(
  method: 'POST' | 'PUT',
  path: string,
  body: string | Uint8Array,
  mediaType: string,
): Promise<Body> {
  const change = { method, path, body };
  const idempotencyKey = keys.keyOf(change);
  try {
    const request = { ...change, mediaType, idempotencyKey, repeatable: true };
    const answer = await connection.request<Body>(request);
    keys.answered(change);
    return answer.body;
  } catch (error) {
    if (!isUnanswered(error)) keys.answered(change);
    throw error;
  }
}

/** The calls of the HTTP API that the console makes. */
export const api = {
  me: (signal?: AbortSignal) => get<Me>('/me', signal),
  counts: (query: Query, signal?: AbortSignal) => get<Counts>(`/counts${queryText(query)}`, signal),
  status: (signal?: AbortSignal) => get<SystemStatus>('/status', signal),
  orders: (query: Query, signal?: AbortSignal) =>
    get<OrderPage>(`/orders${queryText(query)}`, signal),
  order: (orderId: string, signal?: AbortSignal) => get<Order>(paths.order(orderId), signal),
  plugins: (signal?: AbortSignal) => get<PluginPage>('/plugins?limit=1000', signal),
  pluginHistory: (name: string, query: Query, signal?: AbortSignal) =>
    get<PluginHistory>(`${paths.plugin(name, 'history')}${queryText(query)}`, signal),
  actOnPlugin: (name: string, act: string, request: object) =>
    sendJson<QuarantineReceipt>('POST', paths.plugin(name, act), request),
  workflows: (signal?: AbortSignal) => get<WorkflowPage>('/workflows?limit=1000', signal),
  workflow: (name: string, version?: number, signal?: AbortSignal) =>
    get<Workflow>(paths.workflow(name, version), signal),
  versions: (name: string, signal?: AbortSignal) => get<VersionPage>(paths.versions(name), signal),
  plan: (name: string, request: object) => sendJson<Plan>('POST', paths.plan(name), request),
  checkWorkflow: (name: string, text: string) =>
    sendText<WorkflowReceipt>('PUT', paths.check(name), text, 'application/yaml'),
  putWorkflow: (name: string, text: string) =>
    sendText<WorkflowReceipt>('PUT', paths.workflow(name), text, 'application/yaml'),
  schedules: (signal?: AbortSignal) => get<SchedulePage>('/schedules?limit=1000', signal),
  schedule: (name: string, signal?: AbortSignal) => get<Schedule>(paths.schedule(name), signal),
  putSchedule: (name: string, definition: string) =>
    sendText<Schedule>('PUT', paths.schedule(name), definition, 'application/json'),
  actOnSchedule: (name: string, act: 'pause' | 'resume', request: object) =>
    sendJson<Schedule>('POST', paths.actOnSchedule(name, act), request),
  deleteSchedule: (name: string) => remove<Schedule>(paths.schedule(name)),
  operations: (signal?: AbortSignal) => get<OperationPage>('/operations?limit=50', signal),
  operation: (operationId: string, signal?: AbortSignal) =>
    get<Operation>(paths.operation(operationId), signal),
  previewOperation: (request: object) =>
    sendJson<OperationPreview>('POST', '/operations', { ...request, dryRun: true }),
  startOperation: (request: object) => sendJson<OperationReceipt>('POST', '/operations', request),
  stopOperation: (operationId: string) =>
    sendJson<Operation>('POST', paths.stopOfOperation(operationId), {}),
  /** @param request JSON text: what people typed goes as they typed it */
  act: (path: string, request: string) =>
    sendText<Receipt>('POST', path, request, 'application/json'),
  place: <Body>(body: string | Uint8Array, mediaType: string, query: Query = {}) =>
    sendText<Body>('POST', `/orders${queryText(query)}`, body, mediaType),
};
