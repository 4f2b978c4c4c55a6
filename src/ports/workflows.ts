import type { Definition } from '../contract/definition-content.ts';
import type { WorkflowRef } from '../core/order.ts';
import type { Workflow } from '../core/workflow.ts';

/** Immutable workflow versions by name. */
export interface Workflows {
  /** `undefined` for an unknown workflow or version. */
  get(ref: WorkflowRef): Promise<Workflow | undefined>;
  /** The newest version; `undefined` for an unknown workflow. */
  latest(name: string): Promise<Workflow | undefined>;
  /** Stores a new version, unless the latest one has the same content. */
  put(definition: Definition): Promise<{ readonly workflow: Workflow; readonly created: boolean }>;
  /** The latest version of each workflow, sorted by name, without the ad-hoc ones. */
  list(): Promise<readonly Workflow[]>;
}
