import type { AwsConfig } from '../stacks/describe-stack.ts';
import type { OptionalParameters } from './optional-parts.ts';

/** The parts of osls that the core's Serverless plugin uses. */
export interface Serverless {
  readonly serviceDir: string;
  readonly service: CoreService;
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
  readonly configSchemaHandler: { defineCustomProperties(schema: object): void };
  getProvider(name: 'aws'): AwsProvider;
}

export interface AwsProvider {
  /** The region and credentials with which the tool itself calls AWS. */
  getAwsSdkV3Config(): Promise<AwsConfig>;
}

export interface CoreService {
  readonly custom: { readonly core: CoreSettings };
  readonly provider: {
    environment: Readonly<Record<string, unknown>>;
    readonly httpApi: { cors?: object };
  };
  readonly functions: Record<string, object>;
  readonly resources: {
    Resources: Readonly<Record<string, CoreResource>>;
    Outputs?: Readonly<Record<string, unknown>>;
  };
}

export interface CoreResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** `custom.core` of serverless.yml. */
export interface CoreSettings {
  readonly system: string;
  readonly stage: string;
  /** Whether the data is deleted with the stack. */
  readonly throwAway: boolean;
  /** Names of a table and a bucket that the core uses instead of its own; empty where it makes them. */
  readonly existing: { readonly Table: string; readonly Bucket: string };
  /** The parameters as they were given; empty where they were not. */
  readonly given: {
    readonly throwAway: string | boolean;
    readonly confirmed: string | boolean;
    readonly abandonPlugins: string | boolean;
    readonly permissionsBoundary: string;
    readonly retentionDays: string | number;
    readonly objectRetentionDays: string | number;
  } & OptionalParameters;
}

/** What is wrong, and can be mended by the person who deploys: shown without a stack trace. */
export class CoreError extends Error {
  override readonly name = 'CoreError';
}

/** The beginning of all names, and the stack's own. */
export const prefixOf = ({ system, stage }: CoreSettings): string => `${system}-${stage}`;
