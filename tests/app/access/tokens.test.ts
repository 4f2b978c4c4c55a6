import { describe, expect, it } from '@jest/globals';
import type { APIGatewayRequestAuthorizerEventV2 } from 'aws-lambda';
import { makeAuthorize } from '../../../src/app/access/authorize-call.ts';
import { makeTokens } from '../../../src/app/access/operator-tokens.ts';
import { createMemoryTokens } from '../../ports/memory/tokens.ts';
import { createSystem, T0 } from '../system.ts';

interface Token {
  readonly token: string;
  readonly prefix: string;
}

describe('the authorizer', () => {
  const tokens = createMemoryTokens(() => T0);
  const says = (header: string | undefined) =>
    makeAuthorize({ tokens })({
      identitySource: header === undefined ? undefined : [header],
    } as unknown as APIGatewayRequestAuthorizerEventV2);

  it('says whose token a call carries', async () => {
    const ofClient = await tokens.mint({ kind: 'client', client: 'X' });
    const ofOperator = await tokens.mint({ kind: 'operator' }, 'alice');
    expect(await says(`Bearer ${ofClient.token}`)).toEqual({
      isAuthorized: true,
      context: { kind: 'client', client: 'X' },
    });
    expect(await says(`bearer ${ofOperator.token}`)).toEqual({
      isAuthorized: true,
      context: { kind: 'operator' },
    });
  });

  it('lets nobody else in', async () => {
    const { token } = await tokens.mint({ kind: 'operator' }, 'alice');
    const headers = [undefined, '', token, `Basic ${token}`, `Bearer ${token}x`, 'Bearer', 'x'];
    for (const header of headers) expect(await says(header)).toEqual({ isAuthorized: false });
  });
});

describe("operators' tokens", () => {
  it('are made and revoked by name', async () => {
    const tokens = createMemoryTokens(() => T0);
    const handle = makeTokens({ tokens });
    const alice = (await handle({ operator: 'alice' })) as Token;
    const bob = (await handle({ operator: 'bob' })) as Token;
    expect(Object.keys(alice)).toEqual(['token']);
    expect(await tokens.holderOf(alice.token)).toEqual({ kind: 'operator' });
    expect(await handle({ operator: 'alice', revoke: true })).toEqual({
      revoked: [alice.token.slice(0, 16)],
    });
    expect(await tokens.holderOf(alice.token)).toBeUndefined();
    expect(await tokens.holderOf(bob.token)).toEqual({ kind: 'operator' });
  });

  it.each([{}, { operator: '' }, { operator: 'a', client: 'X' }])(
    'are not made from %j',
    async (event) => {
      const tokens = createMemoryTokens(() => T0);
      await expect(makeTokens({ tokens })(event)).rejects.toThrow(/operator|client/);
      expect(await tokens.list({ kind: 'operator' })).toEqual([]);
    },
  );
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

    const revoke = (client: string) =>
      system.call('DELETE', `/clients/${client}/tokens/${shown.prefix}`);
    expect((await revoke('Y')).status).toBe(404);
    expect(await revoke('X')).toMatchObject({ status: 200, body: shown });
    expect(await system.ports.tokens.holderOf(token)).toBeUndefined();
    expect((await revoke('X')).status).toBe(404);
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
