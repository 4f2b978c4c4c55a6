import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../src/ports/clock.ts';
import type { NewToken, TokenHolder, Tokens } from '../../../src/ports/tokens.ts';

export function createMemoryTokens(clock: Clock): Tokens {
  let minted: readonly (NewToken & { readonly holder: TokenHolder })[] = [];
  const of = (holder: TokenHolder) => minted.filter((one) => isDeepStrictEqual(one.holder, holder));
  const recordOf = ({ token: _, holder: __, ...record }: (typeof minted)[number]) => record;

  return {
    async mint(holder, name) {
      const number = String(minted.length + 1);
      const token = `baton_${holder.kind[0]}_${number.padEnd(43, 'x')}`;
      const about = { createdAt: clock(), ...(name === undefined ? {} : { name }) };
      const made = { token, prefix: token.slice(0, 16), ...about };
      minted = [...minted, { holder, ...made }];
      return made;
    },

    async holderOf(token) {
      return minted.find((one) => one.token === token)?.holder;
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
