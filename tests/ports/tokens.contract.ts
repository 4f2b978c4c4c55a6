import { describe, expect, it } from '@jest/globals';
import type { Tokens } from '../../src/ports/tokens.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';

const X = { kind: 'client', client: 'X' } as const;
const Y = { kind: 'client', client: 'Y' } as const;
const OPERATOR = { kind: 'operator' } as const;

export function tokensContract(open: OpenStore<Tokens>): void {
  describe('tokens', () => {
    it('say whose they are, to every instance', async () => {
      const store = await open();
      const ofX = await store.connect().mint(X);
      const ofOperator = await store.connect().mint(OPERATOR, { name: 'alice' });
      expect(ofX.token).toMatch(/^baton_c_[\w-]{43}$/);
      expect(ofOperator.token).toMatch(/^baton_o_[\w-]{43}$/);
      expect(await store.connect().holderOf(ofX.token)).toEqual(X);
      expect(await store.connect().holderOf(ofOperator.token)).toEqual({
        ...OPERATOR,
        name: 'alice',
      });
    });

    it.each(['', 'baton_c_', `baton_c_${'x'.repeat(43)}`, 'x'.repeat(5000)])(
      'that nobody made are nobody’s: %.20s',
      async (token) => {
        const store = await open();
        await store.connect().mint(X);
        expect(await store.connect().holderOf(token)).toBeUndefined();
      },
    );

    it('are listed by their holder without giving them away', async () => {
      const store = await open();
      const made = [
        await store.connect().mint(X, { name: 'web shop' }),
        await store.connect().mint(X),
      ];
      await store.connect().mint(Y);
      await store.connect().mint(OPERATOR, { name: 'alice' });
      const listed = await store.connect().list(X);
      expect(listed).toHaveLength(2);
      expect(listed).toContainEqual({
        prefix: made[0]?.token.slice(0, 16),
        name: 'web shop',
        createdAt: T0,
      });
      expect(listed).toContainEqual({ prefix: made[1]?.token.slice(0, 16), createdAt: T0 });
      expect(await store.connect().list(OPERATOR)).toMatchObject([{ name: 'alice' }]);
    });

    it('with an end are listed with it', async () => {
      const store = await open();
      const expiresAt = T0 + 86_400_000;
      const { prefix } = await store.connect().mint(X, { expiresAt });
      expect(await store.connect().list(X)).toEqual([{ prefix, createdAt: T0, expiresAt }]);
    });

    it('that have ended are nobody’s', async () => {
      const store = await open();
      const { token } = await store.connect().mint(X, { expiresAt: T0 - 1000 });
      expect(await store.connect().holderOf(token)).toBeUndefined();
    });

    it('are revoked by their holder, one at a time', async () => {
      const store = await open();
      const first = await store.connect().mint(X);
      const second = await store.connect().mint(X);
      expect(await store.connect().revoke(Y, first.prefix)).toBeUndefined();
      expect(await store.connect().revoke(OPERATOR, first.prefix)).toBeUndefined();
      expect(await store.connect().revoke(X, first.prefix)).toEqual({
        prefix: first.prefix,
        createdAt: T0,
      });
      expect(await store.connect().holderOf(first.token)).toBeUndefined();
      expect(await store.connect().holderOf(second.token)).toEqual(X);
      expect(await store.connect().revoke(X, first.prefix)).toBeUndefined();
    });
  });
}
