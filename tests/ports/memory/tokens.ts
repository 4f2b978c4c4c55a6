import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../src/ports/clock.ts';
import type { NewToken, TokenHolder, Tokens } from '../../../src/ports/tokens.ts';

export function createMemoryTokens(clock: Clock): Tokens {
  let minted: readonly (NewToken & { readonly holder: TokenHolder })[] = [];
  const of = (holder: TokenHolder) =>
    minted.filter((one) =>
      holder.kind === 'operator'
        ? one.holder.kind === 'operator'
        : isDeepStrictEqual(one.holder, holder),
    );
  const recordOf = ({ token: _, holder: __, ...record }: (typeof minted)[number]) => record;

  return {
    async mint(holder, about = {}) {
      const number = String(minted.length + 1);
      const token = `baton_${holder.kind[0]}_${number.padEnd(43, 'x')}`;
      const made = { token, prefix: token.slice(0, 16), createdAt: clock(), ...about };
      minted = [...minted, { holder, ...made }];
      return made;
    },

    async holderOf(token) {
      const found = minted.find((one) => one.token === token);
      if (found === undefined || clock() >= (found.expiresAt ?? Number.POSITIVE_INFINITY)) {
        return undefined;
      }
      const { holder, name } = found;
      return holder.kind === 'operator' && name !== undefined ? { ...holder, name } : holder;
    },

    async list(holder) {
      return of(holder).map(recordOf);
    },

    async revoke(holder, prefix) {
      const found = of(holder).find((one) => one.prefix === prefix);
      minted = minted.filter((one) => one !== found);
      return found && recordOf(found);
    },
  };
}
