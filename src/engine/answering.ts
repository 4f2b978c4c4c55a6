import type {
  Answer,
  Context,
  Deciding,
  Decision,
  Evaluated,
  EvaluateExpressions,
  Question,
} from '../core/deciding.ts';
import { defined } from '../core/defined.ts';
import type { OrderState } from '../core/order.ts';
import { workflowOf } from '../core/slices.ts';
import { historyOf, tasksOf } from '../core/task-records.ts';
import type { Turn } from '../core/turns.ts';
import type { EnginePorts } from './engine-ports.ts';
import { needsHistory } from './needs-history.ts';
import type { Recall } from './recall.ts';
import { takeTurns } from './turns.ts';
import type { Room } from './values-too-large.ts';
import { within } from './values-too-large.ts';

/** What a decision's questions are answered from. */
export interface Sources {
  readonly state: OrderState;
  readonly context: Context;
  readonly recall: Recall;
  readonly ports: Pick<EnginePorts, 'backlogs' | 'evaluator'> & {
    readonly workflows: Pick<EnginePorts['workflows'], 'get'>;
    readonly turns: Pick<EnginePorts['turns'], 'take'>;
    readonly activeOrders: Pick<EnginePorts['activeOrders'], 'has'>;
  };
  /** What is left for the values of expressions, once an entry that holds them was refused as too large. */
  readonly room: Room | undefined;
}

/** A decision, and the values of expressions that it was made with. */
export interface AnsweredDecision {
  readonly decision: Decision;
  readonly values: readonly Evaluated[];
  /** Turns that were taken for it: not all of them need be in its state. */
  readonly turns: readonly Turn[];
}

/** Drives a decision to its end, and looks up what it asks for on the way. */
export async function answered(
  deciding: Deciding<Decision>,
  sources: Sources,
): Promise<AnsweredDecision> {
  const values: Evaluated[] = [];
  const turns: Turn[] = [];
  let step = deciding.next(NOTHING_ASKED);
  while (!step.done) {
    const answer = await answerTo(step.value, sources);
    if (step.value.type === 'EvaluateExpressions') values.push(...(answer as typeof values));
    if (step.value.type === 'AskTurns') {
      turns.push(...step.value.turns.filter(gotBy(answer as ReadonlySet<string>)));
    }
    step = deciding.next(answer);
  }
  return { decision: step.value, values, turns };
}

const gotBy =
  (tasks: ReadonlySet<string>) =>
  ({ taskId }: Turn) =>
    tasks.has(taskId);

/** A generator's first `next` starts it; what it is given there is never read. */
const NOTHING_ASKED: Answer = [];

async function answerTo(question: Question, sources: Sources): Promise<Answer> {
  const { context, recall, ports, room } = sources;
  switch (question.type) {
    case 'RecallHistory':
      return historyOf(await recall.entries());
    case 'RecallTasks':
      return tasksOf([...(await recall.entries()), question.entry]);
    case 'RecallWorkflow': {
      const { name } = sources.state.workflow;
      const workflow = await ports.workflows.get({ name, version: question.version });
      if (workflow === undefined) throw new Error(`${name} has no version ${question.version}`);
      return workflowOf(sources.state, workflow);
    }
    case 'RecallEntries':
      return recall.entriesOf(question.events);
    case 'AskBacklogs': {
      const plugins = question.plugins.flatMap((name) => context.plugins.get(name) ?? []);
      return ports.backlogs.oldest(plugins);
    }
    case 'AskTurns':
      return takeTurns(question, ports.turns);
    case 'AskStanding':
      return ports.activeOrders.has(sources.state.orderId, question.wakeUp);
    case 'EvaluateExpressions':
      return within(room, await valuesOf(question, sources));
  }
}

async function valuesOf(
  { expressions, payload, applied, elements, beside }: EvaluateExpressions,
  { state, recall, ports }: Sources,
): Promise<readonly Evaluated[]> {
  const { orderId, attributes } = state;
  const scope = { orderId, attributes, payload, ...defined({ elements }) };
  if (!needsHistory(expressions)) return ports.evaluator.evaluate(expressions, scope);
  const history = historyOf(await recall.entries(), applied, beside);
  return ports.evaluator.evaluate(expressions, { ...scope, history });
}
