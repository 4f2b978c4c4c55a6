import { describe, expect, it } from '@jest/globals';
import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { makeAuthorize } from '../../../src/app/access/authorize-call.ts';
import { makeTokens } from '../../../src/app/access/operator-tokens.ts';
import type { Lifecycle, TokenFact } from '../../../src/ports/lifecycle.ts';
import { createMemoryTokens } from '../../ports/memory/tokens.ts';
import { createSystem, T0 } from '../system.ts';

interface Token {
  readonly token: string;
  readonly prefix: string;
}

/** A lifecycle topic that shows what was published to it. */
function collectFacts() {
  const facts: TokenFact[] = [];
  const lifecycle: Lifecycle = {
    publish: async (fact) => void facts.push(fact as TokenFact),
  };
  return { facts, lifecycle };
}

describe('the authorizer', () => {
  const tokens = createMemoryTokens(() => T0);
  const says = (header: string | undefined) =>
    makeAuthorize({ tokens })({
      identitySource: header === undefined ? undefined : [header],
    } as unknown as APIGatewayRequestAuthorizerEventV2);

  it('says whose token a call carries', async () => {
    const ofClient = await tokens.mint({ kind: 'client', client: 'X' });
    const ofOperator = await tokens.mint({ kind: 'operator' }, { name: 'alice' });
    expect(await says(`Bearer ${ofClient.token}`)).toEqual({
      isAuthorized: true,
      context: { kind: 'client', client: 'X' },
    });
    expect(await says(`bearer ${ofOperator.token}`)).toEqual({
      isAuthorized: true,
      context: { kind: 'operator', name: 'alice' },
    });
  });

  it('lets nobody else in', async () => {
    const { token } = await tokens.mint({ kind: 'operator' }, { name: 'alice' });
    const headers = [undefined, '', token, `Basic ${token}`, `Bearer ${token}x`, 'Bearer', 'x'];
    for (const header of headers) expect(await says(header)).toEqual({ isAuthorized: false });
  });
});

describe("operators' tokens", () => {
  it('are made and revoked by name', async () => {
    const tokens = createMemoryTokens(() => T0);
    const { facts, lifecycle } = collectFacts();
    const handle = makeTokens({ tokens, lifecycle, clock: () => T0 });
    const alice = (await handle({ operator: 'alice' })) as Token;
    const bob = (await handle({ operator: 'bob' })) as Token;
    expect(Object.keys(alice)).toEqual(['token']);
    expect(await tokens.holderOf(alice.token)).toEqual({ kind: 'operator', name: 'alice' });
    expect(await handle({ operator: 'alice', revoke: true })).toEqual({
      revoked: [alice.token.slice(0, 16)],
    });
    expect(await tokens.holderOf(alice.token)).toBeUndefined();
    expect(await tokens.holderOf(bob.token)).toEqual({ kind: 'operator', name: 'bob' });
    expect(facts.map(({ type, name, prefix }) => [type, name, prefix])).toEqual([
      ['token.minted', 'alice', alice.token.slice(0, 16)],
      ['token.minted', 'bob', bob.token.slice(0, 16)],
      ['token.revoked', 'alice', alice.token.slice(0, 16)],
    ]);
  });

  // Was: nobody heard of it, and a token never ended. Now: a fact and a line in the log say who asked, and it may end.
  it('end when they are made to, and tell who asked for them, without telling themselves', async () => {
    const now = { at: T0 };
    const tokens = createMemoryTokens(() => now.at);
    const { facts, lifecycle } = collectFacts();
    const handle = makeTokens({ tokens, lifecycle, clock: () => now.at });
    const event = { operator: 'alice', expiresInDays: 30 };
    const { token } = (await handle(event, { awsRequestId: 'request-7' })) as Token;
    expect(facts).toEqual([
      {
        ...{ type: 'token.minted', kind: 'operator', name: 'alice', prefix: token.slice(0, 16) },
        ...{ expiresAt: T0 + 30 * 86_400_000, by: 'lambda:InvokeFunction, request request-7' },
      },
    ]);
    expect(JSON.stringify(facts)).not.toContain(token);
    expect(await tokens.holderOf(token)).toBeDefined();
    now.at += 30 * 86_400_000;
    expect(await tokens.holderOf(token)).toBeUndefined();
  });

  it('are handed out although nobody can be told', async () => {
    const lifecycle = { publish: async () => Promise.reject(new Error('no topic')) };
    const tokens = createMemoryTokens(() => T0);
    const handle = makeTokens({ tokens, lifecycle, clock: () => T0 });
    const { token } = (await handle({ operator: 'alice' })) as Token;
    expect(await tokens.holderOf(token)).toBeDefined();
  });

  it.each([
    ...[{}, { operator: '' }, { operator: 'a', client: 'X' }],
    ...[0, 0.5, -1, 4000, '30'].map((expiresInDays) => ({ operator: 'a', expiresInDays })),
  ])('are not made from %j', async (event) => {
    const tokens = createMemoryTokens(() => T0);
    const { lifecycle } = collectFacts();
    const handle = makeTokens({ tokens, lifecycle, clock: () => T0 });
    await expect(handle(event)).rejects.toThrow(/operator|client|expiresInDays/);
    expect(await tokens.list({ kind: 'operator' })).toEqual([]);
  });
});

