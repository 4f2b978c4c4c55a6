import { json } from '../../src/cli/api.ts';
import type { Demonstration } from './demonstration.ts';
import { performOrder } from './demonstration.ts';

const BY_AMOUNT = {
  activities: [
    { name: 'check', pre: ['A'] },
    {
      choose: [
        { when: 'payload > 100', activities: [{ name: 'large', parallel: ['A', 'B'] }] },
        {
          otherwise: [
            { choose: [{ when: 'payload > 10', activities: [{ name: 'twice', pre: ['B'] }] }] },
            { name: 'small', pre: ['A'] },
          ],
        },
      ],
    },
    { name: 'tell', pre: [{ plugin: 'A', input: '1' }] },
  ],
};

/** Ways that part for whole activities, one of them once more. */
export async function showWays({ api, checks }: Demonstration): Promise<void> {
  checks.title('A choice among activities, within another');
  await api.put('/workflows/by-amount', json(BY_AMOUNT));
  const { tasks } = await performOrder(api, { workflow: 'by-amount', input: 50 });
  const shown = tasks.map(({ activity, status }) => `${activity} ${status}`);
  checks.pass(
    'a middling number takes the second way, and in it the side way; the order shows which it did not take',
    checks.equal('activities', shown, [
      ...['check', 'twice', 'small', 'tell'].map((name) => `${name} completed`),
      ...['large', 'large'].map((name) => `${name} skipped`),
    ]),
  );
}
