import * as z from 'zod';
import { nameSchema } from '../../contract/json.ts';
import { parse } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import { tokenRequestSchema } from '../../contract/requests.ts';
import { defined } from '../../core/defined.ts';
import type { TokenRecord, Tokens } from '../../ports/tokens.ts';
import type { TokensPorts } from '../access/operator-tokens.ts';
import { operatorName, tellOfToken } from '../access/tell-of-token.ts';
import { expiryIn } from '../access/token-expiry.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { optionalBody } from '../http/api-request.ts';
import type { Route } from '../http/http-api.ts';
import { iso } from '../http/iso.ts';
import { pageByName } from '../http/paging.ts';

/** The routes with which operators make, list and revoke a client's tokens. */
export function clientTokenRoutes(ports: TokensPorts): readonly Route[] {
  const { tokens } = ports;
  const path = '/clients/{clientId}/tokens';
  return [
    { method: 'POST', path, handle: (request) => mint(request, ports) },
    { method: 'GET', path, readsQuery: true, handle: (request) => list(request, tokens) },
    { method: 'DELETE', path: `${path}/{prefix}`, handle: (request) => revoke(request, ports) },
  ];
}

async function mint(request: ApiRequest, { tokens, lifecycle, clock }: TokensPorts) {
  const { name, expiresInDays } = optionalBody(tokenRequestSchema, request);
  const holder = holderIn(request);
  const about = defined({ name, expiresAt: expiryIn(expiresInDays, clock) });
  const { token, ...record } = await tokens.mint(holder, about);
  await tellOfToken('token.minted', holder, record, operatorName(request.caller), lifecycle);
  return { status: 201, body: { token, ...view(record) } };
}

async function list(request: ApiRequest, tokens: Tokens) {
  const records = await tokens.list(holderIn(request));
  const named = records.map((record) => ({ name: record.prefix, record }));
  const { page, ...next } = pageByName(named, request.query);
  return { status: 200, body: { tokens: page.map(({ record }) => view(record)), ...next } };
}

async function revoke(request: ApiRequest, { tokens, lifecycle }: TokensPorts) {
  const holder = holderIn(request);
  const { prefix = '' } = request.params;
  const record = await tokens.revoke(holder, prefix);
  if (record !== undefined) {
    await tellOfToken('token.revoked', holder, record, operatorName(request.caller), lifecycle);
    return { status: 200, body: view(record) };
  }
  throw new Problem('NOT_FOUND', `client ${holder.client} has no token that begins ${prefix}`);
}

function holderIn({ params }: ApiRequest) {
  const { clientId: client } = parse(z.object({ clientId: nameSchema }), params);
  return { kind: 'client', client } as const;
}

function view({ prefix, name, createdAt, expiresAt }: TokenRecord): object {
  const ends = expiresAt === undefined ? {} : { expiresAt: iso(expiresAt) };
  return { prefix, ...defined({ name }), createdAt: iso(createdAt), ...ends };
}
