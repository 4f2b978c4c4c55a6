import { expect, it } from '@jest/globals';
import { chanceFrom } from '../simulation/seed.ts';
import { plansFor, UNDOABLE, WORKFLOWS } from './plans.ts';

const plans = plansFor(500, 21, chanceFrom(1));

it('a seed makes the same orders again, and another one others', () => {
  expect(plansFor(500, 21, chanceFrom(1))).toEqual(plans);
  expect(plansFor(500, 21, chanceFrom(2))).not.toEqual(plans);
});

it('every batch has its share, every workflow occurs, and some orders cannot succeed', () => {
  const batches = plans.map(({ attributes }) => attributes.batch);
  expect(new Set(batches).size).toBe(21);
  expect(new Set(plans.map(({ workflow }) => workflow))).toEqual(new Set(WORKFLOWS.keys()));
  const poisons = plans.flatMap(({ attributes }) => attributes.poison ?? []);
  expect(poisons).toEqual(expect.arrayContaining([...UNDOABLE]));
  expect(poisons.length).toBeLessThan(plans.length / 2);
});
