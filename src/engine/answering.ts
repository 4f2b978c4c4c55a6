import type { Answer, Context, Deciding, Decision, Question } from '../core/deciding.ts';
import type { OrderState } from '../core/order.ts';
import { historyOf } from '../core/task-records.ts';
import type { TooLargeError } from '../ports/too-large.ts';
import type { EnginePorts } from './engine-ports.ts';
import { needsHistory } from './needs-history.ts';
import type { Recall } from './recall.ts';

/** What a decision's questions are answered from. */
export interface Sources {
  readonly state: OrderState;
  readonly context: Context;
  readonly recall: Recall;
  readonly ports: Pick<EnginePorts, 'backlogs' | 'evaluator'>;
  /** The entry that was made with the values of these expressions was refused as too large: now each yields an error. */
  readonly refused: TooLargeError | undefined;
}

/** Drives a decision to its end, and looks up what it asks for on the way. */
export async function answered(deciding: Deciding<Decision>, sources: Sources): Promise<Decision> {
  let step = deciding.next(NOTHING_ASKED);
  while (!step.done) step = deciding.next(await answerTo(step.value, sources));
  return step.value;
}

/** A generator's first `next` starts it; what it is given there is never read. */
const NOTHING_ASKED: Answer = [];

async function answerTo(
  question: Question,
  { state, context, recall, ports, refused }: Sources,
): Promise<Answer> {
  switch (question.type) {
    case 'RecallHistory':
      return historyOf(await recall.entries());
    case 'RecallEntries':
      return recall.entriesOf(question.events);
    case 'AskBacklogs': {
      const plugins = question.plugins.flatMap((name) => context.plugins.get(name) ?? []);
      return ports.backlogs.oldest(plugins);
    }
    case 'EvaluateExpressions': {
      const { expressions, payload, applied } = question;
      if (refused !== undefined) {
        const error = `its value does not fit: ${refused.message}`;
        return expressions.map(() => ({ error }));
      }
      const { orderId, attributes } = state;
      const scope = { orderId, attributes, payload };
      if (!needsHistory(expressions)) return ports.evaluator.evaluate(expressions, scope);
      const history = historyOf(await recall.entries(), applied);
      return ports.evaluator.evaluate(expressions, { ...scope, history });
    }
  }
}
