import type { Workflow } from '../core/workflow.ts';
import type { WorkflowView } from './answers.ts';
import type { Api } from './api.ts';
import { allPages } from './pages.ts';

/** The latest version of each workflow, as the engine reads it. */
export async function storedWorkflows(api: Api): Promise<readonly Workflow[]> {
  // Slow to load (expressions, YAML), and needed by few commands.
  const { readDefinition } = await import('../contract/workflow-definition.ts');
  const { workflows } = await allPages<'workflows', WorkflowView>(api, '/workflows', 'workflows');
  return workflows.map(({ version, ...definition }) => ({
    ...readDefinition(definition.name, definition),
    version,
  }));
}
