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

const LONG = {
  activities: [
    { name: 'double', parallel: [{ plugin: 'B', forEach: '[1..120]', concurrency: 20 }] },
  ],
};

/** One task per element of a list; of a long one, a child order for each fifty. */
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
  await api.put('/workflows/doubled-all', json(LONG));
  const long = await performOrder(api, { workflow: 'doubled-all', input: null });
  const all = Array.from({ length: 120 }, (_, index) => 2 * (index + 1));
  checks.pass(
    '120 elements, twenty at once: in slices of fifty, each done by an order of its own',
    checks.completed('the long list', long),
    checks.equal('the long list: result', long.result, { B: all }),
    checks.equal('the long list: slices', long.children?.length, 3),
  );
}
