import { defined } from '../../core/defined.ts';
import type { Failure } from '../../core/failure.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { Outcome } from '../../engine/advanced-order.ts';
import type { Messenger } from '../../ports/messenger.ts';
import { logger } from '../logger.ts';

/** What an attempt says of its plugin, and whose it was. */
export interface Judgement extends Verdict {
  readonly orderId: string;
  readonly client?: string;
}

export type Judge = (judgements: readonly Judgement[]) => Promise<void>;

/** What the orders that have been advanced say of plugins. */
export function judgementsIn(outcomes: ReadonlyMap<string, Outcome>): readonly Judgement[] {
  return [...outcomes].flatMap(([orderId, outcome]) => {
    if (!outcome.known) return [];
    const { client } = outcome.state;
    return outcome.verdicts.map((verdict) => ({ ...verdict, orderId, ...defined({ client }) }));
  });
}

/** As many as fit into one message, whatever their errors say. */
const MOST_TOLD = 20;

/** How much of an error's message is told. Characters. */
const TOLD_CHARACTERS = 200;

/**
 * Tells the orchestrator what it does not see itself: failures that a dead-letter queue or the sweep has brought. Its instances have seen
 * attempts that worked as well, without which failures say nothing. What cannot be told is not counted.
 */
export function judgeElsewhere({ messenger }: { readonly messenger: Messenger }): Judge {
  return async (judgements) => {
    const told = judgements
      .filter(({ outcome, canary }) => outcome === 'failed' || canary)
      .slice(0, MOST_TOLD)
      .map(({ error, ...judgement }) => ({
        ...judgement,
        ...defined({ error: error && cut(error) }),
      }));
    const [first] = told;
    if (first === undefined) return;
    const { orderId } = first;
    const body = { type: 'AttemptsJudged', judgements: told } as const;
    const unsent = await messenger.send([{ to: 'orchestrator', orderId, delaySeconds: 0, body }]);
    for (const { error } of unsent) logger.warn('failed attempts are not counted', { error });
  };
}

/** The error, no longer than a reason may be. */
export function cut({ code, message }: Failure): Failure {
  return { code, message: message.slice(0, TOLD_CHARACTERS).toWellFormed() };
}
