import type {
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerResult,
  APIGatewaySimpleAuthorizerWithContextResult,
} from 'aws-lambda';
import type { Tokens } from '../../ports/tokens.ts';
import type { Caller } from './caller.ts';

type Verdict =
  | APIGatewaySimpleAuthorizerResult
  | APIGatewaySimpleAuthorizerWithContextResult<Caller>;

/**
 * API Gateway's authorizer: says who calls; `permissions.ts` says what they may do. The verdict depends on nothing but the header
 * `Authorization`, since API Gateway reuses it for five minutes for calls with the same header. API Gateway refuses calls without
 * that header itself.
 */
export function makeAuthorize({ tokens }: { readonly tokens: Pick<Tokens, 'holderOf'> }) {
  return async ({ identitySource }: APIGatewayRequestAuthorizerEventV2): Promise<Verdict> => {
    const [, token] = /^Bearer +(\S+)$/i.exec(identitySource?.[0] ?? '') ?? [];
    const holder = token === undefined ? undefined : await tokens.holderOf(token);
    return holder === undefined ? { isAuthorized: false } : { isAuthorized: true, context: holder };
  };
}
