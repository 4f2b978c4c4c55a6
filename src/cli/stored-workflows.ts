import type { Workflow } from '../core/workflow.ts';
import type { Api } from './api.ts';
import { allPages } from './pages.ts';
import type { WorkflowView } from './responses.ts';

/** The latest version of each workflow, read as the engine reads it. */
export async function storedWorkflows(api: Api): Promise<readonly Workflow[]> {
  // It is slow to load (expressions, YAML), and few commands need it.
  const { readDefinition } = await import('../contract/workflow-definition.ts');
  const { workflows } = await allPages<'workflows', WorkflowView>(api, '/workflows', 'workflows');
  return workflows.map(({ version, ...definition }) => ({
    ...readDefinition(definition.name, definition),
    version,
  }));
}
