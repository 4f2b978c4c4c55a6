import type { Json } from '../../src/core/json.ts';
import { evaluateTemplates, needsHistory } from '../../src/engine/expressions.ts';

const scope = {
  orderId: 'o',
  attributes: { priority: 'high' },
  payload: [1, 2, 3],
  history: { input: { size: 5 }, jobs: { resize: { input: 1, result: { width: 320 } } } },
};

const resultOf = async (template: Json) => (await evaluateTemplates([template], scope))[0];

test.each<[Json, Json]>([
  ['attributes.priority = "high"', true],
  ['$sum(payload)', 6],
  ['input.size', 5],
  ['orderId', 'o'],
  ['$jobs.resize.result.width', 320],
  ['nothing.here', null],
  ['$match("a1b22", /([a-z])(\\d+)/).groups[1]', ['1', '22']],
  ['$replace("a-b-c", /-/, "+")', 'a+b+c'],
  ['$contains(orderId, /O/i)', true],
  [
    { width: '$jobs.resize.result.width', rest: [1, '"text"', null] },
    { width: 320, rest: [1, 'text', null] },
  ],
])('%j is %j', async (template, value) => {
  expect(await resultOf(template)).toEqual({ value });
});

test.each([
  ['($f := function($n){ $f($n + 1) }; $f(1))', 'steps'],
  ['($f := function($n){ 1 + $f($n + 1) }; $f(1))', 'nests deeper'],
  ['$map([1..1000000], function($x){ $x * 2 })', 'steps'],
  // Was: neither was bounded; a match without end, or a list that fills the memory, stopped the orchestrator and each sweep.
  [`$match("${'a'.repeat(40)}b", /^(a+)+$/)`, 'regular expressions'],
  [`$map([1..9], function($x){ $match("${'a'.repeat(40)}b", /^(a+)+$/) })`, 'regular expressions'],
  ['$count([1..9999999])', 'sequence length'],
])('%s is stopped', async (expression, reason) => {
  expect(await resultOf(expression)).toEqual({ error: expect.stringContaining(reason) });
});

test('an expression that fails leaves the others their values', async () => {
  expect(await evaluateTemplates(['$sum("x")', '1 + 1'], scope)).toEqual([
    { error: expect.stringContaining('sum') },
    { value: 2 },
  ]);
});

test('the history is read only for expressions that look at it', () => {
  expect(needsHistory(['attributes.priority', { a: 'payload' }])).toBe(false);
  expect(needsHistory([{ a: ['$jobs.x'] }])).toBe(true);
  expect(needsHistory(['input.size'])).toBe(true);
});
