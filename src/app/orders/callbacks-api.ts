import { beatTaskSchema, completeTaskSchema, failTaskSchema } from '../../contract/callbacks.ts';
import { Problem } from '../../contract/problem.ts';
import type { TaskClaim } from '../../contract/task-token.ts';
import type { TaskCompleted } from '../../core/event.ts';
import { isInFlight } from '../../core/stage-tasks.ts';
import { wouldComeLate } from '../../core/unawaited.ts';
import type { Outcome } from '../../engine/advanced-order.ts';
import type { EnginePorts } from '../../engine/engine-ports.ts';
import { applyWish } from '../../engine/wish.ts';
import type { MasterSecret } from '../../ports/master-secret.ts';
import type { TokenRequest } from '../http/api-request.ts';
import { MAX_RESULT_BODY_BYTES, optionalBody } from '../http/api-request.ts';
import type { TokenRoute } from '../http/http-api.ts';
import { judgeElsewhere, judgementsIn } from '../quarantine/judgement.ts';
import type { CallbackEvent } from './callback-answers.ts';
import { answerToUncounted, cameLate } from './callback-answers.ts';
import { claimOf } from './task-claim.ts';

export type CallbackPorts = EnginePorts & { readonly masterSecret: MasterSecret };

/**
 * Calls by which whoever holds a task's token finishes it. Each is applied here and now, as what operators ask for is: no queue holds it.
 * The token is read before the body, so that nobody without one makes Baton parse anything.
 */
export function callbackRoutes(ports: CallbackPorts): readonly TokenRoute[] {
  const route = (name: string, eventOf: EventOf): TokenRoute => ({
    method: 'POST',
    path: `/tasks/{token}/${name}`,
    tokenInPath: true,
    handle: (request) => takeCallback(request, eventOf, ports),
  });
  return [
    route('complete', (request, task) => {
      const { result = null } = optionalBody(completeTaskSchema, request, MAX_RESULT_BODY_BYTES);
      return { type: 'TaskCompleted', ...task, result };
    }),
    route('fail', (request, task) => {
      const { code, message, retry, afterSeconds } = optionalBody(failTaskSchema, request);
      const error = { code: code.toWellFormed(), message: message.toWellFormed() };
      const failed = { type: 'TaskFailed', ...task, error } as const;
      if (retry !== 'later') return { ...failed, retry };
      return { ...failed, retry, afterSeconds: afterSeconds ?? 0 };
    }),
    route('heartbeat', (request, task) => {
      optionalBody(beatTaskSchema, request);
      return { type: 'TaskHeartbeat', ...task, sentAt: task.at, byCallback: true };
    }),
  ];
}

type AboutTask = Pick<TaskCompleted, 'at' | 'taskId' | 'attempt'> & { readonly by: string };

type EventOf = (request: TokenRequest, task: AboutTask) => CallbackEvent;

async function takeCallback(request: TokenRequest, eventOf: EventOf, ports: CallbackPorts) {
  const claim = await claimOf(request, ports);
  // Whoever has no genuine token does not learn which orders there are.
  if (claim === undefined) throw new Problem('INVALID_TASK_TOKEN', 'this is no token of a task');
  const { orderId, taskId, attempt, plugin } = claim;
  const event = eventOf(request, { at: ports.clock(), taskId, attempt, by: plugin });
  const outcome = await applyWish(orderId, event, ports);
  await judgeElsewhere(ports)(judgementsIn(new Map([[orderId, outcome]])));
  if (!outcome.known) throw new Problem('NOT_FOUND', "the task's order is gone");
  const { status: orderStatus } = outcome.state;
  const taken = { taken: true, orderStatus } as const;
  const mayBeLate = wouldComeLate(outcome.before, taskId);
  const isTaken = counts(event, claim, outcome);
  if (isTaken && !mayBeLate) return { status: 200, body: taken };
  const entries = await ports.journal.entries(orderId);
  if (isTaken && !cameLate(claim, entries)) return { status: 200, body: taken };
  const { repeated } = answerToUncounted(event, claim, entries);
  return { status: 200, body: { ...taken, repeated } };
}

/** A heartbeat may change nothing, and be welcome. */
function counts(
  { type }: CallbackEvent,
  claim: TaskClaim,
  { changed, state }: Extract<Outcome, { readonly known: true }>,
): boolean {
  return changed || (type === 'TaskHeartbeat' && isInFlight(state, claim));
}
