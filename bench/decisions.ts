import { decide, placeOrder } from '../src/core/decide.ts';
import type { Answer, Context, Decision, Question } from '../src/core/deciding.ts';
import type { OrderEvent } from '../src/core/event.ts';
import type { OrderState } from '../src/core/order.ts';
import { activitiesOf } from '../src/core/workflow.ts';

export interface Decisions {
  /** By one processor, with nothing stored and nothing sent. */
  readonly perSecond: number;
}

const TODO = ['p1', 'p2', 'p3', 'p4', 'p5'];
const WORKFLOW = { name: 'bench', version: 1, on: [], activities: activitiesOf(TODO) };

/** Decides orders of five tasks from their first event to their last, as often as fits into the time. */
export function measureDecisions(quick: boolean): Decisions {
  const context: Context = {
    workflow: WORKFLOW,
    plugins: new Map(TODO.map((name) => [name, plugin(name)])),
  };
  const forMs = quick ? 300 : 3000;
  runFor(forMs / 3, context);
  return { perSecond: Math.round(runFor(forMs, context)) };
}

function runFor(ms: number, context: Context): number {
  const cpu = process.cpuUsage();
  const until = performance.now() + ms;
  let decisions = 0;
  while (performance.now() < until) decisions += decideOrder(context);
  const { user, system } = process.cpuUsage(cpu);
  return decisions / ((user + system) / 1e6);
}

function decideOrder(context: Context): number {
  let state: OrderState = placeOrder({
    ...{ type: 'OrderPlaced', at: 0, orderId: 'bench', input: { text: 'x'.repeat(1024) } },
    ...{ attributes: {}, workflow: { name: 'bench', version: 1 }, fingerprint: '' },
  });
  let next: OrderEvent = { type: 'OrderAccepted', at: 1 };
  for (let decisions = 1; ; decisions += 1) {
    const decision = told(decide(state, [next], context));
    state = decision.state;
    if (state.status === 'completed') return decisions;
    const task = decision.commands.find((command) => command.type === 'DispatchTask');
    if (task === undefined) throw new Error(`the order stands still: ${state.status}`);
    const { taskId, attempt, plugin: by } = task;
    const result = { text: 'y'.repeat(1024) };
    next = { type: 'TaskCompleted', at: decisions, taskId, attempt, by, result };
  }
}

/** None of these orders has a question. */
function told(deciding: Generator<Question, Decision, Answer>): Decision {
  const { done, value } = deciding.next();
  if (!done) throw new Error(`the decision asks: ${value.type}`);
  return value;
}

function plugin(name: string) {
  return {
    ...{
      name,
      joins: [],
      history: false,
      compensates: false,
      timeoutSeconds: 3600,
      totalSeconds: 86_400,
    },
    retry: { maxAttempts: 3, backoffSeconds: 2, maxBackoffSeconds: 300 },
    concurrency: { base: 10, ceiling: 10 },
    ...{ owner: 'bench', queueUrl: `http://queue/${name}`, queueArn: name, registeredAt: 0 },
  };
}
