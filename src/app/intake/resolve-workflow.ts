import { pluginsNamedIn } from '../../contract/definition-content.ts';
import type { OrderRequest } from '../../contract/order-request.ts';
import type { ProblemDetail } from '../../contract/problem.ts';
import { Problem } from '../../contract/problem.ts';
import type { WorkflowRef } from '../../core/order.ts';
import type { Todo } from '../../core/workflow.ts';
import type { Lookups } from './lookups.ts';

/**
 * The workflow version that an order is to run: what it names itself, else what its client's contract says.
 * @throws {Problem} UNKNOWN_CLIENT, UNKNOWN_WORKFLOW, UNKNOWN_PLUGIN
 */
export async function resolveWorkflow(
  { workflow, todo, client }: Pick<OrderRequest, 'workflow' | 'todo' | 'client'>,
  lookups: Lookups,
): Promise<WorkflowRef> {
  if (workflow !== undefined) return namedWorkflow(workflow, 'workflow', lookups);
  if (todo !== undefined) return adHocWorkflow(todo, 'todo', lookups);
  const contract = client === undefined ? undefined : await lookups.client(client);
  if (contract === undefined) {
    const message = `client: there is no client ${client}; put its contract first, or name a workflow or a todo`;
    throw new Problem('UNKNOWN_CLIENT', [{ path: 'client', message }]);
  }
  return resolveContract(contract, 'client', lookups);
}

/** What a contract says. `path` is where a problem is reported; without it, in the contract itself. */
export async function resolveContract(
  contract: { readonly workflow: string } | { readonly todo: Todo },
  path: string | undefined,
  lookups: Lookups,
): Promise<WorkflowRef> {
  if ('workflow' in contract) return namedWorkflow(contract.workflow, path ?? 'workflow', lookups);
  return adHocWorkflow(contract.todo, path ?? 'todo', lookups);
}

async function namedWorkflow(name: string, path: string, lookups: Lookups): Promise<WorkflowRef> {
  const latest = await lookups.workflow(name);
  if (latest === undefined) {
    const message = `${path}: there is no workflow ${name}`;
    throw new Problem('UNKNOWN_WORKFLOW', [{ path, message }]);
  }
  const missing = await lookups.unregistered(pluginsNamedIn(latest));
  refuse(
    missing.map((plugin) => ({
      path,
      message: `${path}: workflow ${name} names plugin ${plugin}, which is not registered`,
    })),
  );
  return { name, version: latest.version };
}

async function adHocWorkflow(todo: Todo, path: string, lookups: Lookups): Promise<WorkflowRef> {
  const missing = new Set(await lookups.unregistered(new Set(todo.flat())));
  refuse(
    todo.flatMap((place, index) =>
      (typeof place === 'string' ? [place] : place).flatMap((plugin, at) => {
        if (!missing.has(plugin)) return [];
        const within = typeof place === 'string' ? `[${index}]` : `[${index}][${at}]`;
        const where = path === 'todo' ? `todo${within}` : path;
        return [{ path: where, message: `${where}: no plugin ${plugin} is registered` }];
      }),
    ),
  );
  return lookups.adHoc(todo);
}

function refuse(errors: readonly ProblemDetail[]): void {
  if (errors.length > 0) throw new Problem('UNKNOWN_PLUGIN', errors);
}
