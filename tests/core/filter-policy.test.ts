import { describe, expect, it } from '@jest/globals';
import { filterPolicySchema } from '../../src/contract/plugin-definition.ts';
import type { FilterPolicy } from '../../src/core/filter-policy.ts';
import { matchesPolicy } from '../../src/core/filter-policy.ts';
import type { Attributes } from '../../src/core/order.ts';

type Example = readonly [name: string, FilterPolicy, yes: Attributes[], no: Attributes[]];

function theseHold(examples: readonly Example[]): void {
  it.each(examples)('%s', (_, policy, yes, no) => {
    expect(filterPolicySchema.parse(policy)).toEqual(policy);
    for (const attributes of yes) {
      expect([attributes, matchesPolicy(policy, attributes)]).toEqual([attributes, true]);
    }
    for (const attributes of no) {
      expect([attributes, matchesPolicy(policy, attributes)]).toEqual([attributes, false]);
    }
  });
}

// https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html
describe("SNS's examples of strings", () => {
  theseHold([
    [
      'exact matching',
      { customer_interests: ['rugby', 'tennis'] },
      [
        { customer_interests: 'rugby' },
        { customer_interests: 'tennis' },
        { customer_interests: ['rugby', 'tennis'] },
      ],
      [{ customer_interests: 'baseball' }, { customer_interests: ['baseball'] }],
    ],
    [
      // Was: of a list, no element might be one of those. Now: one that is none of them is enough.
      // (Today's page also says "if none of the array elements are listed"; the examples on both pages say otherwise.)
      'anything-but matching',
      { customer_interests: [{ 'anything-but': ['rugby', 'tennis'] }] },
      [
        { customer_interests: 'baseball' },
        { customer_interests: 'football' },
        { customer_interests: ['rugby', 'baseball'] },
      ],
      [{ customer_interests: 'rugby' }, { customer_interests: ['rugby'] }],
    ],
    [
      'a prefix with anything-but',
      { event: [{ 'anything-but': { prefix: 'order-' } }] },
      [{ event: 'data-entry' }, { event: 'order_number' }],
      [{ event: 'order-cancelled' }],
    ],
    [
      'equals-ignore-case matching',
      { customer_interests: [{ 'equals-ignore-case': 'tennis' }] },
      [{ customer_interests: 'TENNIS' }, { customer_interests: 'Tennis' }],
      [{ customer_interests: 'table tennis' }],
    ],
    [
      'IP address matching',
      { source_ip: [{ cidr: '10.0.0.0/24' }] },
      [{ source_ip: '10.0.0.0' }, { source_ip: '10.0.0.255' }],
      [{ source_ip: '10.1.1.0' }],
    ],
    [
      'prefix matching',
      { customer_interests: [{ prefix: 'bas' }] },
      [{ customer_interests: 'baseball' }, { customer_interests: 'basketball' }],
      [{ customer_interests: 'rugby' }],
    ],
    [
      'suffix matching',
      { customer_interests: [{ suffix: 'ball' }] },
      [{ customer_interests: 'baseball' }, { customer_interests: 'basketball' }],
      [{ customer_interests: 'rugby' }],
    ],
  ]);
});

// https://docs.aws.amazon.com/sns/latest/dg/numeric-value-matching.html (Baton's lists are lists of strings: the example with [100, 50] has no place here)
describe("SNS's examples of numbers", () => {
  theseHold([
    [
      'exact matching',
      { price_usd: [{ numeric: ['=', 301.5] }] },
      [{ price_usd: 301.5 }, { price_usd: 3.015e2 }],
      [{ price_usd: 301 }],
    ],
    [
      'anything-but matching',
      { price: [{ 'anything-but': [100, 500] }] },
      [{ price: 101 }, { price: 100.1 }],
      [{ price: 100 }],
    ],
    [
      'a range, open at one end',
      { price_usd: [{ numeric: ['<', 0] }] },
      [{ price_usd: -1 }],
      [{ price_usd: 0 }],
    ],
    [
      'a range',
      { price_usd: [{ numeric: ['>', 0, '<=', 150] }] },
      [{ price_usd: 1 }, { price_usd: 150 }],
      [{ price_usd: 0 }, { price_usd: 150.5 }],
    ],
  ]);
});

