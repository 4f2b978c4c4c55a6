import type { OrderView } from '../../../src/cli/responses.ts';
import type { Effects } from '../deeds.ts';
import type { Act } from '../people/acts.ts';
import type { Asked } from '../people/bulk-operator.ts';
import type { Callback } from '../people/desk.ts';
import type { Plan } from '../plans.ts';

/** All that is known of one order: what Baton says, what its plugins have written down, and what people asked of it. */
export interface Case {
  readonly plan: Plan;
  readonly order: OrderView;
  readonly effects: Effects;
  /** The acts on this order, those that were refused too. */
  readonly acts: readonly Act[];
  /** By id: all operations that were begun. */
  readonly operations: ReadonlyMap<string, Asked['request']>;
  /** Since when its poison does nothing. */
  readonly healedAt?: number;
  readonly callbacks: readonly Callback[];
}

/** What was done to the order, whoever asked for it: one of the acts, or an operation as the order's timeline has it. */
export interface Deed {
  readonly act: Act['act'];
  readonly undo?: false;
  readonly task?: string;
  readonly result?: unknown;
  /** When it was asked for; of an operation, when it was applied. */
  readonly at: number;
}

/** Everything that was taken. */
export function takenFrom({ acts, order, operations }: Case): readonly Deed[] {
  const own = acts
    .filter(({ refused }) => refused === undefined)
    .map(({ askedAt, ...act }) => ({ ...act, at: askedAt }));
  const many = order.timeline.flatMap(({ operation, at }) => {
    const request = operations.get(operation ?? '');
    return request === undefined ? [] : [{ ...request, act: request.action, at: Date.parse(at) }];
  });
  return [...own, ...many];
}

/** By job: what somebody skipped it with, `{}` for nothing. */
export function skipsIn(all: Case): ReadonlyMap<string, { readonly result?: string }> {
  return new Map(
    takenFrom(all).flatMap(({ act, task, result }) =>
      act === 'skip' && task !== undefined
        ? [[task, result === undefined ? {} : { result: String(result) }]]
        : [],
    ),
  );
}
