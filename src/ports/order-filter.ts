import { defined } from '../core/defined.ts';
import type { Attributes, OrderFailure, OrderState, OrderStatus } from '../core/order.ts';
import { hasEnded } from '../core/order.ts';
import { isSettled } from '../core/task.ts';
import type { OrderFilter, OrderSummary } from './order-list.ts';

/** An order as its latest state shows it. */
export function summaryOfState(state: OrderState): OrderSummary {
  const { orderId, status, workflow, client, acceptedAt, attributes } = state;
  const failure = failureOf(state);
  return {
    ...{ orderId, status, workflow, acceptedAt, attributes, state },
    ...defined({
      client,
      endedAt: hasEnded(state) ? state.endedAt : undefined,
      error: failure && { code: failure.code, plugin: failure.plugin },
      paused: pauseOf(state),
    }),
  };
}

/** Why an order has failed, or has paused instead: the first task of its stage that it does not go on without. */
export function failureOf(state: OrderState): OrderFailure | undefined {
  if (state.status === 'failed') return state.error;
  if (state.status !== 'paused') return undefined;
  const task = state.stage.tasks.find((one) => one.status === 'failed' && one.mandatory);
  if (task?.status !== 'failed') return undefined;
  const { job, plugin, attempt, error } = task;
  return { ...error, task: job, plugin, attempt };
}

function pauseOf(state: OrderState): OrderSummary['paused'] {
  if (state.status !== 'paused') return undefined;
  const { pausedAt: since, pausedBy } = state;
  const operation = pausedBy && operationOf(pausedBy);
  return { since, ...defined({ by: pausedBy?.actor, reason: pausedBy?.reason, operation }) };
}

/** The operation over many orders of which the act is a part, if it is one's. */
export function operationOf({ actId }: { readonly actId: string }): string | undefined {
  return actId.startsWith('op-') ? actId : undefined;
}

type Placed = Pick<OrderSummary, 'orderId' | 'workflow' | 'client' | 'acceptedAt'>;

/** The statuses that are asked for; `undefined` for all. */
export function statusesOf({ status }: OrderFilter): readonly OrderStatus[] | undefined {
  if (status === undefined) return undefined;
  return typeof status === 'string' ? [status] : status;
}

/** Whether an order may match, as far as its first entry tells: what it was placed with never changes. */
export function mayMatch(
  { orderId, workflow, client, acceptedAt }: Placed,
  filter: OrderFilter,
): boolean {
  return (
    (filter.workflow === undefined || workflow.name === filter.workflow) &&
    (filter.client === undefined || client === filter.client) &&
    (filter.idPrefix === undefined || orderId.startsWith(filter.idPrefix)) &&
    (filter.from === undefined || acceptedAt >= filter.from) &&
    (filter.to === undefined || acceptedAt < filter.to)
  );
}

/** Whether an order matches. */
export function matches(state: OrderState, filter: OrderFilter): boolean {
  const { version, plugin, errorCode, pausedBy } = filter;
  const statuses = statusesOf(filter);
  return (
    mayMatch(state, filter) &&
    (statuses === undefined || statuses.includes(state.status)) &&
    hasAttributes(state.attributes, filter.attributes) &&
    (version === undefined || state.workflow.version === version) &&
    (plugin === undefined || pluginsOf(state).includes(plugin)) &&
    (errorCode === undefined || failureOf(state)?.code === errorCode) &&
    (pausedBy === undefined || pauseOf(state)?.operation === pausedBy)
  );
}

function hasAttributes(attributes: Attributes, asked: OrderFilter['attributes'] = {}): boolean {
  return Object.entries(asked).every(([name, value]) => {
    const own = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (own === undefined) return false;
    return [own].flat().some((one) => String(one) === String(value));
  });
}

const ENDED: readonly OrderStatus[] = ['completed', 'failed', 'cancelled'];

/** Whether an order is listed whose journal does not tell where it stands. @param broken it has lost a part of its journal */
export function matchesUnread(summary: OrderSummary, filter: OrderFilter, broken: boolean) {
  const { version, plugin, errorCode, pausedBy, attributes } = filter;
  const statuses = statusesOf(filter);
  const isMeant = (status: OrderStatus) =>
    broken ? !ENDED.includes(status) : summary.status === status;
  return (
    mayMatch(summary, filter) &&
    (statuses === undefined || statuses.some(isMeant)) &&
    attributes === undefined &&
    (version === undefined || summary.workflow.version === version) &&
    plugin === undefined &&
    errorCode === undefined &&
    pausedBy === undefined
  );
}

/** The plugins that an order waits for; of a failed one, the plugin whose task failed it. */
function pluginsOf(state: OrderState): readonly string[] {
  if (state.status === 'failed') return [state.error.plugin];
  if (hasEnded(state) || state.status === 'accepted') return [];
  // A paused order may wait for someone because of a task that has failed.
  const isMeant = (task: (typeof state.stage.tasks)[number]) =>
    !isSettled(task) || (state.status === 'paused' && task.status === 'failed');
  return state.stage.tasks.flatMap((task) =>
    'plugin' in task && isMeant(task) ? [task.plugin] : [],
  );
}
