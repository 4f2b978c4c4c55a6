import { json } from '../../src/cli/api.ts';
import type { Demonstration } from './demonstration.ts';
import { performOrder } from './demonstration.ts';

/** No more of its tasks are under way at once than two; an element that is no number is tolerated. */
const DOUBLED = {
  activities: [
    {
      name: 'double',
      parallel: [{ plugin: 'B', forEach: 'payload.numbers', concurrency: 2, tolerate: '20%' }],
    },
  ],
};

/** One task per element of a list. */
export async function showForEach({ api, checks }: Demonstration): Promise<void> {
  checks.title('A list: one task per element');
  await api.put('/workflows/doubled', json(DOUBLED));
  const numbers = [1, 2, 3, 'four', 5];
  const order = await performOrder(api, { workflow: 'doubled', input: { numbers } });
  checks.pass(
    'five elements, two at once: results in their order, null for the one that is no number',
    checks.completed('the list', order),
    checks.equal('the list: result', order.result, { B: [2, 4, 6, null, 10] }),
    checks.equal('the list: jobs', Object.keys(order.jobs), ['B', 'B#2', 'B#3', 'B#5']),
  );
}
