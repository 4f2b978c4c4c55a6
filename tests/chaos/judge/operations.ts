import type { OperationView, OrderView } from '../../../src/cli/responses.ts';
import type { Asked } from '../people/bulk-operator.ts';

/** What is wrong about an operation: it has ended, has met every order that it concerns, and what it counts stands in the orders' timelines. */
export function wrongOperation(
  { operationId, mustMatch }: Pick<Asked, 'operationId' | 'mustMatch'>,
  view: OperationView,
  orders: readonly OrderView[],
): readonly string[] {
  const { action, status, matched, done, refused } = view;
  const about = `operation ${operationId} (${action})`;
  const met = orders.filter(({ timeline }) =>
    timeline.some(({ operation }) => operation === operationId),
  ).length;
  const wrong: string[] = [];
  if (status === 'running') wrong.push(`${about} has not ended`);
  // One that was stopped has not met all that matched when it was asked for.
  const seen = done + refused;
  if (status === 'stopped' ? seen > matched : seen !== matched) {
    wrong.push(`${about} has matched ${matched}, done ${done} and been refused by ${refused}`);
  }
  if (status === 'done' && mustMatch !== undefined && matched !== mustMatch) {
    wrong.push(`${about} has matched ${matched} of ${mustMatch}`);
  }
  // To pause what is paused counts as done, and changes nothing; so with cancelling.
  const mayChangeNothing = action === 'pause' || action === 'cancel';
  if (met > done || (met < done && !mayChangeNothing)) {
    wrong.push(`${about} says that it has done ${done}, and ${met} timelines hold it`);
  }
  return wrong;
}
