import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { nameSchema } from '../../contract/json.ts';
import { Problem } from '../../contract/problem.ts';
import type { TokenHolder } from '../../ports/tokens.ts';

/** The holder of the call's token. */
export type Caller = TokenHolder;

/** The authorizer's context, as API Gateway passes it on. */
const callerSchema: z.ZodType<Caller> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('operator') }),
  z.object({ kind: z.literal('client'), client: nameSchema }),
]);

/**
 * Who calls. Where no authorizer was asked, it is an operator: every deployed route has one (a test keeps it so) but
 * `GET /tasks/{token}`, which looks at its own token only; and locally the machine's own calls need no token.
 * @throws {Problem} UNAUTHORIZED when another authorizer than Baton's was asked.
 */
export function callerOf({ requestContext }: APIGatewayProxyEventV2): Caller {
  const { authorizer } = requestContext as {
    authorizer?: { lambda?: Readonly<Record<string, unknown>> | null };
  };
  const context = authorizer?.lambda ?? {};
  if (Object.keys(context).length === 0) return { kind: 'operator' };
  const caller = callerSchema.safeParse(context);
  if (caller.success) return caller.data;
  throw new Problem('UNAUTHORIZED', 'the authorizer does not say whose token it is');
}
