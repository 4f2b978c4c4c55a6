import type { Todo } from '../../src/core/workflow.ts';
import type { Demonstration } from './demonstration.ts';
import { performOrder } from './demonstration.ts';
import { formatLatency, latencies } from './latency.ts';

interface Example {
  readonly input: number;
  readonly todo: Todo;
  readonly result: unknown;
  readonly jobs: object;
}

/** The examples of Baton's specification, to the letter. */
const EXAMPLES: readonly Example[] = [
  {
    input: 5,
    todo: ['A', 'B'],
    result: 14,
    jobs: { A: { input: 5, result: 7 }, B: { input: 7, result: 14 } },
  },
  {
    input: 5,
    todo: ['B', 'A'],
    result: 12,
    jobs: { B: { input: 5, result: 10 }, A: { input: 10, result: 12 } },
  },
  {
    input: 3,
    todo: ['A', ['A', 'B']],
    result: { A: 7, B: 10 },
    jobs: {
      A: { input: 3, result: 5 },
      'A#2': { input: 5, result: 7 },
      B: { input: 5, result: 10 },
    },
  },
];

/** Ad-hoc orders: the client names the plugins. */
export async function showArithmetic({ api, checks }: Demonstration): Promise<void> {
  checks.title('Arithmetic: A adds 2, B doubles');
  const orders = [];
  for (const { input, todo, result, jobs } of EXAMPLES) {
    const order = await performOrder(api, { input, todo });
    orders.push(order);
    const name = `${input} through ${todo.map(formatGroup).join(', then ')}`;
    checks.pass(
      `${name.padEnd(36)} ${JSON.stringify(order.result)}`,
      checks.completed(name, order),
      checks.equal(`${name}: result`, order.result, result),
      checks.equal(`${name}: jobs`, order.jobs, jobs),
      checks.equal(`${name}: input`, order.input, input),
    );
  }
  checks.note(`latency per task, one order at a time: ${formatLatency(latencies(orders))}`);
}

function formatGroup(group: string | readonly string[]): string {
  return typeof group === 'string' ? group : group.join(' and ');
}
