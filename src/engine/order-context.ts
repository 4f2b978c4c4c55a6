import { pluginsNamedIn } from '../contract/definition-content.ts';
import type { Context } from '../core/deciding.ts';
import type { OrderState } from '../core/order.ts';
import type { EnginePorts } from './engine-ports.ts';

/** What a decision about the order may look at: its workflow version, and the registrations. */
export async function contextOf(
  { workflow: ref }: OrderState,
  ports: Pick<EnginePorts, 'workflows' | 'registry'>,
): Promise<Context> {
  const workflow = await ports.workflows.get(ref);
  if (workflow === undefined) {
    throw new Error(`workflow ${ref.name} has no version ${ref.version}`);
  }
  // A plugin may have been deployed a moment ago: what an instance remembers must not cost an order its attempts.
  const plugins = await ports.registry.plugins({ naming: pluginsNamedIn(workflow) });
  return { workflow, plugins };
}
