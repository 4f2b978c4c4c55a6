import type { Definition } from '../contract/definition-content.ts';
import type { WorkflowRef } from '../core/order.ts';
import type { Workflow } from '../core/workflow.ts';

/** Immutable workflow versions by name. */
export interface Workflows {
  /** `undefined` for a version that there is not. */
  get(ref: WorkflowRef): Promise<Workflow | undefined>;
  latest(name: string): Promise<Workflow | undefined>;
  /** A new version, unless the latest one says the same. */
  put(definition: Definition): Promise<{ readonly workflow: Workflow; readonly created: boolean }>;
  /** The latest version of each, by name; anonymous ones left out. */
  list(): Promise<readonly Workflow[]>;
}
