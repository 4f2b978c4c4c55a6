import { describe, expect, it } from '@jest/globals';
import { filterPolicySchema } from '../../src/contract/plugin-definition.ts';
import type { FilterPolicy } from '../../src/core/filter-policy.ts';
import { matchesPolicy } from '../../src/core/filter-policy.ts';
import type { Attributes } from '../../src/core/order.ts';

/** Examples of the SNS developer guide, and their neighbours. */
const EXAMPLES: readonly [name: string, FilterPolicy, yes: Attributes[], no: Attributes[]][] = [
  [
    'an exact string, case and all',
    { interests: ['rugby', 'tennis'] },
    [
      { interests: 'rugby' },
      { interests: ['baseball', 'tennis'] },
      { interests: 'tennis', more: 1 },
    ],
    [
      { interests: 'baseball' },
      { interests: ['baseball'] },
      { interests: 'Rugby' },
      { interests: [] },
      {},
    ],
  ],
  [
    'an exact number, boolean',
    { price: [301.5], paid: [true] },
    [{ price: 301.5, paid: true }],
    [{ price: 301.5 }, { price: '301.5', paid: true }, { price: 301.5, paid: 'true' }],
  ],
  ['null, which no attribute is', { kind: [null] }, [], [{}, { kind: 'null' }, { kind: '' }]],
  [
    'a prefix',
    { interests: [{ prefix: 'bas' }] },
    [{ interests: 'baseball' }, { interests: 'bas' }, { interests: ['rugby', 'basketball'] }],
    [{ interests: 'rugby' }, { interests: 'Baseball' }, { interests: 7 }, {}],
  ],
  [
    'a suffix',
    { interests: [{ suffix: 'ball' }] },
    [{ interests: 'baseball' }, { interests: ['rugby', 'ball'] }],
    [{ interests: 'rugby' }, { interests: 'ballad' }, {}],
  ],
  [
    'a string whatever its case',
    { interests: [{ 'equals-ignore-case': 'tennis' }] },
    [{ interests: 'TENNIS' }, { interests: 'Tennis' }],
    [{ interests: 'table tennis' }, { interests: 1 }],
  ],
  [
    'anything but some strings; of an array no element may be one of them',
    { interests: [{ 'anything-but': ['rugby', 'tennis'] }] },
    [{ interests: 'baseball' }, { interests: ['baseball', 'football'] }],
    [{ interests: 'rugby' }, { interests: ['rugby', 'baseball'] }, { interests: ['rugby'] }, {}],
  ],
  [
    'anything but one string',
    { kind: [{ 'anything-but': 'a' }] },
    [{ kind: 'b' }],
    [{ kind: 'a' }, {}],
  ],
  [
    'anything but some numbers',
    { price: [{ 'anything-but': [100, 500] }] },
    [{ price: 101 }, { price: 100.1 }],
    [{ price: 100 }, { price: 500.0 }],
  ],
  [
    'anything but a prefix or a suffix',
    {
      event: [{ 'anything-but': { prefix: 'order-' } }],
      file: [{ 'anything-but': { suffix: '.tmp' } }],
    },
    [{ event: 'data-entry', file: 'a.png' }],
    [
      { event: 'order-shipped', file: 'a.png' },
      { event: 'data-entry', file: 'a.tmp' },
    ],
  ],
  [
    'a number',
    { price: [{ numeric: ['=', 301.5] }] },
    [{ price: 301.5 }],
    [{ price: 301 }, { price: '301.5' }],
  ],
  [
    'a range',
    { price: [{ numeric: ['>', 0, '<=', 150] }] },
    [{ price: 1 }, { price: 150 }],
    [{ price: 0 }, { price: 151 }, { price: -1 }],
  ],
  [
    'half a range',
    { price: [{ numeric: ['<', 0] }, { numeric: ['>=', 10] }] },
    [{ price: -1 }, { price: 10 }],
    [{ price: 0 }, { price: 9.99 }],
  ],
  [
    'that it is there',
    { store: [{ exists: true }] },
    [{ store: '' }, { store: 0 }, { store: [] }],
    [{}],
  ],
  ['that it is not there', { store: [{ exists: false }] }, [{}, { other: 1 }], [{ store: 'x' }]],
  [
    'any of several conditions',
    { kind: [{ prefix: 'ph' }, 'film', { exists: false }] },
    [{ kind: 'photo' }, { kind: 'film' }, {}],
    [{ kind: 'text' }],
  ],
  [
    'all of several attributes',
    { kind: ['photo'], size: [{ numeric: ['>', 10] }] },
    [{ kind: 'photo', size: 11 }],
    [{ kind: 'photo', size: 10 }, { kind: 'film', size: 11 }, { size: 11 }],
  ],
  [
    'one of several policies, and what stands beside them',
    {
      source: ['a'],
      $or: [{ kind: ['photo'] }, { size: [{ numeric: ['>', 10] }], kind: ['film'] }],
    },
    [
      { source: 'a', kind: 'photo' },
      { source: 'a', kind: 'film', size: 11 },
    ],
    [{ kind: 'photo' }, { source: 'a', kind: 'film', size: 1 }, { source: 'a' }],
  ],
  ['nothing at all', {}, [{}, { a: 1 }], []],
];

describe('a filter policy asks for', () => {
  it.each(EXAMPLES)('%s', (_, policy, yes, no) => {
    expect(filterPolicySchema.parse(policy)).toEqual(policy);
    for (const attributes of yes) {
      expect([attributes, matchesPolicy(policy, attributes)]).toEqual([attributes, true]);
    }
    for (const attributes of no) {
      expect([attributes, matchesPolicy(policy, attributes)]).toEqual([attributes, false]);
    }
  });
});