describe("a client's tokens", () => {
  it('are made, listed without the tokens themselves, and revoked', async () => {
    const system = createSystem();
    const made = await system.call<Token>('POST', '/clients/X/tokens', { body: { name: 'shop' } });
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'shop', createdAt: expect.any(String) },
    });
    const { token, ...shown } = made.body;
    await system.call('POST', '/clients/X/tokens');
    await system.call('POST', '/clients/Y/tokens');
    const listed = await system.call<{ tokens: Token[] }>('GET', '/clients/X/tokens');
    expect(listed.body.tokens).toHaveLength(2);
    expect(listed.body.tokens).toContainEqual(shown);
    expect(JSON.stringify(listed.body)).not.toContain(token);

    const [minted] = system.facts as TokenFact[];
    expect(minted).toEqual({
      ...{ type: 'token.minted', kind: 'client', client: 'X', name: 'shop' },
      ...{ prefix: shown.prefix, by: 'an operator' },
    });
    const revoke = (client: string) =>
      system.call('DELETE', `/clients/${client}/tokens/${shown.prefix}`);
    expect((await revoke('Y')).status).toBe(404);
    expect(await revoke('X')).toMatchObject({ status: 200, body: shown });
    expect(await system.ports.tokens.holderOf(token)).toBeUndefined();
    expect((await revoke('X')).status).toBe(404);
  });

  it('end when they are made to', async () => {
    const system = createSystem();
    const body = { expiresInDays: 1 };
    const { body: made } = await system.call<Token>('POST', '/clients/X/tokens', { body });
    expect(made).toMatchObject({ expiresAt: new Date(T0 + 86_400_000).toISOString() });
  });

  it('name in their facts the operator who asked', async () => {
    const system = createSystem();
    await system.call('POST', '/clients/X/tokens', { as: { kind: 'operator', name: 'alice' } });
    expect(system.facts).toMatchObject([{ type: 'token.minted', by: 'alice' }]);
  });

  it('are paged', async () => {
    const system = createSystem();
    for (const name of ['a', 'b', 'c']) {
      await system.call('POST', '/clients/X/tokens', { body: { name } });
    }
    const page = async (query: Record<string, string>) =>
      (await system.call<{ tokens: Token[]; next?: string }>('GET', '/clients/X/tokens', { query }))
        .body;
    const first = await page({ limit: '2' });
    const { tokens, next } = await page({ limit: '2', next: String(first.next) });
    expect([first.tokens.length, tokens.length, next]).toEqual([2, 1, undefined]);
  });
});
