import * as z from 'zod';
import { nameSchema } from '../../contract/json.ts';
import type { ClientContract } from '../../contract/order-request.ts';
import { readContract } from '../../contract/order-request.ts';
import { parse } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import { defined } from '../../core/defined.ts';
import type { Caller } from '../access/caller.ts';
import type { TokensPorts } from '../access/operator-tokens.ts';
import { callsOfClient } from '../access/permissions.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { jsonBody } from '../http/api-request.ts';
import { httpApi } from '../http/http-api.ts';
import type { LookupPorts } from '../intake/lookups.ts';
import { createLookups } from '../intake/lookups.ts';
import { resolveContract } from '../intake/resolve-workflow.ts';
import { clientTokenRoutes } from './client-tokens.ts';

export interface ClientsPorts extends LookupPorts, TokensPorts {}

export function makeClients(ports: ClientsPorts) {
  return httpApi([
    { method: 'PUT', path: '/clients/{clientId}', handle: (request) => putClient(request, ports) },
    { method: 'GET', path: '/clients/{clientId}', handle: (request) => getClient(request, ports) },
    ...clientTokenRoutes(ports),
    { method: 'GET', path: '/me', handle: ({ caller }) => whoIs(caller, ports) },
  ]);
}

async function putClient(request: ApiRequest, ports: LookupPorts) {
  const { clientId } = parse(z.object({ clientId: nameSchema }), request.params);
  const contract = readContract(jsonBody(request));
  await resolveContract(contract, undefined, createLookups(ports));
  await ports.clients.put(clientId, contract);
  return responseOf(clientId, contract);
}

async function getClient({ params: { clientId = '' } }: ApiRequest, { clients }: LookupPorts) {
  const isName = nameSchema.safeParse(clientId).success;
  const contract = isName ? await clients.get(clientId) : undefined;
  if (contract === undefined) throw new Problem('NOT_FOUND', `there is no client ${clientId}`);
  return responseOf(clientId, contract);
}

function responseOf(clientId: string, contract: ClientContract) {
  return { status: 200, body: { clientId, ...contract } };
}

async function whoIs(caller: Caller, { clients }: Pick<LookupPorts, 'clients'>) {
  if (caller.kind === 'operator') {
    return { status: 200, body: { kind: caller.kind, ...defined({ name: caller.name }) } };
  }
  const mayRetry = (await clients.get(caller.client))?.mayRetry === true;
  const { kind, client } = caller;
  return { status: 200, body: { kind, client, mayRetry, calls: callsOfClient(mayRetry) } };
}
