import { json } from '../../src/cli/api.ts';
import type { Demonstration } from './demonstration.ts';
import { performOrder } from './demonstration.ts';

const BY_SIZE = {
  activities: [
    {
      name: 'by-size',
      pre: [
        {
          choose: [
            { when: 'payload > 100', steps: ['A', 'B'] },
            { when: 'payload > 10', steps: ['B'] },
            { otherwise: ['A'] },
          ],
        },
      ],
    },
  ],
};

/** One of several branches. */
export async function showBranches({ api, checks }: Demonstration): Promise<void> {
  checks.title('A choice: one of three branches');
  await api.put('/workflows/by-size', json(BY_SIZE));
  const jobsOf = async (input: number) => {
    const { jobs } = await performOrder(api, { workflow: 'by-size', input });
    return Object.keys(jobs);
  };
  checks.pass(
    'a large number goes to A and B, a middling one to B, a small one to A',
    checks.equal('the large one: jobs', await jobsOf(500), ['A', 'B']),
    checks.equal('the middling one: jobs', await jobsOf(50), ['B']),
    checks.equal('the small one: jobs', await jobsOf(5), ['A']),
  );
}
