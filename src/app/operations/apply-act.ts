import { Problem } from '../../contract/problem.ts';
import { defined } from '../../core/defined.ts';
import type { ActRequested } from '../../core/event.ts';
import type { EnginePorts } from '../../engine/engine-ports.ts';
import { applyWish } from '../../engine/wish.ts';
import { BrokenJournalError } from '../../ports/journal.ts';
import type { Applied, Operation } from '../../ports/operations.ts';
import { TooLargeError } from '../../ports/too-large.ts';
import { versionNumber } from '../orders/acts-api.ts';

/**
 * Does to one order what the operation says, once: the act bears the operation's id, and an act that the journal holds already changes
 * nothing. No queue holds it.
 * @throws what may pass: the order may be tried again
 */
export async function applyAct(
  operation: Operation,
  orderId: string,
  ports: EnginePorts,
): Promise<Applied> {
  try {
    const event = await eventOf(operation, orderId, ports);
    const outcome = await applyWish(orderId, event, ports);
    if (!outcome.known) return { refused: 'NOT_FOUND' };
    return outcome.refusal === undefined ? 'done' : { refused: outcome.refusal.code };
  } catch (error) {
    if (error instanceof Problem) return { refused: error.code };
    if (error instanceof BrokenJournalError) return { refused: 'BROKEN_JOURNAL' };
    if (error instanceof TooLargeError) return { refused: 'TOO_LARGE' };
    throw error;
  }
}

async function eventOf(
  { operationId: actId, act, askedAt, actor, reason }: Operation,
  orderId: string,
  ports: EnginePorts,
): Promise<ActRequested> {
  const base = { at: ports.clock(), actId, askedAt, actor, ...defined({ reason }) };
  switch (act.action) {
    case 'cancel':
      return { type: 'CancelRequested', ...base, ...defined({ undo: act.undo }) };
    case 'pause':
      return { type: 'PauseRequested', ...base };
    case 'resume':
      return { type: 'ResumeRequested', ...base };
    case 'retry': {
      const version = act.version && (await versionNumber(orderId, act.version, ports));
      return { type: 'RetryRequested', ...base, ...defined({ version }) };
    }
    case 'skip':
      return { type: 'SkipRequested', ...base, job: act.task, ...defined({ result: act.result }) };
  }
}
