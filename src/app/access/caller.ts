import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { nameSchema } from '../../contract/json.ts';
import { Problem } from '../../contract/problem.ts';
import type { TokenHolder } from '../../ports/tokens.ts';

/** The holder of the call's token. */
export type Caller = TokenHolder;

/** The authorizer's context, as API Gateway passes it on. */
const callerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('operator'), name: z.string().optional() }),
  z.object({ kind: z.literal('client'), client: nameSchema }),
]);

/**
 * Who calls, as the authorizer says. The local stack says it itself where it asks no authorizer, since the machine's own calls need no
 * token: a function that hears nothing of its caller lets nobody in.
 * @throws {Problem} UNAUTHORIZED when no authorizer was asked, or another one than Baton's.
 */
export function callerOf({ requestContext }: APIGatewayProxyEventV2): Caller {
  const { authorizer } = requestContext as {
    authorizer?: { lambda?: Readonly<Record<string, unknown>> | null };
  };
  const caller = callerSchema.safeParse(authorizer?.lambda);
  if (caller.success) return caller.data as Caller;
  throw new Problem('UNAUTHORIZED', 'the authorizer does not say whose token it is');
}