// https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html
describe("SNS's examples of keys", () => {
  theseHold([
    [
      'exists: true',
      { store: [{ exists: true }] },
      [{ store: 'fans', customer_interests: ['baseball', 'basketball'] }],
      [{ customer_interests: ['baseball', 'basketball'] }],
    ],
    [
      'exists: false',
      { store: [{ exists: false }] },
      [{ customer_interests: ['baseball', 'basketball'] }],
      [{ store: 'fans', customer_interests: ['baseball', 'basketball'] }],
    ],
    [
      // Was: an empty string and an empty list existed. Now: "the key must have a non-null and non-empty value".
      'what is empty does not exist',
      { store: [{ exists: true }] },
      [{ store: 0 }, { store: false }],
      [{ store: '' }, { store: [] }],
    ],
    [
      // Was: an order without attributes matched. Now: "exists: false only matches if at least one attribute is present".
      'exists: false is not alone',
      { store: [{ exists: false }] },
      [{ store: '', other: 1 }, { store: [], other: 'x' }, { other: false }],
      [{}, { store: '' }, { store: [] }, { other: '' }],
    ],
    [
      'anything-but, or nothing at all',
      { store: [{ 'anything-but': ['fans'] }, { exists: false }] },
      [{ store: 'shop' }, { other: 1 }],
      [{ store: 'fans' }, {}],
    ],
  ]);
});

// https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html
describe("SNS's examples of AND and OR", () => {
  theseHold([
    [
      'AND',
      { customer_interests: ['rugby'], price_usd: [{ numeric: ['>', 100] }] },
      [{ customer_interests: 'rugby', price_usd: 101 }],
      [
        { customer_interests: 'rugby', price_usd: 100 },
        { customer_interests: 'tennis', price_usd: 101 },
        { price_usd: 101 },
      ],
    ],
    [
      'OR',
      { customer_interests: ['rugby', 'football', 'baseball'] },
      [{ customer_interests: 'football' }],
      [{ customer_interests: 'tennis' }],
    ],
    [
      '$or',
      {
        source: ['aws.cloudwatch'],
        $or: [{ metricName: ['CPUUtilization'] }, { namespace: ['AWS/EC2'] }],
      },
      [
        { source: 'aws.cloudwatch', metricName: 'CPUUtilization' },
        { source: 'aws.cloudwatch', namespace: 'AWS/EC2' },
      ],
      [{ source: 'aws.cloudwatch', metricName: 'x', namespace: 'x' }, { namespace: 'AWS/EC2' }],
    ],
    [
      '$or of several attributes, and within one another',
      {
        source: ['aws.cloudwatch'],
        $or: [
          { metricName: ['CPUUtilization', 'ReadLatency'] },
          { metricType: ['MetricType'], $or: [{ metricId: [1234] }, { spaceId: [1000, 2000] }] },
        ],
      },
      [
        { source: 'aws.cloudwatch', metricName: 'ReadLatency' },
        { source: 'aws.cloudwatch', metricType: 'MetricType', metricId: 1234 },
        { source: 'aws.cloudwatch', metricType: 'MetricType', spaceId: 2000 },
      ],
      [
        { source: 'aws.cloudwatch', metricType: 'MetricType', spaceId: 3000 },
        { source: 'aws.cloudwatch', spaceId: 1000 },
      ],
    ],
  ]);
});

