import { json } from '../../src/cli/api.ts';
import type { Demonstration } from './demonstration.ts';
import { performOrder } from './demonstration.ts';

const UNTIL_LARGE = {
  activities: [
    { name: 'double', pre: ['B'], repeat: { until: 'payload >= 100', max: 5 } },
    { name: 'then', pre: ['A'] },
  ],
};

/** An activity that is done again until its result is right. */
export async function showRounds({ api, checks }: Demonstration): Promise<void> {
  checks.title('Rounds: an activity again, until an expression is true');
  await api.put('/workflows/until-large', json(UNTIL_LARGE));
  const { jobs, result } = await performOrder(api, { workflow: 'until-large', input: 20 });
  checks.pass(
    '20 is doubled until it is 100 or more, then A adds 2',
    checks.equal('jobs', Object.keys(jobs).sort(), ['A', 'B', 'B#2', 'B#3']),
    checks.equal('result', result, 162),
  );
}
