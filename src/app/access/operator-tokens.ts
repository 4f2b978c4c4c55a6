import * as z from 'zod';
import { nameSchema } from '../../contract/json.ts';
import { parse } from '../../contract/parse.ts';
import type { Tokens } from '../../ports/tokens.ts';

const requestSchema = z.strictObject({
  /** The operator's name. */
  operator: nameSchema,
  /** Revokes all tokens of that name. */
  revoke: z.literal(true).optional(),
});

const OPERATOR = { kind: 'operator' } as const;

/**
 * `{operator}` makes an operator's token, `{operator, revoke: true}` takes the operator's tokens back. No call of the API
 * leads here: it is invoked by whoever may invoke functions of the account, and so the first token is made without a token.
 */
export function makeTokens({ tokens }: { readonly tokens: Tokens }) {
  return async (event: unknown): Promise<object> => {
    const { operator, revoke } = parse(requestSchema, event);
    if (revoke === undefined) {
      const { token } = await tokens.mint(OPERATOR, operator);
      return { token };
    }
    const all = await tokens.list(OPERATOR);
    const theirs = all.filter(({ name }) => name === operator).map(({ prefix }) => prefix);
    for (const prefix of theirs) await tokens.revoke(OPERATOR, prefix);
    return { revoked: theirs };
  };
}
