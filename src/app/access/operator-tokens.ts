import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { nameSchema } from '../../contract/json.ts';
import { parse } from '../../contract/parse.ts';
import { expiresInDaysSchema } from '../../contract/requests.ts';
import { defined } from '../../core/defined.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Lifecycle } from '../../ports/lifecycle.ts';
import type { Tokens } from '../../ports/tokens.ts';
import { tellOfToken } from './tell-of-token.ts';
import { expiryIn } from './token-expiry.ts';

const requestSchema = z.strictObject({
  /** The operator's name. */
  operator: nameSchema,
  expiresInDays: expiresInDaysSchema.optional(),
  /** Revokes all tokens of that name. */
  revoke: z.literal(true).optional(),
});

const OPERATOR = { kind: 'operator' } as const;

export interface TokensPorts {
  readonly tokens: Tokens;
  readonly lifecycle: Lifecycle;
  readonly clock: Clock;
}

/**
 * `{operator}` makes an operator's token, with `expiresInDays` one that ends; `{operator, revoke: true}` revokes all of that operator's
 * tokens. The HTTP API has no such call: people who may invoke the account's functions invoke it directly. So the first token can be made
 * without one. Each is logged and published, with the request by which CloudTrail knows who it was.
 */
export function makeTokens({ tokens, lifecycle, clock }: TokensPorts) {
  return async (event: unknown, context?: Pick<Context, 'awsRequestId'>): Promise<object> => {
    const { operator, revoke, expiresInDays } = parse(requestSchema, event);
    const by = `lambda:InvokeFunction, request ${context?.awsRequestId ?? 'unknown'}`;
    if (revoke === undefined) {
      const about = { name: operator, ...defined({ expiresAt: expiryIn(expiresInDays, clock) }) };
      const { token, ...record } = await tokens.mint(OPERATOR, about);
      await tellOfToken('token.minted', OPERATOR, record, by, lifecycle);
      return { token };
    }
    const all = await tokens.list(OPERATOR);
    const revoked = all.filter(({ name }) => name === operator);
    for (const record of revoked) {
      await tokens.revoke(OPERATOR, record.prefix);
      await tellOfToken('token.revoked', OPERATOR, record, by, lifecycle);
    }
    return { revoked: revoked.map(({ prefix }) => prefix) };
  };
}
