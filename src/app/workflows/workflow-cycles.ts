import type { Definition } from '../../contract/definition-content.ts';
import { workflowsNamedIn, writeDefinition } from '../../contract/definition-content.ts';
import { eachStep } from '../../contract/each-step.ts';
import { Problem } from '../../contract/problem.ts';

/**
 * Refuses a workflow whose child orders, or their children, would be orders of itself. The others are seen as they are now: should one of
 * them change later, it is refused itself.
 * @param stored the latest version of each workflow
 * @throws {Problem} WORKFLOW_CYCLE that names the way round
 */
export function refuseCycles(definition: Definition, stored: readonly Definition[]): void {
  const others = new Map(stored.map((one) => [one.name, one]));
  eachStep(writeDefinition(definition), (step, path) => {
    if (!('workflow' in step)) return;
    const way = wayBack(String(step.workflow), definition.name, others);
    if (way === undefined) return;
    const round = [definition.name, ...way].join(' → ');
    const message = `${path}.workflow: ${round} would start itself without end`;
    throw new Problem('WORKFLOW_CYCLE', [{ path: `${path}.workflow`, message }]);
  });
}

/** The names on the way from one workflow to another, both included, by child orders; `undefined` if there is none. */
function wayBack(
  from: string,
  to: string,
  workflows: ReadonlyMap<string, Definition>,
  seen: Set<string> = new Set(),
): readonly string[] | undefined {
  if (from === to) return [to];
  if (seen.has(from)) return undefined;
  seen.add(from);
  const workflow = workflows.get(from);
  for (const next of workflow === undefined ? [] : workflowsNamedIn(workflow)) {
    const way = wayBack(next, to, workflows, seen);
    if (way !== undefined) return [from, ...way];
  }
  return undefined;
}
