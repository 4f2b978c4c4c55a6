import { isDeepStrictEqual } from 'node:util';
import type { Workflow } from '../../../src/core/workflow.ts';
import type { Ending } from '../../simulation/sequential-model.ts';
import { endingOf } from '../../simulation/sequential-model.ts';
import { PLUGINS, WORKFLOWS } from '../plans.ts';
import type { Case } from './case.ts';
import { skipsIn, takenFrom } from './case.ts';

const BEHAVIOURS = Object.fromEntries(
  PLUGINS.map((plugin) => [plugin, { failsForGood: false, padding: 0 }]),
);

/** What is wrong about how the order has ended: nothing, if it is as the sequential model says, or somebody cancelled it. */
export function wrongEnding(all: Case): readonly string[] {
  const { order, plan } = all;
  const { status, waitingFor } = order;
  const isToBeCancelled = takenFrom(all).some(({ act }) => act === 'cancel');
  if (isToBeCancelled) {
    return status === 'cancelled' ? [] : [`it is ${status}, though it was cancelled`];
  }
  if (status === 'cancelled') return ['it is cancelled, and nobody asked for it'];
  if (status !== 'completed' && status !== 'failed') {
    return [`it has not ended: ${[status, waitingFor?.what].filter(Boolean).join(', ')}`];
  }
  const workflow = WORKFLOWS.get(plan.workflow) as Workflow;
  if (status === 'failed' && workflow.pauseOnFailure) return ['it has failed instead of pausing'];
  if (status === 'failed' && isRetriedWhenHealed(all)) {
    return ['it has failed, though it was retried after what ailed it was gone'];
  }
  const expected = poisonsOf(all).map((poison) => {
    const given = { input: plan.input, attributes: poison };
    const setting = { workflow, children: [], plugins: [], behaviours: BEHAVIOURS };
    return endingOf(setting, given, { skips: skipsIn(all) });
  });
  const ending = endedAs(all);
  if (expected.some((one) => isDeepStrictEqual(one, ending))) return [];
  return [`it is ${JSON.stringify(ending)}, and should be ${JSON.stringify(expected[0])}`];
}

/** Once an order is healed, its poison may have come before that or not. */
function poisonsOf({ plan, healedAt }: Case): readonly { readonly poison?: string }[] {
  const { poison } = plan.attributes;
  if (poison === undefined) return [{}];
  return healedAt === undefined ? [{ poison }] : [{}, { poison }];
}

function isRetriedWhenHealed(all: Case): boolean {
  const { healedAt = Number.POSITIVE_INFINITY } = all;
  return takenFrom(all).some(({ act, at }) => act === 'retry' && at >= healedAt);
}

/** In the words of the model. */
function endedAs({ order }: Case): Ending {
  const { jobs, result, error } = order;
  if (order.status === 'completed') {
    return { status: 'completed', result, jobs } as Ending;
  }
  return { status: 'failed', task: error?.task, jobs } as Ending;
}
