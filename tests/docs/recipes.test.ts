import { describe, expect, it } from '@jest/globals';
import { tryWorkflow } from 'batonflow/sdk/testing';
import { blocksOf, PAGES } from './blocks.ts';

const workflows = PAGES.flatMap(blocksOf).filter(({ info }) => info === 'yaml workflow');
const recipes = workflows.filter(({ page }) => page === 'docs/recipes.md');

/** `# input {"n": 1} → a, b {"n": 2}`: which jobs run, and with which inputs, where the recipe says them. */
const SAYS = /^# (input|attributes) (.*) → (.*)$/gm;

const claims = workflows.flatMap(({ page, line, text }) =>
  [...text.matchAll(SAYS)].map(([claim, what = '', value = '', jobs = '']) => ({
    ...{ page, line, claim, text, jobs },
    given: { [what]: JSON.parse(value) },
  })),
);

it('every recipe says what comes of it', () => {
  const silent = recipes.filter(({ text }) => !text.match(SAYS));
  expect(silent).toEqual([]);
  expect(claims.length).toBeGreaterThanOrEqual(14);
});

describe('a workflow does what its comment says:', () => {
  it.each(claims)('$page, line $line: $claim', async ({ text, jobs, given }) => {
    const { order, dispatched } = await tryWorkflow(text, given);
    expect(order.status).toBe('completed');
    const said = splitOutside(jobs).map((one) => {
      const [, name = '', input] = /^(\S+)(?: (.*))?$/.exec(one) ?? [];
      return { name, ...(input !== undefined && { input: JSON.parse(input) }) };
    });
    const done = dispatched.map(({ plugin, input }, at) => ({
      ...{ name: plugin },
      ...(said[at] !== undefined && 'input' in said[at] && { input }),
    }));
    expect(done).toEqual(said);
  });
});

/** Parts between commas that stand in no brackets and in no quotes. */
function splitOutside(list: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const sign of list) {
    if ('{['.includes(sign)) depth += 1;
    if (']}'.includes(sign)) depth -= 1;
    if (sign === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts.map((part) => part.trim());
}
