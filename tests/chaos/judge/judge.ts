import type { OperationView, OrderView } from '../../../src/cli/responses.ts';
import type { Effects } from '../deeds.ts';
import { nothing } from '../deeds.ts';
import type { Act } from '../people/acts.ts';
import type { Asked } from '../people/bulk-operator.ts';
import type { Callback } from '../people/desk.ts';
import type { Plan } from '../plans.ts';
import type { Case } from './case.ts';
import { wrongEnding } from './ending.ts';
import { wrongOperation } from './operations.ts';
import { wrongTimeline } from './timeline.ts';
import { wrongUndoing } from './undoing.ts';
import { wrongWork } from './work.ts';

/** What is known when all is over. */
export interface Evidence {
  readonly plans: readonly Plan[];
  /** As Baton shows them, in the same order. */
  readonly orders: readonly OrderView[];
  readonly acts: readonly Act[];
  readonly asked: readonly Asked[];
  readonly operations: readonly OperationView[];
  readonly callbacks: readonly Callback[];
  readonly healedAt: Readonly<Record<string, number>>;
}

/** Holds what Baton tells against the model, against what the plugins did, and against what people asked for. */
export function complaintsOf(
  evidence: Evidence,
  effects: ReadonlyMap<string, Effects>,
): readonly string[] {
  const { asked, operations, orders } = evidence;
  return [
    ...casesOf(evidence, effects).flatMap(complaintsAbout),
    ...asked.flatMap((one) =>
      operations
        .filter(({ operationId }) => operationId === one.operationId)
        .flatMap((view) => wrongOperation(one, view, orders)),
    ),
  ];
}

export function complaintsAbout(one: Case): readonly string[] {
  return [...wrongEnding(one), ...wrongWork(one), ...wrongUndoing(one), ...wrongTimeline(one)].map(
    (text) => `${one.plan.orderId} (${one.plan.workflow}): ${text}`,
  );
}

function casesOf(
  { plans, orders, acts, asked, callbacks, healedAt }: Evidence,
  effects: ReadonlyMap<string, Effects>,
): readonly Case[] {
  const operations = new Map(asked.map(({ operationId, request }) => [operationId, request]));
  return orders.map((order, index) => {
    const { orderId } = order;
    const healed = healedAt[orderId];
    return {
      ...{ plan: plans[index] as Plan, order, effects: effects.get(orderId) ?? nothing() },
      ...{ operations, acts: acts.filter((one) => one.orderId === orderId) },
      callbacks: callbacks.filter((one) => one.orderId === orderId),
      ...(healed !== undefined && { healedAt: healed }),
    };
  });
}