describe('their neighbours', () => {
  theseHold([
    ['a policy that asks for nothing', {}, [{}, { a: 1 }], []],
    [
      'a number and a boolean are no text',
      { price: [301.5], paid: [true] },
      [{ price: 301.5, paid: true }],
      [{ price: '301.5', paid: true }, { price: 301.5, paid: 'true' }, { price: 301.5 }],
    ],
    ['null, which no attribute is', { kind: [null] }, [], [{}, { kind: 'null' }, { kind: '' }]],
    [
      'operators on text, on what is none',
      {
        a: [{ prefix: '1' }, { suffix: '1' }, { 'equals-ignore-case': '1' }, { cidr: '1.0.0.0/8' }],
      },
      [{ a: '1' }],
      [{ a: 1 }, { a: true }, {}, { a: [] }],
    ],
    [
      'anything-but on what is not there',
      { kind: [{ 'anything-but': 'a' }] },
      [{ kind: 'b' }, { kind: 1 }],
      [{ kind: 'a' }, {}, { kind: [] }],
    ],
    [
      'anything-but a prefix or a suffix, of a list',
      { file: [{ 'anything-but': { suffix: '.tmp' } }] },
      [{ file: 'a.png' }, { file: ['a.tmp', 'a.png'] }],
      [{ file: 'a.tmp' }, { file: ['a.tmp', 'b.tmp'] }],
    ],
    [
      'a block of one address, and of all; what is no address',
      { one: [{ cidr: '10.0.0.7/32' }], all: [{ cidr: '0.0.0.0/0' }] },
      [{ one: '10.0.0.7', all: '255.255.255.255' }],
      [
        { one: '10.0.0.8', all: '1.2.3.4' },
        { one: '10.0.0.7', all: '1.2.3.256' },
        { one: '10.0.0.7', all: '1.2.3' },
        { one: '10.0.0.7', all: 'x' },
        { one: '10.0.0.7', all: '1.2.3.4.5' },
        { one: '10.0.0.7', all: '1.2.3.-4' },
        { one: '10.0.0.7', all: '1.2.3.1e1' },
        { one: '10.0.0.7', all: '1.2.3.' },
      ],
    ],
    [
      'a range with its lower end, and numbers only',
      { a: [{ numeric: ['>=', 5, '<', 10] }], b: [{ numeric: ['<=', 0] }] },
      [
        { a: 5, b: 0 },
        { a: 9.99, b: -1 },
      ],
      [
        { a: 4.99, b: 0 },
        { a: 10, b: 0 },
        { a: 5, b: 0.01 },
        { a: '7', b: 0 },
        { a: 7, b: '-1' },
      ],
    ],
    [
      'attributes that every object has',
      { constructor: [{ exists: true }] },
      [{ constructor: 'x' }],
      [{}],
    ],
  ]);
});

it('a range of nothing, and one with an operator that is unknown, match nothing', () => {
  expect(matchesPolicy({ a: [{ numeric: [] }] }, { a: 1 })).toBe(false);
  expect(matchesPolicy({ a: [{ numeric: ['~', 0] }] }, { a: 1 })).toBe(false);
});

describe('refused by name is', () => {
  it.each([
    ['an unknown operator', { a: [{ wildcard: '*' }] }, 'a'],
    [
      'an operator within anything-but that SNS has not',
      { a: [{ 'anything-but': { wildcard: 'x' } }] },
      'a',
    ],
    ['anything-but nothing', { a: [{ 'anything-but': [] }] }, 'a'],
    ['a block that is none', { a: [{ cidr: '10.0.0.256/24' }] }, 'a'],
    ['a block of IPv6', { a: [{ cidr: '2001:db8::/32' }] }, 'a'],
    ['a number beyond a billion', { a: [{ numeric: ['>', 1_000_000_001] }] }, 'a'],
    ['a number with six digits after the point', { a: [0.000001] }, 'a'],
    ['$or with one alternative', { $or: [{ a: ['x'] }] }, '$or'],
    ['$or of values', { $or: ['x', 'y'] }, '$or'],
    ['$or of operators', { $or: [{ numeric: ['=', 1] }, { prefix: 'abc' }] }, '$or'],
    ['policies elsewhere than in $or', { a: [{ b: ['x'] }, { c: ['x'] }] }, 'a'],
  ])('%s', (_, policy, key) => {
    const { error } = filterPolicySchema.safeParse(policy);
    expect(error?.issues[0]?.path[0]).toBe(key);
  });
});
