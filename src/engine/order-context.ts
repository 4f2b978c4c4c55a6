import { pluginsNamedIn } from '../contract/definition-content.ts';
import type { Context } from '../core/deciding.ts';
import type { OrderState } from '../core/order.ts';
import { workflowOf } from '../core/slices.ts';
import type { EnginePorts } from './engine-ports.ts';

/** What is known of the plugins is this old at most when an order may try again what has failed. Milliseconds. */
const KNOWN_BEFORE_RETRY_MS = 1000;

/** What a decision about the order may look at: its workflow version, and the registrations. */
export async function contextOf(
  state: OrderState,
  ports: Pick<EnginePorts, 'workflows' | 'registry'>,
): Promise<Context> {
  const { workflow: ref } = state;
  const whole = await ports.workflows.get(ref);
  if (whole === undefined) {
    throw new Error(`workflow ${ref.name} has no version ${ref.version}`);
  }
  const workflow = workflowOf(state, whole);
  const plugins = await ports.registry.plugins({
    // A plugin may have been deployed a moment ago: what an instance remembers must not cost an order its attempts.
    naming: pluginsNamedIn(workflow),
    // Nor must it when a plugin has been closed a moment ago, by another instance.
    ...(hasFailedAttempt(state) && { withinMs: KNOWN_BEFORE_RETRY_MS }),
  });
  return { workflow, plugins };
}

function hasFailedAttempt(state: OrderState): boolean | undefined {
  return 'stage' in state && state.stage?.tasks.some(({ status }) => status === 'backingOff');
}
