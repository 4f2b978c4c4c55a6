import { afterAll, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '../../src/core/json.ts';
import { createProcessEvaluator } from '../../src/expressions/process-evaluator.ts';

jest.setTimeout(240_000);

const evaluator = createProcessEvaluator();
afterAll(() => evaluator.stop());

const scope = {
  orderId: 'o',
  attributes: { priority: 'high' },
  payload: [1, 2, 3],
  history: { input: { size: 5 }, jobs: { resize: { input: 1, result: { width: 320 } } } },
};
const resultOf = async (template: Json, payload: Json = scope.payload) =>
  (await evaluator.evaluate([template], { ...scope, payload }))[0];

describe('an expression', () => {
  it.each<[Json, Json]>([
    ['attributes.priority = "high"', true],
    ['$sum(payload)', 6],
    ['input.size', 5],
    ['orderId', 'o'],
    ['$jobs.resize.result.width', 320],
    ['$match("a1b22", /([a-z])(\\d+)/).groups[1]', ['1', '22']],
    ['$replace("a-b-c", /-/, "+")', 'a+b+c'],
    ['$contains(orderId, /O/i)', true],
    ['nothing.here', null],
    [
      { width: '$jobs.resize.result.width', rest: [1, '"text"', null], none: 'nothing.here' },
      { width: 320, rest: [1, 'text', null], none: null },
    ],
    [
      { '__proto__ ': 'orderId', constructor: 'orderId' },
      { '__proto__ ': 'o', constructor: 'o' },
    ],
    [7, 7],
    [{ a: [true] }, { a: [true] }],
  ])('%j is %j', async (template, value) => {
    expect(await resultOf(template)).toEqual({ value });
  });

  it('that fails leaves the others their values', async () => {
    const templates = ['$sum("x")', '1 + 1', { a: [0, '$error("no")'] }];
    expect(await evaluator.evaluate(templates, scope)).toEqual([
      { error: expect.stringContaining('sum'), place: '' },
      { value: 2 },
      { error: 'no (in "$error(\\"no\\")")', place: '.a[1]' },
    ]);
  });

  // Was: `Attempted to invoke a non-function`, and nothing else, of a step with any number of expressions.
  // Now: an error names the expression, and the function that there is not.
  it.each([
    ['$uper(orderId)', 'Attempted to invoke a non-function: $uper (in "$uper(orderId)")'],
    ['orderId.$uper($)', 'Attempted to invoke a non-function: $uper (in "orderId.$uper($)")'],
    [
      'uppercase(orderId)',
      'Attempted to invoke a non-function. Did you mean $uppercase? (in "uppercase(orderId)")',
    ],
    ['payload + orderId', expect.stringMatching(/"\+".* \(in "payload \+ orderId"\)$/)],
    [`$sum("x") + ${'1'.repeat(400)}`, expect.stringMatching(/ \(in ".{10,210}"\)$/)],
  ])('%j fails, and its error names what is wrong and where', async (source, error) => {
    expect(await resultOf(source)).toEqual({ error, place: '' });
  });

  it('knows the element that it is about, and no other does', async () => {
    const templates = ['$element.id', { at: '$index', of: '$element' }, '$element'];
    const element = { value: { id: 7 }, index: 3 };
    const elements = [element, { value: null, index: 0 }, null];
    expect(await evaluator.evaluate(templates, { ...scope, elements })).toEqual([
      { value: 7 },
      { value: { at: 0, of: null } },
      { value: null },
    ]);
  });

  it('without an expression beside it needs no process', async () => {
    const idle = createProcessEvaluator();
    expect(await idle.evaluate([], scope)).toEqual([]);
    expect(await idle.evaluate([{ a: 1 }, null], scope)).toEqual([
      { value: { a: 1 } },
      { value: null },
    ]);
    expect(await idle.pid()).toBeUndefined();
  });

  // Was: NaN and functions became null, and functions in objects gave JSONata's own objects to the plugin.
  // Now: they fail, as a plugin's result does, and say where they are.
  it.each<[string, Json, string, string]>([
    ['infinite', { share: '5 / 0' }, '.share', 'Infinity'],
    ['no number', { share: 'payload.sum / payload.parts' }, '.share', 'NaN'],
    ['a function of the language', { id: '$random' }, '.id', 'a function'],
    ['a function of its own', 'function($x){ $x }', '', 'a function'],
    ['a regular expression', { 'the pattern': '/a+/' }, '["the pattern"]', 'a function'],
    ['no number within its value', { a: ['[1, {"b": 0 / 0}]'] }, '.a[0][1].b', 'NaN'],
    ['a function within its value', '{"items": [{"make": $sum}]}', '.items[0].make', 'a function'],
  ])('that is %s fails, and says where', async (_, template, place, what) => {
    const error = expect.stringMatching(`^the value is ${what}, which JSON does not keep \\(in "`);
    const payload = { sum: 0, parts: 0 };
    expect(await resultOf(template, payload)).toEqual({ error, place });
  });

  it('may hand on a payload that looks like a function', async () => {
    const payload = { _jsonata_lambda: true, _jsonata_function: true };
    expect(await resultOf({ a: 'payload' }, payload)).toEqual({ value: { a: payload } });
  });

  it('of more than 64 levels fails', async () => {
    const nested = '$reduce([1..70], function($a, $i){ {"a": $a} }, 1)';
    expect(await resultOf(nested)).toEqual({
      error: expect.stringMatching(/^the value nests deeper than 64 levels \(in "/),
      place: '',
    });
  });

  it('that fails with a long text fails with the beginning of it', async () => {
    const answer = await resultOf('$error($pad("", 100000, "x"))');
    expect(answer).toEqual({
      error: `${'x'.repeat(1000)} (in "$error($pad(\\"\\", 100000, \\"x\\"))")`,
      place: '',
    });
  });
});

describe('linear work on the largest payload', () => {
  const digits = (count: number) => '7'.repeat(count);
  const numbers = Array.from({ length: 60_000 }, (_, index) => index % 10);
  const records = Array.from({ length: 4000 }, (_, id) => ({
    id,
    price: 10,
    kind: `k${id % 200}`,
  }));

  it.each<[string, string, Json, Json]>([
    [
      'a replacement for each of 16,000',
      '$length($replace(payload, /[0-9]/, "*"))',
      digits(16_000),
      16_000,
    ],
    // Was: a replacement failed by the clock, sometimes, and a group of more than 200 as "nested deeper than 200".
    // Now: only processor time counts, and only what is far from linear uses it up.
    [
      'a replacement for each of 120,000',
      '$length($replace(payload, /[0-9]/, "*"))',
      digits(120_000),
      120_000,
    ],
    ['60,000 parts of a text', '$count($split(payload, ","))', 'a,'.repeat(60_000), 60_001],
    ['a map of 60,000', '$count($map(payload, function($x){ $x * 2 }))', numbers, 60_000],
    ['a path over 60,000', '$sum(payload.($ * 2))', numbers, 540_000],
    ['a filter of 60,000', '$count(payload[$ > 4])', numbers, 30_000],
    ['a sum of 60,000', '$reduce(payload, function($a, $x){ $a + $x })', numbers, 270_000],
    ['objects made of 4,000', '$count(payload.{"p": price * 2, "i": id})', records, 4000],
    ['4,000 in groups', '$count($keys(payload{kind: $sum(price)}))', records, 200],
    ['4,000 in order', 'payload^(>id)[0].id', records, 3999],
    ['200 KB handed on', '$length(payload)', 'x'.repeat(200 * 1024), 200 * 1024],
  ])('passes: %s', async (_, expression, payload, value) => {
    expect(await resultOf(expression, payload)).toEqual({ value });
  });

  it('hands on 60,000 numbers as they are', async () => {
    expect(await resultOf('payload', numbers)).toEqual({ value: numbers });
  });
});
