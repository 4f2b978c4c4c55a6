import type { AwsClients } from '../aws-clients.ts';

/** A resource as a template declares it. */
export interface ResourceDeclaration {
  Type: string;
  Properties?: Record<string, unknown>;
  Condition?: string;
  DependsOn?: string | string[];
}

/** A resource that exists: what `Ref` and `Fn::GetAtt` answer. */
export interface ProvisionedResource {
  ref: string;
  attributes: Record<string, string>;
}

/** Where a resource is provisioned. */
export interface Place {
  clients: AwsClients;
  region: string;
  accountId: string;
  /** Prefix of the names of resources that name themselves not. */
  stackName: string;
}

/** Creates what the properties say, or brings what is there in line with them. All intrinsics are resolved. */
export type Provision = (
  logicalId: string,
  properties: Record<string, unknown>,
  place: Place,
) => Promise<ProvisionedResource>;

/** Takes a resource away; not finding it is no error. */
export type Remove = (resource: ProvisionedResource, place: Place) => Promise<void>;

export interface ResourceType {
  provision: Provision;
  remove: Remove;
}

/** The strings that CloudFormation makes of scalars, and the JSON it makes of objects, for APIs that take text only. */
export function textAttributes(properties: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        name,
        typeof value === 'object' ? JSON.stringify(value) : String(value),
      ]),
  );
}

/** Runs a call whose failure with this error is fine. */
export async function ignoring(errorName: string, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if ((error as Error).name !== errorName) throw error;
  }
}
