import { describe, expect, it } from '@jest/globals';
import type { Plugin } from '../../src/console/messages.ts';
import { readAttributes, writeAttributes } from '../../src/console/placing/attribute-lines.ts';
import type { Draft } from '../../src/console/placing/draft.ts';
import { firstOfTodo, firstOfWorkflow } from '../../src/console/placing/first-plugins.ts';
import { inputText, valuesFrom } from '../../src/console/placing/form-values.ts';
import { mediaTypeOf, orderBody } from '../../src/console/placing/order-body.ts';
import { fieldsOf } from '../../src/console/placing/schema-fields.ts';
import { readTodo, todoTextOf } from '../../src/console/placing/todo-text.ts';
import { invited, membershipsOf } from '../../src/console/plugins/members.ts';
import { jsonText } from '../../src/console/words/json-text.ts';
import { orderRequestSchema } from '../../src/contract/order-request.ts';
import { workflow } from './orders.ts';

const draft = (fields: Partial<Draft> = {}): Draft => ({
  ...{ kind: 'todo', workflow: '', todo: 'A;B|C', input: '5', attributes: '' },
  ...fields,
});

describe('the form of a new order', () => {
  it('makes a request that the API takes', () => {
    const body = JSON.parse(orderBody(draft({ attributes: 'customer = acme\nsize=3' })));
    expect(body).toEqual({
      ...{ input: 5, todo: ['A', ['B', 'C']] },
      attributes: { customer: 'acme', size: 3 },
    });
    expect(orderRequestSchema.safeParse(body).success).toBe(true);
  });

  it('names nothing where the order runs what was agreed with its client', () => {
    const body = JSON.parse(orderBody(draft({ kind: 'contract', workflow: 'left over' })));
    expect(body).toEqual({ input: 5, attributes: {} });
  });

  it('sends the input as it was typed', () => {
    const input = '{"n": 12345678901234567890}';
    expect(orderBody(draft({ input }))).toContain(`"input":${input}`);
  });

  it.each([
    [{ input: 'five' }, 'The input is not JSON'],
    [{ input: '' }, 'The input is not JSON'],
    [{ todo: 'A;;B' }, 'A list of plugins looks like'],
    [{ kind: 'workflow' as const }, 'Choose a workflow'],
    [{ attributes: 'acme' }, '“acme” is not like name = value'],
  ])('refuses %j with a sentence', (fields, message) => {
    expect(() => orderBody(draft(fields))).toThrow(message);
  });
});

it.each([
  ['orders.csv', 'text/csv'],
  ['ORDERS.CSV', 'text/csv'],
  ['a.jsonl', 'application/x-ndjson'],
  ['a.json', 'application/json'],
])('the file %s is sent as %s', (name, type) => {
  expect(mediaTypeOf({ name, type: '' })).toBe(type);
});

it('a picture is sent as what it is, and a program not at all', () => {
  expect(mediaTypeOf({ name: 'a.png', type: 'image/png' })).toBe('image/png');
  expect(mediaTypeOf({ name: 'a.exe', type: 'application/x-msdownload' })).toBeUndefined();
});

it('attributes come back from their lines as what they were', () => {
  const attributes = {
    ...{ text: 'acme', number: 5, digits: '5', yes: true, word: 'true' },
    ...{ list: ['a', 'b'], quoted: '"a"', empty: '', equals: 'a=b' },
  };
  expect(readAttributes(writeAttributes(attributes))).toEqual(attributes);
});

it.each(['A', 'A;B', 'A;B|C;D'])(
  'the list %s comes back from the workflow that it is stored as',
  (text) => {
    const activities = (readTodo(text) ?? []).map((group) =>
      typeof group === 'string' ? { pre: [group] } : { parallel: [...group] },
    );
    expect(todoTextOf(workflow(...activities))).toBe(text);
  },
);

describe('who takes part where', () => {
  const plugin = (name: string, joins: object[] = []) => ({ name, joins }) as unknown as Plugin;
  const join = (fields: object = {}) => ({
    ...{ activity: 'first', stage: 'parallel', order: 100, mandatory: true, ...fields },
  });
  const open = workflow({ pre: ['A'], parallel: ['*'] });

  it('is named by the workflow, or joins whoever says "*"', () => {
    expect(membershipsOf(plugin('A'), [open])).toMatchObject([{ stage: 'pre', how: 'named' }]);
    expect(membershipsOf(plugin('X', [join()]), [open])).toMatchObject([
      { workflow: 'pass', stage: 'parallel', how: 'joins' },
    ]);
    expect(membershipsOf(plugin('X', [join({ workflow: 'other' })]), [open])).toEqual([]);
    expect(membershipsOf(plugin('X', [join()]), [workflow({ parallel: ['A'] })])).toEqual([]);
  });

  it('is listed in the order of the registrations', () => {
    const plugins = [
      plugin('late', [join({ order: 200 })]),
      plugin('b', [join()]),
      plugin('a', [join({ filter: { kind: ['photo'] } })]),
      plugin('elsewhere', [join({ stage: 'post' })]),
    ];
    const guests = invited(plugins, { workflow: 'pass', activity: 'first', stage: 'parallel' });
    expect(guests.map(({ name }) => name)).toEqual(['a', 'b', 'late']);
    expect(guests[0]?.filter).toEqual({ kind: ['photo'] });
  });
});

