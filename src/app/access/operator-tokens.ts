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
 * `{operator}` makes an operator's token, `{operator, revoke: true}` revokes all of that operator's tokens. The HTTP API has no
 * such call: people who may invoke the account's functions invoke it directly. So the first token can be made without one.
 */
export function makeTokens({ tokens }: { readonly tokens: Tokens }) {
  return async (event: unknown): Promise<object> => {
    const { operator, revoke } = parse(requestSchema, event);
    if (revoke === undefined) {
      const { token } = await tokens.mint(OPERATOR, operator);
      return { token };
    }
    const all = await tokens.list(OPERATOR);
    const revoked = all.filter(({ name }) => name === operator).map(({ prefix }) => prefix);
    for (const prefix of revoked) await tokens.revoke(OPERATOR, prefix);
    return { revoked };
  };
}
