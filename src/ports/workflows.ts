import type { Definition } from '../contract/definition-content.ts';
import type { Instant } from '../core/json.ts';
import type { WorkflowRef } from '../core/order.ts';
import type { Workflow } from '../core/workflow.ts';

/** When a version was stored, and who asked for it. Older ones do not say. */
export interface StoredVersion {
  readonly version: number;
  readonly storedAt?: Instant;
  readonly storedBy?: string;
}

/** Immutable workflow versions by name. */
export interface Workflows {
  /** `undefined` for an unknown workflow or version. */
  get(ref: WorkflowRef): Promise<Workflow | undefined>;
  /** The newest version; `undefined` for an unknown workflow. */
  latest(name: string): Promise<Workflow | undefined>;
  /** Stores a new version, unless the latest one has the same content. @param by who asked for it */
  put(
    definition: Definition,
    by?: string,
  ): Promise<{ readonly workflow: Workflow; readonly created: boolean }>;
  /** Every version that there is, in no order; none of an unknown workflow. */
  versions(name: string): Promise<readonly StoredVersion[]>;
  /** The latest version of each workflow, sorted by name, without the ad-hoc ones. */
  list(): Promise<readonly Workflow[]>;
}
