import * as z from 'zod';
import type { Instant } from '../../core/json.ts';
import type { StackRequest } from '../../ports/registry.ts';

const identity = {
  ResponseURL: z.url(),
  StackId: z.string().min(1),
  RequestId: z.string().min(1),
  LogicalResourceId: z.string().min(1),
  ResourceType: z.string().optional(),
};

/** What CloudFormation asks of a custom resource's provider; `ResourceProperties` are read only when they matter. */
export const customResourceRequestSchema = z.discriminatedUnion('RequestType', [
  z.object({ ...identity, RequestType: z.literal('Create'), ResourceProperties: z.unknown() }),
  z.object({
    ...identity,
    RequestType: z.literal('Update'),
    PhysicalResourceId: z.string().min(1),
    ResourceProperties: z.unknown(),
  }),
  z.object({
    ...identity,
    RequestType: z.literal('Delete'),
    PhysicalResourceId: z.string().min(1),
    ResourceProperties: z.unknown(),
  }),
]);
export type CustomResourceRequest = z.infer<typeof customResourceRequestSchema>;

/** What an answer needs of the request. */
export type Answerable = Pick<
  CustomResourceRequest,
  Exclude<keyof typeof identity, 'ResourceType'>
>;

/** What became of the resource. */
export type Result = { readonly physicalId: string } & (
  | { readonly data: Readonly<Record<string, string>> }
  | { readonly reason: string }
);

/** CloudFormation takes answers of 4096 bytes. */
const MAX_REASON_LENGTH = 1000;

/** Who asks, and when: requests count in the order in which the topic took them. */
export function stackRequestOf(
  { StackId, LogicalResourceId, RequestId }: CustomResourceRequest,
  sentAt: Instant,
): StackRequest {
  return { stackId: StackId, logicalId: LogicalResourceId, requestId: RequestId, sentAt };
}

/** The stack without the id of its incarnation: a stack that is made again after it was deleted owns what it owned. */
export function ownerOf({ StackId }: CustomResourceRequest): string {
  return StackId.replace(/(:stack\/[^/]+)\/[^/]+$/, '$1');
}

/** A Create that fails has no id yet; CloudFormation wants one to delete it by. */
export function physicalIdIn(request: CustomResourceRequest): string {
  return 'PhysicalResourceId' in request
    ? request.PhysicalResourceId
    : `refused/${request.RequestId}`;
}

/**
 * Tells CloudFormation what became of its request; until then its stack waits.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 * @throws when the answer does not arrive.
 */
export async function respond(
  { ResponseURL, StackId, RequestId, LogicalResourceId }: Answerable,
  { physicalId, ...result }: Result,
): Promise<void> {
  const body = JSON.stringify({
    ...{ StackId, RequestId, LogicalResourceId, PhysicalResourceId: physicalId },
    ...('data' in result
      ? { Status: 'SUCCESS', NoEcho: true, Data: result.data }
      : { Status: 'FAILED', Reason: result.reason.slice(0, MAX_REASON_LENGTH) }),
  });
  // The address is signed for an empty content type.
  const response = await fetch(ResponseURL, {
    method: 'PUT',
    headers: { 'content-type': '' },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`CloudFormation's answer address says ${response.status}`);
}