describe('JSON for people', () => {
  it('stands in one line where it fits', () => {
    expect(jsonText({ pre: ['A'], empty: {}, none: null })).toBe(
      '{ "pre": ["A"], "empty": {}, "none": null }',
    );
  });

  it('is unfolded where it does not, and is the same value', () => {
    const value = { name: 'x'.repeat(60), list: [1, { a: 'b' }], text: 'line\n"two"' };
    expect(jsonText(value).split('\n')).toHaveLength(5);
    expect(JSON.parse(jsonText(value))).toEqual(value);
  });

  // Was: a control for text that runs from right to left turned the rest of a value around, out of sight.
  // Now: it is escaped, as JSON can.
  it('shows what one would not see', () => {
    const value = { text: 'a\u202eb\u2069\u0085\u001b' };
    expect(jsonText(value)).toBe('{ "text": "a\\u202eb\\u2069\\u0085\\u001b" }');
    expect(JSON.parse(jsonText(value))).toEqual(value);
  });

  it('of nothing is null', () => {
    expect(jsonText(undefined)).toBe('null');
  });

  it('fills the lines of a long list of numbers', () => {
    const value = { numbers: Array.from({ length: 50 }, (_, index) => index) };
    expect(jsonText(value).split('\n').length).toBeLessThan(10);
    expect(JSON.parse(jsonText(value))).toEqual(value);
  });
});

describe('the form of an input', () => {
  const schema = {
    type: 'object',
    required: ['text', 'deep'],
    properties: {
      text: { type: 'string', description: 'what is engraved', maxLength: 80 },
      size: { type: 'integer', minimum: 4, default: 12 },
      font: { enum: ['serif', 3] },
      deep: { type: 'boolean' },
      lines: { type: 'array' },
    },
  };
  const fields = fieldsOf(schema) ?? [];

  it('has a field for each property, of its kind and within its limits', () => {
    expect(fields).toMatchObject([
      { name: 'text', kind: 'text', isRequired: true, limits: { maxLength: 80 } },
      { name: 'size', kind: 'integer', isRequired: false, initial: '12', limits: { min: 4 } },
      { name: 'font', kind: 'choice', options: ['"serif"', '3'] },
      { name: 'deep', kind: 'boolean', initial: 'false' },
      { name: 'lines', kind: 'json' },
    ]);
    expect(fields[0]?.about).toBe('what is engraved');
  });

  it.each([
    {},
    { type: 'string' },
    { type: 'object' },
    { type: 'object', properties: {} },
    { anyOf: [schema] },
    { type: 'object', properties: [1] },
  ])('is none for %j: that is typed as JSON', (given) => {
    expect(fieldsOf(given)).toBeUndefined();
  });

  it('gives the input that was filled in; what is left empty is not given, and numbers stay as typed', () => {
    const values = { text: 'a "b"', size: '12345678901234567890', font: '3', deep: 'true' };
    const text = inputText(fields, { ...values, lines: '' });
    expect(text).toContain('"size": 12345678901234567890');
    expect(JSON.parse(text)).toMatchObject({ text: 'a "b"', font: 3, deep: true });
    expect(text).not.toContain('lines');
    expect(inputText(fields, {})).toBe('{}');
  });

  it('begins with what was typed before, else with what the schema says', () => {
    expect(valuesFrom(fields, '')).toEqual({
      ...{ text: '', size: '12', font: '', deep: 'false', lines: '' },
    });
    expect(valuesFrom(fields, '{"text": "x", "lines": [1]}')).toMatchObject({
      ...{ text: 'x', lines: '[1]' },
    });
  });

  it.each(['5', '[1]', 'five', '{"unknown": 1}'])(
    'steps back for %s, which it could not show whole',
    (input) => {
      expect(valuesFrom(fields, input)).toBeUndefined();
    },
  );
});

describe("the plugins that get an order's input", () => {
  it.each([
    [{ pre: ['A', 'B'], parallel: ['C'] }, ['A']],
    [{ parallel: ['*', 'A', 'B'] }, ['A', 'B']],
    [{ post: ['A'] }, ['A']],
    [{ pre: [{ plugin: 'A', mandatory: true }] }, ['A']],
    [{ pre: [{ plugin: 'A', mandatory: true, input: '{}' }] }, []],
    [{ pre: [{ wait: '1h' }] }, []],
  ])('are, of a workflow that begins with %j, %j', (activity, plugins) => {
    expect(firstOfWorkflow(workflow(activity as object, { pre: ['Z'] }))).toEqual(plugins);
  });

  it('are the first ones of a list', () => {
    expect(firstOfTodo(['A', 'B'])).toEqual(['A']);
    expect(firstOfTodo([['A', 'B'], 'C'])).toEqual(['A', 'B']);
    expect(firstOfTodo([])).toEqual([]);
  });
});
