/** The parts of an osls service that the plugin reads and writes. */
export interface Service {
  readonly service: string;
  readonly provider: {
    stackName?: string;
    logRetentionInDays?: number;
    stackTags?: Readonly<Record<string, string>>;
    readonly timeout?: number;
    readonly runtime?: string;
    readonly environment?: Readonly<Record<string, unknown>>;
    readonly logs?: { readonly lambda?: unknown };
    readonly vpc?: Network;
    readonly tracing?: { readonly lambda?: unknown };
    readonly kmsKeyArn?: unknown;
    readonly iam?: { readonly role?: string | ProviderRole };
    readonly role?: unknown;
    readonly iamRoleStatements?: readonly unknown[];
    readonly iamManagedPolicies?: readonly unknown[];
    /** There from packaging on. */
    readonly compiledCloudFormationTemplate?: {
      readonly Outputs?: Readonly<Record<string, { Export?: { readonly Name: string } }>>;
    };
  };
  readonly custom?: { readonly baton?: { readonly system?: string } };
  /** There when it has been packaged as a whole. */
  readonly package?: { readonly artifact?: string };
  readonly functions: Record<string, ServiceFunction>;
  resources?: {
    Resources?: Record<string, Resource>;
    Parameters?: Readonly<Record<string, unknown>>;
    Outputs?: Readonly<Record<string, unknown>>;
  };
}

/** Of the role that the tool makes; or a reference to one that is there. */
interface ProviderRole {
  readonly statements?: readonly unknown[];
  readonly managedPolicies?: readonly unknown[];
}

interface Network {
  readonly subnetIds?: unknown;
  readonly securityGroupIds?: unknown;
}

export interface ServiceFunction {
  name?: string;
  readonly timeout?: number;
  readonly handler?: string;
  readonly runtime?: string;
  readonly image?: unknown;
  /** There when it has been packaged by itself. */
  readonly package?: { readonly artifact?: string };
  readonly baton?: unknown;
  readonly vpc?: Network | null | false;
  readonly tracing?: unknown;
  readonly reservedConcurrency?: unknown;
  readonly kmsKeyArn?: unknown;
  readonly fileSystemConfig?: { readonly arn: unknown };
  role?: unknown;
  recursiveLoop?: unknown;
  logs?: unknown;
  environment?: Record<string, unknown>;
  events?: unknown[];
}

/** A CloudFormation resource. */
export interface Resource {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** The Baton system that a service joins, and what it goes by in the account. */
export interface System {
  readonly name: string;
  readonly stage: string;
}

/** The beginning of all physical names. */
export const prefixOf = ({ name, stage }: System): string => `${name}-${stage}`;
