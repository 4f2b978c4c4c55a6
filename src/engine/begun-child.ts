import { childOf, childOrderId, MOST_DEPTH } from '../core/child-orders.ts';
import { defined } from '../core/defined.ts';
import type { OrderPlaced } from '../core/event.ts';
import { inputOf, sliceOf } from '../core/for-each.ts';
import type { StagedOrder } from '../core/order.ts';
import { hasEnded } from '../core/order.ts';
import { workflowOf } from '../core/slices.ts';
import type { InFlightTask } from '../core/task.ts';
import { TooLargeError } from '../ports/too-large.ts';
import { completed, failed, failure, lost } from './answers-to-parent.ts';
import type { DueEvent } from './due-event.ts';
import type { EnginePorts } from './engine-ports.ts';
import { attemptName, handedOn } from './order-trace.ts';
import { place } from './placing.ts';

export type BeginningPorts = Pick<
  EnginePorts,
  'journal' | 'activeOrders' | 'messenger' | 'clock' | 'workflows' | 'traces'
>;

/** A child order that is not there after this long, its parent's pauses apart, has been placed and is lost: it is not begun once more. */
const PLACED_WITHIN_MS = 86_400_000;

/**
 * Places the child order of the task, unless there is a reason not to. That its parent is being undone is none: somebody may be about to
 * place it, and only an order that is there can be cancelled.
 */
export async function begun(
  parent: StagedOrder,
  task: InFlightTask,
  ports: BeginningPorts,
): Promise<readonly DueEvent[]> {
  const no = (code: string, message: string) => [failed(parent, task, code, message, ports)];
  const { orderId, attributes, client, workflow } = parent;
  const { taskId, attempt, dispatchedAt, pausedMs = 0, plugin: name } = task;
  // It is looked after once more when its parent goes on.
  if (parent.status === 'paused') return [];
  const earlier = await beforeIt(orderId, task, ports);
  if (earlier !== undefined) return earlier;
  const at = ports.clock();
  if (at - dispatchedAt - pausedMs > PLACED_WITHIN_MS) return [lost(parent, task, ports)];
  const depth = (parent.parent?.depth ?? 0) + 1;
  if (depth > MOST_DEPTH) {
    return no(
      'CHILD_TOO_DEEP',
      `${MOST_DEPTH} orders are above it: does ${name} start ${workflow.name}?`,
    );
  }
  const asked = task.slice
    ? await sliceFor(parent, task, ports)
    : await orderFor(parent, name, ports);
  if (asked === undefined) return no('UNKNOWN_WORKFLOW', `there is no workflow ${name}`);
  const event: OrderPlaced = {
    ...({ type: 'OrderPlaced', at, orderId: childOf(parent, task) } as const),
    ...{ input: inputOf(parent.stage, task, parent.payload).input, attributes },
    ...asked,
    ...defined({ client, trace: handedOn(parent, attemptName(task), ports.traces) }),
    parent: { orderId, taskId, attempt, depth },
    fingerprint: 'child',
  };
  try {
    await place(event, ports);
    return [];
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    return no('INPUT_TOO_LARGE', error.message);
  }
}

type Asked = Pick<OrderPlaced, 'workflow' | 'pauseOnFailure' | 'slice'>;

/** An order of the workflow's latest version; nothing if there is none. */
async function orderFor(
  { pauseOnFailure }: StagedOrder,
  name: string,
  { workflows }: BeginningPorts,
): Promise<Asked | undefined> {
  const latest = await workflows.latest(name);
  if (latest === undefined) return undefined;
  return { workflow: { name, version: latest.version }, ...defined({ pauseOnFailure }) };
}

/** An order that does the slice. If an element fails, it is the parent that pauses. */
async function sliceFor(
  parent: StagedOrder,
  task: InFlightTask,
  { workflows }: BeginningPorts,
): Promise<Asked | undefined> {
  const { workflow, stage } = parent;
  const definition = await workflows.get(workflow);
  if (definition === undefined) return undefined;
  return { workflow, slice: sliceOf(stage, task, workflowOf(parent, definition)) };
}

/**
 * What the child of an earlier attempt has come to since, if somebody has retried it: its result counts, and nothing is done beside it.
 */
async function beforeIt(
  orderId: string,
  { taskId, attempt }: InFlightTask,
  ports: BeginningPorts,
): Promise<readonly DueEvent[] | undefined> {
  for (let before = attempt - 1; before > 0; before -= 1) {
    const id = childOrderId(orderId, taskId, before);
    const child = (await ports.journal.latest(id))?.state;
    // An attempt that was not begun beside an earlier child has none.
    if (child?.parent === undefined) continue;
    const at = ports.clock();
    if (child.status === 'completed') return [[orderId, completed(child.parent, child.result, at)]];
    if (hasEnded(child)) continue;
    const message = `${id}, which performed an earlier attempt, goes on again: retry once it has ended`;
    return [[orderId, failure({ taskId, attempt }, { code: 'CHILD_GOES_ON', message }, at)]];
  }
  return undefined;
}
