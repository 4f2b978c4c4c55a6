import { randomUUID } from 'node:crypto';
import { LocalError } from '../local-error.ts';
import type { ProvisionedResource } from './resource.ts';
import type { RecordedResource } from './stack-record.ts';

/** What CloudFormation sends: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html */
export interface CustomResourceRequest {
  RequestType: 'Create' | 'Update' | 'Delete';
  ResponseURL: string;
  StackId: string;
  RequestId: string;
  LogicalResourceId: string;
  ResourceType: string;
  PhysicalResourceId?: string;
  ResourceProperties: Record<string, unknown>;
  OldResourceProperties?: Record<string, unknown>;
}

/** What the provider puts to the ResponseURL. */
export interface CustomResourceResponse {
  Status: 'SUCCESS' | 'FAILED';
  Reason?: string;
  PhysicalResourceId?: string;
  Data?: Record<string, string>;
}

export interface CustomResourceProvider {
  /** A URL that takes one PUT, and what will be put there. */
  expectResponse(): { url: string; response: Promise<CustomResourceResponse>; cancel: () => void };
  /** Hands the request to the function behind the ServiceToken; ends when the function has ended. */
  deliver(serviceToken: string, request: CustomResourceRequest): Promise<void>;
}

export interface CustomResource {
  logicalId: string;
  type: string;
  stackId: string;
  /** As it was before: then it is an Update. */
  earlier?: RecordedResource | undefined;
}

/** How long after the end of the function its answer may still be under way. */
const GRACE_MS = 2000;

/** Creates or updates a custom resource, as CloudFormation would. */
export async function applyCustomResource(
  resource: CustomResource,
  properties: Record<string, unknown>,
  provider: CustomResourceProvider,
): Promise<ProvisionedResource> {
  const { earlier } = resource;
  const response = await ask(resource, provider, {
    RequestType: earlier ? 'Update' : 'Create',
    ResourceProperties: asText(properties) as Record<string, unknown>,
    ...(earlier && {
      PhysicalResourceId: earlier.ref,
      OldResourceProperties: asText(earlier.properties ?? {}) as Record<string, unknown>,
    }),
  });
  return {
    ref: response.PhysicalResourceId ?? earlier?.ref ?? resource.logicalId,
    attributes: response.Data ?? {},
  };
}

export async function deleteCustomResource(
  resource: CustomResource & { earlier: RecordedResource },
  provider: CustomResourceProvider,
): Promise<void> {
  await ask(resource, provider, {
    RequestType: 'Delete',
    PhysicalResourceId: resource.earlier.ref,
    ResourceProperties: asText(resource.earlier.properties ?? {}) as Record<string, unknown>,
  });
}

async function ask(
  { logicalId, type, stackId }: CustomResource,
  provider: CustomResourceProvider,
  request: Omit<
    CustomResourceRequest,
    'ResponseURL' | 'StackId' | 'RequestId' | 'LogicalResourceId' | 'ResourceType'
  >,
): Promise<CustomResourceResponse> {
  const serviceToken = String(request.ResourceProperties.ServiceToken);
  const { url, response, cancel } = provider.expectResponse();
  try {
    await provider.deliver(serviceToken, {
      ...request,
      ResponseURL: url,
      StackId: stackId,
      RequestId: randomUUID(),
      LogicalResourceId: logicalId,
      ResourceType: type,
    });
    const answer = await Promise.race([response, silence()]);
    if (answer.Status === 'SUCCESS') return answer;
    throw new Error(answer.Reason ?? 'it gave no reason');
  } catch (error) {
    throw new LocalError(
      `${request.RequestType} of ${logicalId} (${type}) failed: ${(error as Error).message}`,
    );
  } finally {
    cancel();
  }
}

async function silence(): Promise<CustomResourceResponse> {
  await new Promise((resolve) => setTimeout(resolve, GRACE_MS).unref());
  return { Status: 'FAILED', Reason: 'the function ended without an answer to the ResponseURL' };
}

/** CloudFormation turns every number and boolean of the properties into a string. */
function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asText(item)]));
  return value === undefined || value === null ? value : String(value);
}
