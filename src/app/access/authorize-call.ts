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
 * API Gateway's authorizer: says who calls; `permissions.ts` says what they may. The answer depends on the header
 * `Authorization` alone, by which API Gateway keeps it for five minutes. A call without that header does not come here.
 */
export function makeAuthorize({ tokens }: { readonly tokens: Pick<Tokens, 'holderOf'> }) {
  return async ({ identitySource }: APIGatewayRequestAuthorizerEventV2): Promise<Verdict> => {
    const [, token] = /^Bearer +(\S+)$/i.exec(identitySource?.[0] ?? '') ?? [];
    const holder = token === undefined ? undefined : await tokens.holderOf(token);
    return holder === undefined ? { isAuthorized: false } : { isAuthorized: true, context: holder };
  };
}
