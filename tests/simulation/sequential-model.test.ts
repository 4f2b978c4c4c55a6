import { expect, it } from '@jest/globals';
import type { Scenario } from './scenario.ts';
import type { Excused } from './sequential-model.ts';
import { endingOf } from './sequential-model.ts';

const large = 'x'.repeat(1000);

/** How many bytes are said to begin together with each job. */
function bytesBeside(activities: Scenario['workflow']['activities']) {
  const scenario = {
    workflow: { name: 'w', version: 1, on: [], activities },
    children: [],
    plugins: [],
    behaviours: { P: { padding: 0 }, Q: { padding: 0 } },
  } as unknown as Scenario;
  const said: Record<string, number> = {};
  const excused: Excused = (job, bytes) => {
    said[job] = bytes();
    return false;
  };
  endingOf(scenario, { input: large, attributes: {} }, { excused });
  return said;
}

// Was: the model knew of no input that finds no room in its order, and took its failure for a wrong ending.
// Now: it tells how large the payload and the inputs are that have to find room together.
it('the model tells what has to fit beside a job: in a parallel stage, the inputs of all its tasks', () => {
  const activities = [
    {
      name: 'a',
      pre: [{ plugin: 'P', input: 'payload' }],
      parallel: [],
      post: [],
    },
  ];
  expect(bytesBeside(activities)).toEqual({ P: 2004 });
  const parallel = [
    { plugin: 'P', input: 'payload' },
    { plugin: 'Q', input: 'payload' },
  ];
  expect(bytesBeside([{ name: 'a', pre: [], parallel, post: [] }])).toEqual({ P: 3006, Q: 3006 });
  expect(bytesBeside([{ name: 'a', pre: [], parallel: [{ plugin: 'P' }], post: [] }])).toEqual({
    P: 1002,
  });
});
