import { hasEnded } from '../../core/order.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DirectAnswer, Question } from '../../ports/direct-answers.ts';
import type { Journal } from '../../ports/journal.ts';
import { pausesBetweenLooks } from './pauses-between-looks.ts';
import type { ShowingPorts } from './show-order.ts';
import { showOrder } from './show-order.ts';

export interface AnswerPorts extends ShowingPorts {
  readonly journal: Pick<Journal, 'entries'>;
  readonly clock: Clock;
  readonly pause: (ms: number) => Promise<unknown>;
}

/**
 * The function that looks at an order until it has ended or whoever asked gives up. It is invoked directly, by the function that has stored
 * the order. Each look reads what is new of the journal, so that the order can be shown without reading anything once more.
 */
export function makeAnswer({ journal, clock, pause, ...showing }: AnswerPorts) {
  return async ({ orderId, until, forOperator }: Question): Promise<DirectAnswer> => {
    const pauses = pausesBetweenLooks();
    for (;;) {
      const entries = await journal.entries(orderId);
      const state = entries.at(-1)?.state;
      if (state === undefined) throw new Error(`there is no order ${orderId}`);
      if (hasEnded(state)) {
        return { outcome: 'ended', order: await showOrder(entries, forOperator, showing) };
      }
      const leftMs = until - clock();
      if (leftMs <= 0) return { outcome: 'timeUp', status: state.status };
      await pause(Math.min(pauses.next().value, leftMs));
    }
  };
}
